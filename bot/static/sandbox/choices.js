/** Choosing: the people by role, the chats with what is unread. */

import { byId, make, reconcile } from "./dom.js";

const GROUPS = ["联络员", "单位负责人", "领导", "管理员"];
const STRANGERS = "未绑定的人";
const MANY = 99;

/** Fills the select; liaisons stand in the order of their units. A dot marks whoever has had a message. */
export function showPeople(people, { chosen, withNews }) {
  const select = byId("person");
  const mark = JSON.stringify([people.map(({ chips, ...person }) => person), [...withNews]]);
  if (select.dataset.mark !== mark) {
    select.replaceChildren(...[...grouped(people)].map(([label, members]) => groupOf(label, members, withNews)));
    select.dataset.mark = mark;
  }
  select.value = chosen;
}

function grouped(people) {
  const labels = new Map([...GROUPS, STRANGERS].map((label) => [label, []]));
  for (const person of people) {
    const label = person.bound ? person.role || STRANGERS : STRANGERS;
    labels.set(label, [...(labels.get(label) ?? []), person]);
  }
  return [...labels].filter(([, members]) => members.length > 0);
}

function groupOf(label, members, withNews) {
  const byUnit = [...members].sort((a, b) => unitsOf(a).localeCompare(unitsOf(b), "zh"));
  const options = byUnit.map((person) => make("option", { value: person.id }, labelOf(person, withNews)));
  return make("optgroup", { label }, ...options);
}

const unitsOf = (person) => (person.units ?? []).join("、");

function labelOf(person, withNews) {
  const units = unitsOf(person);
  const said = !units || person.name.includes(person.units[0]);
  const name = said ? person.name : `${units} · ${person.name}`;
  return withNews.has(person.id) ? `${name} ● 有新消息` : name;
}

export function showChats(chats, { chosen, onChoose }) {
  const items = chats.map((chat) => {
    const isChosen = chat.id === chosen;
    const build = () => make("li", {}, chatButton(chat, isChosen, onChoose));
    return { key: chat.id, mark: `${chat.name}${chat.unread}${isChosen}`, build };
  });
  const focused = byId("chats").contains(document.activeElement) && document.activeElement.dataset.chatId;
  reconcile(byId("chats"), items);
  if (focused) byId("chats").querySelector(`[data-chat-id="${CSS.escape(focused)}"]`)?.focus();
}

function chatButton({ id, name, kind, unread, members }, isChosen, onChoose) {
  const isSingle = kind === "single";
  const tone = isSingle ? "tone-bot" : "tone-group";
  const face = make("span", { className: `face ${tone}`, aria: { hidden: "true" } }, isSingle ? "答" : "群");
  const note = isSingle ? "只有你和答卷" : `${members?.length ?? 0} 人`;
  const text = make("span", { className: "chat-text" }, make("b", {}, name), make("small", {}, note));
  const badge = unread > 0 ? badgeOf(unread) : null;
  const data = { testid: "chat-item", chatId: id };
  const button = make("button", { type: "button", data, onclick: () => onChoose(id) }, face, text, badge);
  if (isChosen) button.setAttribute("aria-current", "true");
  return button;
}

function badgeOf(unread) {
  const count = unread > MANY ? `${MANY}+` : String(unread);
  const unit = make("span", { className: "sr" }, " 条未读");
  return make("span", { className: "badge", data: { testid: "unread-badge" } }, count, unit);
}
