"""On-call schedules kept as calendars (iCal): each event is a shift. A file, or an address that is read again."""

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from bot.adapters.http import Answer, certificates, content, cut_off, logged, shortened
from bot.ports.errors import NotFound, Unavailable, Unsupported
from bot.ports.paging import Ability, Cover, OnCall, Override, Responder, Shift
from bot.ports.shifts import Period, Window, change_after, merged, on_call_at
from bot.text import text

VENDOR = "calendar"
KEPT_SECONDS = 30
MOST_BYTES = 10_000_000
_MARGIN = timedelta(days=93)
_MIDDLE = 5  # an event without a PRIORITY: 1 responds first, 9 last
_ADDRESS = re.compile(r"[^\s<>(),;:]+@[^\s<>(),;:]+\.[^\s<>(),;:]+")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where a calendar is, and the zone of its events that have none."""

    zone: ZoneInfo
    url: str | None = None
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    calendar: Any
    until: float


class CalendarSchedules:
    """Calendars by the name of their schedule, behind the port of on-call schedules."""

    name = "ical"
    abilities = frozenset({Ability.EMAILS})

    def __init__(self, calendars: Mapping[str, Calendar]) -> None:
        self._calendars = dict(calendars)
        timeout = httpx.Timeout(10.0, connect=2.0)
        self._client = httpx.Client(timeout=timeout, verify=certificates(), follow_redirects=True)
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        self._client.close()

    def current(self, schedule: str, at: datetime) -> OnCall:
        shifts, window = self._within(schedule, at, at)
        return on_call_at(shifts, at, window)

    def next(self, schedule: str, at: datetime) -> OnCall:
        shifts, window = self._within(schedule, at, at)
        return change_after(shifts, at, window)

    def shifts(self, schedule: str, start: datetime, end: datetime) -> Sequence[Shift]:
        """Return the shifts that touch [start, end), whole up to three months outside it."""
        shifts, _ = self._within(schedule, start, end)
        return tuple(shift for shift in shifts if shift.start_at < end and shift.end_at > start)

    def overrides(self, schedule: str, start: datetime, end: datetime) -> Sequence[Override]:  # noqa: ARG002 - the port's signature
        raise Unsupported(VENDOR, text("vendor.calendar_override"))

    def create_override(self, schedule: str, cover: Cover) -> Override:  # noqa: ARG002 - the port's signature
        raise Unsupported(VENDOR, text("vendor.calendar_override"))

    def delete_override(self, schedule: str, override_id: str) -> None:  # noqa: ARG002 - the port's signature
        raise Unsupported(VENDOR, text("vendor.calendar_override"))

    def _within(self, schedule: str, start: datetime, end: datetime) -> tuple[tuple[Shift, ...], Window]:
        import recurring_ical_events  # noqa: PLC0415 - only installs with a calendar need it

        if schedule not in self._calendars:
            raise NotFound(VENDOR, f"no schedule named {schedule}")
        window = Window(start - _MARGIN, end + _MARGIN)
        zone = self._calendars[schedule].zone
        try:
            found = recurring_ical_events.of(self._read(schedule)).between(window.start_at, window.end_at)
            return merged(period for event in found for period in _periods(event, zone)), window
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise Unavailable(VENDOR, f"{schedule}: {shortened(str(error))}") from error

    def _read(self, schedule: str) -> Any:
        """Return the calendar, at most half a minute old."""
        from icalendar import Calendar as Events  # noqa: PLC0415 - only installs with a calendar need it

        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(schedule)
            if kept is None or now >= kept.until:
                kept = _Kept(Events.from_ical(self._content(schedule)), now + KEPT_SECONDS)
                self._kept[schedule] = kept
            return kept.calendar

    def _content(self, schedule: str) -> bytes:
        place = self._calendars[schedule]
        found = self._fetched(schedule, place.url) if place.url else _file(schedule, place.file)
        if len(found) > MOST_BYTES or b"BEGIN:VCALENDAR" not in found[:1000]:
            raise Unavailable(VENDOR, f"{schedule}: what is there is no calendar")
        return found

    def _fetched(self, schedule: str, url: str) -> bytes:
        """Return what is at the address, which is a secret: it stands in no error and no log."""

        def send() -> Answer:
            response = self._client.get(url)
            return Answer(response.status_code, response.headers, response.content)

        try:
            answer = logged(VENDOR, "GET", schedule, send)
        except httpx.HTTPError as error:
            raise cut_off(VENDOR, f"{schedule}: no answer", is_write=False) from error
        if answer.status != 200:
            content(VENDOR, Answer(answer.status, answer.headers, b"{}"), lambda _: schedule, is_write=False)
        return answer.body


def _file(schedule: str, path: Path | None) -> bytes:
    try:
        return path.read_bytes() if path else b""
    except OSError as error:
        raise Unavailable(VENDOR, f"{schedule}: {error.strerror}") from error


def _periods(event: Any, zone: ZoneInfo) -> Iterator[Period]:
    """Yield the shift of an event; one that is cancelled or names nobody is none."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    if people := tuple(_people(event)):
        rank = int(event.get("PRIORITY", 0)) or _MIDDLE
        yield Period(people, _moment(event.start, zone), _moment(event.end, zone), rank=rank)


def _people(event: Any) -> Iterator[Responder]:
    """Yield the attendees, else the addresses in the title, else the title as a name."""
    attendees = event.get("ATTENDEE", [])
    title = " ".join(str(event.get("SUMMARY", "")).split())
    named = [(str(each), each.params.get("CN", "")) for each in _list(attendees) if "@" in str(each)]
    found = [(address.lower().removeprefix("mailto:"), name) for address, name in named]
    found = found or [(address, "") for address in _ADDRESS.findall(title)]
    for address, name in dict(found).items():
        yield Responder(address, address, str(name) or address)
    if not found and title:
        yield Responder(title, display=title)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _moment(value: date, zone: ZoneInfo) -> datetime:
    """Return when an event begins or ends; days and times without a zone are in the calendar's."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=zone)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
