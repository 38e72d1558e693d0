/** What an event does to the lists of messages that the page holds. Pure: states in, states out. */

/** So many messages of a channel are held at first: a storm of thousands must not hold up the page. */
export const PAGE = 200;

/** The events that carry a message, or say which one is gone. */
export const MESSAGE_EVENTS = [
  "message",
  "message_changed",
  "message_deleted",
  "reaction",
  "ephemeral",
  "ephemeral_deleted",
];

/**
 * @param {import("./store.js").State} state
 * @param {Object[]} events of MESSAGE_EVENTS, all of the channel that is open
 * @returns {Partial<import("./store.js").State>} the lists as they are then; one that is not loaded yet stays so
 */
export function afterMessageEvents({ messages, limits, earlier, thread, place }, events) {
  const { channel } = place;
  const isReply = (message) => threadOf(message) === place.thread;
  const after = { thread: thread.length ? events.reduce((list, event) => changed(list, event, isReply), thread) : thread };
  if (!messages[channel]) return after;
  const all = events.reduce((list, event) => changed(list, event, isTopLevel), messages[channel]);
  const surplus = Math.max(0, all.length - (limits[channel] ?? PAGE));
  return {
    ...after,
    messages: { ...messages, [channel]: surplus ? all.slice(surplus) : all },
    earlier: { ...earlier, [channel]: (earlier[channel] ?? 0) + surplus },
  };
}

/** What tells messages of one channel apart; an ephemeral that is replaced keeps its id. */
export function keyOf(message) {
  return message.ephemeral ? `only ${message.id}` : message.ts;
}

function changed(list, event, belongs) {
  if (event.type === "reaction") return list.map((known) => (known.ts === event.ts ? reacted(known, event) : known));
  if (event.type === "message_deleted") return list.filter(({ ts }) => ts !== event.ts);
  if (event.type === "ephemeral_deleted") return list.filter((known) => keyOf(known) !== `only ${event.id}`);
  return belongs(event.message) ? withMessage(list, event.message) : list;
}

function reacted(message, { reactions }) {
  return { ...message, reactions };
}

function withMessage(list, message) {
  const key = keyOf(message);
  if (list.some((known) => keyOf(known) === key)) return list.map((known) => (keyOf(known) === key ? message : known));
  const at = list.findLastIndex(({ ts }) => Number(ts) < Number(message.ts)) + 1;
  return list.toSpliced(at, 0, message);
}

function isTopLevel(message) {
  const isReply = message.thread_ts && (message.ephemeral || message.thread_ts !== message.ts);
  return !isReply || message.subtype === "thread_broadcast";
}

function threadOf(message) {
  return message.thread_ts ?? message.ts;
}
