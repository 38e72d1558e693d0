/** Ctrl+K: go to a channel or act as somebody by typing a few letters. */
import { fill, h, uniqueId } from "../dom.js";
import { displayName, readerOf } from "../reader.js";
import { visit } from "../router.js";
import { channelLabel } from "./channel.js";
import { peopleOf } from "./people.js";
import { placesOf } from "./sidebar.js";

/** @returns {() => void} opens the switcher, unless another dialog is open */
export function createSwitcher(store, session) {
  return () =>
    document.querySelector("dialog[open]") ?? new Switcher(itemsOf(store.state, session), readerOf(store.state).t);
}

class Switcher {
  /**
   * @param {{label: string, words: string, detail: string, run: () => void}[]} items
   * @param {(key: string) => string} t
   */
  constructor(items, t) {
    this.items = items;
    this.list = h("div", { role: "listbox", id: uniqueId("switcher"), class: "choices", "aria-label": t("Go to") });
    this.input = h("input", {
      type: "text",
      class: "filter",
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": this.list.id,
      "aria-label": t("Go to"),
      placeholder: t("Go to a channel or act as somebody"),
      oninput: () => this.#filter(),
      onkeydown: (event) => this.#onKey(event),
    });
    this.dialog = h("dialog", { class: "switcher", "aria-label": t("Go to") }, this.input, this.list);
    this.dialog.addEventListener("close", () => this.dialog.remove());
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close());
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.#filter();
  }

  #filter() {
    const wanted = this.input.value.trim().toLocaleLowerCase();
    this.found = this.items.filter(({ words }) => words.toLocaleLowerCase().includes(wanted));
    fill(
      this.list,
      this.found.map((item) => this.#row(item)),
    );
    this.#activate(0);
  }

  #row(item) {
    const properties = { role: "option", id: uniqueId("place"), class: "choice", onclick: () => this.#choose(item) };
    return h("div", properties, h("span", null, item.label), h("small", null, item.detail));
  }

  #activate(index) {
    this.active = index;
    [...this.list.children].forEach((node, at) => {
      node.classList.toggle("active", at === index);
      node.setAttribute("aria-selected", String(at === index));
    });
    this.list.children[index]?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", this.list.children[index]?.id ?? "");
  }

  #choose(item) {
    this.dialog.close();
    item.run();
  }

  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.found.length;
    if (step && count) this.#activate((this.active + step + count) % count);
    else if (event.key === "Enter" && count) this.#choose(this.found[this.active]);
    else return;
    event.preventDefault();
  }
}

function itemsOf(state, session) {
  const reader = readerOf(state);
  const places = placesOf(state).map((place) => {
    const channel = state.channels.find(({ id }) => id === place.channel);
    const label = channel ? channelLabel(channel, reader) : reader.t("App Home");
    return { label, words: label, detail: reader.t("Go to"), run: () => visit(place) };
  });
  const people = peopleOf(state).map((user) => {
    const label = displayName(user);
    return { label, words: `${label} ${user.name}`, detail: reader.t("Act as"), run: () => session.become(user.id) };
  });
  return [...places, ...people];
}
