/** Times as the reader sees them: in their language, their time zone, and relative to the sandbox's clock. */

const DAY_S = 86_400;
const formatters = new Map();

/**
 * @param {number} seconds since 1970
 * @param {{locale: string, zone: string}} reader
 * @param {Intl.DateTimeFormatOptions} options
 */
export function format(seconds, reader, options) {
  const key = `${reader.locale} ${reader.zone} ${JSON.stringify(options)}`;
  if (!formatters.has(key))
    formatters.set(key, new Intl.DateTimeFormat(reader.locale, { timeZone: reader.zone, ...options }));
  return formatters.get(key).format(seconds * 1000);
}

export const clockTime = (seconds, reader) =>
  format(seconds, reader, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const fullTime = (seconds, reader) => format(seconds, reader, { dateStyle: "full", timeStyle: "long" });

/** The calendar day of the reader, as text that sorts and compares. */
export function dayKey(seconds, reader) {
  return format(seconds, { locale: "en-CA", zone: reader.zone }, { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** "Today", "Yesterday" or the date, for the lines between two days. */
export function dayName(seconds, reader) {
  return relativeDay(seconds, reader) ?? format(seconds, reader, { weekday: "long", month: "long", day: "numeric" });
}

/**
 * The text of a `<!date^…>` token.
 * Placeholders: https://docs.slack.dev/messaging/formatting-message-text (date formatting)
 */
export function dateText(seconds, pattern, reader) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => PLACEHOLDERS[name]?.(seconds, reader) ?? whole);
}

/** Seconds since 1970 of a wall-clock text like `2026-11-22T09:30` in the reader's zone. */
export function fromWallClock(text, zone) {
  const asUtc = Date.parse(`${text}:00Z`) / 1000;
  const guess = asUtc - offsetAt(asUtc, zone);
  return asUtc - offsetAt(guess, zone);
}

/** The inverse: what a `datetime-local` field shows. */
export function toWallClock(seconds, zone) {
  return new Date((seconds + offsetAt(seconds, zone)) * 1000).toISOString().slice(0, 16);
}

const longDate = (seconds, reader) => format(seconds, reader, { year: "numeric", month: "long", day: "numeric" });
const mediumDate = (seconds, reader) => format(seconds, reader, { year: "numeric", month: "short", day: "numeric" });
const fullDate = (seconds, reader) =>
  format(seconds, reader, { weekday: "long", year: "numeric", month: "long", day: "numeric" });

const PLACEHOLDERS = {
  date_num: dayKey,
  date: longDate,
  date_short: mediumDate,
  date_long: fullDate,
  date_long_full: fullDate,
  date_pretty: (seconds, reader) => relativeDay(seconds, reader) ?? longDate(seconds, reader),
  date_short_pretty: (seconds, reader) => relativeDay(seconds, reader) ?? mediumDate(seconds, reader),
  date_long_pretty: (seconds, reader) => relativeDay(seconds, reader) ?? fullDate(seconds, reader),
  day_divider_pretty: (seconds, reader) => relativeDay(seconds, reader) ?? fullDate(seconds, reader),
  time: clockTime,
  time_secs: (seconds, reader) =>
    format(seconds, reader, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  ago: ago,
};

function relativeDay(seconds, reader) {
  const now = reader.now();
  const day = dayKey(seconds, reader);
  if (day === dayKey(now, reader)) return reader.t("today");
  if (day === dayKey(now - DAY_S, reader)) return reader.t("yesterday");
  if (day === dayKey(now + DAY_S, reader)) return reader.t("tomorrow");
  return null;
}

function ago(seconds, reader) {
  const delta = seconds - reader.now();
  const [unit, size] = [
    ["day", DAY_S],
    ["hour", 3600],
    ["minute", 60],
  ].find(([, length]) => Math.abs(delta) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(reader.locale, { numeric: "auto" }).format(Math.round(delta / size), unit);
}

function offsetAt(seconds, zone) {
  const wall = format(seconds, { locale: "sv-SE", zone }, { dateStyle: "short", timeStyle: "medium" });
  return Date.parse(`${wall.replace(" ", "T")}Z`) / 1000 - seconds;
}
