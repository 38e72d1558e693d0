"""From what people write to an operation, in a form, a command or JSON. Says all that is wrong at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.operations.command_words import unknown
from bot.operations.fields import Field, Kind, fields_of, to_json
from bot.operations.operation import Operation, Problem, Problems
from bot.operations.spans import read_span
from bot.text import Code, text

_YES = frozenset({"true", "yes", "on", "y", "1", "예", "네"})
_NO = frozenset({"false", "no", "off", "n", "0", "아니오", "아니요"})
_PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")


def parameters(operation: Operation) -> dict[str, Any]:
    """Return the arguments as JSON."""
    return {field.name: to_json(getattr(operation, field.name)) for field in fields_of(type(operation))}


def build(operation: type[Operation], data: Mapping[str, Any]) -> Operation | Problems:
    """Return the operation with these arguments, or everything that is wrong with them."""
    known = {field.name: field for field in fields_of(operation)}
    problems = [unknown(name, known) for name in data if name not in known]
    values: dict[str, Any] = {}
    for field in known.values():
        value, found = _value(field, data.get(field.name))
        values[field.name] = value
        problems += found
    return tuple(problems) or operation(**values)


def _value(field: Field, raw: Any) -> tuple[Any, list[Problem]]:
    """Return the value of one field with what is wrong with it; a field that is absent has its default."""
    if raw is None or raw in ("", [], ()):
        missing = [Problem(field.name, text("arguments.missing", field=text(field.ask.label)))]
        return (None, missing) if field.required else (field.default, [])
    match field.kind:
        case Kind.FLAG:
            return _flag(field, raw)
        case Kind.SPAN:
            return _span(field, raw)
        case Kind.CHOICE:
            return _choice(field, raw)
        case Kind.WORD:
            values = _strings(raw)
            return values[0] if values else None, list(_wrong(field, values, at_most=1))
        case Kind.WORDS:
            values = tuple(dict.fromkeys(word for value in _strings(raw) for word in _split(value)))
            return values, list(_wrong(field, values, at_most=field.ask.at_most))


def _flag(field: Field, raw: Any) -> tuple[bool | None, list[Problem]]:
    if isinstance(raw, bool):
        return raw, []
    said = str(raw).strip().lower()
    if said in _YES | _NO:
        return said in _YES, []
    return None, [Problem(field.name, text("arguments.not_a_flag", value=Code(_short(said))))]


def _span(field: Field, raw: Any) -> tuple[Any, list[Problem]]:
    length = read_span(str(raw))
    problems = [] if length else [Problem(field.name, text("arguments.not_a_span", value=Code(_short(str(raw)))))]
    return length, problems


def _choice(field: Field, raw: Any) -> tuple[Any, list[Problem]]:
    said = str(raw).strip().casefold()
    chosen = next((value for value in field.choices if value.casefold() == said), None)
    if chosen is not None:
        return field.type(chosen), []
    offered = tuple(Code(value) for value in field.choices)
    return None, [Problem(field.name, text("arguments.not_a_choice", value=Code(_short(said)), choices=offered))]


def _strings(raw: Any) -> tuple[str, ...]:
    listed = raw if isinstance(raw, list | tuple) else [raw]
    return tuple(str(value).strip() for value in listed)


def _split(value: str) -> list[str]:
    """Return the words of a written list, which commas or spaces part; no id of ours holds either."""
    return [word for word in re.split(r"[,\s]+", value) if word]


def _wrong(field: Field, values: Sequence[str], at_most: int) -> Iterator[Problem]:
    """Yield what is wrong with these values."""
    label = text(field.ask.label)
    if not values:
        yield Problem(field.name, text("arguments.missing", field=label))
    if len(values) > at_most:
        yield Problem(field.name, text("arguments.too_many", field=label, n=at_most, given=len(values)))
    for value in values[:at_most]:
        if len(value) > field.ask.longest:
            yield Problem(field.name, text("arguments.too_long", field=label, n=field.ask.longest))
        elif field.ask.people and not _PERSON.fullmatch(value):
            yield Problem(field.name, text("arguments.not_a_person", value=Code(_short(value))))
        elif not value.isprintable() or not re.fullmatch(field.ask.pattern, value):
            yield Problem(field.name, text("arguments.not_like", field=label, value=Code(_short(value))))


def _short(value: str) -> str:
    return value if len(value) <= 80 else value[:79] + "…"
