/** Attachments: the old form, and still the only one with a colour bar. */
import { elementNode } from "../controls/elements.js";
import { h } from "../dom.js";
import { clockTime, dayName } from "./dates.js";
import { mrkdwn } from "./mrkdwn.js";
import { link } from "./tokens.js";

const SAFE = /^https?:/i;
const COLORS = { good: "#2eb886", warning: "#daa038", danger: "#a30200" };

/**
 * @param {Object} attachment
 * @param {import("./blocks.js").Context} context
 * @param {(blocks: Object[], context: Object) => Node[]} blockNodes the renderer of nested blocks
 */
export function attachmentNode(attachment, context, blockNodes) {
  const { reader } = context;
  const shown = attachment.blocks ? blockNodes(attachment.blocks, context) : legacy(attachment, context);
  return h(
    "div",
    { class: "attachment", style: { "--bar": barColor(attachment.color) } },
    attachment.pretext && h("div", { class: "text pretext" }, mrkdwn(attachment.pretext, reader)),
    h("div", { class: "attachment-body" }, shown),
  );
}

function legacy(attachment, context) {
  const { reader } = context;
  const hasContent = ["title", "text", "fields", "image_url", "footer", "author_name", "actions"].some(
    (name) => attachment[name],
  );
  if (!hasContent) return h("div", { class: "text" }, attachment.fallback ?? "");
  return [
    attachment.author_name &&
      h(
        "div",
        { class: "author" },
        image(attachment.author_icon, "thumbnail"),
        linked(attachment.author_name, attachment.author_link, reader),
      ),
    attachment.title && h("div", { class: "title" }, linked(attachment.title, attachment.title_link, reader)),
    attachment.text && h("div", { class: "text" }, mrkdwn(attachment.text, reader)),
    attachment.fields &&
      h(
        "dl",
        { class: "attachment-fields" },
        attachment.fields.map((field) => fieldNode(field, reader)),
      ),
    attachment.actions &&
      h(
        "div",
        { class: "block-actions" },
        attachment.actions.map((action) => legacyAction(action, attachment, context)),
      ),
    image(attachment.image_url, "picture"),
    image(attachment.thumb_url, "thumbnail"),
    footer(attachment, reader),
  ];
}

function fieldNode(field, reader) {
  return h(
    "div",
    { class: field.short ? "short" : null },
    h("dt", null, mrkdwn(field.title ?? "", reader)),
    h("dd", { class: "text" }, mrkdwn(String(field.value ?? ""), reader)),
  );
}

/** Alertmanager and others still send link buttons in this form. */
function legacyAction(action, attachment, context) {
  if (action.url)
    return h(
      "a",
      {
        class: "button",
        href: SAFE.test(action.url) ? action.url : null,
        target: "_blank",
        rel: "noopener noreferrer",
      },
      action.text,
    );
  const element = {
    type: "button",
    action_id: action.name,
    value: action.value,
    style: action.style,
    text: { type: "plain_text", text: action.text ?? "" },
  };
  return elementNode(element, { block_id: attachment.callback_id }, context);
}

function footer(attachment, reader) {
  if (!attachment.footer && !attachment.ts) return null;
  const seconds = Number(attachment.ts);
  const when =
    Number.isFinite(seconds) && attachment.ts ? `${dayName(seconds, reader)} ${clockTime(seconds, reader)}` : null;
  return h(
    "div",
    { class: "attachment-footer" },
    image(attachment.footer_icon, "thumbnail"),
    attachment.footer && mrkdwn(attachment.footer, reader),
    when && h("span", null, when),
  );
}

function linked(text, address, reader) {
  const content = mrkdwn(text, reader, { verbatim: true });
  return (address && link(address, [content])) || content;
}

function image(source, name) {
  return /^(?:https?:|data:image\/|\/)/.test(source ?? "")
    ? h("img", { class: name, src: source, alt: "", loading: "lazy" })
    : null;
}

function barColor(color) {
  const value = COLORS[color] ?? (/^#?[0-9a-f]{3,8}$/i.test(color ?? "") ? `#${color.replace("#", "")}` : null);
  return value ?? "var(--line-strong)";
}
