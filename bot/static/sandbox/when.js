/** Wall-clock times of the simulation: reading what people type, writing what they see. Pure functions.
 *
 * A time is the number of milliseconds of its wall clock, as if that clock were UTC; so the browser's
 * own time zone never takes part.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const CHINA_OFFSET = 8 * HOUR;
const WEEKDAYS = "日一二三四五六";

const pad = (number) => String(number).padStart(2, "0");

/** The wall-clock time of an ISO instant; one with another offset is moved to China's. */
export function wallOf(iso) {
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(iso ?? "");
  if (!match) return Number.NaN;
  const [, year, month, day, hour, minute, second = "0", zone] = match;
  const wall = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second);
  return zone ? wall - offsetOf(zone) + CHINA_OFFSET : wall;
}

function offsetOf(zone) {
  if (zone === "Z") return 0;
  const sign = zone[0] === "-" ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * HOUR + Number(zone.slice(-2)) * MINUTE);
}

/** `2021-09-18T09:00`, the form the service takes. */
export const isoOf = (wall) => new Date(wall).toISOString().slice(0, 16);

export const weekdayOf = (wall) => `星期${WEEKDAYS[new Date(wall).getUTCDay()]}`;

export const isWeekend = (wall) => [0, 6].includes(new Date(wall).getUTCDay());

export const timeOf = (wall) => isoOf(wall).slice(11);

export const dayNumber = (wall) => Math.floor(wall / DAY);

/** `9月18日 星期六`, with the year where it differs from `now`. */
export function dayOf(wall, now = wall) {
  const date = new Date(wall);
  const year = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? "" : `${date.getUTCFullYear()}年`;
  return `${year}${date.getUTCMonth() + 1}月${date.getUTCDate()}日 ${weekdayOf(wall)}`;
}

/** `2021年9月18日 星期六 09:00`. */
export const fullOf = (wall) => `${new Date(wall).getUTCFullYear()}年${dayOf(wall)} ${timeOf(wall)}`;

const daysAhead = (now, days, hour) => (dayNumber(now) + days) * DAY + hour * HOUR;

function daysToMonday(now) {
  return 7 - ((new Date(now).getUTCDay() + 6) % 7);
}

/** The four usual jumps; one that has passed is null. */
export function presetsOf(now) {
  const today = daysAhead(now, 0, 15);
  return [
    { label: "下一小时", wall: (Math.floor(now / HOUR) + 1) * HOUR },
    { label: "今天15:00", wall: today > now ? today : null },
    { label: "明天09:00", wall: daysAhead(now, 1, 9) },
    { label: "下周一09:00", wall: daysAhead(now, daysToMonday(now), 9) },
  ];
}

const RELATIVE = { 今天: 0, 今日: 0, 明天: 1, 明日: 1, 后天: 2, 大后天: 3 };
const DATE = /^(?:(\d{4})[年\-/.])?(\d{1,2})[月\-/.](\d{1,2})[日号]?/;
const TIME = /^(上午|早上|中午|下午|晚上)?(\d{1,2})(?:[:点时]|$)(半|\d{1,2})?分?$/;
const HALF_YEAR = 183 * DAY;

/** The time meant by `9月18日 09:00`, `明天9点`, `下周一`, `15:00`, `2021-09-18T09:00`; null if none.
 *
 * A day without a time means nine o'clock. A date without a year is this year's, or next year's once
 * it lies more than half a year back (a date in January, typed in December).
 */
export function parseWhen(text, now) {
  const plain = text.normalize("NFKC").replace(/\s+/g, "").replace(/周天/, "周日").replace(/星期/g, "周");
  const [day, rest] = readDay(plain.replace(/^(\d{4}-\d{1,2}-\d{1,2})T/i, "$1"), now);
  if (day === null) return null;
  if (!rest) return day.stated ? day.start + 9 * HOUR : null;
  const clock = readTime(rest);
  return clock === null ? null : day.start + clock;
}

function readDay(text, now) {
  const relative = /^(大后天|今[天日]|明[天日]|后天)/.exec(text);
  if (relative) return [at(dayNumber(now) + RELATIVE[relative[1]]), text.slice(relative[1].length)];
  const week = /^(下|本|这)?周([一二三四五六日])/.exec(text);
  if (week) return [at(weekDay(week[1], week[2], now)), text.slice(week[0].length)];
  const date = DATE.exec(text);
  if (!date) return [{ start: dayNumber(now) * DAY, stated: false }, text];
  const start = calendarDay(date[1], +date[2], +date[3], now);
  return [start === null ? null : { start, stated: true }, text.slice(date[0].length)];
}

const at = (number) => ({ start: number * DAY, stated: true });

function weekDay(which, name, now) {
  const monday = dayNumber(now) + daysToMonday(now) - 7;
  const day = monday + "一二三四五六日".indexOf(name);
  if (which === "下") return day + 7;
  return !which && day < dayNumber(now) ? day + 7 : day;
}

function calendarDay(stated, month, day, now) {
  const year = stated ? +stated : new Date(now).getUTCFullYear();
  const wall = Date.UTC(year, month - 1, day);
  const real = new Date(wall).getUTCMonth() === month - 1 && new Date(wall).getUTCDate() === day;
  if (!real) return null;
  return !stated && now - wall > HALF_YEAR ? Date.UTC(year + 1, month - 1, day) : wall;
}

function readTime(text) {
  const match = TIME.exec(text);
  if (!match) return null;
  const minute = match[3] === "半" ? 30 : Number(match[3] ?? 0);
  const afternoon = /下午|晚上/.test(match[1] ?? "") && +match[2] < 12;
  const hour = +match[2] + (afternoon ? 12 : 0);
  return hour > 23 || minute > 59 ? null : hour * HOUR + minute * MINUTE;
}
