/** The sandbox's clock in the reader's zone, and a menu that moves it. */
import { openMenu } from "../controls/popover.js";
import { h, icon } from "../dom.js";
import { format, fullTime } from "../render/dates.js";
import { readerOf } from "../reader.js";

const STEPS = [
  ["{n} minutes later", 15, 60],
  ["{n} hours later", 1, 3600],
  ["{n} hours later", 8, 3600],
  ["{n} days later", 1, 86_400],
  ["{n} days later", 7, 86_400],
];
const TICK_MS = 1000;

export function mountClock(root, store, session) {
  const text = h("time");
  const button = h(
    "button",
    { type: "button", class: "clock", "aria-haspopup": "menu", onclick: () => openSteps() },
    icon("clock"),
    text,
  );
  root.append(button);

  function openSteps() {
    const { t } = readerOf(store.state);
    openMenu(
      button,
      STEPS.map(([key, n, unit]) => ({ label: t(key, { n }), run: () => session.advance(n * unit) })),
      t("Move the clock"),
    );
  }

  function show() {
    const reader = readerOf(store.state);
    const now = reader.now();
    const shown = format(now, reader, {
      weekday: "short",
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    if (text.textContent !== shown) text.textContent = shown;
    button.title = `${reader.t("Sandbox clock")}: ${fullTime(now, reader)}`;
  }

  store.watch((state) => [readerOf(state), state.clock], show);
  setInterval(show, TICK_MS);
}
