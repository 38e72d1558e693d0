/** Modals: a stack of views in one dialog; what was typed in each is kept while another lies on top of it. */
import { Form } from "../controls/form.js";
import { fill, h, iconButton } from "../dom.js";
import { readerOf } from "../reader.js";
import { blockNodes } from "../render/blocks.js";
import { plainText } from "../render/mrkdwn.js";
import { blockContext } from "./context.js";

/** @param {HTMLElement} root where the dialog lives */
export function mountModal(root, store, session) {
  const modal = new Modal(root, store, session);
  store.watch(
    (state) => [state.views.at(-1), readerOf(state).locale],
    ([top]) => modal.show(top),
  );
}

class Modal {
  #forms = new Map();

  constructor(root, store, session) {
    Object.assign(this, { store, session, errors: {}, shown: null });
    this.form = h("form", { novalidate: true, onsubmit: (event) => this.#submit(event) });
    this.dialog = h(
      "dialog",
      { class: "modal", "aria-modal": "true", oncancel: (event) => this.#cancel(event) },
      this.form,
    );
    root.append(this.dialog);
  }

  /** @param {{view: Object, errors?: Object}|undefined} top */
  show(top) {
    this.#forget();
    if (!top) {
      this.shown = null;
      if (this.dialog.open) this.dialog.close();
      return;
    }
    const isOther = top.view.id !== this.shown?.view.id;
    this.errors = top.errors ?? (isOther || top.view !== this.shown?.view ? {} : this.errors);
    this.shown = top;
    this.#draw();
    if (!this.dialog.open) this.dialog.showModal();
    if (isOther) this.#focusFirst();
  }

  #draw() {
    const { view } = this.shown;
    const reader = readerOf(this.store.state);
    const form = this.#formOf(view);
    form.beginView();
    const container = { type: "view", view_id: view.id };
    const context = { ...blockContext(container, form, reader, this.session, () => this.#draw()), errors: this.errors };
    const before = { focus: focusKey(), scroll: this.form.querySelector(".modal-body")?.scrollTop ?? 0 };
    fill(
      this.form,
      this.#head(view, reader),
      h("div", { class: "modal-body blocks" }, blockNodes(view.blocks, context)),
      this.#foot(view, reader),
    );
    this.dialog.setAttribute("aria-label", plainText(view.title));
    this.form.querySelector(".modal-body").scrollTop = before.scroll;
    restoreFocus(this.form, before.focus);
  }

  #head(view, reader) {
    const isPushed = this.store.state.views.length > 1;
    const leave = () => this.#close();
    return h(
      "header",
      null,
      isPushed && iconButton("back", reader.t("Back"), { onclick: leave }),
      h("h2", null, plainText(view.title)),
      iconButton("close", reader.t("Close"), { onclick: leave }),
    );
  }

  #foot(view, reader) {
    const close = h(
      "button",
      { type: "button", class: "button", onclick: () => this.#close() },
      plainText(view.close) || reader.t(view.submit ? "Cancel" : "Close"),
    );
    const submit =
      view.submit &&
      h(
        "button",
        { type: "submit", class: "button primary", disabled: view.submit_disabled },
        plainText(view.submit) || reader.t("Submit"),
      );
    return h("footer", null, close, submit);
  }

  async #submit(event) {
    event.preventDefault();
    const { view } = this.shown;
    const form = this.#formOf(view);
    const problems = form.problems(readerOf(this.store.state).t);
    if (Object.keys(problems).length) {
      this.#fail(problems);
      return;
    }
    this.#setBusy(true);
    const answer = await this.session.submit(view.id, form.values());
    this.#setBusy(false);
    if (answer?.errors && this.shown?.view.id === view.id) this.#fail(answer.errors);
  }

  #fail(errors) {
    this.errors = errors;
    this.#draw();
    this.form.querySelector("[aria-invalid]")?.focus();
  }

  #setBusy(busy) {
    this.form.toggleAttribute("aria-busy", busy);
    const submit = this.form.querySelector("[type=submit]");
    if (submit) {
      submit.disabled = busy;
      submit.toggleAttribute("aria-busy", busy);
    }
  }

  #cancel(event) {
    event.preventDefault();
    this.#close();
  }

  #close() {
    const { view } = this.shown;
    this.store.set({ views: this.store.state.views.filter((open) => open.view.id !== view.id) });
    this.session.closeView(view.id);
  }

  #formOf(view) {
    if (!this.#forms.has(view.id)) this.#forms.set(view.id, new Form());
    return this.#forms.get(view.id);
  }

  #forget() {
    const open = new Set(this.store.state.views.map(({ view }) => view.id));
    for (const id of this.#forms.keys()) if (!open.has(id)) this.#forms.delete(id);
  }

  #focusFirst() {
    const fields = this.form.querySelectorAll("[autofocus], .modal-body :is(input, textarea, select, button, a)");
    (
      this.form.querySelector("[autofocus]") ??
      fields[0] ??
      this.form.querySelector("footer .button:last-child")
    )?.focus();
  }
}

/** Where the focus is inside the dialog, in words that survive drawing it again. */
function focusKey() {
  const node = document.activeElement;
  const block = node?.closest(".block-input")?.dataset.blockId;
  const action = node?.dataset?.actionId;
  return {
    block,
    action,
    selection: "selectionStart" in (node ?? {}) ? [node.selectionStart, node.selectionEnd] : null,
  };
}

function restoreFocus(root, { block, action, selection }) {
  const inBlock = block && [...root.querySelectorAll(".block-input")].find((node) => node.dataset.blockId === block);
  const node =
    inBlock?.querySelector("input, textarea, button") ??
    (action && [...root.querySelectorAll("[data-action-id]")].find((one) => one.dataset.actionId === action));
  node?.focus({ preventScroll: true });
  if (selection?.[0] !== null && selection && node?.setSelectionRange && ["text", "textarea"].includes(node.type))
    node.setSelectionRange(...selection);
}
