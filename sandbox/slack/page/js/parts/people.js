/** Who the page acts as, in which language and time zone. */
import { fill, h } from "../dom.js";
import { displayName, readerOf } from "../reader.js";

const LOCALES = { "en-US": "English", "ko-KR": "한국어" };
const ZONES = [
  "Asia/Seoul",
  "Asia/Singapore",
  "UTC",
  "Europe/London",
  "Europe/Berlin",
  "America/New_York",
  "America/Los_Angeles",
];

/** The people, without bots, in the order of the directory. */
export function peopleOf({ users }) {
  return Object.values(users).filter((user) => !user.is_bot && !user.deleted);
}

/** @param {HTMLElement} root */
export function mountPeople(root, store, session) {
  const who = h("select", { id: "who", onchange: () => session.become(who.value) });
  const locale = h("select", { id: "locale", onchange: () => session.changeMe({ locale: locale.value }) });
  const zone = h("select", { id: "zone", onchange: () => session.changeMe({ tz: zone.value }) });
  const label = h("label", { class: "who-label", for: "who" });
  root.who.append(h("div", { class: "who" }, label, who));
  root.settings.append(locale, zone);

  store.watch(
    (state) => [readerOf(state), state.users, state.me],
    ([reader, users, me]) => {
      const { t } = reader;
      const own = users[me] ?? {};
      label.textContent = `${t("You are")}:`;
      fill(
        who,
        peopleOf({ users }).map((user) =>
          option(user.id, displayName(user) + (user.is_restricted ? ` (${t("guest")})` : ""), user.id === me),
        ),
      );
      fill(
        locale,
        withOwn(Object.keys(LOCALES), own.locale).map((code) =>
          option(code, LOCALES[code] ?? code, code === own.locale),
        ),
      );
      fill(
        zone,
        withOwn(ZONES, own.tz).map((name) =>
          option(name, name.replace(/^.*\//, "").replaceAll("_", " "), name === own.tz),
        ),
      );
      for (const [node, name] of [
        [locale, t("Language")],
        [zone, t("Time zone")],
      ]) {
        node.title = name;
        node.setAttribute("aria-label", name);
      }
      document.documentElement.lang = reader.locale.slice(0, 2);
    },
  );
}

function option(value, text, selected) {
  return h("option", { value, selected }, text);
}

function withOwn(known, own) {
  return own && !known.includes(own) ? [own, ...known] : known;
}
