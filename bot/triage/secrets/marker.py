"""What stands in place of a secret."""

OPEN = "‹redacted:"
CLOSE = "›"


def mark(kind: str) -> str:
    return f"{OPEN}{kind}{CLOSE}"
