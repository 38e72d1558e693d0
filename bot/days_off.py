"""Days on which nobody works: a country's public holidays, with their substitutes, and a team's own."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


def region_of(written: str) -> tuple[str, str | None]:
    """Return the country and, where a part of it is named, that part: `KR`, `DE-BY`. Raises ValueError for others."""
    from holidays import list_supported_countries  # noqa: PLC0415 - it reads every country, which few installs need

    country, _, part = written.partition("-")
    parts = list_supported_countries(include_aliases=False).get(country)
    if parts is None or (part and part not in parts):
        raise ValueError(written)
    return country, part or None


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Public holidays of the `region`, if one is named, and `more` days."""

    region: str = ""
    more: frozenset[date] = frozenset()

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        return day in self.more or (bool(self.region) and day in _public(self.region, day.year))


@lru_cache(maxsize=64)
def _public(region: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - as above

    country, part = region_of(region)
    return frozenset(country_holidays(country, subdiv=part, years=year, expand=False))
