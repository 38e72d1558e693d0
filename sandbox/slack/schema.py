"""A small language for saying what a JSON payload may look like; it reports problems as Slack words them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing wrong, in the shape that blocks.validate answers."""

    pointer: str
    code: str
    message: str
    expected: Any = None

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"

    def json(self) -> dict[str, Any]:
        body = {"pointer": self.pointer, "code": self.code, "message": self.message}
        return body if self.expected is None else {**body, "constraint": {"expected": self.expected}}


Check = Callable[[Any, str], Iterator[Problem]]


def anything(_value: Any, _at: str) -> Iterator[Problem]:
    yield from ()


def boolean(value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield _wrong_type(at, "boolean")


def integer(least: int | None = None, most: int | None = None) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield _wrong_type(at, "integer")
        elif least is not None and value < least:
            yield Problem(at, "too_small", f"must be greater than or equal to {least}", least)
        elif most is not None and value > most:
            yield Problem(at, "too_large", f"must be less than or equal to {most}", most)

    return check


def string(most: int, least: int = 1, pattern: str | None = None) -> Check:
    """Text of `least` to `most` characters that fully matches `pattern`."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield _wrong_type(at, "string")
        elif len(value) > most:
            yield Problem(at, "too_long", f"must be less than {most + 1} characters", most)
        elif len(value) < least:
            yield Problem(at, "too_short", f"must be more than {least - 1} characters", least)
        elif pattern and not re.fullmatch(pattern, value):
            yield Problem(at, "bad_format", f"must match {pattern}", pattern)

    return check


def word(*allowed: str) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(at, "enum", f"must be a valid enum value: {', '.join(allowed)}", list(allowed))

    return check


def items(check_item: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield _wrong_type(at, "array")
            return
        if len(value) > most:
            yield Problem(at, "too_many_items", f"no more than {most} items allowed", most)
        if len(value) < least:
            yield Problem(at, "too_few_items", f"no fewer than {least} items allowed", least)
        for index, item in enumerate(value):
            yield from check_item(item, f"{at}/{index}")

    return check


def record(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    one_of: tuple[str, ...] = (),
    exclusive: tuple[str, ...] = (),
) -> Check:
    """An object with these keys and no others; at least one of `one_of`, at most one of `exclusive`."""
    must, may = required or {}, {**(required or {}), **(optional or {})}

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield _wrong_type(at, "object")
            return
        for key in must.keys() - value.keys():
            yield Problem(at, "missing_field", f"missing required field: {key}", key)
        if one_of and not value.keys() & set(one_of):
            yield Problem(at, "missing_field", f"missing required field: {' or '.join(one_of)}", list(one_of))
        if len(value.keys() & set(exclusive)) > 1:
            yield Problem(at, "exclusive_fields", f"only one of {', '.join(exclusive)} is allowed", list(exclusive))
        for key in value.keys() - may.keys():
            yield Problem(at, "additional_property", f"invalid additional property: {key}", sorted(may))
        for key in value.keys() & may.keys():
            yield from may[key](value[key], f"{at}/{key}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` chooses what it must look like."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield _wrong_type(at, "object")
        elif "type" not in value:
            yield Problem(at, "missing_field", "missing required field: type", "type")
        elif value["type"] not in kinds:
            yield Problem(f"{at}/type", "enum", f"unsupported type: {value['type']}", sorted(kinds))
        else:
            yield from kinds[value["type"]](value, at)

    return check


def both(*checks: Check) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        for one in checks:
            yield from one(value, at)

    return check


def _wrong_type(at: str, wanted: str) -> Problem:
    return Problem(at, "wrong_type", f"must be {'an' if wanted[0] in 'aio' else 'a'} {wanted}", wanted)
