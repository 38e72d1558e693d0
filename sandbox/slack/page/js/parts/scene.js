/** The bar of a story that is told scene by scene: when and what it is, pause, the next scene. */
import { fill, h } from "../dom.js";
import { readerOf } from "../reader.js";

const WEEKDAYS = { Mon: "월", Tue: "화", Wed: "수", Thu: "목", Fri: "금", Sat: "토", Sun: "일" };

export function mountScene(root, store, session) {
  const follow = h("input", {
    type: "checkbox",
    onchange: () => store.set({ following: follow.checked }),
  });

  let followed = null;
  const showOf = ({ stories }) => stories.find(({ scene }) => scene)?.scene.show;
  store.watch(
    (state) => [showOf(state)?.number, state.following],
    ([number, following]) => {
      if (!number || !following || number === followed) return;
      followed = number;
      session.follow(showOf(store.state));
    },
  );

  store.watch(
    (state) => [state.stories, readerOf(state), state.following],
    ([stories, reader, following]) => {
      const story = stories.find(({ scene }) => scene);
      root.hidden = !story;
      if (!story) return;
      const { t } = reader;
      const { scene, paused } = story;
      follow.checked = following;
      fill(
        root,
        h("span", { class: "when" }, whenOf(scene.at, reader)),
        h("span", { class: "what", role: "status" }, scene.title[languageOf(reader)] ?? scene.title.en),
        h("span", { class: "count" }, `${scene.number} / ${scene.of}`),
        h("label", null, follow, " ", t("Follow the story")),
        button(t(paused ? "Continue" : "Pause"), () => session.pauseStory(!paused)),
        button(t("Next scene"), () => session.nextScene()),
      );
    },
  );
}

function button(label, onclick) {
  return h("button", { type: "button", class: "button", onclick }, label);
}

function languageOf({ locale }) {
  return locale.startsWith("ko") ? "ko" : "en";
}

/** `Tue 02:13 KST`, whatever the reader's zone is, with the weekday in the reader's language. */
function whenOf(at, reader) {
  const [day, clock] = at.split(" ");
  return languageOf(reader) === "ko" ? `${WEEKDAYS[day]}요일 ${clock}` : `${day} ${clock} KST`;
}
