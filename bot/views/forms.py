"""The form of an operation, derived from its fields, and what was filled in. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from bot.operations.fields import Field, Kind, fields_of, to_json
from bot.operations.operation import Operation, Problem
from bot.operations.why import LONGEST, NO_REASON, REASON, TICKET, Asked, Why
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
    why: Why = NO_REASON,
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
            *(_input(field, filled.get(field.name, to_json(field.default)), reader) for field in asked),
            *_why(why, reader, needs_reason=operation.needs_reason),
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


def _why(why: Why, reader: Reader, *, needs_reason: bool) -> Iterator[Block]:
    for name, written in ((REASON, why.reason), (TICKET, why.ticket)):
        field = blocks.text_input(
            reader=reader,
            action_id=f"field.{name}",
            initial=written or None,
            multiline=name == REASON,
            max_length=LONGEST[name],
        )
        optional = not (needs_reason and name == REASON)
        yield blocks.input_(text(f"run.{name}"), field, reader, block_id=name, optional=optional)


def _element(field: Field, value: Any, reader: Reader) -> Element:
    if field.kind is Kind.FLAG:
        yes = blocks.option(text("run.form.yes"), reader, _YES)
        return blocks.checkboxes([yes], action_id=f"field.{field.name}", initial=[yes] if value else [])
    if field.kind is Kind.CHOICE:
        return _choice(field, value, reader)
    if field.ask.people:
        return _people(field, value, reader)
    if field.ask.options is None:
        written = value if isinstance(value, str) else " ".join(value or ())
        return blocks.text_input(reader=reader, action_id=f"field.{field.name}", initial=written or None)
    return _menu(field, value, reader)


def _choice(field: Field, value: Any, reader: Reader) -> Element:
    offered = {each: blocks.option(text(f"{field.ask.label}.{each}"), reader, each) for each in field.choices}
    words = text(field.ask.label)
    chosen = offered.get(value) if isinstance(value, str) else None
    return blocks.select(list(offered.values()), words, reader, action_id=f"field.{field.name}", initial=chosen)


def _people(field: Field, value: Any, reader: Reader) -> Element:
    """Return Slack's own menu of people."""
    menu = blocks.users_select(text("run.form.type_to_search"), reader, action_id=f"field.{field.name}")
    chosen = list(_listed(value))
    if field.kind is Kind.WORD:
        return menu | ({"initial_user": chosen[0]} if chosen else {})
    several = {"type": "multi_users_select", "max_selected_items": field.ask.at_most}
    return menu | several | ({"initial_users": chosen} if chosen else {})


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


def read_form(operation: type[Operation], state: Mapping[str, Any]) -> Asked:
    """Return what a submitted view's `state.values` say; what was left empty is absent."""
    found = {name: _entered(state, name) for name in (REASON, TICKET, *(each.name for each in fields_of(operation)))}
    why = Why.of(found.pop(REASON), found.pop(TICKET))
    return Asked({name: value for name, value in found.items() if value is not None}, why)


def _entered(state: Mapping[str, Any], name: str) -> Any:
    return next((read_element(element) for element in (state.get(name) or {}).values()), None)


def read_element(element: Mapping[str, Any]) -> Any:
    """Return what one field of a form holds."""
    match element.get("type"):
        case "checkboxes":
            return bool(element.get("selected_options"))
        case "users_select":
            return element.get("selected_user")
        case "multi_users_select":
            return element.get("selected_users") or None
        case "external_select" | "static_select":
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
    shown = [*(field.name for field in fields_of(operation) if field.name not in hidden), REASON, TICKET]
    errors: dict[str, list[str]] = {}
    for problem in problems:
        place = problem.field if problem.field in shown else shown[0]
        errors.setdefault(place, []).append(say(problem.words, reader, Markup.PLAIN))
    return {place: "\n".join(words) for place, words in errors.items()}


def _listed(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return [value] if value else []
    return list(value or ())
