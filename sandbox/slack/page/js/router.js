/** The place in the address: `#/channel/C1`, `#/channel/C1/thread/171.5`, `#/home`. */

/** @param {import("./store.js").Place} place */
export function hashOf(place) {
  if (place.page === "home") return "#/home";
  return `#/channel/${place.channel}${place.thread ? `/thread/${place.thread}` : ""}`;
}

/** @returns {import("./store.js").Place|null} null for an address that names no place */
export function placeOf(hash) {
  if (hash === "#/home") return { page: "home" };
  const match = /^#\/channel\/(\w+)(?:\/thread\/([\d.]+))?$/.exec(hash);
  return match && { page: "channel", channel: match[1], thread: match[2] ?? null };
}

/** Follow the address, now and whenever it changes. */
export function followAddress(session, fallback) {
  const follow = () => session.go(placeOf(window.location.hash) ?? fallback());
  window.addEventListener("hashchange", follow);
  follow();
}

/** Go somewhere by changing the address. */
export function visit(place) {
  window.location.hash = hashOf(place);
}
