/** The places of the workspace: App Home, channels with their unread counts, direct messages. */
import { fill, h, icon } from "../dom.js";
import { readerOf } from "../reader.js";
import { hashOf } from "../router.js";
import { authorOf, avatar } from "./avatar.js";
import { channelLabel, partnerOf } from "./channel.js";

/** Everything that one can go to, in the order in which j and k go through it. */
export function placesOf({ channels }) {
  return [{ page: "home" }, ...channels.map(({ id }) => ({ page: "channel", channel: id, thread: null }))];
}

export function isAt(place, other) {
  return place?.page === other.page && place.channel === other.channel;
}

/** @param {HTMLElement} root @param {ReturnType<import("../store.js").createStore>} store */
export function mountSidebar(root, store) {
  store.watch(
    (state) => [readerOf(state), state.place, state.channels, state.app, state.elsewhere],
    ([reader, place, channels, app, elsewhere]) => {
      const { t } = reader;
      const focused = root.contains(document.activeElement) && document.activeElement.getAttribute("href");
      const direct = channels.filter(({ is_im: im, is_mpim: several }) => im || several);
      const open = channels.filter((channel) => !direct.includes(channel));
      root.setAttribute("aria-label", t("Channels"));
      fill(
        root,
        entry(
          { page: "home" },
          place,
          icon("home"),
          t("App Home"),
          app.name ? h("span", { class: "aside" }, app.name) : null,
        ),
        h("h2", null, t("Channels")),
        open.map((channel) => channelEntry(channel, place, reader)),
        direct.length > 0 && h("h2", null, t("Direct messages")),
        direct.map((channel) => channelEntry(channel, place, reader)),
        elsewhere.length > 0 && h("h2", null, t("Elsewhere")),
        elsewhere.map((page) => otherPage(page, reader)),
      );
      document.title = title(channels, place, reader, app);
      if (focused) root.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
    },
  );
}

function channelEntry(channel, place, reader) {
  const count = unreadOf(channel, place);
  const unread = count > 0 && h("span", { class: "unread" }, count > 99 ? "99+" : String(count));
  return entry(
    { page: "channel", channel: channel.id },
    place,
    channel.is_im ? avatar(authorOf({ user: partnerOf(channel, reader) }, reader)) : icon("hash"),
    channelLabel(channel, reader).replace(/^#/, ""),
    unread,
  );
}

/** A page of another vendor, in a tab of its own. */
function otherPage({ title, url }, { t }) {
  return h(
    "a",
    { class: "place", href: url, target: "_blank", rel: "noreferrer" },
    icon("eye"),
    h("span", { class: "name" }, t(title)),
  );
}

function entry(to, place, sign, label, aside) {
  const here = isAt(place, to);
  return h(
    "a",
    {
      class: ["place", here && "here", aside?.className === "unread" && "has-unread"],
      href: hashOf(to),
      "aria-current": here ? "page" : null,
    },
    sign,
    h("span", { class: "name" }, label),
    aside,
  );
}

/** What is on the screen is read. */
function unreadOf(channel, place) {
  return place?.channel === channel.id ? 0 : channel.unread;
}

function title(channels, place, reader, app) {
  const unread = channels.reduce((sum, channel) => sum + unreadOf(channel, place), 0);
  const channel = channels.find(({ id }) => id === place?.channel);
  const where = place?.page === "home" ? `${app.name} · ${reader.t("App Home")}` : channelLabel(channel, reader);
  return `${unread ? `(${unread}) ` : ""}${where || "Sandbox"}`;
}
