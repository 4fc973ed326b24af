/** One chat as one person sees it: messages by their number, those on their way, what is unread. */

import { readMessages, sendMessage, newId } from "./api.js";
import { keepReadUpTo, readUpTo } from "./memory.js";

export class Conversation {
  constructor(person, chat, onChange) {
    this.person = person;
    this.chat = chat;
    this.onChange = onChange;
    this.bySeq = new Map();
    this.outgoing = [];
    this.loaded = false;
    this.cursor = 0;
    this.readSeq = readUpTo(person, chat);
    this.sending = Promise.resolve();
  }

  get messages() {
    return [...this.bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  get unread() {
    return this.messages.filter((message) => !message.mine && message.seq > this.readSeq).length;
  }

  /** True while the bot owes an answer to something said here. */
  get isWaiting() {
    const unanswered = ({ direction, state }) => direction === "in" && state === "waiting";
    return this.messages.some(unanswered) || this.outgoing.some(({ status }) => status === "accepted");
  }

  markRead() {
    if (this.readSeq === this.cursor) return;
    this.readSeq = this.cursor;
    keepReadUpTo(this.person, this.chat, this.cursor);
  }

  /** Fetches what is new; calls that come meanwhile are answered by one more round. */
  refresh() {
    this.again = true;
    this.running ??= this.rounds().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async rounds() {
    while (this.again) {
      this.again = false;
      await this.round();
    }
  }

  async round() {
    const arrived = this.outgoing.filter(({ status }) => status === "accepted");
    const fresh = await this.fetchAfter(this.resumePoint());
    this.settle(fresh, arrived);
    const first = !this.loaded;
    this.loaded = true;
    this.onChange(this, { fresh: first ? [] : fresh });
  }

  /** Messages still being worked on are read again, for their state changes in place. */
  resumePoint() {
    const waiting = this.messages.find(({ state }) => state === "waiting");
    return waiting ? Math.min(waiting.seq - 1, this.cursor) : this.cursor;
  }

  async fetchAfter(start) {
    const fresh = [];
    let after = start;
    for (;;) {
      const { messages, last } = await readMessages(this.person, this.chat, after);
      if (last < this.cursor) {
        this.forget();
        return this.fetchAfter(0);
      }
      for (const message of messages) {
        if (!this.bySeq.has(message.seq)) fresh.push(message);
        this.bySeq.set(message.seq, message);
        after = Math.max(after, message.seq);
      }
      this.cursor = Math.max(this.cursor, after);
      if (messages.length === 0 || after >= last) break;
    }
    if (this.readSeq > this.cursor) this.readSeq = 0;
    return fresh;
  }

  /** The service began afresh (a new demo): what we hold belongs to a database that is gone. */
  forget() {
    this.bySeq.clear();
    this.loaded = false;
    this.cursor = 0;
    this.readSeq = 0;
  }

  /** Drops the local copy of what the service had taken, and of each message of ours that came from it. */
  settle(fresh, arrived) {
    const mine = fresh.filter((message) => message.mine);
    const isSettled = (entry) => {
      const index = mine.findIndex((message) => isSame(message, entry));
      if (index >= 0) mine.splice(index, 1);
      return index >= 0 || arrived.includes(entry);
    };
    const settled = this.outgoing.filter(isSettled);
    this.outgoing = this.outgoing.filter((entry) => !settled.includes(entry));
    settled.forEach(release);
  }

  /** Puts a message on its way. Messages of one chat go one after the other. `about` may name a
   * message that this one quotes (`quote`) or takes back (`recall`), or say what is shown in the
   * place of the text (`label`). */
  send(text, files, about = {}) {
    const entry = { clientId: newId(), text, files, ...about, base: this.cursor, status: "sending", reason: "" };
    this.outgoing.push(entry);
    this.deliver(entry);
  }

  retry(entry) {
    entry.status = "sending";
    this.deliver(entry);
  }

  withdraw(entry) {
    this.outgoing = this.outgoing.filter((other) => other !== entry);
    this.onChange(this, { fresh: [] });
  }

  deliver(entry) {
    this.onChange(this, { fresh: [] });
    this.sending = this.sending.then(() => this.post(entry));
  }

  async post(entry) {
    try {
      await sendMessage({ person: this.person, chat: this.chat, ...entry });
      entry.status = "accepted";
    } catch (error) {
      entry.status = "failed";
      entry.reason = error.message;
      this.onChange(this, { fresh: [] });
      return;
    }
    await this.refresh().catch(() => this.onChange(this, { fresh: [] }));
  }
}

function release({ files }) {
  for (const { url } of files) if (url) URL.revokeObjectURL(url);
}

function isSame(message, entry) {
  if (message.seq <= entry.base) return false;
  const said = entry.label ?? entry.text;
  if (said) return message.text.trim().endsWith(said.trim());
  const names = entry.files.map(({ name }) => name);
  return message.attachments.some(({ name }) => names.includes(name));
}
