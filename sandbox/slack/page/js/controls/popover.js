/** Small surfaces over the page: menus and lists. Native popovers, so Esc and a click elsewhere close them. */
import { fill, h } from "../dom.js";

const GAP = 4;
const MARGIN = 8;

/**
 * Open `content` under (or, without room, over) `anchor`. Closing returns the focus to the anchor.
 * @param {HTMLElement} anchor
 * @param {Node} content
 * @param {{class?: string, matchWidth?: boolean, onClose?: () => void}} [options]
 * @returns {() => void} closes it
 */
export function openPopover(anchor, content, options = {}) {
  const surface = h("div", { popover: "auto", class: `popover ${options.class ?? ""}` }, content);
  (anchor.closest("dialog") ?? document.body).append(surface);
  if (options.matchWidth) surface.style.minWidth = `${anchor.offsetWidth}px`;
  surface.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    const hadFocus = surface.contains(document.activeElement) || document.activeElement === document.body;
    surface.remove();
    anchor.setAttribute("aria-expanded", "false");
    options.onClose?.();
    if (hadFocus && anchor.isConnected) anchor.focus({ preventScroll: true });
  });
  surface.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  place(surface, anchor);
  new ResizeObserver(() => place(surface, anchor)).observe(surface);
  return () => surface.isConnected && surface.hidePopover();
}

/**
 * A menu of commands with roving focus.
 * @param {HTMLElement} anchor
 * @param {{label: string, detail?: string, run: () => void}[]} items
 * @param {string} name what the menu is, for assistive technology
 */
export function openMenu(anchor, items, name) {
  const list = h("div", { role: "menu", "aria-label": name, class: "menu" });
  const close = openPopover(anchor, list);
  const choose = (run) => () => {
    close();
    run();
  };
  fill(
    list,
    items.map(({ label, detail, run }) =>
      h(
        "button",
        { type: "button", role: "menuitem", class: "menu-item", tabindex: "-1", onclick: choose(run) },
        label,
        detail && h("small", null, detail),
      ),
    ),
  );
  list.addEventListener("keydown", (event) => rove(event, [...list.children]));
  list.firstElementChild?.focus();
}

/** Arrow keys, Home and End move the focus within a group. */
export function rove(event, items) {
  const index = items.indexOf(document.activeElement);
  const next = {
    ArrowDown: index + 1,
    ArrowRight: index + 1,
    ArrowUp: index - 1,
    ArrowLeft: index - 1,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (next === undefined || !items.length) return;
  event.preventDefault();
  items[(next + items.length) % items.length].focus();
}

function place(surface, anchor) {
  const at = anchor.getBoundingClientRect();
  const below = window.innerHeight - at.bottom - GAP - MARGIN;
  const above = at.top - GAP - MARGIN;
  const upwards = below < Math.min(surface.scrollHeight, 240) && above > below;
  surface.style.maxHeight = `${Math.max(120, upwards ? above : below)}px`;
  surface.style.left = `${Math.max(MARGIN, Math.min(at.left, window.innerWidth - surface.offsetWidth - MARGIN))}px`;
  surface.style.top = upwards ? "auto" : `${at.bottom + GAP}px`;
  surface.style.bottom = upwards ? `${window.innerHeight - at.top + GAP}px` : "auto";
}
