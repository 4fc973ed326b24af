/** The service as seen from the page: requests with a plain Chinese error, and the event stream. */

const base = `${document.body.dataset.base}/api`;
const CHINESE = /\p{Script=Han}/u;
const SHORT_WAIT = 20_000;
const UPLOAD_WAIT = 180_000;
const CLOCK_WAIT = 900_000;

/** A request that failed, in words for people; `status` is 0 where no answer came at all. */
export class ServiceError extends Error {
  constructor(message, { status = 0 } = {}) {
    super(message);
    this.status = status;
  }
}

async function request(path, { wait = SHORT_WAIT, ...options } = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), wait);
  try {
    return await answerOf(await fetch(`${base}${path}`, { ...options, cache: "no-store", signal: abort.signal }));
  } catch (error) {
    throw error instanceof ServiceError ? error : new ServiceError("连不上服务");
  } finally {
    clearTimeout(timer);
  }
}

async function answerOf(response) {
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ServiceError(reasonOf(response, body), { status: response.status });
  if (body === null) throw new ServiceError("服务的回答读不出来");
  return body;
}

function reasonOf(response, body) {
  if (CHINESE.test(body?.detail)) return body.detail;
  if (response.status === 413) return "文件太大，服务没有接收";
  if (response.status === 404) return "练习台没有打开";
  return response.status < 500 ? "服务没有接受这个请求" : "服务暂时出错";
}

export const readState = () => request("/state");

/** Messages after a number, and the newest number there is. */
export async function readMessages(person, chat, after) {
  const { messages, last } = await request(`/messages?${new URLSearchParams({ person, chat, after })}`);
  return { messages: messages.map(withAttachments), last };
}

/** A message carries no, one or several pictures and files; each knows which of the two it is. */
function withAttachments({ media, ...message }) {
  const attachments = [media ?? []].flat().map((each) => ({ kind: message.kind, ...each }));
  return { ...message, kind: attachments[0]?.kind ?? "text", attachments };
}

/** Sends one message; the same `clientId` may be sent again without doubling it. */
export function sendMessage({ person, chat, text, files, clientId, quote, recall, label }) {
  const form = new FormData();
  form.set("person", person);
  form.set("chat", chat);
  form.set("text", text);
  form.set("client_id", clientId);
  if (quote) form.set("quote", quote.seq);
  if (recall) form.set("recall", recall.seq);
  if (label) form.set("label", label);
  for (const { file, name } of files) form.append("files", file, name);
  return request("/messages", { method: "POST", body: form, wait: UPLOAD_WAIT });
}

export function moveClock(to) {
  const headers = { "Content-Type": "application/json" };
  return request("/clock", { method: "POST", headers, body: JSON.stringify({ to }), wait: CLOCK_WAIT });
}

/** A unique id, also where the page is served over plain http. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const STEPS = [1000, 2000, 4000, 8000];
const STUCK = 12_000;

/** The event stream of one person. The browser reconnects by itself and names the last id it saw; where
 * it gives up or hangs, a new stream is opened. `onOpen` is the moment to fetch what was missed. */
export class EventFeed {
  constructor(person, { onMessage, onClock, onOpen, onLost }) {
    this.url = `${base}/events?${new URLSearchParams({ person })}`;
    this.handlers = { message: onMessage, clock: onClock };
    this.onOpen = onOpen;
    this.onLost = onLost;
    this.tries = 0;
    this.connect();
  }

  connect() {
    this.drop();
    this.source = new EventSource(this.url);
    this.source.addEventListener("open", () => this.opened());
    this.source.addEventListener("error", () => this.failed());
    for (const [name, handler] of Object.entries(this.handlers)) {
      this.source.addEventListener(name, (event) => handler(JSON.parse(event.data)));
    }
  }

  opened() {
    clearTimeout(this.timer);
    this.timer = null;
    this.tries = 0;
    this.onOpen();
  }

  failed() {
    this.onLost();
    if (this.timer) return;
    const gaveUp = this.source.readyState === EventSource.CLOSED;
    const wait = gaveUp ? STEPS[Math.min(this.tries, STEPS.length - 1)] : STUCK;
    this.tries += 1;
    this.timer = setTimeout(() => this.connect(), wait);
  }

  drop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.source?.close();
  }
}
