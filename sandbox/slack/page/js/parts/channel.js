/** The main column when a channel is open: its name, its messages, the composer. */
import { fill, h } from "../dom.js";
import { readerOf } from "../reader.js";
import { visit } from "../router.js";
import { mrkdwn } from "../render/mrkdwn.js";
import { createComposer } from "./composer.js";
import { MessageList } from "./list.js";

/** Message shortcuts of the app, as the manifest lists them. */
export function messageShortcuts(app) {
  return (app.shortcuts ?? []).filter(({ type }) => !type || type.startsWith("message"));
}

export function channelLabel(channel, reader) {
  if (!channel) return "";
  if (channel.is_im) return reader.userName(partnerOf(channel, reader));
  return channel.is_mpim ? channel.name : `#${channel.name}`;
}

/** The other one in a direct conversation. */
export function partnerOf(channel, reader) {
  return channel.members.find((id) => id !== reader.me) ?? reader.me;
}

/**
 * @param {HTMLElement} root
 * @param {ReturnType<import("../store.js").createStore>} store
 * @param {import("../session.js").Session} session
 * @param {(text: string) => void} tell
 */
export function mountChannel(root, store, session, tell) {
  const title = h("h1");
  const topic = h("div", { class: "topic text" });
  const empty = h("p", { class: "empty" });
  const list = new MessageList((message) =>
    visit({ page: "channel", channel: store.state.place.channel, thread: message.thread_ts ?? message.ts }),
  );
  list.onEarlier = () => session.showEarlier(store.state.place.channel);
  const composer = createComposer(store, session, () => ({ channel: store.state.place.channel, thread: null }));
  fill(root, h("header", { class: "pane-head" }, title, topic), empty, list.node, composer.node);

  store.watch(
    (state) => [
      state.place?.page === "channel" ? state.place.channel : null,
      readerOf(state),
      state.messages,
      state.earlier,
      state.app,
    ],
    ([id, reader, messages, earlier, app]) => {
      root.hidden = !id;
      if (!id) return;
      const channel = store.state.channels.find((known) => known.id === id);
      title.textContent = channelLabel(channel, reader) || id;
      fill(topic, mrkdwn(channel?.topic ?? "", reader));
      invite(composer, channel, reader, reader.t("Message {where}", { where: title.textContent }));
      empty.textContent = reader.t("No messages yet.");
      empty.hidden = messages[id]?.length !== 0;
      list.node.setAttribute("aria-label", reader.t("Messages"));
      list.show(
        messages[id] ?? [],
        { reader, session, channel: id, inThread: false, shortcuts: messageShortcuts(app), tell },
        `${id} ${messages[id] ? "" : "loading"}`,
        earlier[id],
      );
    },
  );
  return { composer };
}

/** Ask for words, or say why one can only read here. */
export function invite(composer, channel, reader, invitation) {
  const closed = channel?.is_member === false;
  composer.invite(
    closed
      ? reader.t("{who} is not in this channel and can only read.", { who: reader.userName(reader.me) })
      : invitation,
    closed,
  );
}
