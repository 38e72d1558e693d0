"""Freeze windows of `policy.yaml`: each week, each day, or from one date to another, on the clocks of a zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PlainSerializer, StrictBool, WithJsonSchema, model_validator

from bot.config.hours import Weekday
from bot.config.kinds import TimeOfDay, Zone, wrong
from bot.config.scope import Scope
from bot.config.strict import Strict

_WEEK = re.compile(r"([a-z]{3}) (([01][0-9]|2[0-3]):[0-5][0-9])")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::00)?)?")


@dataclass(frozen=True, slots=True)
class WeekMoment:
    """A moment of each week on the clocks of a zone."""

    day: Weekday
    at: time

    def __str__(self) -> str:
        return f"{self.day} {self.at:%H:%M}"


def _week_moment(written: Any) -> Any:
    match = _WEEK.fullmatch(written) if isinstance(written, str) else None
    if match is None or match[1] not in set(Weekday):
        raise wrong("config.bad_week_moment", value=str(written))
    return WeekMoment(Weekday(match[1]), time.fromisoformat(match[2]))


def _local(written: Any, *, is_end: bool) -> datetime:
    """Return the moment on the clocks; a date alone is its beginning, or, as an end, the end of that day."""
    if isinstance(written, date) and not isinstance(written, datetime):
        written = written.isoformat()
    match = _DATE.fullmatch(written if isinstance(written, str) else str(written))
    if match is None:
        raise wrong("config.bad_local_time", value=str(written))
    try:
        day = date.fromisoformat(match[1])
        at = time.fromisoformat(match[2]) if match[2] else time()
    except ValueError:
        raise wrong("config.bad_local_time", value=str(written)) from None
    return datetime.combine(day, at) + timedelta(days=int(is_end and not match[2]))


_LOCAL_SCHEMA = WithJsonSchema({"type": "string", "examples": ["2026-12-24", "2026-12-24 18:00"]})
_AS_WRITTEN = PlainSerializer(lambda at: f"{at:%Y-%m-%d %H:%M}")
Begin = Annotated[datetime, BeforeValidator(lambda written: _local(written, is_end=False)), _AS_WRITTEN, _LOCAL_SCHEMA]
End = Annotated[datetime, BeforeValidator(lambda written: _local(written, is_end=True)), _AS_WRITTEN, _LOCAL_SCHEMA]
EachWeek = Annotated[
    WeekMoment,
    BeforeValidator(_week_moment),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "examples": ["fri 18:00"]}),
]


class Weekly(Strict):
    """From one moment of each week to the next such other one: `from: fri 18:00`, `to: mon 09:00`."""

    from_: EachWeek = Field(alias="from")
    to: EachWeek

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.from_ == self.to:
            raise wrong("config.freeze_backwards")
        return self


class Daily(Strict):
    """On these days from one time to another; where that is not later, to that time of the day after."""

    days: tuple[Weekday, ...] = tuple(Weekday)
    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay


class Dated(Strict):
    """Once, from a date or a time of it to another; a date alone as the end is the end of that day."""

    from_: Begin = Field(alias="from")
    to: End

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ >= self.to:
            raise wrong("config.freeze_backwards")
        return self


class Freeze(Scope):
    """When nothing of its scope may run, whoever asks."""

    name: str
    """Said to who is refused, with until when."""
    zone: Zone
    """Whose clocks are meant."""
    weekly: tuple[Weekly, ...] = ()
    daily: tuple[Daily, ...] = ()
    dates: tuple[Dated, ...] = ()
    break_glass: StrictBool = True
    """Whether breaking the glass opens it, too."""

    @model_validator(mode="after")
    def _sometime(self) -> Self:
        if not (self.weekly or self.daily or self.dates):
            raise wrong("config.freeze_never")
        return self
