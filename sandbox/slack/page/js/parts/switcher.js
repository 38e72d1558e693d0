/** Ctrl+K: go to a channel or act as somebody by typing a few letters. */
import { fill, h, uniqueId } from "../dom.js";
import { displayName, readerOf } from "../reader.js";
import { visit } from "../router.js";
import { channelLabel } from "./channel.js";
import { peopleOf } from "./people.js";
import { placesOf } from "./sidebar.js";

/** @returns {() => void} opens the switcher */
export function createSwitcher(store, session) {
  return () => {
    if (document.querySelector("dialog[open]")) return;
    const items = itemsOf(store.state, session);
    const reader = readerOf(store.state);
    const listId = uniqueId("switcher");
    const list = h("div", { role: "listbox", id: listId, class: "choices" });
    const input = h("input", { type: "text", class: "filter", role: "combobox", "aria-expanded": "true", "aria-controls": listId, placeholder: reader.t("Go to a channel or act as somebody"), "aria-label": reader.t("Go to") });
    const dialog = h("dialog", { class: "switcher", "aria-label": reader.t("Go to"), onclose: () => dialog.remove() }, input, list);
    let found = [];
    let active = 0;

    const choose = (item) => {
      dialog.close();
      item.run();
    };
    const show = () => {
      const wanted = input.value.trim().toLocaleLowerCase();
      found = items.filter(({ words }) => words.toLocaleLowerCase().includes(wanted));
      fill(list, found.map((item) => h("div", { role: "option", id: uniqueId("place"), class: "choice", onclick: () => choose(item) }, h("span", null, item.label), h("small", null, item.detail))));
      activate(0);
    };
    const activate = (index) => {
      active = index;
      [...list.children].forEach((node, at) => {
        node.classList.toggle("active", at === index);
        node.setAttribute("aria-selected", String(at === index));
      });
      list.children[index]?.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", list.children[index]?.id ?? "");
    };
    input.addEventListener("input", show);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && found.length) activate((active + step + found.length) % found.length);
      else if (event.key === "Enter" && found[active]) choose(found[active]);
      else return;
      event.preventDefault();
    });
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    document.body.append(dialog);
    dialog.showModal();
    show();
  };
}

function itemsOf(state, session) {
  const reader = readerOf(state);
  const places = placesOf(state).map((place) => {
    const channel = state.channels.find(({ id }) => id === place.channel);
    const label = channel ? channelLabel(channel, reader) : reader.t("App Home");
    return { label, words: label, detail: reader.t("Go to"), run: () => visit(place) };
  });
  const people = peopleOf(state).map((user) => ({ label: displayName(user), words: `${displayName(user)} ${user.name}`, detail: reader.t("Act as"), run: () => session.become(user.id) }));
  return [...places, ...people];
}
