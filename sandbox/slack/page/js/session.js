/** What a person does on the page: look somewhere, speak, click, choose, become somebody else. */
import { api } from "./api.js";
import { PAGE } from "./changes.js";
import { visit } from "./router.js";

/** The sandbox says these itself, by an event or by a message that only this person sees. */
const SAID_OTHERWISE = ["operation_timeout", "dispatch_failed", "unknown_command", "not_supported_in_threads"];

export class Session {
  #entering = Promise.resolve();

  /**
   * @param {ReturnType<import("./store.js").createStore>} store
   * @param {import("./sync.js").Sync} sync
   * @param {(error: Error|string) => void} complain shows a problem to the person
   */
  constructor(store, sync, complain) {
    Object.assign(this, { store, sync, complain });
  }

  get user() {
    return this.store.state.me;
  }

  /** Wait for a call; what goes wrong is shown, never thrown, and the answer is then undefined. */
  attempt(promise) {
    return promise.catch((error) => {
      if (!SAID_OTHERWISE.includes(error.code)) this.complain(error);
    });
  }

  /** Act as somebody else, at the same place. */
  become(user) {
    if (user === this.user) return;
    this.store.set({ me: user, views: [], home: null, messages: {}, limits: {}, earlier: {}, thread: [] });
    this.sync.connect();
    if (this.store.state.place.page === "home") this.#openHome();
  }

  /** Show a place; that it exists is left to the sandbox to say. */
  go(place) {
    const before = this.store.state.place;
    const isSameThread = before?.channel === place.channel && before?.thread === place.thread;
    this.store.set({ place, thread: isSameThread ? this.store.state.thread : [] });
    if (place.page === "home") this.#openHome();
    if (place.channel !== before?.channel) this.attempt(this.sync.moved(before?.channel));
    if (!isSameThread) this.sync.refreshThread();
  }

  /** Hold one page more of a channel's messages. */
  showEarlier(channel) {
    const { limits } = this.store.state;
    this.store.set({ limits: { ...limits, [channel]: (limits[channel] ?? PAGE) + PAGE } });
    return this.sync.refreshMessages();
  }

  async #openHome() {
    const { user } = this;
    const answer = await this.attempt(api.openHome(user));
    if (answer && user === this.user) this.store.set({ home: answer.view });
  }

  /** Post what was typed: a message, a reply, or a slash command. Throws ApiError when it was refused. */
  send(channel, text, thread) {
    const body = { user: this.user, channel, text, ...(thread && { thread_ts: thread }) };
    return text.startsWith("/") ? api.command(body) : api.say(body);
  }

  /** Click or choose; what was typed before arrives before. */
  act(container, action) {
    const { user } = this;
    return this.attempt(this.#entering.then(() => api.act({ user, container, action })));
  }

  /** Tell the sandbox what an input holds now, so that the state of the next action is true. */
  enter(container, action) {
    const { user } = this;
    this.#entering = this.#entering.then(() => this.attempt(api.act({ user, container, action })));
    return this.#entering;
  }

  /** What an external select offers; throws ApiError when the app does not answer. */
  options(container, element, block, value) {
    return api.options({ user: this.user, action_id: element.action_id, block_id: block.block_id, value, container });
  }

  /** @returns {Promise<{ok: boolean, errors?: Object<string, string>}|undefined>} */
  submit(viewId, values) {
    return this.attempt(api.submit({ user: this.user, view_id: viewId, values }));
  }

  closeView(viewId) {
    return this.attempt(api.close({ user: this.user, view_id: viewId }));
  }

  react(channel, ts, name, present) {
    return this.attempt(api.react({ user: this.user, channel, ts, name, present }));
  }

  shortcut(callbackId, channel, ts) {
    return this.attempt(api.shortcut({ user: this.user, callback_id: callbackId, channel, ts }));
  }

  /** @param {{locale?: string, tz?: string}} change */
  changeMe(change) {
    return this.attempt(api.changeUser({ user: this.user, ...change }));
  }

  play(story, speed) {
    return this.attempt(api.play(story, speed));
  }

  stopStory() {
    return this.attempt(api.stopStory());
  }

  pauseStory(paused) {
    return this.attempt(api.pauseStory(paused));
  }

  nextScene() {
    return this.attempt(api.nextScene());
  }

  /** Go where a story is told, as who lives it; the place is theirs, so both change at once. */
  follow({ who, place }) {
    if (who !== this.user) {
      this.store.set({ me: who, place, views: [], home: null, messages: {}, limits: {}, earlier: {}, thread: [] });
      this.sync.connect();
    }
    visit(place);
  }

  advance(seconds) {
    return this.attempt(api.moveClock({ advance_s: seconds }));
  }
}
