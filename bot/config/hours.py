"""Working hours as the configuration writes them."""

from datetime import date, time
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from bot.config.kinds import Region, TimeOfDay, wrong
from bot.config.strict import Strict


class Weekday(StrEnum):
    """In the order of `datetime.weekday()`."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class WorkingHours(Strict):
    days: tuple[Weekday, ...] = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)
    from_: TimeOfDay = Field(default=time(9), alias="from")
    to: TimeOfDay = time(19)
    holidays: Region | None = None
    """The country whose public holidays are no working days (`KR`), or a part of one (`DE-BY`)."""
    days_off: tuple[date, ...] = ()
    """Further days on which nobody works."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ >= self.to:
            raise wrong("config.hours_backwards")
        return self
