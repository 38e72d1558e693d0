/** The App Home tab. */
import { Form } from "../controls/form.js";
import { fill, h } from "../dom.js";
import { readerOf } from "../reader.js";
import { blockNodes } from "../render/blocks.js";
import { blockContext } from "./context.js";

export function mountHome(root, store, session) {
  const title = h("h1");
  const body = h("div", { class: "home-body blocks" });
  fill(root, h("header", { class: "pane-head" }, title), h("div", { class: "scroller" }, body));
  let form = new Form();
  let owner = null;

  function draw() {
    const { home, app, me } = store.state;
    const reader = readerOf(store.state);
    title.textContent = app.name ? `${app.name} · ${reader.t("App Home")}` : reader.t("App Home");
    if (owner !== me) form = new Form();
    owner = me;
    form.beginView();
    const context = home && blockContext({ type: "view", view_id: home.id }, form, reader, session, draw);
    fill(
      body,
      home
        ? blockNodes(home.blocks, context)
        : h("p", { class: "empty" }, reader.t("The app has not published a Home for you yet.")),
    );
  }

  store.watch(
    (state) => [state.place?.page === "home", state.home, readerOf(state), state.app],
    ([isHere]) => {
      root.hidden = !isHere;
      if (isHere) draw();
    },
  );
}
