/** What stands between `<` and `>` in mrkdwn: people, channels, groups, dates, links; and the plain text around it. */
import { h } from "../dom.js";
import { hashOf } from "../router.js";
import { dateText, fullTime } from "./dates.js";
import { withEmoji } from "./emoji.js";

const SAFE_ADDRESS = /^(?:https?:\/\/|mailto:|tel:)/i;
const PERMALINK = /^https:\/\/[\w-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?(?:.*&)?thread_ts=([\d.]+))?/;
const BARE_ADDRESS = /(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?'")\]}。、])/;

/**
 * @param {string} body without the angle brackets
 * @param {{reader: import("../reader.js").Reader, verbatim: boolean, noEmoji?: boolean}} inside
 * @returns {Node|null} null when it is no token that Slack knows
 */
export function tokenNode(body, inside) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? null : body.slice(bar + 1);
  const { reader } = inside;
  if (/^@[UWB]/.test(target)) return userMention(target.slice(1), reader, label);
  if (/^#[CGD]/.test(target)) return channelMention(target.slice(1), reader, label);
  if (target.startsWith("!")) return special(target.slice(1), label, reader);
  return link(unescape(target), label === null ? null : plainNodes(label, { ...inside, verbatim: true }));
}

/** @returns {Node|null} a link that leaves the page safely or stays on it, or null for an address of another kind */
export function link(address, content) {
  if (!SAFE_ADDRESS.test(address)) return null;
  const message = PERMALINK.exec(address);
  if (message) {
    const [, channel, seconds, micros, thread] = message;
    const place = { page: "channel", channel, thread: thread ?? `${seconds}.${micros}` };
    return h("a", { href: hashOf(place) }, content ?? address);
  }
  const shown = content ?? address.replace(/^mailto:/, "");
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, shown);
}

export function userMention(id, reader, label) {
  const name = reader.userName(id, label && unescape(label));
  return h("span", { class: id === reader.me ? "mention mention-me" : "mention", title: id }, `@${name}`);
}

export function channelMention(id, reader, label) {
  const known = reader.channelName(id);
  const name = known ?? (label && unescape(label)) ?? id;
  return known
    ? h("a", { class: "mention", href: `#/channel/${id}` }, `#${name}`)
    : h("span", { class: "mention" }, `#${name}`);
}

export function groupMention(id, reader, label) {
  const group = reader.group(id);
  const name = group ? `@${group.handle}` : (label && unescape(label)) || `@${id}`;
  const mine = group?.users?.includes(reader.me);
  return h("span", { class: mine ? "mention mention-me" : "mention", title: group?.name ?? id }, name);
}

export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

export function dateNode(seconds, pattern, address, fallback, reader) {
  if (!Number.isFinite(seconds)) return h("span", null, unescape(fallback ?? ""));
  const text = h(
    "time",
    { datetime: new Date(seconds * 1000).toISOString(), title: fullTime(seconds, reader) },
    dateText(seconds, unescape(pattern), reader),
  );
  return (address && link(unescape(address), [text])) || text;
}

/** Text that is not markup: emoji, bare addresses, and at the very end the three entities. */
export function plainNodes(source, inside) {
  if (source === "") return null;
  const shown = (text) => unescape(inside.noEmoji ? text : withEmoji(text));
  if (inside.verbatim) return shown(source);
  return source.split(BARE_ADDRESS).map((part, index) => (index % 2 ? link(unescape(part)) : shown(part)));
}

/** Slack escapes exactly these three: https://docs.slack.dev/messaging/formatting-message-text */
export function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

function special(body, label, reader) {
  if (body.startsWith("subteam^")) return groupMention(body.slice("subteam^".length), reader, label);
  if (body.startsWith("date^")) {
    const [, seconds, pattern, address] = body.split("^");
    return dateNode(Number(seconds), pattern ?? "", address, label, reader);
  }
  const range = body.split("^")[0];
  if (["here", "channel", "everyone"].includes(range)) return broadcast(range);
  return h("span", { class: "mention" }, label ? unescape(label) : `<!${body}>`);
}
