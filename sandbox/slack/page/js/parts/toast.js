/** Problems and small news at the bottom of the page. */
import { fill, h, iconButton } from "../dom.js";

const SHOWN_MS = 7000;
const AT_ONCE = 3;
const SENTENCES = { unreachable: "The sandbox does not answer." };

/**
 * @param {HTMLElement} root
 * @param {() => import("../reader.js").Reader} reader
 * @returns {(what: Error|string, kind?: "problem"|"news") => void}
 */
export function mountToasts(root, reader) {
  return (what, kind = "problem") => {
    const { t } = reader();
    const said = what instanceof Error ? what.message : what;
    const text = SENTENCES[what.code] ? t(SENTENCES[what.code]) : said;
    const node = h("div", { class: `toast ${kind}`, role: kind === "problem" ? "alert" : "status" });
    fill(node, h("span", null, text), iconButton("close", t("Close"), { onclick: () => node.remove() }));
    root.append(node);
    while (root.children.length > AT_ONCE) root.firstElementChild.remove();
    // A modal dialog covers the page; a popover that is opened after it lies above it.
    root.hidePopover();
    root.showPopover();
    setTimeout(() => node.remove(), SHOWN_MS);
  };
}
