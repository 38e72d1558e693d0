/** Building blocks for the document. Nothing here, or anywhere on this page, parses a string as HTML. */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "disabled", "selected", "textContent", "hidden", "required"]);

/** Paths on a 16 × 16 grid, drawn as strokes. */
const ICONS = {
  hash: "M6 2 4.5 14M11.5 2 10 14M2.5 5.5h11.5M2 10.5h11.5",
  home: "M2.5 7.5 8 2.5l5.5 5M4 6.5V13.5h8V6.5M6.8 13.5V9.8h2.4v3.7",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  back: "M9.5 3 4.5 8l5 5",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  play: "M5 3.2v9.6L12.5 8z",
  stop: "M4.5 4.5h7v7h-7z",
  send: "M2.5 8h10M8.5 3.5 13 8l-4.5 4.5",
  reply: "M6.5 3.5 2.5 7.5l4 4M2.5 7.5h7a4 4 0 0 1 4 4v1",
  smile: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM5.5 9.5c1 2 4 2 5 0M6 6.2h.01M10 6.2h.01",
  link: "M6.5 9.5a3 3 0 0 0 4.3 0l2-2a3 3 0 0 0-4.3-4.3l-.7.7M9.5 6.5a3 3 0 0 0-4.3 0l-2 2a3 3 0 0 0 4.3 4.3l.7-.7",
  sun:
    "M11 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3" +
    "M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13.5 9.5A5.8 5.8 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7z",
  auto: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 2v12M8 4.5h4M8 8h6M8 11.5h4",
  clock: "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 4.5V8l2.5 1.5",
  down: "M4 6.2l4 4 4-4",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM9.8 8a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0z",
  search: "M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.5 10.5l3.5 3.5",
  bolt: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z",
};

/**
 * An element with its attributes, listeners (`onclick`) and children.
 * What is null, undefined or false is left out, of children as of a list of classes.
 * @param {string} tag
 * @param {Object<string, any>|null} [props]
 * @param {...any} children nodes, strings, or nested arrays of them
 * @returns {any} the element
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) assign(node, name, value);
  node.append(...kept(children));
  return node;
}

/** The same children in a fragment. */
export function fragment(...children) {
  const node = document.createDocumentFragment();
  node.append(...kept(children));
  return node;
}

/** Replace what an element holds. */
export function fill(node, ...children) {
  node.replaceChildren(...kept(children));
  return node;
}

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [
    ["viewBox", "0 0 16 16"],
    ["class", `icon icon-${name}`],
    ["aria-hidden", "true"],
  ]) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only an icon; its label is its name and its tooltip. */
export function iconButton(name, label, props) {
  return h("button", { type: "button", class: "icon-button", title: label, "aria-label": label, ...props }, icon(name));
}

let counter = 0;
/** An id that no other element of this page has. */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Whether keys typed now belong to a field and not to the page's shortcuts. */
export function isTyping(target) {
  return Boolean(target?.closest?.("input, textarea, select, [contenteditable], [role=listbox], [role=menu]"));
}

function kept(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

function assign(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") node.className = [value].flat().filter(Boolean).join(" ");
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
  else if (PROPERTIES.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}
