/** rich_text blocks. Their texts are never parsed: styles are properties and emoji are elements. */
import { h } from "../dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, dateNode, groupMention, link, userMention } from "./tokens.js";

const STYLE_TAGS = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u" };

/** @param {Object} block a rich_text block */
export function richText(block, reader) {
  return h("div", { class: "rich-text" }, nested(block.elements ?? [], reader));
}

/** Lists follow each other as flat siblings with an indent; the markers of a level depend on it. */
function nested(elements, reader) {
  return elements.map((element) => (PARTS[element.type] ?? unknown)(element, reader));
}

const PARTS = {
  rich_text_section: (element, reader) => h("div", { class: "line" }, inlines(element.elements, reader)),
  rich_text_quote: (element, reader) =>
    h("blockquote", { class: element.border ? "deeper" : null }, inlines(element.elements, reader)),
  rich_text_preformatted: (element, reader) =>
    h("pre", { class: "code-block", tabindex: "0" }, h("code", null, inlines(element.elements, reader))),
  rich_text_list: list,
};

function list(element, reader) {
  const depth = element.indent ?? 0;
  const ordered = element.style === "ordered";
  return h(
    ordered ? "ol" : "ul",
    {
      class: "rich-list",
      start: ordered && element.offset ? element.offset + 1 : null,
      dataset: { depth: depth % 3 },
      style: { "--depth": depth },
    },
    (element.elements ?? []).map((item) =>
      h("li", null, item.type === "rich_text_section" ? inlines(item.elements, reader) : nested([item], reader)),
    ),
  );
}

function inlines(elements, reader) {
  return (elements ?? []).map((element) => styled((INLINE[element.type] ?? unknown)(element, reader), element.style));
}

const INLINE = {
  text: (element) => lines(element.text),
  emoji: (element) => (element.unicode ? fromCodePoints(element.unicode) : emoji(element.name)),
  link: (element) => link(element.url, element.text ?? element.url) ?? lines(element.text ?? element.url),
  user: (element, reader) => userMention(element.user_id, reader),
  channel: (element, reader) => channelMention(element.channel_id, reader),
  usergroup: (element, reader) => groupMention(element.usergroup_id, reader),
  broadcast: (element) => broadcast(element.range),
  date: (element, reader) =>
    dateNode(element.timestamp, element.format ?? "{date} {time}", element.url, element.fallback, reader),
  color: (element) =>
    h(
      "span",
      { class: "swatch" },
      h("i", { style: { background: /^#[0-9a-f]{3,8}$/i.test(element.value) ? element.value : "none" } }),
      element.value,
    ),
};

function styled(node, style) {
  return Object.entries(STYLE_TAGS).reduce((inner, [name, tag]) => (style?.[name] ? h(tag, null, inner) : inner), node);
}

function lines(text) {
  return (text ?? "").split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

function fromCodePoints(unicode) {
  return String.fromCodePoint(...unicode.split("-").map((code) => Number.parseInt(code, 16)));
}

function unknown(element) {
  return h("span", { class: "unsupported" }, `[${element.type}]`);
}
