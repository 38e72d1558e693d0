/** The pane at the right: one thread and its composer. */
import { fill, h, iconButton } from "../dom.js";
import { readerOf } from "../reader.js";
import { visit } from "../router.js";
import { channelLabel, invite, messageShortcuts } from "./channel.js";
import { createComposer } from "./composer.js";
import { MessageList } from "./list.js";

/** The same parameters as the channel. */
export function mountThread(root, store, session, tell) {
  const title = h("h2");
  const where = h("div", { class: "topic" });
  const closeButton = iconButton("close", "Close", { onclick: () => close() });
  const list = new MessageList(() => {});
  const composer = createComposer(store, session, () => ({
    channel: store.state.place.channel,
    thread: store.state.place.thread,
  }));
  fill(root, h("header", { class: "pane-head" }, title, where, closeButton), list.node, composer.node);

  function close() {
    const { channel } = store.state.place;
    visit({ page: "channel", channel, thread: null });
  }

  store.watch(
    (state) => [state.place, readerOf(state), state.thread, state.app],
    ([place, reader, thread, app]) => {
      root.hidden = !place?.thread;
      document.body.classList.toggle("with-thread", Boolean(place?.thread));
      if (root.hidden) return;
      title.textContent = reader.t("Thread");
      root.setAttribute("aria-label", title.textContent);
      const channel = store.state.channels.find(({ id }) => id === place.channel);
      where.textContent = channelLabel(channel, reader);
      closeButton.title = reader.t("Close thread");
      closeButton.setAttribute("aria-label", closeButton.title);
      invite(composer, channel, reader, reader.t("Reply…"));
      list.show(
        thread,
        { reader, session, channel: place.channel, inThread: true, shortcuts: messageShortcuts(app), tell },
        `${place.channel} ${place.thread}`,
      );
    },
  );
  return { composer, close, isOpen: () => !root.hidden };
}
