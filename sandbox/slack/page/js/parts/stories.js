/** The story player: the week at its own pace; or a scripted night, its speed, play, stop. */
import { fill, h, icon } from "../dom.js";
import { readerOf } from "../reader.js";

const SPEEDS = [1, 5, 20, 60];
const USUAL_SPEED = 20;
const WEEK = "week";

export function mountStories(root, store, session) {
  const story = h("select", { id: "story", onchange: () => describe(store.state.stories) });
  const speed = h(
    "select",
    { id: "speed" },
    SPEEDS.map((times) => h("option", { value: times, selected: times === USUAL_SPEED }, `${times}×`)),
  );
  const button = h("button", { type: "button", class: "button play", onclick: () => toggle() });
  const week = h("button", { type: "button", class: "button play week", onclick: () => session.play(WEEK, 1) });
  root.append(h("div", { class: "stories" }, week, story, speed, button));

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
      const told = stories.find(({ id }) => id === WEEK);
      week.hidden = !told || told.playing;
      week.title = told?.description ?? "";
      fill(week, icon("play"), t("Play the week"));
      fill(
        story,
        stories
          .filter(({ id, playing: isPlaying }) => id !== WEEK || isPlaying)
          .map(({ id, title }) => h("option", { value: id, selected: id === chosen }, title)),
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
