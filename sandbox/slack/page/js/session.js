/** What the page does: it asks the sandbox, follows its events, and puts what it learns into the store. */
import { api } from "./api.js";
import { listen } from "./stream.js";

const REFRESH_GAP_MS = 60;
/** The sandbox says these itself, by an event or by a message that only this person sees. */
const SAID_OTHERWISE = ["operation_timeout", "dispatch_failed", "unknown_command", "not_supported_in_threads"];
const MESSAGE_EVENTS = ["message", "message_changed", "message_deleted", "reaction", "ephemeral", "ephemeral_deleted"];

/**
 * @param {ReturnType<import("./store.js").createStore>} store
 * @param {(error: Error|string) => void} complain shows a problem to the person
 */
export function createSession(store, complain) {
  let leave = () => {};
  let entering = Promise.resolve();
  const me = () => store.state.me;
  const attempt = (promise) => promise.catch((error) => {
    if (!SAID_OTHERWISE.includes(error.code)) complain(error);
  });

  const refreshMessages = coalesced(async () => {
    const { me: user, place } = store.state;
    if (place?.page !== "channel") return;
    const { messages } = await api.messages(user, place.channel);
    if (user === me()) store.set({ messages: { ...store.state.messages, [place.channel]: messages } });
  }, complain);

  const refreshThread = coalesced(async () => {
    const { me: user, place } = store.state;
    if (place?.page !== "channel" || !place.thread) return;
    const { messages } = await api.messages(user, place.channel, place.thread);
    if (user === me() && store.state.place.thread === place.thread) store.set({ thread: messages });
  }, complain);

  const refreshHome = coalesced(async () => {
    const user = me();
    if (store.state.place?.page !== "home") return;
    const { view } = await api.home(user);
    if (user === me()) store.set({ home: view });
  }, complain);

  async function openHome() {
    const user = me();
    const answer = await attempt(api.openHome(user));
    if (user === me() && answer) store.set({ home: answer.view });
  }

  const refreshStories = coalesced(async () => {
    store.set({ stories: (await api.stories()).stories });
  }, complain);

  const refreshState = coalesced(async () => {
    const user = me();
    const answer = await api.state(user);
    if (user === me()) store.set({ ...onlyNew(store.state, fromServer(answer)), ...changedViews(store.state.views, answer.view) });
  }, complain);

  function onMessageEvent(event) {
    const { place } = store.state;
    if (event.channel === place?.channel) {
      refreshMessages();
      refreshThread();
    } else if (event.type === "message") refreshState();
  }

  const onEvent = (event) => {
    if (MESSAGE_EVENTS.includes(event.type)) onMessageEvent(event);
    else if (event.type.startsWith("view_")) onViewEvent(store, event);
    else if (event.type === "home") refreshHome();
    else if (event.type === "clock") store.set({ clock: clockOf(event) });
    else if (event.type === "reset") refreshAll();
    else if (event.type === "story") onStory(event);
    else if (event.type === "error") complain(event.text);
    else refreshState();
  };

  function onStory({ error }) {
    refreshStories();
    if (error) complain(error);
  }

  function connect() {
    leave();
    leave = listen(me(), {
      onEvent,
      onLost: () => store.set({ connection: "lost" }),
      onOpen: () => {
        store.set({ connection: "live" });
        refreshAll();
      },
    });
  }

  function refreshAll() {
    for (const refresh of [refreshState, refreshMessages, refreshThread, refreshHome, refreshStories]) refresh();
  }

  return {
    attempt,
    complain,
    /** Learn who is who, and connect; `wanted` is who the page acts as, when the server knows them. */
    async start(wanted) {
      const answer = await api.state(wanted).catch(() => api.state());
      store.set({ ...fromServer(answer), ...changedViews([], answer.view) });
      connect();
    },
    /** Act as somebody else, at the same place. */
    become(user) {
      if (user === me()) return;
      store.set({ me: user, views: [], home: null, messages: {}, thread: [] });
      connect();
      if (store.state.place.page === "home") openHome();
    },
    /** Show a place; unknown channels are left to the server to refuse. */
    go(place) {
      const before = store.state.place;
      const sameThread = before?.channel === place.channel && before?.thread === place.thread;
      store.set({ place, thread: sameThread ? store.state.thread : [] });
      if (place.page === "home") openHome();
      if (place.channel !== before?.channel) refreshMessages().then(refreshState);
      if (!sameThread) refreshThread();
    },
    say: (channel, text, threadTs) => api.say({ user: me(), channel, text, ...(threadTs && { thread_ts: threadTs }) }),
    command: (channel, text, threadTs) => api.command({ user: me(), channel, text, ...(threadTs && { thread_ts: threadTs }) }),
    /** Click or choose; what was typed before arrives before. */
    act: (container, action) => attempt(entering.then(() => api.act({ user: me(), container, action }))),
    /** Tell the sandbox what an input holds now, so that the state of the next action is true. */
    enter(container, action) {
      entering = entering.then(() => attempt(api.act({ user: me(), container, action })));
      return entering;
    },
    options: (container, element, block, value) => api.options({ user: me(), action_id: element.action_id, block_id: block.block_id, value, container }),
    submit: (viewId, values) => api.submit({ user: me(), view_id: viewId, values }),
    closeView: (viewId) => attempt(api.close({ user: me(), view_id: viewId })),
    react: (channel, ts, name, present) => attempt(api.react({ user: me(), channel, ts, name, present })),
    shortcut: (callbackId, channel, ts) => attempt(api.shortcut({ user: me(), callback_id: callbackId, channel, ts })),
    changeMe: (change) => attempt(api.changeUser({ user: me(), ...change }).then(refreshState)),
    play: (story, speed) => attempt(api.play(story, speed).then(refreshStories)),
    stopStory: () => attempt(api.stopStory().then(refreshStories)),
    advance: (seconds) => attempt(api.moveClock({ advance_s: seconds }).then(refreshState)),
  };
}

