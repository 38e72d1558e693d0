"""Tables of cases: in `tables/TOOL.yaml` stands, shape by shape, a message and what it must be read as.

A shape says where it is known from: S the tool's own source or template, M compared with its renderer, R real messages
in public repositories, D its documentation, U hearsay. Messages are written as Slack shows them, without the envelope.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.triage.slack import Event, app, button, context, edited, header, person, section, webhook

FOLDER = Path(__file__).parent / "tables"
_THREAD = "1795136000.000100"
_CASE = {"case", "means", "source", "names", "before"}
_MESSAGE = {"sender", "app", "person", "text", "attachments", "blocks", "thread"}


@dataclass(frozen=True, slots=True)
class Case:
    tool: str
    name: str
    shape: str
    known: str
    event: Event
    kind: str
    severity: str | None
    source: str
    names: dict[str, str]
    is_edit: bool

    @property
    def id(self) -> str:
        return f"{self.tool}: {self.shape}: {self.name}"


@cache
def cases() -> tuple[Case, ...]:
    """Return the cases of all tables, in the order of the files."""
    return tuple(case for path in sorted(FOLDER.glob("*.yaml")) for case in _table(path))


def _table(path: Path) -> Iterator[Case]:
    for shape in YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")):
        for row in shape["cases"]:
            assert row.keys() <= _CASE | _MESSAGE, f"{path.name}: {row['case']}: {row.keys() - _CASE - _MESSAGE}"
            kind, _, severity = row["means"].partition(" ")
            yield Case(
                tool=path.stem,
                name=row["case"],
                shape=shape["shape"],
                known=shape["known"],
                event=_event(row),
                kind=kind,
                severity=severity or None,
                source=row.get("source") or shape.get("source") or path.stem,
                names=row.get("names") or {},
                is_edit="before" in row,
            )


def _event(row: dict[str, Any]) -> Event:
    after = _message(row)
    return edited(_message(row["before"]), after) if "before" in row else after


def _message(row: dict[str, Any]) -> Event:
    parts: Event = {}
    if "attachments" in row:
        parts["attachments"] = [_attachment(number, item) for number, item in enumerate(row["attachments"], start=1)]
    if "blocks" in row:
        parts["blocks"] = [_block(item) for item in row["blocks"]]
    if row.get("thread"):
        parts["thread_ts"] = _THREAD
    text = row.get("text", "")
    if row.get("person"):
        return person(text, **parts)
    return app(row["app"], text, **parts) if "app" in row else webhook(row.get("sender", ""), text, **parts)


def _attachment(number: int, row: dict[str, Any]) -> Event:
    made: Event = {"id": number, "fallback": row.get("title", "[no preview available]")} | row
    if "fields" in row:
        made["fields"] = [{"title": title, "value": value} for title, value in row["fields"].items()]
    if "blocks" in row:
        made["blocks"] = [_block(item) for item in row["blocks"]]
    return made


def _block(row: Any) -> Event:
    """`- header: …`, `- section: …`, `- fields: […]`, `- context: …`, `- button: URL`, `- divider`; else as it is."""
    match row:
        case "divider":
            return {"type": "divider"}
        case {"header": text}:
            return header(text)
        case {"context": str() as text}:
            return context(text)
        case {"context": texts}:
            return context(*texts)
        case {"button": url}:
            return button(url)
        case {"section": _} | {"fields": _}:
            return section(row.get("section", ""), *row.get("fields", ()))
    return dict(row)
