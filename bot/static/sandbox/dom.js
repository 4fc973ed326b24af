/** Building and updating elements. Text goes in as text nodes only, never as markup. */

export const byId = (id) => document.getElementById(id);

/** An element with properties, `data` and `aria` attributes, and children (strings become text). */
export function make(tag, { data = {}, aria = {}, ...properties } = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  Object.assign(node.dataset, data);
  for (const [name, value] of Object.entries(aria)) {
    node.setAttribute(name === "role" ? "role" : `aria-${name}`, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Makes `parent` hold exactly `items` ({key, mark, build}), rebuilding only those whose mark changed,
 * so that pictures do not flicker and a screen reader hears only what is new. */
export function reconcile(parent, items) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const { key, mark, build } of items) {
    let node = old.get(key);
    if (node?.dataset.mark !== mark) {
      const fresh = build();
      Object.assign(fresh.dataset, { key, mark });
      if (node && node === place) place = node.nextElementSibling;
      node?.remove();
      node = fresh;
    }
    old.delete(key);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of old.values()) node.remove();
}

const LINK = /https?:\/\/[^\s<>"'，。；、）」】]+/g;

/** The text with its web addresses as links. */
export function linked(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(end, match.index));
    parts.push(make("a", { href: match[0], target: "_blank", rel: "noopener noreferrer" }, match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} 字节`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** True on a device with a mouse and keyboard, where Enter may send. */
export const hasKeyboard = () => matchMedia("(hover: hover) and (pointer: fine)").matches;
