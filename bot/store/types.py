"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused.

    On SQLite it is text of one width, `2026-11-22 03:00:00.000000`, which sorts as time does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return String(26) if dialect.name == "sqlite" else super().load_dialect_impl(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None).isoformat(" ", "microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        moment: datetime = value.astimezone(UTC)
        return moment


class Json(TypeDecorator[Any]):
    """JSON in one canonical spelling (sorted keys, no spaces), so that equal values are equal texts and digests."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


def canonical(value: Any) -> str:
    """Return the value's one spelling. What JSON as the databases take it cannot say is written as the nearest text."""
    try:
        return _dumped(value)
    except orjson.JSONEncodeError:
        return _dumped(_sayable(value))


def _dumped(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _sayable(value: Any) -> Any:
    """Return the value with numbers beyond 64 bits as texts, and halves of surrogate pairs as question marks."""
    match value:
        case bool() | None | float():
            return value
        case int():
            return value if -(2**63) <= value < 2**64 else str(value)
        case str():
            return value.encode("utf-8", "replace").decode()
        case Mapping():
            return {_sayable(key): _sayable(item) for key, item in value.items()}
        case list() | tuple():
            return [_sayable(item) for item in value]
        case _:
            return value


def id_type() -> String:
    """A sortable text id (`bot.ref.new_id`)."""
    return String(40)
