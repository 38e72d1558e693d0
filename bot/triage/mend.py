"""Text that no database takes: JSON can carry it, SQLite and PostgreSQL cannot."""

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, and halves of surrogate pairs
_PERHAPS_UNSTORABLE = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)  # as JSON writes them, or a whole pair
_REPLACEMENT = "\ufffd"


def mended_line(written: str, value: Any) -> Any:
    """Return the value that was written as this JSON, mended where that may be needed."""
    return mended(value) if _PERHAPS_UNSTORABLE.search(written) else value


def mended(value: Any) -> Any:
    """Return the JSON value with every character replaced that SQLite or PostgreSQL would refuse."""
    match value:
        case str():
            return _UNSTORABLE.sub(_REPLACEMENT, value)
        case dict():
            return {mended(key): mended(item) for key, item in value.items()}
        case list():
            return [mended(item) for item in value]
        case _:
            return value
