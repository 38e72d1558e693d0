"""Redaction against detect-secrets (benchmarks/requirements.txt): what each finds and takes wrongly, and its speed.

Prints one JSON object. The lines are the made-up secrets of the tests and the recorded messages. detect-secrets scans
them as it scans a file, with all its plugins and filters as they are set.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.triage.redact import redact
from tests.triage.planted import BY_LOOK, BY_NAME, KEPT

ROOT = Path(__file__).parents[1]
SEAM = "\N{PERPENDICULAR}"
ROUNDS = 5
Cleaner = Callable[[Sequence[str]], list[str]]


def planted() -> list[tuple[str, str]]:
    """Return texts, each with the secret that must not be left in it."""
    sentences = [(f"the job failed: {secret} was refused", secret) for secret in BY_LOOK.values()]
    rows = [json.loads(line) for line in _corpus().splitlines()]
    told = [
        (line, secret)
        for row in rows
        for secret in row["expect"]["must_redact"]
        for line in str(row["event"].get("text")).splitlines()
        if secret in line
    ]
    named = [(text, "hunter2") for text in BY_NAME if "\n" not in text]
    return [*sentences, *named, *told]


def harmless() -> list[str]:
    """Return lines in which nothing is secret."""
    rows = [json.loads(line) for line in _corpus().splitlines()]
    texts = (row["event"].get("text") for row in rows if not row["expect"]["must_redact"])
    return [*KEPT, *(line for text in texts if isinstance(text, str) for line in text.splitlines() if line.strip())]


def _corpus() -> str:
    return (ROOT / "tests" / "data" / "corpus" / "dev.jsonl").read_text("utf-8").replace(SEAM, "")


def baton(lines: Sequence[str]) -> list[str]:
    return [redact(line) for line in lines]


def detect_secrets(lines: Sequence[str]) -> list[str]:
    """Return the lines without what detect-secrets finds in them as lines of one file, all plugins as they are set."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    cleaned = list(lines)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file, default_settings():
        file.write("\n".join(lines))
        file.flush()
        for found in scan_file(file.name):
            if found.secret_value:
                cleaned[found.line_number - 1] = cleaned[found.line_number - 1].replace(
                    found.secret_value, "‹redacted›"
                )
    return cleaned


def measured(clean: Cleaner) -> dict[str, float]:
    secrets, public = planted(), harmless()
    texts = [text for text, _ in secrets]
    left = [text for text, (_, secret) in zip(clean(texts), secrets, strict=True) if secret in text]
    wrong = [line for line, was in zip(clean(public), public, strict=True) if line != was]
    lines = texts + public
    return {
        "secrets": len(secrets),
        "found": len(secrets) - len(left),
        "harmless_lines": len(public),
        "changed_wrongly": len(wrong),
        "lines_per_s": round(max(_speed(clean, lines) for _ in range(ROUNDS))),
    }


def _speed(clean: Cleaner, lines: Sequence[str]) -> float:
    began = time.process_time()
    clean(lines)
    return len(lines) / (time.process_time() - began)


def main() -> None:
    result: dict[str, object] = {"baton": measured(baton)}
    try:
        result["detect_secrets"] = measured(detect_secrets)
    except ImportError:
        result["detect_secrets"] = "not installed"
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
