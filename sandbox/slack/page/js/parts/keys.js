/** Keys that work anywhere on the page. */
import { fill, h, isTyping } from "../dom.js";
import { readerOf } from "../reader.js";
import { placeOf, visit } from "../router.js";
import { peopleOf } from "./people.js";
import { isAt, placesOf } from "./sidebar.js";

const HELP = [
  ["j k · Alt ↓ ↑", "next, previous channel"],
  ["Ctrl K", "Go to a channel or act as somebody"],
  ["/", "write a message"],
  ["Enter · Shift Enter", "send; new line"],
  ["↑ ↓ · Enter", "between messages; open the thread"],
  ["Alt 1 … 9", "act as the n-th person"],
  ["Esc", "close thread, dialog or menu"],
  ["?", "these keys"],
];

/**
 * @param {ReturnType<import("../store.js").createStore>} store
 * @param {import("../session.js").Session} session
 * @param {{channel: Object, thread: Object, openSwitcher: () => void}} parts
 */
export function bindKeys(store, session, { channel, thread, openSwitcher }) {
  const step = (by) => {
    const places = placesOf(store.state);
    const here = placeOf(window.location.hash) ?? store.state.place; // a quick second press finds the state behind
    const index = places.findIndex((place) => isAt(here, place));
    visit(places[(index + by + places.length) % places.length]);
  };
  const become = (number) => {
    const person = peopleOf(store.state)[number - 1];
    if (person) session.become(person.id);
  };
  const composer = () => (thread.isOpen() ? thread.composer : channel.composer);
  const anywhere = { "Ctrl+k": openSwitcher, "Alt+ArrowDown": () => step(1), "Alt+ArrowUp": () => step(-1) };
  for (let number = 1; number <= 9; number += 1) anywhere[`Alt+${number}`] = () => become(number);
  const outsideFields = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => composer().focus(),
    "?": () => showHelp(readerOf(store.state)),
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open], [popover]:popover-open:not(.toasts)")) return;
    const name = keyName(event);
    const run =
      anywhere[name] ??
      (isTyping(event.target) ? undefined : outsideFields[name]) ??
      (name === "Escape" ? escape : undefined);
    if (!run) return;
    event.preventDefault();
    run();
  });

  function escape() {
    document.body.classList.remove("with-sidebar", "with-settings");
    if (!thread.isOpen()) {
      document.activeElement?.blur();
      return;
    }
    const opened = store.state.place.thread;
    thread.close();
    document.querySelector(`#channel .message[data-ts="${CSS.escape(opened)}"]`)?.focus();
  }
}

/** `Ctrl+k`, `Alt+ArrowUp`, `j`: a letter key by its place when another script, as Hangul, is on. */
function keyName({ key, code, ctrlKey, metaKey, altKey }) {
  const isOtherScript = key.length === 1 && /^Key[A-Z]$/.test(code) && !/[a-z]/i.test(key);
  const name = isOtherScript ? code.slice("Key".length) : key;
  return [(ctrlKey || metaKey) && "Ctrl", altKey && "Alt", name.length === 1 ? name.toLowerCase() : name]
    .filter(Boolean)
    .join("+");
}

function showHelp(reader) {
  const rows = HELP.map(([keys, what]) => [
    h(
      "dt",
      null,
      keys.split(" ").map((key) => (key === "·" || key === "…" ? ` ${key} ` : h("kbd", null, key))),
    ),
    h("dd", null, reader.t(what)),
  ]);
  const dialog = h("dialog", { class: "confirm", onclose: () => dialog.remove() });
  fill(
    dialog,
    h(
      "form",
      { method: "dialog" },
      h("h2", null, reader.t("Keyboard")),
      h("dl", { class: "keys" }, rows),
      h("footer", null, h("button", { class: "button" }, reader.t("Close"))),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