function onViewEvent(store, { type, view, view_id: viewId, errors }) {
  const { views } = store.state;
  const id = viewId ?? view?.id;
  if (type === "view_opened") store.set({ views: [{ view }] });
  if (type === "view_pushed") store.set({ views: [...views, { view }] });
  if (type === "view_updated") store.set({ views: views.map((open) => (open.view.id === id ? { view } : open)) });
  if (type === "view_closed") {
    const left = views.filter((open) => open.view.id !== id);
    store.set({ views: left.length || !view ? left : [{ view }] });
  }
  if (type === "view_errors") store.set({ views: views.map((open) => (open.view.id === id ? { ...open, errors } : open)) });
}

/** Run at most once at a time and not more often than the eye needs; calls meanwhile become one more run. */
function coalesced(work, complain) {
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await work().catch(complain);
      if (again) await new Promise((resolve) => setTimeout(resolve, REFRESH_GAP_MS));
    } while (again);
    running = null;
  };
  return () => {
    if (running) again = true;
    else running = run();
    return running;
  };
}

/** The sandbox knows which modal is on top; the page keeps its own stack as long as they agree. */
function changedViews(views, top) {
  if (!top) return { views: [] };
  return views.at(-1)?.view.id === top.id ? {} : { views: [{ view: top }] };
}

function fromServer(answer) {
  return {
    me: answer.me.id,
    team: answer.team,
    users: Object.fromEntries(answer.users.map((user) => [user.id, user])),
    channels: answer.channels,
    groups: answer.user_groups,
    commands: answer.slash_commands,
    app: { ...answer.app, shortcuts: answer.shortcuts },
    clock: clockOf(answer.clock),
  };
}

/** What is as it was stays the same object, so that nothing is drawn again for it. */
function onlyNew(state, fresh) {
  return Object.fromEntries(Object.entries(fresh).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(state[name])));
}

function clockOf({ now }) {
  return { now: Date.parse(now) / 1000, read: performance.now() };
}

