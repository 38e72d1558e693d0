/**
 * A scrolling list of messages: only changed rows are drawn again, the end stays in view, arrow keys walk through it.
 * While a pointer is down in it nothing is drawn: a button that is replaced under the finger never hears of the click.
 */
import { keyOf } from "../changes.js";
import { Form } from "../controls/form.js";
import { fill, h, isTyping } from "../dom.js";
import { dayKey, dayName } from "../render/dates.js";
import { blockContext } from "./context.js";
import { messageNode } from "./message.js";

const SAME_AUTHOR_S = 300;
const NEAR_END_PX = 60;

export class MessageList {
  #rows = new Map();
  #forms = new Map();
  #signs = new WeakMap();
  #shown = { messages: [], tools: null, key: null };
  #isPressed = false;
  #waiting = null;

  /** @param {(message: Object) => void} onOpen what Enter on a message does */
  constructor(onOpen) {
    this.feed = h("div", { class: "feed", role: "feed" });
    this.pill = h("button", { type: "button", class: "new-pill", hidden: true, onclick: () => this.toEnd() });
    this.earlier = h("button", { type: "button", class: "button earlier", hidden: true, onclick: () => this.onEarlier() });
    this.scroller = h("div", { class: "scroller" }, this.earlier, this.feed);
    this.node = h("div", { class: "message-list" }, this.scroller, this.pill);
    this.feed.addEventListener("pointerdown", () => (this.#isPressed = true));
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => setTimeout(() => this.#release()));
    this.scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    this.feed.addEventListener("keydown", (event) => this.#onKey(event, onOpen));
    const keepEnd = new ResizeObserver(() => this.staysAtEnd && this.toEnd());
    keepEnd.observe(this.scroller);
    keepEnd.observe(this.feed);
  }

  /**
   * @param {Object[]} messages
   * @param {import("./message.js").MessageTools} tools
   * @param {string} key what is listed; another key starts again at the end
   * @param {number} earlier how many messages there are before these; `onEarlier` asks for some of them
   */
  show(messages, tools, key, earlier = 0) {
    if (this.#isPressed && key === this.#shown.key) {
      this.#waiting = [messages, tools, key, earlier];
      return;
    }
    this.#waiting = null;
    const isNew = key !== this.#shown.key;
    if (isNew) this.#clear();
    const atEnd = isNew || !this.#shown.messages.length || this.staysAtEnd;
    const known = new Set(this.#shown.messages.map(keyOf));
    const last = this.#shown.messages.at(-1)?.ts ?? 0;
    const arrived = messages.filter((message) => !known.has(keyOf(message)) && message.ts > last).length;
    this.#shown = { messages, tools, key };
    this.earlier.hidden = !earlier;
    this.earlier.textContent = tools.reader.t("Show earlier messages ({n})", { n: earlier });
    if (atEnd) this.#reconcile();
    else this.#keepingPlace(() => this.#reconcile());
    if (atEnd) this.toEnd();
    else if (arrived) this.#showNew(this.newCount + arrived);
  }

  /** The click has been heard by now: draw what came meanwhile. */
  #release() {
    this.#isPressed = false;
    if (this.#waiting) this.show(...this.#waiting);
  }

  /** What comes above the message that somebody looks at must not push it away, though it may be drawn anew. */
  #keepingPlace(work) {
    const top = this.scroller.getBoundingClientRect().top;
    const seen = [...this.feed.querySelectorAll(".message")].find((row) => row.getBoundingClientRect().bottom > top);
    const before = seen?.getBoundingClientRect().top;
    work();
    const now = seen && this.feed.querySelector(`.message[data-ts="${seen.dataset.ts}"]`);
    if (now) this.scroller.scrollTop += now.getBoundingClientRect().top - before;
  }

  /** Rows out of view have estimated heights, so the end moves: it is followed until somebody scrolls up. */
  toEnd() {
    this.staysAtEnd = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#showNew(0);
  }

  #onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) {
      this.staysAtEnd = true;
      this.#showNew(0);
    } else if (scrollTop < this.lastTop) this.staysAtEnd = false;
    this.lastTop = scrollTop;
  }

  #clear() {
    this.#rows.clear();
    this.#forms.clear();
    fill(this.feed);
  }

  #reconcile() {
    const { messages, tools } = this.#shown;
    const { reader } = tools;
    const today = dayKey(reader.now(), reader);
    const readerKey = `${reader.me} ${reader.locale} ${reader.zone} ${today} ${tools.shortcuts.length}`;
    const wanted = new Map();
    messages.forEach((message, index) => {
      const before = messages[index - 1];
      const newDay = !before || dayKey(before.ts, reader) !== dayKey(message.ts, reader);
      if (newDay)
        wanted.set(`day ${message.ts}`, {
          sign: `${dayKey(message.ts, reader)} ${readerKey}`,
          make: () => dayLine(message.ts, reader),
        });
      const follows = !newDay && continues(before, message);
      wanted.set(keyOf(message), {
        sign: `${readerKey} ${follows} ${this.#signOf(message)}`,
        make: () => this.#row(message, follows),
      });
    });
    for (const [key, row] of this.#rows) if (!wanted.has(key)) this.#drop(key, row);
    this.#place(wanted);
  }

  /** A message that did not change is the same object. */
  #signOf(message) {
    if (!this.#signs.has(message)) this.#signs.set(message, JSON.stringify(message));
    return this.#signs.get(message);
  }

  #place(wanted) {
    let at = this.feed.firstElementChild;
    for (const [key, { sign, make }] of wanted) {
      const row = this.#rows.get(key);
      if (row?.sign === sign) {
        if (row.node === at) at = at.nextElementSibling;
        else this.feed.insertBefore(row.node, at);
        continue;
      }
      const node = make();
      if (row) {
        if (row.node === at) at = at.nextElementSibling;
        replaceKeepingFocus(row.node, node);
      }
      if (!row) this.feed.insertBefore(node, at);
      this.#rows.set(key, { sign, node });
    }
    if (!this.feed.querySelector("[tabindex='0'].message"))
      this.feed.querySelector(".message:last-child")?.setAttribute("tabindex", "0");
  }

