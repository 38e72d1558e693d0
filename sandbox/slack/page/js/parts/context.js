/** What blocks may do in a message, a modal or a Home: send actions, ask for options, keep their state. */
import { confirmed } from "../controls/confirm.js";

/**
 * @param {Object} container as `/ui/action` names it
 * @param {import("../controls/form.js").Form} form
 * @param {import("../reader.js").Reader} reader
 * @param {import("../session.js").Session} session
 * @param {() => void} restore draws the blocks again from the form, after a denied confirmation
 * @returns {import("../render/blocks.js").Context}
 */
export function blockContext(container, form, reader, session, restore) {
  const act = (action) => session.act(container, action);
  return {
    reader,
    form,
    act,
    options: (element, block, query) => session.options(container, element, block, query),
    async changed(element, block, state) {
      const dispatches = block.type !== "input" || block.dispatch_action;
      if (dispatches && !(await confirmed(element.confirm, reader))) {
        restore();
        return;
      }
      form.set(block, element, state);
      const action = { type: element.type, block_id: block.block_id, action_id: element.action_id, ...state };
      await (dispatches ? act(action) : session.enter(container, action));
    },
  };
}
