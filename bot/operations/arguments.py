"""From what people write to an operation: a form's values, a command's words, or JSON. Says all that is wrong at once.

The fields of the operation's dataclass are the only description: `Annotated[type, Ask(…)]`.
"""

import difflib
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass
from dataclasses import fields as dataclass_fields
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_type_hints

from bot.operations.operation import Ask, Operation, Words
from bot.text import Code, Text, text

_YES = frozenset({"true", "yes", "on", "y", "1", "예", "네"})
_NO = frozenset({"false", "no", "off", "n", "0", "아니오", "아니요"})
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})  # what phones type
_NAMED = re.compile(r"([a-z][a-z_-]*)=(.*)", re.DOTALL)


class Kind(StrEnum):
    WORD = "word"
    WORDS = "words"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Field:
    """One argument of an operation, as its dataclass describes it."""

    name: str
    kind: Kind
    ask: Ask
    required: bool
    default: Any


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field and what to write instead; an empty field means the whole."""

    field: str
    words: Text


Problems = tuple[Problem, ...]


@cache
def fields_of(operation: type[Operation]) -> tuple[Field, ...]:
    hints = get_type_hints(operation, include_extras=True)
    return tuple(_field(each, hints[each.name]) for each in dataclass_fields(operation))  # type: ignore[arg-type]


def _field(each: Any, hint: Any) -> Field:
    base, ask = get_args(hint)
    kind = {str: Kind.WORD, bool: Kind.FLAG}.get(base, Kind.WORDS)
    if kind is Kind.WORDS and get_args(base) != (str, ...):
        raise TypeError(f"{each.name}: an argument is str, bool, or tuple[str, ...]")
    return Field(each.name, kind, ask, each.default is MISSING, None if each.default is MISSING else each.default)


def parameters(operation: Operation) -> dict[str, Any]:
    """Return the arguments as JSON."""
    values = {field.name: getattr(operation, field.name) for field in fields_of(type(operation))}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def build(operation: type[Operation], data: Mapping[str, Any]) -> Operation | Problems:
    """Return the operation with these arguments, or everything that is wrong with them."""
    known = {field.name: field for field in fields_of(operation)}
    problems = [_unknown(name, known) for name in data if name not in known]
    values: dict[str, Any] = {}
    for field in known.values():
        value, found = _value(field, data.get(field.name))
        values[field.name] = value
        problems += found
    return tuple(problems) or operation(**values)


def read_words(operation: type[Operation], written: str) -> dict[str, Any] | Problems:
    """Return the arguments that a command's words say: in order of the fields, or `key=value`."""
    try:
        words = shlex.split(written.translate(_STRAIGHT).replace("`", " "))
    except ValueError:
        return (Problem("", text("arguments.quotes")),)
    known = {field.name: field for field in fields_of(operation)}
    named = {name: value for name, value in map(_named, words) if name}
    unknown = [_unknown(name, known) for name in named if name not in known]
    if unknown:
        return tuple(unknown)
    free = [word for word in words if not _named(word)[0]]
    placed, left = _placed([field for field in known.values() if field.name not in named], free)
    if left:
        return (Problem("", text("arguments.left_over", words=Code(" ".join(left)))),)
    return placed | named


def _named(word: str) -> tuple[str, str]:
    match = _NAMED.fullmatch(word)
    return (match[1].replace("-", "_"), match[2]) if match else ("", word)


def _placed(fields: Sequence[Field], words: Sequence[str]) -> tuple[dict[str, Any], Sequence[str]]:
    values: dict[str, Any] = {}
    for field in fields:
        if not words:
            break
        if field.ask.words is Words.ONE:
            values[field.name], words = words[0], words[1:]
        elif field.ask.words is Words.REST:
            values[field.name], words = list(words), ()
    return values, words


def _unknown(name: str, known: Iterable[str]) -> Problem:
    names = sorted(known)
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5) or names
    return Problem("", text("arguments.unknown", name=Code(name), names=tuple(Code(each) for each in nearest)))


def _value(field: Field, raw: Any) -> tuple[Any, list[Problem]]:
    """Return the value of one field with what is wrong with it; a field that is absent has its default."""
    if raw is None or raw in ("", [], ()):
        missing = [Problem(field.name, text("arguments.missing", field=text(field.ask.label)))]
        return (None, missing) if field.required else (field.default, [])
    match field.kind:
        case Kind.FLAG:
            return _flag(field, raw)
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
        elif not value.isprintable() or not re.fullmatch(field.ask.pattern, value):
            yield Problem(field.name, text("arguments.not_like", field=label, value=Code(_short(value))))


def _short(value: str) -> str:
    return value if len(value) <= 80 else value[:79] + "…"
