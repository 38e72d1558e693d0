/** One message: who, when, what, reactions, the way into its thread, and what one can do with it. */
import { openMenu, openPopover, rove } from "../controls/popover.js";
import { h, icon, iconButton } from "../dom.js";
import { attachmentNodes, blockNodes, isCard } from "../render/blocks.js";
import { clockTime, dayName, fullTime } from "../render/dates.js";
import { emoji, QUICK_REACTIONS } from "../render/emoji.js";
import { mrkdwn } from "../render/mrkdwn.js";
import { hashOf, visit } from "../router.js";
import { avatar, authorOf } from "./avatar.js";

const IMAGES = ["png", "jpg", "jpeg", "gif", "svg", "webp"];

/**
 * @typedef {Object} MessageTools
 * @property {import("../reader.js").Reader} reader
 * @property {import("../session.js").Session} session
 * @property {string} channel
 * @property {boolean} inThread
 * @property {Object[]} shortcuts message shortcuts of the app
 * @property {(text: string) => void} tell
 */

/**
 * @param {Object} message
 * @param {boolean} follows whether it continues the message above, so that its head is left out
 * @param {import("../render/blocks.js").Context} context
 * @param {MessageTools} tools
 */
export function messageNode(message, follows, context, tools) {
  const { reader, inThread } = tools;
  const author = authorOf(message, reader);
  const isPrivate = Boolean(message.ephemeral);
  const time = timeNode(message.ts, reader);
  const properties = {
    class: ["message", follows && "follows", isPrivate && "ephemeral", isSystem(message) && "system"],
    tabindex: "-1",
    dataset: { ts: message.ts },
    "aria-label": `${author.name}, ${time.textContent}`,
  };
  const content = [
    isPrivate && h("p", { class: "private" }, icon("eye"), reader.t("Only visible to you")),
    !follows && headNode(author, time, reader),
    h("div", { class: "body" }, bodyNodes(message, context)),
    !isPrivate && reactions(message, tools),
    !inThread && message.reply_count > 0 && threadLink(message, tools),
  ];
  return h(
    "article",
    properties,
    h("div", { class: "gutter" }, follows ? time : avatar(author)),
    h("div", { class: "content" }, content),
    !isPrivate && toolbar(message, tools),
  );
}

function timeNode(ts, reader) {
  const properties = { datetime: new Date(ts * 1000).toISOString(), title: fullTime(ts, reader) };
  return h("time", properties, clockTime(ts, reader));
}

function headNode(author, time, { t }) {
  const badges = [author.isApp && t("app"), author.isGuest && t("guest")].filter(Boolean);
  return h(
    "header",
    null,
    h("b", { class: "author" }, author.name),
    badges.map((badge) => h("span", { class: "badge" }, badge)),
    time,
  );
}

function bodyNodes(message, context) {
  const { reader } = context;
  const edited =
    message.edited && h("span", { class: "edited", title: fullTime(message.edited.ts, reader) }, reader.t("(edited)"));
  const hasBlocks = message.blocks?.length > 0;
  const text = !hasBlocks && message.text && h("div", { class: "text" }, mrkdwn(message.text, reader));
  const blocks =
    hasBlocks &&
    h("div", { class: isCard(message.blocks) ? "blocks card" : "blocks" }, blockNodes(message.blocks, context));
  const attachments =
    message.attachments?.length > 0 &&
    h("div", { class: "attachments" }, attachmentNodes(message.attachments, context));
  const files = message.files?.length > 0 && h("ul", { class: "files" }, message.files.map(fileNode));
  return [text, blocks, attachments, files, edited];
}

function fileNode(file) {
  const address = file.permalink ?? file.url_private;
  const name = file.title || file.name || file.id;
  const isImage = file.mimetype?.startsWith("image/") || IMAGES.includes(file.filetype);
  return h(
    "li",
    null,
    isImage && h("img", { class: "picture", src: file.url_private, alt: file.alt_txt ?? name, loading: "lazy" }),
    address ? h("a", { href: address, target: "_blank", rel: "noopener" }, name) : name,
  );
}

function reactions(message, tools) {
  if (!message.reactions?.length) return null;
  const { reader, session, channel } = tools;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map(({ name, users, count }) => {
      const mine = users.includes(reader.me);
      const who = users.map((id) => reader.userName(id)).join(", ");
      return h(
        "button",
        {
          type: "button",
          class: "reaction",
          "aria-pressed": String(mine),
          title: `${who} · :${name}:`,
          "aria-label": `:${name}: ${count}`,
          onclick: () => session.react(channel, message.ts, name, !mine),
        },
        h("span", null, emoji(name)),
        h("span", null, String(count)),
      );
    }),
  );
}

function threadLink(message, { reader, channel }) {
  const { t } = reader;
  const count = message.reply_count;
  const last = message.latest_reply;
  return h(
    "a",
    { class: "thread-link", href: hashOf({ page: "channel", channel, thread: message.ts }) },
    h(
      "span",
      { class: "faces" },
      (message.reply_users ?? []).slice(0, 3).map((id) => avatar(authorOf({ user: id }, reader))),
    ),
    h("b", null, t(count === 1 ? "{n} reply" : "{n} replies", { n: count })),
    last && h("span", { class: "last" }, `${dayName(last, reader)} ${clockTime(last, reader)}`),
  );
}

function toolbar(message, tools) {
  const { reader, session, channel, inThread, shortcuts, tell } = tools;
  const { t } = reader;
  const thread = message.thread_ts ?? message.ts;
  const place = { page: "channel", channel, thread };
  const copy = () =>
    navigator.clipboard.writeText(new URL(hashOf(place), window.location.href).href).then(() => tell(t("Link copied")));
  const items = [
    ...shortcuts.map(({ name, description, callback_id: id }) => ({
      label: name,
      detail: description,
      run: () => session.shortcut(id, channel, message.ts),
    })),
    { label: t("Copy link"), run: copy },
  ];
  return h(
    "div",
    { class: "toolbar", role: "toolbar" },
    iconButton("smile", t("Add a reaction"), {
      "aria-haspopup": "true",
      onclick: ({ currentTarget }) => pickReaction(currentTarget, message, tools),
    }),
    !inThread && iconButton("reply", t("Reply in thread"), { onclick: () => visit(place) }),
    iconButton("more", t("More actions"), {
      "aria-haspopup": "menu",
      onclick: ({ currentTarget }) => openMenu(currentTarget, items, t("More actions")),
    }),
  );
}

function pickReaction(anchor, message, { reader, session, channel }) {
  const grid = h("div", { class: "emoji-grid", role: "menu", "aria-label": reader.t("Add a reaction") });
  const close = openPopover(anchor, grid);
  const choose = (name) => () => {
    close();
    const mine = message.reactions?.some((reaction) => reaction.name === name && reaction.users.includes(reader.me));
    session.react(channel, message.ts, name, !mine);
  };
  grid.append(
    ...QUICK_REACTIONS.map((name) =>
      h(
        "button",
        { type: "button", role: "menuitem", title: `:${name}:`, "aria-label": name, onclick: choose(name) },
        emoji(name),
      ),
    ),
  );
  grid.addEventListener("keydown", (event) => rove(event, [...grid.children]));
  grid.firstElementChild.focus();
}

function isSystem(message) {
  return ["channel_topic", "channel_join", "channel_leave", "channel_name", "channel_purpose"].includes(
    message.subtype,
  );
}
