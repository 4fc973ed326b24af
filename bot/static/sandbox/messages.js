/** The message list: bubbles, picture grids, document cards, day lines, what is on its way. */

import { linked, make, sizeText } from "./dom.js";
import { dayNumber, dayOf, timeOf, wallOf } from "./when.js";

const BOT = "答卷";
const LOGO = new URL("icon.svg", import.meta.url).href;
const TONES = 6;
const RUN_GAP = 120_000;
/** A block to copy and fill in, as the bot hands out. */
const TEMPLATE = /^(?:@\S+\s+)?(?:报送|更正)\s*\S[\s\S]*\n[\s\S]*$/m;

/** The list as items for `reconcile`; `me` is the name under what is still on its way.
 * `actions`: openImage, retry, takeBack, fill, choose, older, imageLoaded, quote, recall. */
export function itemsOf(conversation, { me, now, limit, actions }) {
  const messages = conversation.messages;
  const shown = messages.slice(-limit);
  const items = shown.length < messages.length ? [olderItem(messages.length - shown.length, actions)] : [];
  let day = null;
  for (const run of runsOf(shown)) {
    const wall = wallOf(run[0].at);
    if (dayNumber(wall) !== day) items.push(dayItem(wall, now, run[0].seq));
    day = dayNumber(wall);
    items.push(runItem(run, actions));
  }
  items.push(...conversation.outgoing.map((entry) => outgoingItem(entry, { me, now, actions })));
  if (conversation.isWaiting) items.push(typingItem());
  return items;
}

/** Pictures sent in one go by one person stand together as a grid. */
function runsOf(messages) {
  const runs = [];
  for (const message of messages) {
    const run = runs[runs.length - 1];
    if (run && belongs(message, run[run.length - 1])) run.push(message);
    else runs.push([message]);
  }
  return runs;
}

function belongs(message, previous) {
  const bare = ({ kind, attachments, text, state }) =>
    kind === "image" && attachments.every(isImage) && !text && state === "done";
  const near = wallOf(message.at) - wallOf(previous.at) <= RUN_GAP;
  const sameSide = message.sender === previous.sender && message.mine === previous.mine;
  return bare(message) && bare(previous) && sameSide && near;
}

function olderItem(count, { older }) {
  const build = () =>
    make("div", { className: "older" }, make("button", { type: "button", onclick: older }, `更早的 ${count} 条`));
  return { key: "older", mark: String(count), build };
}

function dayItem(wall, now, seq) {
  const text = dayOf(wall, now);
  return { key: `day-${seq}`, mark: text, build: () => make("p", { className: "day" }, text) };
}

function runItem(run, actions) {
  const key = `seq-${run[0].seq}`;
  const mark = run.map(({ seq, state, attachments }) => [seq, state, ...attachments.map(({ url }) => url)]).join();
  return { key, mark, build: () => (run.length > 1 ? gridRow(run, actions) : messageRow(run[0], actions)) };
}

function messageRow(message, actions) {
  const body = [messageBody(message, actions), noteOf(message)];
  const node = row(message, timeOf(wallOf(message.at)), body, toolsOf(message, actions));
  return mark(node, message);
}

/** The hooks by which a message is found, on the row or on its place in a grid. */
function mark(node, { seq, direction, kind, state }) {
  Object.assign(node.dataset, { testid: "message", seq, direction, kind, state });
  return node;
}

function messageBody(message, actions) {
  const { attachments, text } = message;
  const images = attachments.filter(isImage).map((media) => picture(media, actions));
  const parts = images.length > 1 ? [grid(images)] : images;
  parts.push(...attachments.filter((media) => !isImage(media)).map(documentCard));
  if (text || attachments.length === 0) parts.push(bubble(text, message.mine));
  if (message.direction === "out") parts.push(fillButton(text, actions), choiceButtons(message.choices, actions));
  return make("div", { className: "content" }, ...parts);
}

const isImage = ({ kind }) => kind === "image";

function bubble(text, mine) {
  return make("p", { className: mine ? "bubble mine" : "bubble" }, ...linked(text));
}

function fillButton(text, { fill }) {
  const template = TEMPLATE.exec(text)?.[0];
  if (!template) return null;
  const put = () => fill(template.trim());
  return make("button", { type: "button", className: "fill", onclick: put, data: { testid: "fill" } }, "填到输入框里改");
}

/** The words that answer the bot, to be tapped in the place of typing them. */
function choiceButtons(choices, { choose }) {
  if (choices.length === 0) return null;
  const buttons = choices.map(({ label, words }) =>
    make("button", { type: "button", onclick: () => choose(words, label), data: { testid: "choice" } }, label),
  );
  return make("div", { className: "choices" }, ...buttons);
}

function noteOf({ direction, state }) {
  if (state === "failed") {
    const text = direction === "in" ? "这条暂时没能处理，已经保留" : "这条没有送到";
    return make("p", { className: "note bad" }, text);
  }
  return direction === "out" && state === "waiting" ? make("p", { className: "note" }, "正在送出…") : null;
}

/** What one can do with a message that stands: answer it, or take the own one back. */
function toolsOf(message, { quote, recall }) {
  if (message.state !== "done") return null;
  const button = (name, testid, onclick) => make("button", { type: "button", data: { testid }, onclick }, name);
  const tools = [button("引用", "quote", () => quote(message))];
  if (message.mine) tools.push(button("撤回", "recall", () => recall(message)));
  return make("span", { className: "row-tools" }, ...tools);
}

