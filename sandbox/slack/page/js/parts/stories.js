/** The story player: choose a scripted night, its speed, play, stop. */
import { fill, h, icon } from "../dom.js";
import { readerOf } from "../reader.js";

const SPEEDS = [1, 5, 20, 60];
const USUAL_SPEED = 20;

export function mountStories(root, store, session) {
  const story = h("select", { id: "story", onchange: () => describe(store.state.stories) });
  const speed = h(
    "select",
    { id: "speed" },
    SPEEDS.map((times) => h("option", { value: times, selected: times === USUAL_SPEED }, `${times}×`)),
  );
  const button = h("button", { type: "button", class: "button play", onclick: () => toggle() });
  root.append(h("div", { class: "stories" }, story, speed, button));

  const playing = () => store.state.stories.find((one) => one.playing);
  const toggle = () => (playing() ? session.stopStory() : session.play(story.value, Number(speed.value)));
  const describe = (stories) => {
    story.title = stories.find(({ id }) => id === story.value)?.description ?? "";
  };

  store.watch(
    (state) => [state.stories, readerOf(state)],
    ([stories, { t }]) => {
      root.hidden = !stories.length;
      const chosen = playing()?.id ?? story.value;
      fill(
        story,
        stories.map(({ id, title }) => h("option", { value: id, selected: id === chosen }, title)),
      );
      story.disabled = speed.disabled = Boolean(playing());
      fill(button, icon(playing() ? "stop" : "play"), t(playing() ? "Stop" : "Play"));
      button.classList.toggle("is-playing", Boolean(playing()));
      story.setAttribute("aria-label", t("Story"));
      speed.setAttribute("aria-label", t("Speed"));
      speed.title = t("Speed");
      describe(stories);
    },
  );
}
