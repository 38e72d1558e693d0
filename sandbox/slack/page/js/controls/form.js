/** What a person has chosen or typed in one message or modal, by block_id and action_id. */

export class Form {
  #values = new Map();
  #meta = new Map();

  /**
   * Begin with an element's initial value, unless the person has already touched an element with these ids.
   * @returns {Object} the element's state, as Slack names it: `{type, value}`, `{type, selected_option}`, …
   */
  start(block, element, initial) {
    const key = keyOf(block.block_id, element.action_id);
    const kept = this.#values.get(key);
    if (kept?.type !== element.type) this.#values.set(key, { type: element.type, ...initial });
    this.#meta.set(key, { block, element });
    return this.#values.get(key);
  }

  set(block, element, state) {
    this.#values.set(keyOf(block.block_id, element.action_id), { type: element.type, ...state });
  }

  /** A new view is about to be shown: only elements that it starts again stay. */
  beginView() {
    this.#meta.clear();
  }

  /** `state.values` of the elements that are shown now. */
  values() {
    const result = {};
    for (const [key, { block, element }] of this.#meta) {
      result[block.block_id] = { ...result[block.block_id], [element.action_id]: this.#values.get(key) };
    }
    return result;
  }

  /**
   * Problems that Slack's client finds by itself before it submits.
   * @param {(key: string, params?: Object) => string} t
   * @returns {Object<string, string>} by block_id
   */
  problems(t) {
    const errors = {};
    for (const [key, { block, element }] of this.#meta) {
      if (block.type !== "input") continue;
      const problem = problemOf(this.#values.get(key), block, element, t);
      if (problem) errors[block.block_id] = problem;
    }
    return errors;
  }
}

function problemOf(state, block, element, t) {
  if (isEmpty(state)) return block.optional ? null : t("Please fill this in.");
  const length = typeof state.value === "string" ? state.value.length : null;
  if (length !== null && length < (element.min_length ?? 0))
    return t("At least {n} characters, please.", { n: element.min_length });
  if (length !== null && length > (element.max_length ?? Infinity))
    return t("At most {n} characters, please.", { n: element.max_length });
  return null;
}

function isEmpty(state) {
  const values = Object.entries(state)
    .filter(([name]) => name !== "type")
    .map(([, value]) => value);
  return values.every(
    (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0),
  );
}

function keyOf(blockId, actionId) {
  return JSON.stringify([blockId, actionId]);
}
