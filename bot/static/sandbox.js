/** The practice page: who I am, which chat is open, and how the parts of the page hear of each other. */

import { EventFeed, readState } from "./sandbox/api.js";
import { showChats, showPeople } from "./sandbox/choices.js";
import { Clock } from "./sandbox/clock.js";
import { Composer } from "./sandbox/composer.js";
import { Conversation } from "./sandbox/conversation.js";
import { byId } from "./sandbox/dom.js";
import { MessageList } from "./sandbox/list.js";
import { keepPerson, lastPerson } from "./sandbox/memory.js";
import { Notices } from "./sandbox/notices.js";
import { wallOf } from "./sandbox/when.js";

const ANSWER_POLL = 2000;
const STATE_POLL = 60_000;
const STATE_DELAY = 400;
const START_RETRY = 3000;

class Page {
  constructor() {
    this.conversations = new Map();
    this.others = new Set();
    this.notices = new Notices({ onRetry: () => this.reconnect() });
    this.clock = new Clock({ onMoved: (text) => this.notices.toast(text) });
    this.composer = new Composer({ onSend: (...message) => this.send(...message) });
    this.list = new MessageList({
      onRetry: (entry) => this.current.retry(entry),
      onTakeBack: (entry) => this.takeBack(entry),
      onFill: (text) => this.composer.fill(text),
      onChoose: (words, label) => this.send(words, [], { label }),
      onFirst: (text) => this.send(text, []),
      onQuote: (message) => this.composer.quote(message),
      onRecall: (message) => this.send("", [], { recall: message }),
    });
    byId("person").addEventListener("change", (event) => this.choosePerson(event.target.value));
    document.addEventListener("visibilitychange", () => this.cameBack());
    window.addEventListener("online", () => this.reconnect());
    setInterval(() => this.pollState(), STATE_POLL);
  }

  get current() {
    return this.conversations.get(`${this.person?.id}/${this.chat?.id}`);
  }

  /** The chats this person has: the single chat, and the groups they belong to. */
  get chats() {
    return this.state.chats.filter(({ kind, members }) => kind === "single" || members?.includes(this.person.id));
  }

  async start() {
    try {
      this.showState(await readState());
    } catch (error) {
      this.notices.lost(error.status ? error.message : undefined);
      setTimeout(() => this.start(), START_RETRY);
      return;
    }
    const wanted = new URLSearchParams(location.search);
    this.wantedChat = wanted.get("chat");
    const known = [wanted.get("person"), lastPerson()].find((id) => this.personOf(id));
    const first = this.state.people.find(({ role, bound }) => bound && role === "联络员") ?? this.state.people[0];
    if (known ?? first) this.choosePerson(known ?? first.id);
    else this.notices.lost("这里还没有人可选，请先装入名册");
  }

  personOf(id) {
    return this.state.people.find((person) => person.id === id);
  }

  showState(state) {
    // The clock never runs back; an earlier time means that a fresh demo was started.
    if (wallOf(state.now) < this.clock.now) this.forget();
    this.state = state;
    for (const id of ["demo-tag", "demo-note"]) byId(id).hidden = !state.demo;
    this.clock.show(state);
  }

  forget() {
    for (const conversation of this.conversations.values()) conversation.forget();
    for (const conversation of this.conversations.values()) this.fetch(conversation);
  }

  async refreshState() {
    this.showState(await readState());
    this.person = this.personOf(this.person.id) ?? this.person;
    this.showChoices();
    this.list.draw();
  }

  pollState() {
    if (this.person && !document.hidden) this.refreshState().catch(() => {});
  }

  choosePerson(id) {
    this.person = this.personOf(id);
    this.others.delete(id);
    keepPerson(id);
    const wanted = this.wantedChat ?? this.chat?.id;
    this.wantedChat = null;
    this.feed?.drop();
    this.feed = this.openFeed(id);
    for (const chat of this.chats) this.conversationOf(chat.id);
    this.chooseChat(this.chats.find((chat) => chat.id === wanted) ?? this.chats[0]);
  }

