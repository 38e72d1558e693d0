/** The page's only state: one frozen object, replaced as a whole, watched by selectors. */

/**
 * @typedef {{page: "channel", channel: string, thread: string|null} | {page: "home"}} Place
 * @typedef {Object} State
 * @property {string} me who the page acts as
 * @property {Object} team
 * @property {Object<string, Object>} users by id
 * @property {Object[]} channels
 * @property {Object[]} groups user groups
 * @property {Object[]} commands slash commands of the app
 * @property {Object} app
 * @property {{now: number, read: number}} clock sandbox time in seconds, and the page's own time when it was read
 * @property {Place|null} place
 * @property {Object<string, Object[]>} messages per channel the newest ones, oldest first
 * @property {Object<string, number>} limits per channel how many messages are held, where it is not PAGE
 * @property {Object<string, number>} earlier per channel how many messages are earlier than those held
 * @property {Object[]} thread parent and replies of the open thread
 * @property {Object|null} home the App Home view
 * @property {Object[]} views open modals, the topmost last
 * @property {Object[]} stories
 * @property {boolean} following whether the page goes where a story is told
 * @property {"live"|"lost"} connection
 * @property {"auto"|"light"|"dark"} theme
 */

/**
 * @param {State} initial
 * @returns an object with `state`, `set(patch)` and `watch(select, run)`
 */
export function createStore(initial) {
  let state = Object.freeze({ ...initial });
  const watchers = [];
  return {
    get state() {
      return state;
    },
    set(patch) {
      state = Object.freeze({ ...state, ...patch });
      for (const check of watchers) check();
    },
    /** Run now, and again whenever what `select` returns has changed (arrays are compared item by item). */
    watch(select, run) {
      let last = select(state);
      watchers.push(() => {
        const next = select(state);
        if (isSame(next, last)) return;
        last = next;
        run(next);
      });
      run(last);
    },
  };
}

function isSame(left, right) {
  if (Object.is(left, right)) return true;
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
  return left.every((item, index) => Object.is(item, right[index]));
}
