"""What stands in place of a secret."""

OPEN = "‹redacted:"
_CLOSE = "›"


def mark(kind: str) -> str:
    return f"{OPEN}{kind}{_CLOSE}"
