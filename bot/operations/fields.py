"""The fields of an operation, read off its dataclass: `Annotated[type, Ask(…)]` is their only description."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from dataclasses import fields as dataclass_fields
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_type_hints

from bot.config.durations import write_duration
from bot.operations.operation import Ask, Operation, Words


class Kind(StrEnum):
    WORD = "word"
    WORDS = "words"
    FLAG = "flag"
    SPAN = "span"
    CHOICE = "choice"


_KINDS: Mapping[Any, Kind] = {
    str: Kind.WORD,
    bool: Kind.FLAG,
    timedelta: Kind.SPAN,
    tuple[str, ...]: Kind.WORDS,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One argument of an operation. `choices` are the values of a choice, in the order of its enum."""

    name: str
    kind: Kind
    ask: Ask
    required: bool
    default: Any
    type: Any

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(member.value for member in self.type) if self.kind is Kind.CHOICE else ()


@cache
def fields_of(operation: type[Operation]) -> tuple[Field, ...]:
    hints = get_type_hints(operation, include_extras=True)
    return tuple(_field(each, hints[each.name]) for each in dataclass_fields(operation))  # type: ignore[arg-type]


def _field(each: Any, hint: Any) -> Field:
    base, ask = get_args(hint)
    required = each.default is MISSING
    return Field(each.name, _kind(each.name, base), ask, required, None if required else each.default, base)


def _kind(name: str, base: Any) -> Kind:
    if isinstance(base, type) and issubclass(base, StrEnum):
        return Kind.CHOICE
    if base not in _KINDS:
        raise TypeError(f"{name}: an argument is str, bool, timedelta, a StrEnum, or tuple[str, ...]")
    return _KINDS[base]


def to_json(value: Any) -> Any:
    """Return a field's value as JSON."""
    match value:
        case tuple():
            return list(value)
        case timedelta():
            return write_duration(value)
        case StrEnum():
            return value.value
        case _:
            return value


def usage(operation: type[Operation]) -> str:
    """Return how the arguments are written in a command: `dag_id runs [tasks…] [downstream=…]`."""
    return " ".join(_written(field) for field in fields_of(operation))


def _written(field: Field) -> str:
    match field.ask.words:
        case Words.ONE:
            written = field.name
        case Words.REST:
            written = f"{field.name}…"
        case Words.NAMED:
            written = f"{field.name}=…"
    return written if field.required else f"[{written}]"
