"""What went wrong, read from a task's log: structured on newer servers, lines of text on older ones."""

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.http import shortened

Row = Mapping[str, Any]

_SERVERS_OWN = ("::", "Error fetching the logs")
_TRACEBACK = "Traceback (most recent call last):"
_EXCEPTION = re.compile(r"^[A-Za-z_][\w.]*(: .*)?$")
_LEVEL = re.compile(r"\b(ERROR|CRITICAL)\b\s*-?\s*(?P<words>.+)$")


def exception_line(log: Row) -> str:
    """Return what went wrong in a task's log, as one short line; an empty text when it does not say.

    Newer servers answer structured items with `error_detail`, older ones lines of text.
    """
    items = [item if isinstance(item, Mapping) else {"event": item} for item in log.get("content") or ()]
    found = _raised(items) or _traced(items) or _complained(items)
    return shortened(found)


def from_text(log: Row) -> Row:
    """Return Airflow 2's log in the form of the others: it writes pairs of host and text as Python does."""
    written = str(log["content"])
    try:
        content = [words for _, words in ast.literal_eval(written)]
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        content = [written]
    return {"content": content}


def last_words(log: Row) -> str:
    """Return the last line that is not the server's own: why a task that never ran did not (3.0 does not say)."""
    events = [line for item in log.get("content") or () for line in _lines(item) if not line.startswith(_SERVERS_OWN)]
    return shortened(events[-1]) if events else ""


def _raised(items: Sequence[Row]) -> str:
    details = [item["error_detail"] for item in items if item.get("error_detail")]
    if not details:
        return ""
    outermost = details[-1][0]
    value = str(outermost.get("exc_value") or "").strip()
    return f"{outermost.get('exc_type')}: {value.splitlines()[0]}" if value else str(outermost.get("exc_type"))


def _traced(items: Sequence[Row]) -> str:
    lines = [line for item in items for line in _lines(item)]
    starts = [number for number, line in enumerate(lines) if _TRACEBACK in line]
    after = lines[starts[-1] + 1 :] if starts else []
    return next((line for line in after if _EXCEPTION.match(line)), "")


def _complained(items: Sequence[Row]) -> str:
    words = [_complaint_of(item) for item in items]
    return next((word for word in reversed(words) if word), "")


def _complaint_of(item: Row) -> str:
    event = str(item.get("event") or "")
    if "level" in item:
        return event if str(item["level"]).lower() in {"error", "critical"} else ""
    marked = _LEVEL.search(event)
    return marked["words"] if marked else ""


def _lines(item: Any) -> list[str]:
    event = item.get("event") if isinstance(item, Mapping) else item
    return str(event or "").splitlines()
