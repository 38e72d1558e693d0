/** What the composer proposes while one types. That `@name` becomes a mention is the sandbox's work, as it is Slack's. */
import { displayName } from "../reader.js";

const AT_MOST = 8;

/**
 * @typedef {{label: string, hint?: string, detail?: string, insert: string, from: number}} Completion
 * @param {string} text
 * @param {number} caret
 * @param {import("../store.js").State} state
 * @returns {Completion[]}
 */
export function completionsAt(text, caret, state) {
  const before = text.slice(0, caret);
  if (/^\/\S*$/.test(before)) return commands(before, state);
  const word = /(?:^|\s)([@#])([\p{L}\p{N}._-]*)$/u.exec(before);
  if (!word) return [];
  const from = caret - word[2].length - 1;
  const wanted = word[2].toLocaleLowerCase();
  const all =
    word[1] === "@"
      ? mentionables(state)
      : state.channels.filter(({ is_im: direct }) => !direct).map(({ name }) => ({ name, words: name }));
  return all
    .filter(({ words }) => words.toLocaleLowerCase().includes(wanted))
    .slice(0, AT_MOST)
    .map(({ name, detail }) => ({ label: `${word[1]}${name}`, detail, insert: `${word[1]}${name} `, from }));
}

function commands(typed, state) {
  return state.commands
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, description, usage_hint: hint }) => ({
      label: command,
      hint,
      detail: description,
      insert: `${command} `,
      from: 0,
    }));
}

function mentionables({ users, groups }) {
  const people = Object.values(users).map((user) => ({
    name: user.name,
    detail: displayName(user),
    words: `${user.name} ${displayName(user)}`,
  }));
  const teams = groups.map(({ handle, name }) => ({ name: handle, detail: name, words: `${handle} ${name}` }));
  return [...people, ...teams, ...["here", "channel"].map((name) => ({ name, words: name }))];
}
