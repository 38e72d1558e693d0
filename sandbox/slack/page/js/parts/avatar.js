/** Who wrote a message, and a small picture of them made of their initials or emoji. */
import { h } from "../dom.js";
import { displayName } from "../reader.js";
import { withEmoji } from "../render/emoji.js";

const BUILT_IN = { USLACKBOT: "Slackbot" };

/**
 * @param {Object} message
 * @param {import("../reader.js").Reader} reader
 * @returns {{index: number, name: string, isApp: boolean, isGuest: boolean, sign: string|null, image: string|null}}
 */
export function authorOf(message, reader) {
  const index = reader.people.findIndex(({ id }) => id === message.user);
  const user = reader.people[index];
  const isApp = Boolean(message.bot_id || user?.is_bot);
  return {
    index,
    name: nameOf(message, user, isApp),
    isApp,
    isGuest: Boolean(user?.is_restricted),
    sign: signOf(message.icons?.emoji),
    image: message.icon_url ?? null,
  };
}

function nameOf(message, user, isApp) {
  const bot = isApp && message.bot_profile?.name;
  return message.username || bot || displayName(user) || BUILT_IN[message.user] || message.user || message.bot_id;
}

/** A square with the person's initials on a colour that is always theirs. */
export function avatar(author) {
  if (author.image) return h("img", { class: "avatar", src: author.image, alt: "" });
  const kind = author.sign ? "sign" : author.isApp ? "app" : "";
  return h(
    "span",
    { class: `avatar ${kind}`, "aria-hidden": "true", style: { "--hue": hueOf(author.index) } },
    author.sign ?? initials(author.name),
  );
}

function signOf(code) {
  const sign = code && withEmoji(code);
  return sign && !sign.startsWith(":") ? sign : null;
}

/** Korean names are shortened to the given name, others to two initials. */
function initials(name) {
  if (/^\p{Script=Hangul}{2,4}$/u.test(name)) return name.slice(-2);
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 2);
  return letters.toLocaleUpperCase();
}

/** Steps of the golden angle keep the colours of neighbours in the directory far apart. */
function hueOf(index) {
  return Math.round(190 + index * 137.5) % 360;
}
