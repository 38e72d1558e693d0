/** What the page knows of the sandbox: fetched when a place is opened, and kept true by events. */
import { api } from "./api.js";
import { afterMessageEvents, MESSAGE_EVENTS, PAGE } from "./changes.js";
import { listen } from "./stream.js";

const REFRESH_GAP_MS = 60;
const CONFIRM_AFTER_MS = 1000;
const GATHER_MS = 50;

export class Sync {
  #leave = () => {};
  #changes = 0;
  #gathered = [];
  #confirm;

  /**
   * @param {ReturnType<import("./store.js").createStore>} store
   * @param {(error: Error|string) => void} complain shows a problem to the person
   */
  constructor(store, complain) {
    Object.assign(this, { store, complain });
    const refresher = (work) => coalesced(() => work.call(this, store.state), complain);
    this.refreshState = refresher(this.#loadState);
    this.refreshMessages = refresher(this.#loadMessages);
    this.refreshThread = refresher(this.#loadThread);
    this.refreshHome = refresher(this.#loadHome);
    this.refreshStories = refresher(this.#loadStories);
    this.#confirm = refresher(this.#confirmMessages);
  }

  /** Learn who is who, and listen; `wanted` is who the page acts as, when the sandbox knows them. */
  async start(wanted) {
    const answer = await api.state(wanted).catch(() => api.state());
    this.store.set({ ...fromServer(answer), ...changedViews(this.store.state.views, answer.view) });
    this.connect();
  }

  /** Listen as the person of now; everything is asked for again once events arrive. */
  connect() {
    this.#leave();
    this.#leave = listen(this.store.state.me, {
      onEvent: (event) => this.#onEvent(event),
      onLost: () => this.store.set({ connection: "lost" }),
      onOpen: () => {
        this.store.set({ connection: "live" });
        this.#refreshAll();
      },
    });
  }

  /** Load the channel that is open now; the one that was left has been read to its end. */
  async moved(from) {
    await Promise.all([this.refreshMessages(), from && api.messages(this.store.state.me, from, { limit: 1 })]);
    await this.refreshState();
  }

  #refreshAll() {
    this.refreshState();
    this.refreshMessages();
    this.refreshThread();
    this.refreshHome();
    this.refreshStories();
  }

  #onEvent(event) {
    if (MESSAGE_EVENTS.includes(event.type)) this.#onMessageEvent(event);
    else if (event.type.startsWith("view_")) onViewEvent(this.store, event);
    else if (event.type === "home") this.refreshHome();
    else if (event.type === "clock") this.store.set({ clock: clockOf(event) });
    else if (event.type === "reset") this.#refreshAll();
    else if (event.type === "story") this.#onStory(event);
    else if (event.type === "scene") this.refreshStories();
    else if (event.type === "error") this.complain(event.text);
    else this.refreshState();
  }

  #onMessageEvent(event) {
    if (event.channel === this.store.state.place?.channel) {
      this.#changes += 1;
      this.#gathered.push(event);
      if (this.#gathered.length === 1) setTimeout(() => this.#applyGathered(), GATHER_MS);
      this.#confirm();
    } else if (event.type === "message") this.refreshState();
  }

  /** Draw once for all that came within a moment. */
  #applyGathered() {
    const events = this.#gathered.filter(({ channel }) => channel === this.store.state.place?.channel);
    this.#gathered = [];
    if (events.length) this.store.set(afterMessageEvents(this.store.state, events));
  }

  /** Asking again once it is quiet also tells the sandbox that what is on the screen was read. */
  async #confirmMessages() {
    await pause(CONFIRM_AFTER_MS);
    await Promise.all([this.refreshMessages(), this.refreshThread()]);
  }

  #onStory({ error }) {
    this.refreshStories();
    if (error) this.complain(error);
  }

  async #loadState({ me, views }) {
    const answer = await api.state(me);
    if (!this.#isStill(me)) return;
    // A modal that opened or closed while the answer was on its way is newer than the answer.
    const modals = this.store.state.views === views ? changedViews(views, answer.view) : {};
    this.store.set({ ...onlyNew(this.store.state, fromServer(answer)), ...modals });
  }

  async #loadMessages({ me, place }) {
    if (place?.page !== "channel") return;
    const { channel } = place;
    const limit = this.store.state.limits[channel] ?? PAGE;
    const changes = this.#changes;
    const answer = await api.messages(me, channel, { limit });
    if (!this.#isStill(me)) return;
    const { messages, earlier } = this.store.state;
    const held = messages[channel];
    const isOld = held && changes !== this.#changes;
    const fresh = isOld ? [...before(answer.messages, held[0]), ...held] : answer.messages;
    this.store.set({
      messages: { ...messages, [channel]: fresh },
      earlier: { ...earlier, [channel]: answer.earlier },
    });
  }

  async #loadThread({ me, place }) {
    if (!place?.thread) return;
    const changes = this.#changes;
    const { messages } = await api.messages(me, place.channel, { thread_ts: place.thread });
    const isOld = this.store.state.thread.length && changes !== this.#changes;
    const isHere = this.#isStill(me) && this.store.state.place.thread === place.thread;
    if (isHere && !isOld) this.store.set({ thread: messages });
  }

  async #loadHome({ me, place }) {
    if (place?.page !== "home") return;
    const { view } = await api.home(me);
    if (this.#isStill(me)) this.store.set({ home: view });
  }

  async #loadStories() {
    this.store.set({ stories: (await api.stories()).stories });
  }

  /** Whether an answer is still for the person that the page acts as. */
  #isStill(me) {
    return this.store.state.me === me;
  }
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
  if (type === "view_errors")
    store.set({ views: views.map((open) => (open.view.id === id ? { ...open, errors } : open)) });
}

/** Run at most once at a time and not more often than the eye needs; calls meanwhile become one more run. */
function coalesced(work, complain) {
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await work().catch(complain);
      if (again) await pause(REFRESH_GAP_MS);
    } while (again);
    running = null;
  };
  return () => {
    if (running) again = true;
    else running = run();
    return running;
  };
}

/** Those that are earlier than the first one that is held: events have changed nothing about where they stand. */
function before(messages, first) {
  return first ? messages.filter(({ ts }) => Number(ts) < Number(first.ts)) : messages;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The sandbox knows which modal is on top; the page keeps its own stack as long as they agree. */
function changedViews(views, top) {
  if (!top) return views.length ? { views: [] } : {};
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
    elsewhere: answer.elsewhere,
    clock: clockOf(answer.clock),
  };
}

/** What is as it was stays the same object, so that nothing is drawn again for it. */
function onlyNew(state, fresh) {
  const isNew = ([name, value]) => JSON.stringify(value) !== JSON.stringify(state[name]);
  return Object.fromEntries(Object.entries(fresh).filter(isNew));
}

function clockOf({ now }) {
  return { now: Date.parse(now) / 1000, read: performance.now() };
}
