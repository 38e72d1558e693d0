/** What an event does to the lists of messages that the page holds. Pure: states in, states out. */

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
 * @param {import("./store.js").State} state whose place is the event's channel
 * @param {Object} event one of MESSAGE_EVENTS
 * @returns {{messages: Object<string, Object[]>, thread: Object[]}} a list that is not loaded yet stays so
 */
export function afterMessageEvent({ messages, thread, place }, event) {
  const list = messages[place.channel];
  return {
    messages: list ? { ...messages, [place.channel]: changed(list, event, isTopLevel) } : messages,
    thread: thread.length ? changed(thread, event, (message) => threadOf(message) === place.thread) : thread,
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
