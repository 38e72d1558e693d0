/** One control for every menu of Block Kit: a field that opens a list one can filter, for one or several choices. */
import { fill, h, icon, uniqueId } from "../dom.js";
import { openPopover } from "./popover.js";

const TYPING_PAUSE_MS = 150;
const FILTER_FROM = 6;

/**
 * @typedef {{key: string, label: string, detail?: string, raw: any}} Choice
 * @typedef {{label: string|null, choices: Choice[]}} Group
 * @typedef {Object} SelectOptions
 * @property {string} name for assistive technology
 * @property {string} placeholder
 * @property {boolean} multiple
 * @property {number} [max]
 * @property {Choice[]} chosen
 * @property {boolean} [remote] `load` asks the app, so wait for a pause in typing
 * @property {number} [minimum] characters before `load` is asked
 * @property {(query: string) => Promise<Group[]>} load
 * @property {(chosen: Choice[]) => void} onChange
 * @property {(key: string, params?: Object) => string} t
 */

/** @param {SelectOptions} options @returns {HTMLElement} */
export function select(options) {
  const control = new Select(options);
  return control.node;
}

class Select {
  constructor(options) {
    this.options = options;
    this.chosen = options.chosen;
    this.face = h("button", {
      type: "button",
      class: "select-face",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": options.name,
      onclick: () => this.open(),
      onkeydown: (event) => this.onFaceKey(event),
    });
    this.chips = h("div", { class: "chips" });
    this.node = h(
      "div",
      { class: options.multiple ? "select multiple" : "select" },
      this.face,
      options.multiple && this.chips,
    );
    this.showChosen();
  }

  showChosen() {
    const { multiple, placeholder, t } = this.options;
    const label = !multiple && this.chosen[0]?.label;
    fill(this.face, h("span", { class: label ? "value" : "value placeholder" }, label || placeholder), icon("down"));
    fill(
      this.chips,
      this.chosen.map((choice) =>
        h(
          "span",
          { class: "chip" },
          h("span", null, choice.label),
          h(
            "button",
            {
              type: "button",
              "aria-label": t("Remove {what}", { what: choice.label }),
              onclick: () => this.toggle(choice),
            },
            icon("close"),
          ),
        ),
      ),
    );
  }

  onFaceKey(event) {
    const opens = ["ArrowDown", "ArrowUp"].includes(event.key) || /^[\p{L}\p{N}]$/u.test(event.key);
    if (!opens || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.open(event.key.length === 1 ? event.key : "");
  }

  async open(query = "") {
    const listId = uniqueId("choices");
    this.list = h("div", {
      role: "listbox",
      id: listId,
      class: "choices",
      "aria-multiselectable": this.options.multiple ? "true" : null,
      "aria-label": this.options.name,
    });
    this.input = h("input", {
      type: "text",
      class: "filter",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "true",
      "aria-controls": listId,
      "aria-label": this.options.name,
      placeholder: this.options.remote ? this.options.t("Type to search") : this.options.t("Filter"),
      value: query,
      oninput: () => this.refresh(),
      onkeydown: (event) => this.onKey(event),
    });
    this.close = openPopover(this.face, h("div", { class: "select-list" }, this.input, this.list), {
      class: "for-select",
      matchWidth: true,
    });
    this.input.focus();
    await this.refresh(true);
  }

  async refresh(first = false) {
    const { remote, minimum = 0, load, t } = this.options;
    const query = this.input.value.trim();
    const asked = Symbol("query");
    this.asked = asked;
    if (remote && query.length < minimum) return this.note(t("Type at least {n} characters.", { n: minimum }));
    if (remote) this.list.setAttribute("aria-busy", "true");
    if (remote && !first) await new Promise((resolve) => setTimeout(resolve, TYPING_PAUSE_MS));
    if (this.asked !== asked) return undefined;
    const groups = await load(query).catch((error) => error);
    if (this.asked !== asked) return undefined;
    return groups instanceof Error
      ? this.note(t("Options could not be loaded: {why}", { why: groups.message }))
      : this.show(groups, first);
  }

  note(text) {
    this.list.removeAttribute("aria-busy");
    fill(this.list, h("p", { class: "note" }, text));
  }

  show(groups, first) {
    const count = groups.reduce((sum, group) => sum + group.choices.length, 0);
    if (first) this.input.classList.toggle("visually-hidden", !this.options.remote && count < FILTER_FROM);
    if (!count) return this.note(this.options.t("Nothing found"));
    this.list.removeAttribute("aria-busy");
    fill(
      this.list,
      groups.map(({ label, choices }) => [
        label && h("div", { class: "group-label", role: "presentation" }, label),
        choices.map((choice) => this.choiceNode(choice)),
      ]),
    );
    const selected = this.list.querySelector("[aria-selected=true]");
    return this.activate((!this.options.multiple && selected) || this.list.querySelector("[role=option]"));
  }

  choiceNode(choice) {
    const node = h(
      "div",
      {
        role: "option",
        id: uniqueId("choice"),
        class: "choice",
        "aria-selected": String(this.isChosen(choice)),
        onclick: () => this.pick(choice, node),
        onmousemove: () => this.activate(node, false),
      },
      h("span", null, choice.label),
      choice.detail && h("small", null, choice.detail),
    );
    node.choice = choice;
    return node;
  }

  isChosen(choice) {
    return this.chosen.some(({ key }) => key === choice.key);
  }

  activate(node, scroll = true) {
    this.active?.classList.remove("active");
    this.active = node;
    node?.classList.add("active");
    if (scroll) node?.scrollIntoView({ block: "nearest" });
    if (node) this.input.setAttribute("aria-activedescendant", node.id);
  }

  onKey(event) {
    const items = [...this.list.querySelectorAll("[role=option]")];
    const index = items.indexOf(this.active);
    const next = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: Math.min(index + 8, items.length - 1),
      PageUp: Math.max(index - 8, 0),
    }[event.key];
    if (next !== undefined && items.length) this.activate(items[(next + items.length) % items.length]);
    else if (event.key === "Enter" && this.active?.isConnected) this.pick(this.active.choice, this.active);
    else if (event.key === "Backspace" && !this.input.value && this.chosen.length) this.toggle(this.chosen.at(-1));
    else if (event.key === "Tab") this.close();
    else return;
    if (event.key !== "Backspace" && event.key !== "Tab") event.preventDefault();
  }

  pick(choice, node) {
    this.toggle(choice);
    if (this.options.multiple) node.setAttribute("aria-selected", String(this.isChosen(choice)));
    else this.close();
  }

  toggle(choice) {
    const { multiple, max = Infinity, onChange } = this.options;
    if (!multiple) this.chosen = [choice];
    else if (this.isChosen(choice)) this.chosen = this.chosen.filter(({ key }) => key !== choice.key);
    else if (this.chosen.length < max) this.chosen = [...this.chosen, choice];
    else return;
    this.showChosen();
    onChange(this.chosen);
  }
}
