/** Puts the page together. */
import { fill, h, iconButton } from "./dom.js";
import { mountChannel } from "./parts/channel.js";
import { mountClock } from "./parts/clock.js";
import { mountHome } from "./parts/home.js";
import { bindKeys } from "./parts/keys.js";
import { mountModal } from "./parts/modal.js";
import { mountPeople } from "./parts/people.js";
import { mountSidebar } from "./parts/sidebar.js";
import { mountStories } from "./parts/stories.js";
import { mountScene } from "./parts/scene.js";
import { createSwitcher } from "./parts/switcher.js";
import { mountTheme, savedTheme } from "./parts/theme.js";
import { mountThread } from "./parts/thread.js";
import { mountToasts } from "./parts/toast.js";
import { readerOf } from "./reader.js";
import { followAddress } from "./router.js";
import { Session } from "./session.js";
import { createStore } from "./store.js";
import { Sync } from "./sync.js";

const ME = "act-as"; // per tab, so that two tabs can be two people

const store = createStore({
  me: null,
  team: null,
  users: {},
  channels: [],
  groups: [],
  commands: [],
  app: {},
  elsewhere: [],
  clock: { now: 0, read: 0 },
  place: null,
  messages: {},
  limits: {},
  earlier: {},
  thread: [],
  home: null,
  views: [],
  stories: [],
  following: true,
  connection: "live",
  theme: savedTheme(),
});
const byId = (id) => document.getElementById(id);
const toast = mountToasts(byId("toasts"), () => readerOf(store.state));
const sync = new Sync(store, toast);
const session = new Session(store, sync, toast);

function mountHeader() {
  const openSwitcher = createSwitcher(store, session);
  const menu = iconButton("menu", "Menu", {
    class: "icon-button only-narrow",
    onclick: () => document.body.classList.toggle("with-sidebar"),
  });
  const more = iconButton("more", "More", {
    class: "icon-button only-narrow",
    onclick: () => document.body.classList.toggle("with-settings"),
  });
  const find = iconButton("search", "Ctrl K", { onclick: openSwitcher });
  const name = h("b", { class: "team" });
  const [stories, clock, who, settings] = ["stories", "clock-box", "who-box", "settings"].map((id) => h("div", { id }));
  fill(byId("header"), menu, name, h("div", { class: "extra" }, stories, clock, settings), who, find, more);
  mountTheme(settings, store);
  mountStories(stories, store, session);
  mountClock(clock, store, session);
  mountPeople({ who, settings }, store, session);
  settings.append(settings.firstElementChild);
  store.watch(
    (state) => [state.team, readerOf(state)],
    ([team, { t }]) => {
      name.textContent = team?.name ?? "";
      for (const [button, key] of [
        [menu, "Menu"],
        [more, "More"],
      ]) {
        button.title = t(key);
        button.setAttribute("aria-label", t(key));
      }
    },
  );
  return openSwitcher;
}

function mountConnection() {
  const banner = byId("connection");
  store.watch(
    (state) => [state.connection, readerOf(state)],
    ([connection, { t }]) => {
      banner.hidden = connection === "live";
      banner.textContent = t("Connection lost. Trying again…");
    },
  );
}

async function start() {
  await sync.start(sessionStorage.getItem(ME));
  store.watch(
    (state) => state.me,
    (me) => sessionStorage.setItem(ME, me),
  );
  store.watch(
    (state) => state.place,
    () => document.body.classList.remove("with-sidebar"),
  );
  const openSwitcher = mountHeader();
  mountConnection();
  mountScene(byId("scene"), store, session);
  mountSidebar(byId("sidebar"), store);
  mountHome(byId("home"), store, session);
  const tell = (text) => toast(text, "news");
  const channel = mountChannel(byId("channel"), store, session, tell);
  const thread = mountThread(byId("thread"), store, session, tell);
  mountModal(document.body, store, session);
  bindKeys(store, session, { channel, thread, openSwitcher });
  followAddress(session, () => ({ page: "channel", channel: store.state.channels[0].id, thread: null }));
  document.body.classList.add("ready");
}

start().catch(toast);
