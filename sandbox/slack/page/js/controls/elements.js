/** The interactive elements of Block Kit. Each function returns the element's node; the form keeps its state. */
import { h, icon, uniqueId } from "../dom.js";
import { plainText, textObject } from "../render/mrkdwn.js";
import { choiceMenu } from "./choices.js";
import { confirmed } from "./confirm.js";
import { dateField, dateTimeField, textField, timeField } from "./fields.js";
import { openMenu } from "./popover.js";

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  radio_buttons: (element, block, context) => optionList(element, block, context, "radio"),
  checkboxes: (element, block, context) => optionList(element, block, context, "checkbox"),
  datepicker: dateField,
  timepicker: timeField,
  datetimepicker: dateTimeField,
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: textField,
  image: (element) =>
    h("img", { class: "thumbnail", src: element.image_url, alt: element.alt_text ?? "", loading: "lazy" }),
};
const MENUS = ["static_select", "external_select", "users_select", "channels_select", "conversations_select"];
for (const type of MENUS) ELEMENTS[type] = ELEMENTS[`multi_${type}`] = choiceMenu;

/**
 * @param {Object} element as in Block Kit
 * @param {Object} block the block that holds it
 * @param {import("../render/blocks.js").Context} context
 * @returns {HTMLElement}
 */
export function elementNode(element, block, context) {
  const make = ELEMENTS[element.type];
  return make ? make(element, block, context) : h("span", { class: "unsupported" }, `[${element.type}]`);
}

function button(element, block, context) {
  const label = plainText(element.text);
  const properties = {
    class: `button ${["primary", "danger"].includes(element.style) ? element.style : ""}`,
    dataset: { actionId: element.action_id ?? "" },
    "aria-label": element.accessibility_label,
  };
  const press = async (event) => {
    const node = event.currentTarget;
    if (node.getAttribute("aria-busy")) return;
    if (!element.url) event.preventDefault();
    if (!(await confirmed(element.confirm, context.reader))) return;
    node.setAttribute("aria-busy", "true");
    await context.act({
      type: "button",
      block_id: block.block_id,
      action_id: element.action_id,
      value: element.value,
      text: element.text,
    });
    node.removeAttribute("aria-busy");
  };
  const isLink = /^https?:\/\//i.test(element.url ?? "");
  if (isLink)
    return h(
      "a",
      { ...properties, href: element.url, target: "_blank", rel: "noopener noreferrer", onclick: press },
      label,
    );
  return h("button", { ...properties, type: "button", onclick: press }, label);
}

function overflow(element, block, context) {
  const { t } = context.reader;
  const choose = async (option) => {
    if (/^https?:\/\//i.test(option.url ?? "")) window.open(option.url, "_blank", "noopener");
    if (!(await confirmed(element.confirm, context.reader))) return;
    await context.act({
      type: "overflow",
      block_id: block.block_id,
      action_id: element.action_id,
      selected_option: option,
    });
  };
  const items = (element.options ?? []).map((option) => ({
    label: plainText(option.text),
    detail: option.description && plainText(option.description),
    run: () => choose(option),
  }));
  return h(
    "button",
    {
      type: "button",
      class: "button overflow",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": t("More actions"),
      dataset: { actionId: element.action_id ?? "" },
      onclick: (event) => openMenu(event.currentTarget, items, t("More actions")),
    },
    icon("more"),
  );
}

function optionList(element, block, context, kind) {
  const many = kind === "checkbox";
  const field = many ? "selected_options" : "selected_option";
  const initial = many ? (element.initial_options ?? []) : (element.initial_option ?? null);
  const state = context.form.start(block, element, { [field]: initial });
  const isChosen = (option) => [state[field]].flat().some((chosen) => chosen?.value === option.value);
  const name = uniqueId("options");
  const group = h("div", {
    class: "options",
    role: many ? "group" : "radiogroup",
    "aria-label": plainText(block.label) || element.action_id,
  });
  const inputs = (element.options ?? []).map((option) => h("input", { type: kind, name, checked: isChosen(option) }));
  const chosen = () => element.options.filter((_, index) => inputs[index].checked);
  group.addEventListener("change", () =>
    context.changed(element, block, { [field]: many ? chosen() : (chosen()[0] ?? null) }),
  );
  group.append(...inputs.map((input, index) => optionNode(input, element.options[index], context)));
  return group;
}

function optionNode(input, option, context) {
  const description = option.description && h("small", null, textObject(option.description, context.reader));
  return h("label", { class: "option" }, input, h("span", null, textObject(option.text, context.reader), description));
}
