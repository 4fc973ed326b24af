/** Writing: text with a draft per chat, pictures and files before sending, chips, @答卷. */

import { byId, hasKeyboard, make } from "./dom.js";
import { draftOf, keepDraft } from "./memory.js";

const MENTION = "@答卷";
const GAP = "…";
const PASTED_NAME = /^image\.(\w+)$/;

export class Composer {
  /** `onSend(text, files, about)` is called with what is to go out; `about.quote` is what it answers. */
  constructor({ onSend }) {
    this.onSend = onSend;
    this.field = byId("composer");
    this.kept = new Map();
    this.files = [];
    this.pasted = 0;
    this.quoted = null;
    this.chipText = null;
    this.listenToWriting();
    this.listenToFiles();
  }

  listenToWriting() {
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    byId("composer-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    byId("mention").addEventListener("click", () => this.mention());
    byId("quoted-drop").addEventListener("click", () => this.quote(null));
  }

  listenToFiles() {
    for (const kind of ["image", "file"]) {
      const input = byId(`attach-${kind}`);
      byId(`pick-${kind}`).addEventListener("click", () => input.click());
      input.addEventListener("change", () => {
        this.attach([...input.files]);
        input.value = "";
      });
    }
    this.field.addEventListener("paste", (event) => this.paste(event));
    listenToDrop(byId("talk"), byId("drop"), (files) => this.attach(files));
  }

  /** Shows the draft and the files kept for this chat. */
  open({ person, chat }) {
    if (this.place) this.kept.set(this.place.key, this.files);
    const key = `${person.id}/${chat.id}`;
    this.showQuote(null);
    this.place = { person: person.id, chat: chat.id, isGroup: chat.kind !== "single", key };
    this.files = this.kept.get(this.place.key) ?? [];
    this.field.value = draftOf(this.place.person, this.place.chat);
    this.field.placeholder = this.place.isGroup ? "发到群里" : "写消息，例如：任务";
    byId("mention").hidden = !this.place.isGroup;
    this.showFiles();
    this.changed();
  }

  showChips(chips) {
    if (this.chipText === chips.join("\n")) return;
    this.chipText = chips.join("\n");
    const nodes = chips.map((chip) => {
      const title = chip.endsWith(GAP) ? "点一下填到输入框" : "点一下就发送";
      return make("button", { type: "button", title, data: { testid: "chip" }, onclick: () => this.chip(chip) }, chip);
    });
    byId("chips").replaceChildren(...nodes);
    byId("chips").hidden = chips.length === 0;
  }

  /** A whole command goes out as it is and leaves the draft alone; one with a gap is filled in first. */
  chip(chip) {
    const text = this.place.isGroup ? `${MENTION} ${chip}` : chip;
    if (chip.endsWith(GAP)) this.fill(text.slice(0, -GAP.length).trimEnd() + " ");
    else this.onSend(text, []);
  }

  fill(text) {
    this.field.value = text;
    this.changed();
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
  }

  /** Puts back what could not be sent, before what has been written since. */
  putBack({ text, files }) {
    this.files = [...files, ...this.files];
    this.showFiles();
    this.fill([text, this.field.value].filter(Boolean).join("\n"));
  }

  /** The message that the next one answers; null for none. */
  quote(message) {
    this.showQuote(message);
    this.field.focus();
  }

  showQuote(message) {
    this.quoted = message;
    byId("quoted").hidden = !message;
    byId("quoted-text").textContent = message ? `引用：${message.text || "图片或文件"}` : "";
  }

  mention() {
    if (!hasMention(this.field.value)) this.fill(`${MENTION} ${this.field.value}`);
    else this.field.focus();
  }

  key(event) {
    // 229: an input method is still choosing characters; its Enter is not ours.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    const wanted = event.ctrlKey || event.metaKey || (hasKeyboard() && !event.shiftKey);
    if (!wanted) return;
    event.preventDefault();
    this.send();
  }

  send() {
    const text = this.field.value.trim();
    if ((!text && this.files.length === 0) || !this.place) return;
    const files = this.files;
    const about = this.quoted ? { quote: this.quoted } : {};
    this.files = [];
    this.showQuote(null);
    this.field.value = "";
    this.showFiles();
    this.changed();
    this.field.focus();
    this.onSend(text, files, about);
  }

  changed() {
    const text = this.field.value;
    const filled = text.trim() !== "" || this.files.length > 0;
    byId("send").disabled = !filled;
    byId("mention-hint").hidden = !(this.place?.isGroup && filled && !hasMention(text));
    if (this.place) keepDraft(this.place.person, this.place.chat, text);
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  paste(event) {
    const { files, types } = event.clipboardData;
    // Office programs put a picture beside the text they copy; then the text is meant.
    if (files.length === 0 || types.includes("text/plain")) return;
    event.preventDefault();
    this.attach([...files]);
  }

  attach(files) {
    this.files = [...this.files, ...files.map((file) => this.item(file))];
    this.showFiles();
    this.changed();
    this.field.focus({ preventScroll: true });
  }

  item(file) {
    const ending = PASTED_NAME.exec(file.name)?.[1];
    const name = ending ? `粘贴图片${(this.pasted += 1)}.${ending}` : file.name;
    return { file, name, url: file.type.startsWith("image/") ? URL.createObjectURL(file) : "" };
  }

  showFiles() {
    const list = byId("thumbs");
    list.hidden = this.files.length === 0;
    list.replaceChildren(...this.files.map((item) => this.thumb(item)));
  }

  thumb(item) {
    const aria = { label: `去掉 ${item.name}` };
    const data = { testid: "thumb-remove" };
    const remove = make("button", { type: "button", aria, data, onclick: () => this.remove(item) }, "×");
    return make("li", { data: { testid: "thumb" }, title: item.name }, preview(item), remove);
  }

  remove(item) {
    const index = this.files.indexOf(item);
    this.files = this.files.filter((other) => other !== item);
    if (item.url) URL.revokeObjectURL(item.url);
    this.showFiles();
    this.changed();
    const left = byId("thumbs").querySelectorAll("button");
    (left[Math.min(index, left.length - 1)] ?? this.field).focus();
  }
}

const hasMention = (text) => text.replaceAll("＠", "@").includes(MENTION);

function preview(item) {
  const label = () => make("span", { className: "thumb-name" }, item.name);
  if (!item.url) return label();
  const image = make("img", { src: item.url, alt: item.name });
  image.onerror = () => {
    item.url = "";
    image.replaceWith(label());
  };
  return image;
}

function listenToDrop(area, cover, onFiles) {
  const show = (visible) => {
    cover.hidden = !visible;
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  // A file that misses the chat would otherwise replace the page.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => carriesFiles(event) && event.preventDefault());
  }
  area.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(true);
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) show(false);
  });
  area.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(false);
    onFiles([...event.dataTransfer.files]);
  });
}
