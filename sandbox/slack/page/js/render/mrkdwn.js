/**
 * Slack's mrkdwn as document nodes.
 * The order matters: code fences, then lines, then tokens and styles, and entities are unescaped last,
 * so that `&lt;!here&gt;` in an alert stays the harmless text that it is.
 */
import { fragment, h } from "../dom.js";
import { withEmoji } from "./emoji.js";
import { plainNodes, tokenNode } from "./tokens.js";

const FENCE = /```([\s\S]+?)```/g;
const QUOTE = /^(?:>|&gt;)(?!>|&gt;) ?/;
const LONG_QUOTE = /^(?:>>>|&gt;&gt;&gt;) ?/;
const BULLET = /^(\s*)([•◦▪‣–-]|\d{1,3}[.)]) +/;
const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const SPACE = /\s/;

/**
 * @param {string} text as the API carries it, entities escaped
 * @param {import("../reader.js").Reader} reader
 * @param {{verbatim?: boolean}} [options] verbatim: bare addresses stay text
 * @returns {DocumentFragment}
 */
export function mrkdwn(text, reader, options = {}) {
  const inside = { reader, verbatim: options.verbatim ?? false };
  const parts = text.split(FENCE);
  return fragment(
    parts.map((part, index) =>
      index % 2 ? fence(part, inside) : paragraphs(trimAround(part, index, parts.length), inside),
    ),
  );
}

/** A plain_text object: nothing is markup except, unless switched off, emoji. */
export function plainText(object) {
  const text = object?.text ?? "";
  return object?.emoji === false ? text : withEmoji(text);
}

/** A text object of either kind. */
export function textObject(object, reader) {
  if (!object) return null;
  return object.type === "mrkdwn" ? mrkdwn(object.text ?? "", reader, object) : plainText(object);
}

function trimAround(part, index, count) {
  const start = index > 0 ? part.replace(/^[ \t]*\n/, "") : part;
  return index < count - 1 ? start.replace(/\n[ \t]*$/, "") : start;
}

function fence(source, inside) {
  return h(
    "pre",
    { class: "code-block", tabindex: "0" },
    h("code", null, codeNodes(source.replace(/^\n/, "").replace(/\n$/, ""), inside)),
  );
}

function paragraphs(part, inside) {
  if (part === "") return null;
  const nodes = [];
  const lines = part.split("\n");
  while (lines.length) {
    if (LONG_QUOTE.test(lines[0]))
      nodes.push(
        quote(
          lines.splice(0).map((line, index) => (index ? line : line.replace(LONG_QUOTE, ""))),
          inside,
        ),
      );
    else if (QUOTE.test(lines[0]))
      nodes.push(
        quote(
          takeWhile(lines, (line) => QUOTE.test(line)).map((line) => line.replace(QUOTE, "")),
          inside,
        ),
      );
    else nodes.push(lineNode(lines.shift(), inside));
  }
  return nodes;
}

function takeWhile(lines, test) {
  const end = lines.findIndex((line) => !test(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function quote(lines, inside) {
  return h(
    "blockquote",
    null,
    lines.map((line) => lineNode(line, inside)),
  );
}

function lineNode(line, inside) {
  if (line.trim() === "") return h("div", { class: "line blank" });
  const bullet = BULLET.exec(line);
  if (!bullet) return h("div", { class: "line" }, inline(line, inside));
  const [whole, indent, sign] = bullet;
  return h(
    "div",
    { class: "line item", style: { "--depth": Math.ceil(indent.length / 4) } },
    h("span", { class: "sign" }, sign),
    h("span", null, inline(line.slice(whole.length), inside)),
  );
}

/** One line of text with tokens, code and styles. */
function inline(source, inside) {
  const nodes = [];
  let plain = "";
  let index = 0;
  while (index < source.length) {
    const found = codeAt(source, index, inside) ?? tokenAt(source, index, inside) ?? styleAt(source, index, inside);
    if (!found) {
      plain += source[index];
      index += 1;
      continue;
    }
    nodes.push(plainNodes(plain, inside), found.node);
    plain = "";
    index = found.end;
  }
  nodes.push(plainNodes(plain, inside));
  return nodes;
}

function codeAt(source, start, inside) {
  if (source[start] !== "`") return null;
  const end = source.indexOf("`", start + 1);
  if (end <= start + 1) return null;
  return { node: h("code", null, codeNodes(source.slice(start + 1, end), inside)), end: end + 1 };
}

function tokenAt(source, start, inside) {
  const end = tokenEnd(source, start);
  const node = end && tokenNode(source.slice(start + 1, end - 1), inside);
  return node ? { node, end } : null;
}

function styleAt(source, start, inside) {
  const tag = STYLES[source[start]];
  if (!tag || !opens(source, start)) return null;
  const end = closing(source, start);
  if (end < 0) return null;
  return { node: h(tag, null, inline(source.slice(start + 1, end), inside)), end: end + 1 };
}

/** In code only tokens and entities mean anything. */
function codeNodes(source, inside) {
  const quiet = { ...inside, verbatim: true, noEmoji: true };
  const nodes = [];
  let rest = 0;
  for (let index = 0; index < source.length; index += 1) {
    const token = tokenAt(source, index, quiet);
    if (!token) continue;
    nodes.push(plainNodes(source.slice(rest, index), quiet), token.node);
    rest = token.end;
    index = token.end - 1;
  }
  nodes.push(plainNodes(source.slice(rest), quiet));
  return nodes;
}

function tokenEnd(source, start) {
  if (source[start] !== "<") return 0;
  const end = source.indexOf(">", start + 2);
  return end < 0 ? 0 : end + 1;
}

const isWord = (character) => character !== undefined && WORD.test(character);

function opens(source, index) {
  const next = source[index + 1];
  return !isWord(source[index - 1]) && next !== undefined && !SPACE.test(next) && next !== source[index];
}

/** A style ends at its sign when no letter follows: `*굵게*는` is not bold in Slack either. */
function closing(source, start) {
  const sign = source[start];
  for (let index = start + 1; index < source.length; index += 1) {
    if (source[index] === "<") index = Math.max(index, tokenEnd(source, index) - 1);
    else if (source[index] === "`") index = Math.max(index, source.indexOf("`", index + 1));
    else if (source[index] === sign && !SPACE.test(source[index - 1]) && !isWord(source[index + 1]))
      return index > start + 1 ? index : -1;
  }
  return -1;
}
