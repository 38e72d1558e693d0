"""Lengths of time as people write them: `3d`, `1h30m`, `2 weeks`, `3일`, `2시간 30분`. Pure."""

import re
from datetime import timedelta

_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "주": timedelta(weeks=1),
    "일": timedelta(days=1),
    "시": timedelta(hours=1),
    "분": timedelta(minutes=1),
}
_UNIT = r"weeks?|w|주일?|days?|d|일|hours?|hrs?|h|시간|minutes?|mins?|m|분"
_PART = re.compile(rf"(\d{{1,6}})\s*({_UNIT})", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(rf"(?:\d{{1,6}}\s*(?:{_UNIT})\s*)+(?:동안|간)?", re.ASCII | re.IGNORECASE)
_LONGEST = timedelta(days=3660)


def read_span(written: str) -> timedelta | None:
    """Return the length; None for what is none, for nothing at all, and for more than ten years."""
    if not _WHOLE.fullmatch(written.strip()):
        return None
    length = sum((int(n) * _UNITS[unit[0].lower()] for n, unit in _PART.findall(written)), timedelta())
    return length if timedelta(0) < length <= _LONGEST else None
