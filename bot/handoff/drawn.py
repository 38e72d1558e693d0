"""What a picture shows, before it is drawn. Pure values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Bar:
    """What was raised on one day, by the hours in which it was."""

    day: date
    business: int = 0
    off: int = 0
    sleep: int = 0

    @property
    def total(self) -> int:
        return self.business + self.off + self.sleep


@dataclass(frozen=True, slots=True)
class Week:
    """One stretch of the trend, named by its first day. None: not known, which is not zero."""

    day: date
    raised: int | None = None
    mtta_minutes: float | None = None
    mttr_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with what it is. None: unavailable."""

    label: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture: a title, some numbers, the bars of days or nothing of them, and a trend."""

    title: str
    span: str
    tiles: tuple[Tile, ...]
    bars: tuple[Bar, ...]
    weeks: tuple[Week, ...]
