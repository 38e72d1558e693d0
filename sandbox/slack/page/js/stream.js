/** The sandbox's Server-Sent Events, with a connection that comes back by itself. */

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;

/**
 * Listen as one person until the returned function is called.
 * @param {string} user
 * @param {{onEvent: (event: Object) => void, onOpen: () => void, onLost: () => void}} listener
 *   `onOpen` says that from now on events arrive; what happened before must be asked for
 * @returns {() => void}
 */
export function listen(user, listener) {
  let wait = FIRST_WAIT_MS;
  let timer;
  let source;
  const open = () => {
    source = new EventSource(`ui/stream?user=${encodeURIComponent(user)}`);
    source.onopen = () => {
      wait = FIRST_WAIT_MS;
      listener.onOpen();
    };
    source.onmessage = ({ data }) => listener.onEvent(JSON.parse(data));
    source.onerror = () => {
      source.close();
      listener.onLost();
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
