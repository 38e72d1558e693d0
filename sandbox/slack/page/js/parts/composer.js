/** Where one writes: messages, replies, slash commands; with completion of commands, people and channels. */
import { fill, h, iconButton, uniqueId } from "../dom.js";
import { readerOf } from "../reader.js";
import { completionsAt } from "./completion.js";

/**
 * @param {ReturnType<import("../store.js").createStore>} store
 * @param {import("../session.js").Session} session
 * @param {() => {channel: string, thread: string|null}} target where it goes
 */
export function createComposer(store, session, target) {
  const composer = new Composer(store, session, target);
  return {
    node: composer.node,
    focus: () => composer.area.focus(),
    invite: (text, closed) => composer.invite(text, closed),
  };
}

class Composer {
  constructor(store, session, target) {
    Object.assign(this, { store, session, target, found: [], active: 0, drafts: new Map() });
    this.listId = uniqueId("completions");
    this.area = h("textarea", {
      rows: 1,
      "aria-autocomplete": "list",
      "aria-controls": this.listId,
      spellcheck: "false",
      oninput: () => this.onInput(),
      onkeydown: (event) => this.onKey(event),
      onblur: () => this.showCompletions([]),
    });
    this.list = h("div", { class: "completions", role: "listbox", id: this.listId, hidden: true });
    this.sendButton = iconButton("send", "Send", { class: "icon-button send", onclick: () => this.send() });
    this.node = h(
      "div",
      { class: "composer" },
      this.list,
      h("div", { class: "composer-box" }, this.area, this.sendButton),
    );
  }

  get t() {
    return readerOf(this.store.state).t;
  }

  /**
   * Ask for words at the place that is open now; what was begun elsewhere waits there.
   * @param {string} text
   * @param {boolean} closed whether one may only read here
   */
  invite(text, closed) {
    this.changePlace(JSON.stringify(this.target()));
    this.area.placeholder = text;
    this.area.disabled = this.sendButton.disabled = closed;
    this.area.setAttribute("aria-label", text);
    this.sendButton.title = this.t("Send");
    this.sendButton.setAttribute("aria-label", this.sendButton.title);
  }

  changePlace(place) {
    if (place === this.place) return;
    this.drafts.set(this.place, this.area.value);
    this.place = place;
    this.setText(this.drafts.get(place) ?? "");
  }

  onInput() {
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight}px`;
    this.showCompletions(completionsAt(this.area.value, this.area.selectionStart, this.store.state));
  }

  onKey(event) {
    if (event.isComposing) return;
    if (this.found.length && this.onListKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  /** @returns {boolean} whether the key was for the list of completions */
  onListKey({ key, shiftKey }) {
    const count = this.found.length;
    const complete = this.found[this.active];
    const isWhole = complete.insert.trim() === this.area.value.slice(complete.from, this.area.selectionStart);
    if (key === "ArrowDown") this.activate((this.active + 1) % count);
    else if (key === "ArrowUp") this.activate((this.active + count - 1) % count);
    else if (key === "Escape") this.showCompletions([]);
    else if (key === "Tab" || (key === "Enter" && !shiftKey && !isWhole)) this.accept(complete);
    else return false;
    return true;
  }

  showCompletions(found) {
    this.found = found;
    this.list.hidden = !found.length;
    fill(
      this.list,
      found.map((item) =>
        h(
          "div",
          {
            role: "option",
            id: uniqueId("completion"),
            class: "completion",
            onmousedown: (event) => {
              event.preventDefault();
              this.accept(item);
            },
          },
          h("b", null, item.label),
          item.hint && h("code", null, item.hint),
          item.detail && h("small", null, item.detail),
        ),
      ),
    );
    if (found.length) this.activate(0);
    else this.area.removeAttribute("aria-activedescendant");
  }

  activate(index) {
    this.active = index;
    [...this.list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    this.list.children[index].scrollIntoView({ block: "nearest" });
    this.area.setAttribute("aria-activedescendant", this.list.children[index].id);
  }

  accept({ insert, from }) {
    const { value, selectionStart } = this.area;
    this.area.value = value.slice(0, from) + insert + value.slice(selectionStart);
    this.area.setSelectionRange(from + insert.length, from + insert.length);
    this.onInput();
    this.showCompletions([]);
  }

  async send() {
    const text = this.area.value.trim();
    if (!text) return;
    const { channel, thread } = this.target();
    this.setText("");
    await this.session.attempt(
      this.session.send(channel, text, thread).catch((error) => {
        if (!this.area.value) this.setText(text);
        throw error;
      }),
    );
  }

  setText(text) {
    this.area.value = text;
    this.onInput();
    this.showCompletions([]);
  }
}
