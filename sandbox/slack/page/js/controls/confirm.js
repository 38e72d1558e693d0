/** "Are you sure?": the confirmation dialog of an element. */
import { h } from "../dom.js";
import { plainText, textObject } from "../render/mrkdwn.js";

/**
 * @param {Object|undefined} confirm Slack's confirmation object; without one the answer is yes
 * @param {import("../reader.js").Reader} reader
 * @returns {Promise<boolean>}
 */
export function confirmed(confirm, reader) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const title = h("h2", null, plainText(confirm.title) || reader.t("Are you sure?"));
    const yes = h(
      "button",
      { value: "yes", class: `button ${confirm.style === "danger" ? "danger" : "primary"}` },
      plainText(confirm.confirm) || reader.t("Yes"),
    );
    const no = h("button", { value: "no", class: "button" }, plainText(confirm.deny) || reader.t("Cancel"));
    const dialog = h(
      "dialog",
      { class: "confirm", "aria-label": title.textContent },
      h(
        "form",
        { method: "dialog" },
        title,
        h("div", { class: "text" }, textObject(confirm.text, reader)),
        h("footer", null, no, yes),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