function gridRow(run, actions) {
  const cells = run.flatMap((message) => message.attachments.map((media) => mark(cell(media, actions), message)));
  return row(run[0], timeOf(wallOf(run[0].at)), [grid(cells)]);
}

const cell = (media, actions) => make("div", { className: "cell" }, picture(media, actions));

function grid(cells) {
  return make("div", { className: cells.length === 4 || cells.length === 2 ? "grid two" : "grid" }, ...cells);
}

function row({ sender, mine, direction }, time, body, tools = null) {
  const bot = direction === "out";
  const name = sender || (bot ? BOT : "");
  const meta = make("p", { className: "meta" }, make("span", { className: "sender" }, name), make("time", {}, time), tools);
  const tone = `face ${toneOf(name, bot)}`;
  const face = make("span", { className: tone, aria: { hidden: "true" } }, bot ? "答" : name.slice(0, 1));
  const side = mine ? "row mine" : "row";
  const column = make("div", { className: "body" }, meta, ...body);
  return make("article", { className: bot ? `${side} bot` : side }, face, column);
}

function toneOf(name, bot) {
  if (bot) return "tone-bot";
  const sum = [...name].reduce((total, letter) => total + letter.codePointAt(0), 0);
  return `tone-${sum % TONES}`;
}

function picture(media, { openImage, imageLoaded }) {
  const image = make("img", { alt: `图片 ${media.name ?? ""}`, decoding: "async" });
  const data = { testid: "message-image" };
  const onclick = () => openImage(media);
  const frame = make("button", { type: "button", className: "picture", title: "点开看大图", data, onclick }, image);
  frame.style.aspectRatio = frameRatio(media.width, media.height);
  image.onload = () => {
    frame.style.aspectRatio = frameRatio(image.naturalWidth, image.naturalHeight);
    imageLoaded();
  };
  image.onerror = () => frame.replaceWith(documentCard(media));
  image.src = media.url;
  return frame;
}

/** Very tall or wide pictures are shown by their upper part, so that a bubble stays a bubble. */
function frameRatio(width, height) {
  if (!width || !height) return "4 / 3";
  return String(Math.min(3, Math.max(0.7, width / height)));
}

function documentCard({ url, name, size }) {
  const ending = /\.(\w{1,5})$/.exec(name ?? "")?.[1]?.toLowerCase() ?? "";
  const note = [sizeText(size), "点开下载"].filter(Boolean).join("　");
  return make(
    "a",
    { className: "card", href: url, download: name ?? "", data: { testid: "message-file", ending } },
    make("span", { className: "card-mark", aria: { hidden: "true" } }, ending.toUpperCase() || "文件"),
    make("span", { className: "card-text" }, make("b", {}, name ?? "文件"), make("small", {}, note)),
  );
}

function outgoingItem(entry, { me, now, actions }) {
  const build = () => {
    const said = entry.label ?? entry.text;
    const parts = [attached(entry.files), said ? bubble(said, true) : null];
    const body = [make("div", { className: "content" }, ...parts), outgoingNote(entry, actions)];
    const node = row({ sender: me, mine: true, direction: "in" }, timeOf(now), body);
    Object.assign(node.dataset, { testid: "outgoing", state: entry.status });
    return node;
  };
  return { key: `out-${entry.clientId}`, mark: entry.status + entry.reason, build };
}

function attached(files) {
  if (files.length === 0) return null;
  const cells = files.map(({ url, name, file }) => {
    if (!url) return documentCard({ url: "#", name, size: file.size });
    return make("span", { className: "picture still" }, make("img", { src: url, alt: `图片 ${name}` }));
  });
  return make("div", { className: files.length > 1 ? "grid" : "grid one" }, ...cells);
}

function outgoingNote(entry, { retry, takeBack }) {
  if (entry.status !== "failed") return make("p", { className: "note" }, "发送中…");
  const again = make("button", { type: "button", data: { testid: "retry" }, onclick: () => retry(entry) }, "重试");
  const back = make("button", { type: "button", data: { testid: "take-back" }, onclick: () => takeBack(entry) }, "取回修改");
  const reason = make("span", {}, `没有发出去：${entry.reason}`);
  return make("p", { className: "note bad", aria: { role: "alert" } }, reason, again, back);
}

function typingItem() {
  const build = () => {
    const dots = make("span", { className: "dots", aria: { hidden: "true" } }, make("i"), make("i"), make("i"));
    const body = make("p", { className: "bubble typing" }, "正在处理…", dots);
    const node = row({ sender: BOT, mine: false, direction: "out" }, "", [make("div", { className: "content" }, body)]);
    node.dataset.testid = "typing";
    return node;
  };
  return { key: "typing", mark: "typing", build };
}

/** What a newcomer sees in a chat without messages: what this is and what to do first. */
export function emptyItem({ title, steps, action, onAction }) {
  const build = () =>
    make(
      "section",
      { className: "empty", data: { testid: "empty" } },
      make("img", { src: LOGO, alt: "", width: 52, height: 52 }),
      make("h3", {}, title),
      make("ol", {}, ...steps.map((step) => make("li", {}, step))),
      action ? make("button", { type: "button", className: "primary", onclick: onAction }, action) : null,
    );
  return { key: "empty", mark: title + action, build };
}
