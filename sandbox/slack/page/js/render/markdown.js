/** The markdown block, as a small safe subset: headings, lists, quotes, fences, tables, inline styles, links. */
import { fragment, h } from "../dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./tokens.js";

const INLINE = new RegExp(
  [
    /(?<code>`[^`\n]+`)/,
    /!?\[(?<label>[^\]\n]*)\]\((?<address>[^()\s]+)\)/,
    /(?<two>\*\*|__)(?=\S)(?<bold>.+?)\k<two>/,
    /(?<one>\*|\b_)(?=\S)(?<italic>[^*_\n]+?)\k<one>/,
    /~~(?<strike>.+?)~~/,
    /(?<bare>https?:\/\/[^\s<>()]*[^\s<>().,;:!?])/,
  ]
    .map(({ source }) => source)
    .join("|"),
);
const RULES = [
  { test: /^```/, read: fence },
  { test: /^#{1,6} /, read: heading },
  { test: /^ {0,3}([-*_])( ?\1){2,} *$/, read: (lines) => lines.shift() && h("hr") },
  { test: /^> ?/, read: quote },
  { test: /^\s*([-*+]|\d+[.)]) /, read: list },
  { test: /^\|.+\|\s*$/, read: table },
];

/** @returns {DocumentFragment} */
export function markdown(text) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length) {
    const rule = RULES.find(({ test }) => test.test(lines[0]));
    if (rule) nodes.push(rule.read(lines));
    else if (lines[0].trim() === "") lines.shift();
    else
      nodes.push(
        h(
          "p",
          null,
          inline(take(lines, (line) => line.trim() !== "" && !RULES.some(({ test }) => test.test(line))).join("\n")),
        ),
      );
  }
  return fragment(nodes);
}

function take(lines, test) {
  const end = lines.findIndex((line) => !test(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function fence(lines) {
  lines.shift();
  const body = take(lines, (line) => !line.startsWith("```"));
  lines.shift();
  return h("pre", { class: "code-block", tabindex: "0" }, h("code", null, body.join("\n")));
}

function heading(lines) {
  const [, signs, text] = /^(#+) (.*)$/.exec(lines.shift());
  return h(
    "p",
    { class: "markdown-heading", role: "heading", "aria-level": signs.length + 2, dataset: { level: signs.length } },
    inline(text),
  );
}

function quote(lines) {
  return h(
    "blockquote",
    null,
    markdown(
      take(lines, (line) => line.startsWith(">"))
        .map((line) => line.replace(/^> ?/, ""))
        .join("\n"),
    ),
  );
}

function list(lines) {
  const ordered = /^\s*\d/.test(lines[0]);
  const items = take(lines, (line) => /^\s*([-*+]|\d+[.)]) /.test(line));
  return h(ordered ? "ol" : "ul", { class: "rich-list" }, items.map(item));
}

function item(line) {
  const [, indent, , text] = /^(\s*)([-*+]|\d+[.)]) (.*)$/.exec(line);
  const task = /^\[([ xX])\] (.*)$/.exec(text);
  const content = task ? [task[1] === " " ? "☐ " : "☑ ", inline(task[2])] : inline(text);
  return h("li", { style: { "--depth": Math.floor(indent.length / 2) } }, content);
}

function table(lines) {
  const rows = take(lines, (line) => /^\|.+\|\s*$/.test(line)).map((line) =>
    line
      .trim()
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  const hasHead = rows[1]?.every((cell) => /^:?-+:?$/.test(cell));
  const body = hasHead ? rows.slice(2) : rows;
  const cells = (row, tag) =>
    h(
      "tr",
      null,
      row.map((cell) => h(tag, null, inline(cell))),
    );
  return h(
    "div",
    { class: "table-scroll", tabindex: "0" },
    h(
      "table",
      null,
      hasHead && h("thead", null, cells(rows[0], "th")),
      h(
        "tbody",
        null,
        body.map((row) => cells(row, "td")),
      ),
    ),
  );
}

function inline(source) {
  const match = INLINE.exec(source);
  if (!match) return breaks(source);
  const before = breaks(source.slice(0, match.index));
  return [before, styled(match), inline(source.slice(match.index + match[0].length))];
}

function styled({ 0: whole, groups: { code, label, address, bold, italic, strike, bare } }) {
  if (code) return h("code", null, code.slice(1, -1));
  if (address) return link(address, inline(label)) ?? whole;
  if (bold) return h("strong", null, inline(bold));
  if (italic) return h("em", null, inline(italic));
  if (strike) return h("s", null, inline(strike));
  return link(bare) ?? whole;
}

function breaks(text) {
  return withEmoji(text)
    .split("\n")
    .flatMap((line, index) => (index ? [h("br"), line] : [line]));
}
