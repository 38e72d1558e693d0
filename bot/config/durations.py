"""Lengths of time as people write them in configuration: `24h`, `90m`, `7d`, `1h30m`."""

import re
from datetime import timedelta

_PARTS = re.compile(r"(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?(?:(?P<seconds>\d+)s)?", re.ASCII)
_LONGEST = timedelta(days=3660)


def parse_duration(written: str) -> timedelta:
    """Return the length. Raises ValueError for anything but whole numbers with d, h, m, s, the greatest first."""
    match = _PARTS.fullmatch(written.strip().lower())
    amounts = {unit: int(n) for unit, n in match.groupdict().items() if n} if match else {}
    if not amounts or any(n > 10**7 for n in amounts.values()):
        raise ValueError(f"not a duration: {written!r}")
    length = timedelta(**amounts)
    if not timedelta(0) < length <= _LONGEST:
        raise ValueError(f"a duration is more than nothing and at most ten years: {written!r}")
    return length


def write_duration(length: timedelta) -> str:
    """Return what `parse_duration` reads back."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{n}{unit}" for n, unit in parts if n)
