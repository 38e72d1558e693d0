/** Block Kit: blocks and attachments as document nodes. */
import { elementNode } from "../controls/elements.js";
import { h } from "../dom.js";
import { attachmentNode } from "./attachments.js";
import { markdown } from "./markdown.js";
import { mrkdwn, plainText, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/**
 * What a block needs from where it is shown.
 * @typedef {Object} Context
 * @property {import("../reader.js").Reader} reader
 * @property {import("../controls/form.js").Form} form
 * @property {(action: Object) => Promise<void>} act sends a block_actions; problems are shown, never thrown
 * @property {(element: Object, block: Object, state: Object) => void} changed keeps an element's new state and,
 *   where Slack would, dispatches it
 * @property {(element: Object, block: Object, query: string) => Promise<Object>} options typeahead of external selects
 * @property {Object<string, string>} [errors] by block_id, for input blocks
 */

const BLOCKS = {
  header: (block) => h("h3", { class: "block-header" }, plainText(block.text)),
  section,
  context: (block, context) =>
    h(
      "div",
      { class: "block-context" },
      (block.elements ?? []).map((element) => contextElement(element, context)),
    ),
  divider: () => h("hr", { class: "block-divider" }),
  actions: (block, context) =>
    h(
      "div",
      { class: "block-actions" },
      (block.elements ?? []).map((element) => elementNode(element, block, context)),
    ),
  input,
  image,
  rich_text: (block, context) => richText(block, context.reader),
  table,
  markdown: (block) => h("div", { class: "text markdown" }, markdown(block.text ?? "")),
  alert: (block, context) =>
    h(
      "div",
      { class: `block-alert ${block.level ?? "default"}`, role: "note" },
      textObject(block.text, context.reader),
    ),
};

/** @param {Object[]} blocks @param {Context} context @returns {HTMLElement[]} */
export function blockNodes(blocks, context) {
  return (blocks ?? []).map((block) => {
    const make = BLOCKS[block.type];
    return make
      ? make(block, context)
      : h(
          "div",
          { class: "unsupported" },
          context.reader.t("This page cannot show a block of type {type}.", { type: String(block.type) }),
        );
  });
}

/** @param {Object[]} attachments @param {Context} context */
export function attachmentNodes(attachments, context) {
  return (attachments ?? []).map((attachment) => attachmentNode(attachment, context, blockNodes));
}

/** Blocks that deserve a frame around them, so that a channel full of cards can be told apart. */
export function isCard(blocks) {
  return (
    (blocks ?? []).some(({ type }) => ["header", "actions", "table", "input", "divider"].includes(type)) ||
    (blocks ?? []).length > 3
  );
}

function section(block, context) {
  const { reader } = context;
  return h(
    "div",
    { class: "block-section" },
    h(
      "div",
      { class: "body" },
      block.text && h("div", { class: "text" }, textObject(block.text, reader)),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((field) => h("div", { class: "text" }, textObject(field, reader))),
        ),
    ),
    block.accessory && h("div", { class: "accessory" }, elementNode(block.accessory, block, context)),
  );
}

function contextElement(element, context) {
  if (element.type === "image")
    return h("img", { src: element.image_url, alt: element.alt_text ?? "", loading: "lazy" });
  return h("div", { class: "text" }, textObject(element, context.reader));
}

function input(block, context) {
  const { t } = context.reader;
  const error = context.errors?.[block.block_id];
  const control = elementNode(block.element, block, context);
  const target = control.matches("input, textarea") ? control : (control.querySelector("button, input") ?? control);
  if (error) target.setAttribute("aria-invalid", "true");
  return h(
    "div",
    { class: error ? "block-input invalid" : "block-input", dataset: { blockId: block.block_id ?? "" } },
    h(
      "div",
      { class: "label" },
      plainText(block.label),
      block.optional && h("span", { class: "optional" }, ` ${t("(optional)")}`),
    ),
    control,
    error && h("p", { class: "error", role: "alert" }, error),
    block.hint && h("p", { class: "hint" }, plainText(block.hint)),
  );
}

function image(block) {
  const source = block.image_url ?? block.slack_file?.url;
  return h(
    "figure",
    { class: "block-image" },
    block.title && h("figcaption", null, plainText(block.title)),
    h("img", { src: source, alt: block.alt_text ?? "", loading: "lazy" }),
  );
}

function table(block, context) {
  const [head, ...body] = block.rows ?? [];
  const align = (index) => ({ "text-align": block.column_settings?.[index]?.align ?? "left" });
  const cells = (row, tag) =>
    h(
      "tr",
      null,
      (row ?? []).map((cell, index) => h(tag, { style: align(index) }, cellContent(cell, context.reader))),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: "0" },
    h(
      "table",
      null,
      h("thead", null, cells(head, "th")),
      h(
        "tbody",
        null,
        body.map((row) => cells(row, "td")),
      ),
    ),
  );
}

function cellContent(cell, reader) {
  if (cell?.type === "rich_text") return richText(cell, reader);
  if (cell?.type === "mrkdwn") return mrkdwn(cell.text ?? "", reader);
  return cell?.text ?? String(cell?.value ?? "");
}
