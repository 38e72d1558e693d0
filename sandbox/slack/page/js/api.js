/** Calls to the sandbox. Every failure becomes an ApiError whose code is the server's word for it. */

export class ApiError extends Error {
  constructor(code, detail) {
    super(detail || code);
    this.name = "ApiError";
    this.code = code;
  }
}

/**
 * @param {string} path
 * @param {Object} [body] sent as JSON by POST; without it the call is a GET
 * @returns {Promise<any>} the answer; `{ok: false, errors}` of a form is an answer, any other refusal is thrown
 */
async function call(path, body) {
  let response;
  try {
    response = await fetch(
      path,
      body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) },
    );
  } catch {
    throw new ApiError("unreachable");
  }
  const answer = await response.json().catch(() => ({}));
  const refused = answer.ok === false && !answer.errors;
  if (!response.ok || refused)
    throw new ApiError(answer.error || `HTTP ${response.status}`, answer.text ?? answer.detail);
  return answer;
}

const query = (params) => new URLSearchParams(Object.entries(params).filter(([, value]) => value)).toString();

export const api = {
  state: (user) => call(`ui/state?${query({ user })}`),
  /** The newest `limit` messages of a channel and how many are earlier, or with `thread_ts` a whole thread. */
  messages: (user, channel, which) => call(`ui/channels/${channel}/messages?${query({ user, ...which })}`),
  say: (body) => call("ui/message", body),
  command: (body) => call("ui/command", body),
  act: (body) => call("ui/action", body),
  submit: (body) => call("ui/view/submit", body),
  close: (body) => call("ui/view/close", body),
  options: (body) => call("ui/options", body),
  openHome: (user) => call("ui/home/open", { user }),
  home: (user) => call(`ui/home?${query({ user })}`),
  shortcut: (body) => call("ui/shortcut", body),
  changeUser: (body) => call("ui/user", body),
  react: (body) => call("ui/reaction", body),
  stories: () => call("ui/stories"),
  play: (id, speed) => call(`ui/stories/${encodeURIComponent(id)}/play`, { speed }),
  pauseStory: (paused) => call("ui/stories/pause", { paused }),
  nextScene: () => call("ui/stories/next", {}),
  stopStory: () => call("ui/stories/stop", {}),
  clock: () => call("control/clock"),
  moveClock: (body) => call("control/clock", body),
};
