"""Query parameters: filters, order and pages. An unknown key is ignored, as the server ignores it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from operator import ge, gt, le, lt
from typing import Any, Final, TypeVar

from starlette.datastructures import QueryParams

from sandbox.airflow.errors import ApiError, invalid
from sandbox.airflow.model import RUN_STATES, TASK_STATES

PAGE_LIMIT: Final = 100  # a larger limit is cut without a word
DEFAULT_LIMIT: Final = 50
BOUNDS: Final[dict[str, Callable[[Any, Any], bool]]] = {"gte": ge, "gt": gt, "lte": le, "lt": lt}

Row = TypeVar("Row")
Columns = Mapping[str, Callable[[Row], Any]]


class Query:
    def __init__(self, given: QueryParams) -> None:
        self._given = given

    def text(self, key: str) -> str | None:
        return self._given.get(key)

    def texts(self, key: str) -> list[str]:
        return self._given.getlist(key)

    def flag(self, key: str) -> bool | None:
        given = self._given.get(key)
        if given is None:
            return None
        if given.lower() not in ("true", "false", "1", "0"):
            raise invalid(["query", key], "bool_parsing", "Input should be a valid boolean", given)
        return given.lower() in ("true", "1")

    def number(self, key: str, default: int) -> int:
        given = self._given.get(key)
        if given is None:
            return default
        try:
            value = int(given)
        except ValueError as error:
            message = "Input should be a valid integer, unable to parse string as an integer"
            raise invalid(["query", key], "int_parsing", message, given) from error
        if value < 0:
            raise invalid(["query", key], "greater_than_equal", "Input should be greater than or equal to 0", given)
        return value

    def moment(self, key: str) -> datetime | None:
        given = self._given.get(key)
        if given is None:
            return None
        try:
            value = datetime.fromisoformat(given.replace(" ", "+"))
        except ValueError as error:
            raise ApiError(
                422, f"Invalid datetime: {given!r}. Please check the date parameter have this value."
            ) from error
        return value if value.tzinfo else value.replace(tzinfo=UTC)

    def states(self, valid: tuple[str, ...]) -> set[str | None]:
        given = self.texts("state")
        for state in given:
            if state not in (*valid, "none", "no_status"):
                raise ApiError(422, f"Invalid value for state. Valid values are {', '.join(valid)}")
        return {None if state in ("none", "no_status") else state for state in given}

    def task_states(self) -> set[str | None]:
        return self.states(TASK_STATES)

    def run_states(self) -> set[str | None]:
        return self.states(RUN_STATES)

    def within(self, rows: Iterable[Row], columns: Columns[Row]) -> list[Row]:
        """The rows inside every `<column>_gte|gt|lte|lt` that was given; a row without a value is outside."""
        kept = list(rows)
        for name, value_of in columns.items():
            for suffix in BOUNDS:
                bound = self.moment(f"{name}_{suffix}")
                if bound is not None:
                    kept = bounded(kept, value_of, suffix, bound)
        return kept

    def page(self, rows: list[Row], columns: Columns[Row], default: str) -> list[Row]:
        """This page of the rows in the order that `order_by` asks for; a leading minus turns it round."""
        ordered = in_order(rows, columns, self.texts("order_by") or [default])
        return cut(ordered, self.number("limit", DEFAULT_LIMIT), self.number("offset", 0))


def bounded(rows: list[Row], value_of: Callable[[Row], Any], suffix: str, bound: Any) -> list[Row]:
    return [row for row in rows if (value := value_of(row)) is not None and BOUNDS[suffix](value, bound)]


def in_order(rows: list[Row], columns: Columns[Row], keys: list[str]) -> list[Row]:
    ordered = list(rows)
    for key in reversed(keys):
        name = key.removeprefix("-")
        if name not in columns:
            raise ApiError(400, f"Ordering with '{name}' is disallowed or the attribute does not exist on the model")
        value_of = columns[name]
        ordered.sort(key=lambda row: _sortable(value_of(row)), reverse=key.startswith("-"))
    return ordered


def cut(rows: list[Row], limit: int, offset: int) -> list[Row]:
    return rows[offset : offset + min(limit, PAGE_LIMIT)]


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is None, 0 if value is None else value)
