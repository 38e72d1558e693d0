"""The audit as lines for other tools, without the secrets that somebody may have typed. Pure."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from bot.audit.chain import Record
from bot.triage.redact import redact_json


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"


COLUMNS = ("position", "at", "actor", "deed", "ref", "body", "previous", "hash")


def lines(records: Iterable[Record], form: Format) -> Iterator[str]:
    """Yield one line for each record, without its end; CSV begins with the names of its columns."""
    if form is Format.JSONL:
        yield from (_written(as_json(each)) for each in records)
    else:
        yield _row(COLUMNS)
        yield from (_row(_cells(each)) for each in records)


def as_json(record: Record) -> dict[str, Any]:
    """Return the entry as it was hashed, with what its commitments stand for under `personal`.

    `redacted` says that a secret was taken out here, so that the hash cannot be computed from these lines.
    """
    entry = record.entry
    kept = {piece.place: {"salt": piece.salt, "value": piece.value} for piece in record.pieces if not piece.is_erased}
    hashed = {"body": dict(entry.body), "personal": kept}
    shown = redact_json(hashed)
    return {
        "position": entry.position,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "deed": entry.deed,
        "ref": entry.ref,
        **shown,
        "redacted": shown != hashed,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _cells(record: Record) -> tuple[str, ...]:
    """Return the cells of one row: here the body is whole, with its personal parts in their places."""
    entry = record.entry
    body = _written(redact_json(record.body))
    at = entry.at.isoformat(timespec="microseconds")
    return str(entry.position), at, entry.actor, entry.deed, entry.ref, body, entry.previous, entry.hash


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
