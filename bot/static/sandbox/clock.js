/** The clock bar: the simulated time, and moving it forward. */

import { moveClock } from "./api.js";
import { byId, hasKeyboard, make } from "./dom.js";
import { DAY, fullOf, isWeekend, isoOf, parseWhen, presetsOf, timeOf, wallOf } from "./when.js";

const WIDE = matchMedia("(min-width: 1180px)");
const LONG_JUMP = 120 * DAY;

export class Clock {
  /** `onMoved(text)` tells of an arrival where the panel, which also says it, closes. */
  constructor({ onMoved }) {
    this.onMoved = onMoved;
    this.now = Number.NaN;
    this.goal = null;
    this.field = byId("clock-input");
    this.confirmed = null;
    this.open(WIDE.matches);
    WIDE.addEventListener("change", () => this.open(WIDE.matches));
    byId("clock-toggle").addEventListener("click", () => this.toggle());
    byId("clock-panel").addEventListener("submit", (event) => this.submit(event));
    byId("clock-panel").addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("input", () => this.explain());
  }

  open(visible) {
    byId("clock-panel").hidden = !visible;
    byId("clock-toggle").setAttribute("aria-expanded", String(visible));
  }

  toggle() {
    this.open(byId("clock-panel").hidden);
    // On a phone the focus would bring up the keyboard over the presets.
    if (!byId("clock-panel").hidden && hasKeyboard()) this.field.focus();
  }

  key(event) {
    if (event.key !== "Escape" || WIDE.matches) return;
    this.open(false);
    byId("clock-toggle").focus();
  }

  /** Shows the time the service says it is. */
  show({ now, weekday, workday }) {
    this.now = wallOf(now);
    const [date] = fullOf(this.now).split(" ");
    const year = make("span", { className: "clock-year" }, date.slice(0, 5));
    const day = doubled(weekday, weekday.replace("星期", "周"));
    byId("clock-now").replaceChildren(year, date.slice(5), " ", ...day, " ", make("b", {}, timeOf(this.now)));
    byId("clock-now").dataset.now = isoOf(this.now);
    this.showWorkday(workday);
    this.showPresets();
    this.showProgress();
  }

  showWorkday(workday) {
    const mark = byId("workday");
    mark.dataset.workday = String(Boolean(workday));
    mark.replaceChildren(...doubled(workdayText(workday, isWeekend(this.now)), workday ? "班" : "休"));
  }

  showPresets() {
    const buttons = presetsOf(this.now).map(({ label, wall }) => {
      const title = wall === null ? "今天已经过了15点" : `进到 ${fullOf(wall)}`;
      const disabled = wall === null || this.goal !== null;
      const data = { testid: "clock-preset" };
      return make("button", { type: "button", disabled, title, data, onclick: () => this.move(wall) }, label);
    });
    const group = byId("clock-presets");
    // Rebuilt only when the buttons differ, lest the focus be lost at every step of the clock.
    const mark = buttons.map(({ title, disabled }) => title + disabled).join();
    if (group.dataset.mark === mark) return;
    const focused = [...group.children].indexOf(document.activeElement);
    group.replaceChildren(...buttons);
    group.dataset.mark = mark;
    if (focused >= 0) group.children[focused].focus();
  }

  explain() {
    this.confirmed = null;
    const wall = parseWhen(this.field.value, this.now);
    this.say(wall === null ? "" : `即进到 ${fullOf(wall)}`);
  }

  submit(event) {
    event.preventDefault();
    if (this.goal !== null) return;
    const wall = parseWhen(this.field.value, this.now);
    if (wall === null) {
      this.say("没看懂这个时间，请写成 9月18日 09:00", true);
      this.field.focus();
    } else if (wall - this.now > LONG_JUMP && this.confirmed !== wall) {
      this.confirmed = wall;
      this.say(`要往前走 ${Math.round((wall - this.now) / DAY)} 天，走过去就不能退回。再按一次「前进」确认。`, true);
    } else this.move(wall);
  }

  async move(wall) {
    if (this.goal !== null) return;
    this.start = this.now;
    this.goal = wall;
    this.setBusy(true);
    this.say(`正在走到 ${fullOf(wall)}…`);
    try {
      const { now } = await moveClock(isoOf(wall));
      this.finish(wallOf(now));
    } catch (error) {
      this.say(error.status ? error.message : `${error.message}，时间没有走完。请再试一次。`, true);
    } finally {
      this.goal = null;
      this.setBusy(false);
    }
  }

  finish(now) {
    this.now = now;
    this.field.value = "";
    this.confirmed = null;
    this.say(`已到 ${fullOf(now)}`);
    if (WIDE.matches) return;
    this.open(false);
    this.onMoved(`已到 ${fullOf(now)}`);
  }

  setBusy(busy) {
    byId("clock-go").disabled = busy;
    this.field.readOnly = busy;
    byId("clock-toggle").classList.toggle("moving", busy);
    byId("clock-progress").hidden = !busy;
    byId("clock-progress").removeAttribute("value");
    this.showPresets();
  }

  /** A measured bar once the service reports steps on the way; until then it only shows work. */
  showProgress() {
    if (this.goal === null || this.now <= this.start) return;
    byId("clock-progress").value = Math.min(1, (this.now - this.start) / (this.goal - this.start));
  }

  say(text, isBad = false) {
    byId("clock-status").textContent = text;
    byId("clock-status").classList.toggle("bad", isBad);
  }
}

/** The full words, and the short ones a narrow screen shows instead. */
function doubled(long, short) {
  return [make("span", { className: "long" }, long), make("span", { className: "short" }, short)];
}

function workdayText(workday, weekend) {
  if (workday) return weekend ? "调休上班" : "工作日";
  return weekend ? "休息日" : "放假";
}
