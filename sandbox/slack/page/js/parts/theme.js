/** Light, dark, or as the system says. */
import { h, icon } from "../dom.js";
import { readerOf } from "../reader.js";

const ORDER = ["auto", "light", "dark"];
const SIGNS = { auto: "auto", light: "sun", dark: "moon" };
const NAMES = { auto: "Follow the system", light: "Light", dark: "Dark" };
const KEY = "theme";

export function savedTheme() {
  const saved = localStorage.getItem(KEY);
  return ORDER.includes(saved) ? saved : "auto";
}

export function mountTheme(root, store) {
  const button = h("button", {
    type: "button",
    class: "icon-button",
    onclick: () => store.set({ theme: ORDER[(ORDER.indexOf(store.state.theme) + 1) % ORDER.length] }),
  });
  root.append(button);
  store.watch(
    (state) => [state.theme, readerOf(state)],
    ([theme, { t }]) => {
      localStorage.setItem(KEY, theme);
      document.documentElement.dataset.theme = theme;
      button.replaceChildren(icon(SIGNS[theme]));
      button.title = `${t("Theme")}: ${t(NAMES[theme])}`;
      button.setAttribute("aria-label", button.title);
    },
  );
}