  #drop(key, row) {
    row.node.remove();
    this.#rows.delete(key);
    this.#forms.delete(key);
  }

  #row(message, follows) {
    const { tools } = this.#shown;
    const key = keyOf(message);
    if (!this.#forms.has(key)) this.#forms.set(key, new Form());
    const form = this.#forms.get(key);
    form.beginView();
    const container = message.ephemeral
      ? { type: "ephemeral", id: message.id }
      : { type: "message", channel: tools.channel, ts: message.ts };
    const restore = () => {
      this.#rows.get(key).sign = "";
      this.#reconcile();
    };
    return messageNode(message, follows, blockContext(container, form, tools.reader, tools.session, restore), tools);
  }

  #showNew(count) {
    this.newCount = count;
    this.pill.hidden = !count;
    if (count) fill(this.pill, "↓ ", this.#shown.tools.reader.t("{n} new", { n: count }));
  }

  #onKey(event, onOpen) {
    const row = event.target.closest(".message");
    if (!row || event.target !== row || isTyping(event.target)) return;
    const rows = [...this.feed.querySelectorAll(".message")];
    const index = rows.indexOf(row);
    const next = { ArrowUp: rows[index - 1], ArrowDown: rows[index + 1], Home: rows[0], End: rows.at(-1) }[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (next) {
      event.preventDefault();
      row.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    } else if (event.key === "Enter") onOpen(this.#shown.messages.find((message) => message.ts === row.dataset.ts));
  }
}

function continues(before, message) {
  const sameAuthor =
    before.user === message.user && before.bot_id === message.bot_id && before.username === message.username;
  const plain =
    !before.ephemeral &&
    !message.ephemeral &&
    !before.subtype?.startsWith("channel_") &&
    !message.subtype?.startsWith("channel_") &&
    !before.reply_count;
  return sameAuthor && plain && message.ts - before.ts < SAME_AUTHOR_S;
}

function dayLine(ts, reader) {
  return h("div", { class: "day", role: "separator" }, h("span", null, dayName(ts, reader)));
}

/** An edited card must not take the focus away from the button that was just pressed in it. */
function replaceKeepingFocus(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  if (old.getAttribute("tabindex") === "0") fresh.setAttribute("tabindex", "0");
  if (!focused) return;
  const id = focused.dataset.actionId;
  const twin = id && [...fresh.querySelectorAll("[data-action-id]")].find((node) => node.dataset.actionId === id);
  (twin ?? fresh).focus({ preventScroll: true });
}
