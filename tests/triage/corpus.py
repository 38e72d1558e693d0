"""The development corpus: events with what they mean."""

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from bot.triage.model import Own

OWN = Own(bot_id="B0OPSBOT001", user="U0OPSBOT001", app_id="A0OPSBOT001")
_FILE = Path(__file__).parents[1] / "data" / "corpus" / "dev.jsonl"
_FRESH = _FILE.parents[1] / "fresh"
_SEAM = "\N{PERPENDICULAR}"


@cache
def rows() -> tuple[dict[str, Any], ...]:
    text = _FILE.read_text(encoding="utf-8").replace(_SEAM, "")
    return tuple(json.loads(line) for line in text.splitlines())


def events() -> list[dict[str, Any]]:
    return [row["event"] for row in rows()]


@cache
def all_events() -> tuple[dict[str, Any], ...]:
    """Return the events of this corpus and of the fresh cases."""
    lines = (line for file in sorted(_FRESH.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines() if line)
    return (*events(), *(json.loads(line.replace(_SEAM, ""))["event"] for line in lines))


def same(one: object, other: object) -> bool:
    """Names are compared in NFC and without case."""
    return unicodedata.normalize("NFC", str(one)).casefold() == unicodedata.normalize("NFC", str(other)).casefold()
