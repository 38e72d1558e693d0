/** Who reads: their language, zone, and the names behind the ids of people, channels and groups. */
import { translator } from "./i18n.js";

/**
 * @typedef {Object} Reader
 * @property {string} me
 * @property {string} locale
 * @property {string} zone
 * @property {(key: string, params?: Object) => string} t
 * @property {() => number} now sandbox time in seconds
 * @property {(id: string, fallback?: string) => string} userName
 * @property {(id: string) => string|null} channelName
 * @property {(id: string) => Object|undefined} group
 * @property {Object[]} people everybody, in the order of the directory
 * @property {Object[]} channels
 */

const cache = { key: [], reader: null, clock: null };

/** The same object as long as nothing that a reader would notice has changed; only its `now()` goes on. */
export function readerOf(state) {
  const key = [state.me, state.users, state.channels, state.groups];
  const isNew = !cache.reader || key.some((item, index) => item !== cache.key[index]);
  cache.clock = state.clock;
  if (isNew) Object.assign(cache, { key, reader: build(state) });
  return cache.reader;
}

/** Sandbox time now, in seconds: it goes on by itself between two answers of the server. */
function sandboxNow(clock) {
  return clock.now + (performance.now() - clock.read) / 1000;
}

export function displayName(user) {
  return user?.real_name || user?.profile?.display_name || user?.name;
}

function build({ me, users, channels, groups }) {
  const own = users[me] ?? {};
  const locale = own.locale ?? "en-US";
  return {
    me,
    locale,
    zone: own.tz ?? "UTC",
    t: translator(locale),
    now: () => sandboxNow(cache.clock),
    userName: (id, fallback) => displayName(users[id]) ?? (fallback || id),
    channelName: (id) => channels.find((channel) => channel.id === id)?.name ?? null,
    group: (id) => groups.find((group) => group.id === id),
    people: Object.values(users),
    channels,
  };
}
