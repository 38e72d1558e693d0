"""The form of an operation, derived from its fields, and what was filled in. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.operations.arguments import Field, Kind, Problem, fields_of
from bot.operations.operation import Operation
from bot.text import Text, text
from bot.views import blocks, limits
from bot.views.blocks import Block, Element
from bot.views.reader import Reader
from bot.views.words import Markup, say

_YES = "yes"


def form(
    operation: type[Operation],
    reader: Reader,
    *,
    private_metadata: str,
    values: Mapping[str, Any] | None = None,
    hidden: Collection[str] = (),
) -> dict[str, Any]:
    """Return the modal that asks for an operation's arguments. A block's id is the name of its field.

    `hidden` fields are not asked for, such as which Airflow where there is only one.
    """
    filled = values or {}
    asked = [field for field in fields_of(operation) if field.name not in hidden]
    return blocks.modal(
        text(f"operation.{operation.name}"),
        [
            blocks.section(text(f"{operation.name}.help"), reader),
            *(_input(field, filled.get(field.name, field.default), reader) for field in asked),
        ],
        reader,
        callback_id=f"run.form:{operation.name}",
        submit=text("run.form.submit"),
        close=text("common.cancel"),
        private_metadata=private_metadata,
    )


def _input(field: Field, value: Any, reader: Reader) -> Block:
    return blocks.input_(
        text(field.ask.label),
        _element(field, value, reader),
        reader,
        block_id=field.name,
        hint=text(field.ask.hint) if field.ask.hint else None,
        optional=not field.required,
    )


def _element(field: Field, value: Any, reader: Reader) -> Element:
    if field.kind is Kind.FLAG:
        yes = blocks.option(text("run.form.yes"), reader, _YES)
        return blocks.checkboxes([yes], action_id=f"field.{field.name}", initial=[yes] if value else [])
    if field.ask.options is None:
        written = value if isinstance(value, str) else " ".join(value or ())
        return blocks.text_input(reader=reader, action_id=f"field.{field.name}", initial=written or None)
    return _menu(field, value, reader)


def _menu(field: Field, value: Any, reader: Reader) -> Element:
    """Return a menu that Baton fills while somebody types; of several values if the field takes them."""
    menu = blocks.external_select(text("run.form.type_to_search"), reader, action_id=f"options.{field.ask.options}")
    chosen = [_option(each) for each in _listed(value) if len(each) <= limits.OPTION_VALUE]
    if field.kind is Kind.WORD:
        return menu | ({"initial_option": chosen[0]} if chosen else {})
    several = {"type": "multi_external_select", "max_selected_items": field.ask.at_most}
    return menu | several | ({"initial_options": chosen} if chosen else {})


def _option(value: str) -> Element:
    return {
        "text": {"type": "plain_text", "text": limits.shorten(value, limits.OPTION), "emoji": False},
        "value": value,
    }


def options(values: Sequence[tuple[str, Text | None]], reader: Reader) -> list[Element]:
    """Return menu entries for names, each with a note beside it.

    A name that Slack has no room for would make it refuse all of them; it can be written in a command.
    """
    shown = []
    fitting = [(value, note) for value, note in values if len(value) <= limits.OPTION_VALUE]
    for value, note in fitting[: limits.SELECT_OPTIONS]:
        described = {"description": blocks.plain(note, reader, limits.OPTION)} if note else {}
        shown.append(_option(value) | described)
    return shown


def read_form(operation: type[Operation], state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments from a submitted view's `state.values`; what was left empty is absent."""
    found = {}
    for field in fields_of(operation):
        for element in (state.get(field.name) or {}).values():
            found[field.name] = read_element(element)
    return {name: value for name, value in found.items() if value is not None}


def read_element(element: Mapping[str, Any]) -> Any:
    """Return what one field of a form holds."""
    match element.get("type"):
        case "checkboxes":
            return bool(element.get("selected_options"))
        case "external_select":
            chosen = element.get("selected_option")
            return chosen["value"] if chosen else None
        case "multi_external_select":
            return [option["value"] for option in element.get("selected_options") or ()] or None
        case _:
            return element.get("value") or None


def form_errors(
    operation: type[Operation], problems: Sequence[Problem], reader: Reader, hidden: Collection[str] = ()
) -> dict[str, str]:
    """Return what Slack shows under each field; what belongs to none goes under the first."""
    shown = [field.name for field in fields_of(operation) if field.name not in hidden]
    errors: dict[str, list[str]] = {}
    for problem in problems:
        place = problem.field if problem.field in shown else shown[0]
        errors.setdefault(place, []).append(say(problem.words, reader, Markup.PLAIN))
    return {place: "\n".join(words) for place, words in errors.items()}


def _listed(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return [value] if value else []
    return list(value or ())
