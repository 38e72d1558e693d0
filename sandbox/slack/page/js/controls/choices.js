/** The menus of Block Kit: where each takes its choices from and how it names what was chosen. */
import { displayName } from "../reader.js";
import { plainText } from "../render/mrkdwn.js";
import { select } from "./select.js";

/** Per type without `multi_`: the fields of its state for one and for several, and its initial fields. */
const KINDS = {
  static_select: {
    one: "selected_option",
    many: "selected_options",
    first: "initial_option",
    firsts: "initial_options",
  },
  external_select: {
    one: "selected_option",
    many: "selected_options",
    first: "initial_option",
    firsts: "initial_options",
  },
  users_select: { one: "selected_user", many: "selected_users", first: "initial_user", firsts: "initial_users" },
  channels_select: {
    one: "selected_channel",
    many: "selected_channels",
    first: "initial_channel",
    firsts: "initial_channels",
  },
  conversations_select: {
    one: "selected_conversation",
    many: "selected_conversations",
    first: "initial_conversation",
    firsts: "initial_conversations",
  },
};
const DEFAULT_MINIMUM = 3; // min_query_length of external selects, by Slack's reference

/**
 * @param {Object} element any select or multi select
 * @param {Object} block
 * @param {import("../render/blocks.js").Context} context
 */
export function choiceMenu(element, block, context) {
  const multiple = element.type.startsWith("multi_");
  const base = element.type.replace("multi_", "");
  const kind = KINDS[base];
  const field = multiple ? kind.many : kind.one;
  const initial = multiple ? (element[kind.firsts] ?? []) : (element[kind.first] ?? null);
  const state = context.form.start(block, element, { [field]: initial });
  const chosenRaw = multiple ? (state[field] ?? []) : [state[field]].filter(Boolean);
  const toChoice = (raw) => choiceOf(raw, base, context.reader);
  return select({
    name: plainText(block.label) || plainText(element.placeholder) || context.reader.t("Choose"),
    placeholder: plainText(element.placeholder) || context.reader.t("Choose"),
    multiple,
    max: element.max_selected_items,
    chosen: chosenRaw.map(toChoice),
    remote: base === "external_select",
    minimum: base === "external_select" ? (element.min_query_length ?? DEFAULT_MINIMUM) : 0,
    t: context.reader.t,
    load: (query) => groupsFor(base, element, block, context, query),
    onChange: (chosen) =>
      context.changed(element, block, { [field]: multiple ? chosen.map(({ raw }) => raw) : chosen[0].raw }),
  });
}

async function groupsFor(base, element, block, context, query) {
  const { reader } = context;
  if (base === "external_select") return toGroups(await context.options(element, block, query));
  if (base === "static_select") return filtered(toGroups(element), query);
  const ids =
    base === "users_select"
      ? reader.people.filter((user) => !user.deleted).map(({ id }) => id)
      : reader.channels.map(({ id }) => id);
  return filtered([{ label: null, choices: ids.map((id) => choiceOf(id, base, reader)) }], query);
}

function toGroups({ options, option_groups: groups }) {
  if (groups)
    return groups.map((group) => ({ label: plainText(group.label), choices: (group.options ?? []).map(optionChoice) }));
  return [{ label: null, choices: (options ?? []).map(optionChoice) }];
}

function filtered(groups, query) {
  const wanted = query.toLocaleLowerCase();
  const matches = ({ label, detail }) => `${label} ${detail ?? ""}`.toLocaleLowerCase().includes(wanted);
  return groups
    .map(({ label, choices }) => ({ label, choices: choices.filter(matches) }))
    .filter(({ choices }) => choices.length);
}

function choiceOf(raw, base, reader) {
  if (typeof raw === "object") return optionChoice(raw);
  if (base === "users_select") {
    const user = reader.people.find(({ id }) => id === raw);
    return { key: raw, label: displayName(user) ?? raw, detail: user && `@${user.name}`, raw };
  }
  return { key: raw, label: `#${reader.channelName(raw) ?? raw}`, raw };
}

function optionChoice(option) {
  return {
    key: option.value,
    label: plainText(option.text),
    detail: option.description && plainText(option.description),
    raw: option,
  };
}
