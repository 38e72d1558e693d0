"""The report as JSON. `schema` grows when a name goes or changes its meaning; what is new comes beside it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.actor import Actor
from bot.handoff.card import HandoffCard
from bot.handoff.model import Report
from bot.ref import Ref
from bot.text import Text, to_json

SCHEMA = 1


def as_json(report: Report) -> dict[str, Any]:
    """Return the report in JSON's own types: moments in ISO 8601, durations in seconds, things as `kind:id`."""
    return {"schema": SCHEMA, **_object(report)}


def spoken(card: HandoffCard) -> dict[str, Any]:
    """Return what people said when they handed over, likewise."""
    handoff = card.handoff
    told = {name: getattr(handoff, name) for name in _TOLD}
    said = {name: getattr(handoff.said, name) for name in ("first", "note", "steps")}
    effort = handoff.said.effort.name.lower() if handoff.said.effort else None
    return {**_value(told), **_value(said), "effort": effort, "follow_ups": _value(card.follow_ups)}


_TOLD = (
    *("id", "since", "boundary_at", "next_at", "outgoing", "incoming", "signed_at", "signed_by", "posted_at"),
    *("accepted_at", "accepted_by"),
)


def _object(value: Any) -> dict[str, Any]:
    return {field.name: _value(getattr(value, field.name)) for field in fields(value)}


def _value(value: Any) -> Any:
    match value:
        case Ref() | Actor():
            return str(value)
        case Text():
            return to_json(value)
        case StrEnum():
            return value.value
        case date():  # also a moment
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Mapping():
            return {_value(key): _value(item) for key, item in value.items()}
        case tuple() | list() | frozenset():
            return [_value(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _object(value)
        case _:
            return value
