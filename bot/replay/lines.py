"""A file of recorded messages, one JSON a line, into one result a line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from bot.replay.memory import Memory, Reading
from bot.replay.setup import Setup
from bot.triage.escape import escape, neutralise, shorten
from bot.triage.mend import mended_line
from bot.triage.model import Alert, Kind

Event = Mapping[str, Any]

_TITLE_LIMIT = 300
_ERROR_LIMIT = 900


def replay(lines: Iterable[str], out: TextIO, setup: Setup) -> Memory:
    """Write one JSON result a line for each input line, in order; return what is remembered at the end.

    A line is a Slack message event, or `{"id", "event"}`. One that is no JSON object raises ValueError with its number.
    """
    memory = Memory(setup)
    out.writelines(
        json.dumps(result(key, memory.take(event)), ensure_ascii=False) + "\n" for key, event in events(lines)
    )
    return memory


def events(lines: Iterable[str]) -> Iterator[tuple[str, Event]]:
    """Yield id and event of each line. Blank lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _event(line, number)


def result(key: str, reading: Reading) -> dict[str, Any]:
    """Return the line that tells what became of one message."""
    alert, kind = reading.alert, reading.kind
    return {
        "id": key,
        "kind": kind.value,
        "source": alert.source or None,
        "severity": alert.severity.value if alert.severity and kind is Kind.ALERT else None,
        "resource": dict(alert.resource),
        "group": reading.group,
        "runbook_topic": alert.topic if kind in {Kind.ALERT, Kind.REQUEST} else None,
        "rendered": rendered(alert) if kind is not Kind.NOISE else "",
    }


def rendered(alert: Alert) -> str:
    """Return the text that a card shows of the alert: no live mention, no markup, no secret."""
    named = " · ".join(f"{key}: {value}" for key, value in alert.resource.items())
    error = "" if alert.error in alert.title else shorten(alert.error, _ERROR_LIMIT)
    parts = (shorten(alert.title, _TITLE_LIMIT), named, error)
    return escape(neutralise("\n".join(part for part in parts if part)))


def _event(line: str, number: int) -> tuple[str, Event]:
    try:
        data = mended_line(line, json.loads(line))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"line {number} is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise ValueError(f"line {number} is not a JSON object")  # noqa: TRY004 - the input is wrong, not the call
    event = data.get("event")
    if not isinstance(event, dict):
        return str(data.get("id") or data.get("client_msg_id") or data.get("ts") or number), data
    return str(data.get("id") or data.get("event_id") or number), event
