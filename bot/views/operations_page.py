"""The page of the documentation that lists every operation, derived from their fields. Pure."""

from collections.abc import Iterator, Mapping

from bot.operations.fields import Field, Kind, fields_of, to_json, usage
from bot.operations.operation import Operation
from bot.text import Text, text
from bot.views.reader import Reader
from bot.views.words import Markup, say

_HEAD = """# Operations

This page is written by `baton operations`; a test compares it with the code. Each operation is a command in Slack
(`/NAME …` or `/baton NAME …`; without arguments it opens a form), a button where it fits, and `baton op NAME …` in a
terminal. Every one is planned first; `reason="…"` and `ticket=…` may be told with any of them. Who may run what, and
whose yes it needs, is said in `policy.yaml`: see the [policy cookbook](policy-cookbook.md).
"""


def operations_page(catalog: Mapping[str, type[Operation]], reader: Reader) -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEAD, *_table(catalog, reader), *(_chapter(each, reader) for each in catalog.values())])


def _table(catalog: Mapping[str, type[Operation]], reader: Reader) -> Iterator[str]:
    yield "| command | what it does | at most | runbook |"
    yield "|---|---|---|---|"
    for name, operation in catalog.items():
        what = _said(text(f"{name}.help"), reader).partition("\n")[0]
        runbook = f"[{operation.runbook}](../runbooks/{operation.runbook}.md)"
        yield f"| [`/{name}`](#{name}) | {what} | {operation.limit} changes | {runbook} |"


def _chapter(operation: type[Operation], reader: Reader) -> str:
    lines = [f"\n## {operation.name}\n", _said(text(f"{operation.name}.help"), reader), ""]
    lines += [f"`/{operation.name} {usage(operation)}`\n"]
    lines += [f"{_said(text(f'run.effect.{operation.effect.value}'), reader)}"]
    if operation.needs_reason:
        lines += ["A reason is always asked for."]
    lines += ["", "| argument | what it is | value | if it is left out |", "|---|---|---|---|"]
    lines += [_row(field, reader) for field in fields_of(operation)]
    return "\n".join(lines)


def _row(field: Field, reader: Reader) -> str:
    label = _said(text(field.ask.label), reader)
    hint = f": {_said(text(field.ask.hint), reader)}" if field.ask.hint else ""
    cells = (f"`{field.name}`", f"{label}{hint}", _value(field), _default(field))
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _value(field: Field) -> str:
    if field.ask.people:
        return "people" if field.kind is Kind.WORDS else "a person"
    match field.kind:
        case Kind.CHOICE:
            return ", ".join(f"`{value}`" for value in field.choices)
        case Kind.FLAG:
            return "`yes` or `no`"
        case Kind.SPAN:
            return "a length of time: `3d`, `12h`"
        case Kind.WORDS:
            return f"up to {field.ask.at_most}"
        case Kind.WORD:
            return "text"


def _default(field: Field) -> str:
    if field.required:
        return "must be there"
    default = to_json(field.default)
    if isinstance(default, bool):
        return "`yes`" if default else "`no`"
    return f"`{default}`" if default else "–"


def _said(words: Text, reader: Reader) -> str:
    return say(words, reader, Markup.MARKDOWN)