  openFeed(id) {
    const mine = (handler) => (data) => this.person.id === id && handler(data);
    return new EventFeed(id, {
      onMessage: mine((data) => this.heard(data)),
      onClock: mine((data) => this.clock.show(data)),
      onOpen: mine(() => this.connected()),
      onLost: mine(() => this.notices.lost()),
    });
  }

  conversationOf(chat) {
    const key = `${this.person.id}/${chat}`;
    if (!this.conversations.has(key)) {
      const changed = (conversation, news) => this.changed(conversation, news);
      this.conversations.set(key, new Conversation(this.person.id, chat, changed));
    }
    return this.conversations.get(key);
  }

  chooseChat(chat) {
    this.chat = chat;
    this.notices.hideToast();
    const address = new URLSearchParams({ person: this.person.id, chat: chat.id });
    history.replaceState(null, "", `?${address}`);
    this.composer.open({ person: this.person, chat });
    this.list.open(this.current, { person: this.person, chat, now: () => this.clock.now });
    this.showChoices();
    this.fetch(this.current);
  }

  showChoices() {
    this.composer.showChips(this.person.chips);
    showPeople(this.state.people, { chosen: this.person.id, withNews: this.others });
    const chats = this.chats.map((chat) => ({ ...chat, unread: this.conversationOf(chat.id).unread }));
    showChats(chats, { chosen: this.chat.id, onChoose: (id) => this.openChat(id) });
    this.notices.count(chats.reduce((total, { unread }) => total + unread, 0));
  }

  openChat(id) {
    this.chooseChat(this.chats.find((chat) => chat.id === id));
    if (matchMedia("(hover: hover)").matches) byId("composer").focus();
  }

  /** On a new or renewed connection everything missed is fetched by the last number known. */
  connected() {
    this.notices.connected();
    this.catchUp();
  }

  catchUp() {
    for (const chat of this.chats) this.fetch(this.conversationOf(chat.id));
    this.stateSoon();
  }

  reconnect() {
    this.feed?.connect();
  }

  cameBack() {
    if (document.hidden || !this.person) return;
    this.fetch(this.current);
    this.pollState();
  }

  heard({ chat, person }) {
    if (person && person !== this.person.id) {
      this.others.add(person);
      this.showChoices();
    } else if (this.chats.some(({ id }) => id === chat)) this.fetch(this.conversationOf(chat));
    else this.catchUp();
  }

  fetch(conversation) {
    conversation.refresh().catch((error) => this.notices.lost(error.status ? error.message : undefined));
  }

  send(text, files, about) {
    this.current.send(text, files, about);
    this.list.toEnd();
  }

  takeBack(entry) {
    this.current.withdraw(entry);
    this.composer.putBack(entry);
  }

  changed(conversation, { fresh }) {
    const isCurrent = conversation === this.current;
    const heard = fresh.filter(({ mine }) => !mine);
    if (isCurrent) this.showCurrent(heard);
    else if (conversation.person === this.person.id && heard.length > 0) this.announce(conversation, heard);
    if (conversation.person === this.person.id) this.showChoices();
    if (heard.some(({ direction }) => direction === "out")) this.stateSoon();
  }

  showCurrent(heard) {
    this.list.draw({ hasNews: heard.length > 0 });
    clearTimeout(this.answerTimer);
    if (this.current.isWaiting) this.answerTimer = setTimeout(() => this.fetch(this.current), ANSWER_POLL);
  }

  announce(conversation, heard) {
    const chat = this.chats.find(({ id }) => id === conversation.chat);
    const count = heard.length > 1 ? `${heard.length} 条` : "";
    this.notices.toast(`${chat.name}有${count}新消息`, () => this.openChat(chat.id));
  }

  /** Role, chips and binding may have changed by what the bot just answered. */
  stateSoon() {
    clearTimeout(this.stateTimer);
    this.stateTimer = setTimeout(() => this.pollState(), STATE_DELAY);
  }
}

/** Where the on-screen keyboard covers the page instead of shrinking it, the page shrinks itself. */
function fitKeyboard({ visualViewport }) {
  visualViewport?.addEventListener("resize", () => {
    const covered = visualViewport.scale === 1 && window.innerHeight - visualViewport.height > 60;
    document.body.style.height = covered ? `${visualViewport.height}px` : "";
  });
}

fitKeyboard(window);
new Page().start();
