/** Fields that one types into: text, numbers, dates and times. */
import { h } from "../dom.js";
import { fromWallClock, toWallClock } from "../render/dates.js";
import { plainText } from "../render/mrkdwn.js";

const INPUT_TYPES = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "text",
};

export function textField(element, block, context) {
  const state = context.form.start(block, element, { value: element.initial_value ?? null });
  const properties = {
    ...common(element, block),
    value: state.value ?? "",
    maxlength: element.max_length,
    inputmode: element.type === "number_input" ? "decimal" : null,
    placeholder: plainText(element.placeholder) || null,
  };
  const node = element.multiline
    ? h("textarea", { ...properties, class: "field", rows: 4 })
    : h("input", { ...properties, class: "field", type: INPUT_TYPES[element.type] });
  const on = block.dispatch_action ? (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]) : [];
  node.addEventListener("input", () => {
    const value = { value: node.value || null };
    if (on.includes("on_character_entered")) context.changed(element, block, value);
    else context.form.set(block, element, value);
  });
  node.addEventListener("change", () => {
    if (!on.length) context.changed(element, block, { value: node.value || null });
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || element.multiline || !on.includes("on_enter_pressed")) return;
    event.preventDefault();
    context.changed(element, block, { value: node.value || null });
  });
  return node;
}

export const dateField = (element, block, context) =>
  pickerField(element, block, context, { type: "date", field: "selected_date", first: "initial_date" });
export const timeField = (element, block, context) =>
  pickerField(element, block, context, { type: "time", field: "selected_time", first: "initial_time" });

export function dateTimeField(element, block, context) {
  const { zone } = context.reader;
  return pickerField(element, block, context, {
    type: "datetime-local",
    field: "selected_date_time",
    first: "initial_date_time",
    show: (seconds) => toWallClock(seconds, zone),
    read: (text) => fromWallClock(text, zone),
  });
}

function pickerField(element, block, context, { type, field, first, show = String, read = String }) {
  const state = context.form.start(block, element, { [field]: element[first] ?? null });
  const node = h("input", {
    ...common(element, block),
    class: "field picker",
    type,
    value: state[field] === null ? "" : show(state[field]),
  });
  node.addEventListener("change", () =>
    context.changed(element, block, { [field]: node.value ? read(node.value) : null }),
  );
  return node;
}

function common(element, block) {
  return {
    name: element.action_id,
    autocomplete: "off",
    autofocus: element.focus_on_load,
    "aria-label": plainText(block.label) || plainText(element.placeholder) || element.action_id,
    dataset: { actionId: element.action_id ?? "" },
  };
}
