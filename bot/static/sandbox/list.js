/** The open conversation on screen: drawing it, keeping its end in view, marking it read. */

import { byId, reconcile } from "./dom.js";
import { emptyItem, itemsOf } from "./messages.js";
import { Viewer } from "./viewer.js";
import { welcomeOf } from "./welcome.js";

const PAGE = 150;
const NEAR = 80;

export class MessageList {
  constructor({ onRetry, onTakeBack, onFill, onChoose, onFirst, onQuote, onRecall }) {
    this.viewer = new Viewer();
    this.onFirst = onFirst;
    this.frame = byId("scroll");
    this.atEnd = true;
    this.actions = {
      retry: onRetry,
      takeBack: onTakeBack,
      fill: onFill,
      choose: onChoose,
      quote: onQuote,
      recall: onRecall,
      older: () => this.showOlder(),
      openImage: (media) => this.viewer.open(this.conversation.messages, media),
      imageLoaded: () => this.settle(),
    };
    this.frame.addEventListener("scroll", () => this.scrolled(), { passive: true });
    byId("jump").addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.settle()).observe(this.frame);
    document.addEventListener("visibilitychange", () => this.markRead());
  }

  open(conversation, { person, chat, now }) {
    this.conversation = conversation;
    this.context = { person, chat, now };
    this.limit = PAGE;
    this.atEnd = true;
    byId("talk-title").textContent = chat.name;
    byId("talk-note").textContent = chat.kind === "single" ? "" : "群里只有 @答卷 的话它才听得到";
    byId("jump").hidden = true;
    byId("messages").replaceChildren();
    this.frame.setAttribute("aria-live", "off");
    this.draw();
  }

  draw({ hasNews = false } = {}) {
    if (!this.conversation) return;
    const { person, now } = this.context;
    const items = itemsOf(this.conversation, { me: person.name, now: now(), limit: this.limit, actions: this.actions });
    if (items.length === 0 && this.conversation.loaded) items.push(this.welcome());
    reconcile(byId("messages"), items);
    this.frame.setAttribute("aria-busy", String(!this.conversation.loaded));
    // A whole chat is not to be read aloud when it opens, only what comes after.
    if (this.conversation.loaded) setTimeout(() => this.frame.setAttribute("aria-live", "polite"));
    if (hasNews && !this.atEnd) byId("jump").hidden = false;
    this.settle();
    this.markRead();
  }

  welcome() {
    const { person, chat } = this.context;
    const { title, steps, command } = welcomeOf(person, chat);
    const action = command ? `发送「${command}」` : "";
    return emptyItem({ title, steps, action, onAction: () => this.onFirst(command) });
  }

  showOlder() {
    const before = this.frame.scrollHeight - this.frame.scrollTop;
    this.limit += PAGE;
    this.atEnd = false;
    this.draw();
    this.frame.scrollTop = this.frame.scrollHeight - before;
  }

  toEnd() {
    this.atEnd = true;
    byId("jump").hidden = true;
    this.settle();
    this.markRead();
  }

  settle() {
    if (this.atEnd) this.frame.scrollTop = this.frame.scrollHeight;
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.frame;
    this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.atEnd) byId("jump").hidden = true;
  }

  markRead() {
    if (this.conversation?.loaded && !document.hidden) this.conversation.markRead();
  }
}
