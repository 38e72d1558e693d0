"""Elementary: blocks without text. Sample rows of a test never leave the message: they may hold personal data."""

import re

from bot.triage import labels
from bot.triage.errors import short
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.source import Source, title_of

_LEVELS = {
    "failure": Severity.ERROR,
    "fail": Severity.ERROR,
    "error": Severity.ERROR,
    "runtime error": Severity.ERROR,
    "warning": Severity.WARNING,
    "warn": Severity.WARNING,
}
_HEAD = re.compile(
    r"^(?::[a-z_]{2,40}:)?\W{0,6}(?:(?P<level>Failure|Error|Warning)\s?:\s?)?(?P<what>.+)$", re.IGNORECASE
)
_TEST = re.compile(
    r"[\"“](?P<test>[^\"”]{1,300})[\"”] test (?:failed|warned|errored|error|warning"
    r"|failure)? ?on (?P<on>\S{1,400})",
    re.IGNORECASE,
)
_FRESH = re.compile(r"freshness .{0,80}?[\"“](?P<table>[^\"”]{1,400})[\"”]", re.IGNORECASE)
_MODEL = re.compile(
    r"dbt failed to (?:build|run|snapshot"
    r"|seed)\s?(?:\w{1,40} )?[\"“](?P<model>[^\"”]{1,300})[\"”]",
    re.IGNORECASE,
)
_SCHEMA = re.compile(
    r"^(?:Column|Table|Type|Schema)\s?(?:Removed|Added|Changed|Type Changed"
    r"|Changes?)\b.{0,40}? (?:on|in) (?P<on>\S{1,400})",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"^(?P<model>[\w.\-]{1,300})\s{0,5}[-–:]?\s{0,5}(?P<count>\d{1,6} issues? detected"
    r"|.{0,40}alerts?)$",
    re.IGNORECASE,
)


def read(message: Message) -> Alert | None:
    head = title_of(message).strip("* ")
    match = _HEAD.match(head)
    if match is None:
        return None
    found = labels.labels(message)
    resource, aspect, topic = _what(match["what"], found)
    if not resource:
        return None
    return Alert(
        kind=Kind.ALERT,
        source="elementary",
        severity=_severity(match["level"], found, topic),
        resource=resource,
        aspect=aspect,
        topic=topic,
        title=head,
        error=_result(message.text),
        owner=labels.first(found, "owners").replace("No owners", ""),
    )


def _what(what: str, found: dict[str, str]) -> tuple[dict[str, str], str, str]:
    """Return resource, aspect and topic of a header."""
    if match := _TEST.search(what):
        return (
            _tested(match["on"].strip("."), match["test"], labels.first(found, "table"), labels.first(found, "column")),
            "",
            "dbt-test",
        )
    if match := _FRESH.search(what):
        return {"table": match["table"]}, "freshness", "freshness"
    if match := _MODEL.search(what):
        return {"model": match["model"]}, "", "dbt-run"
    if match := _SCHEMA.search(what):
        tested = _tested(match["on"], "", labels.first(found, "table"), labels.first(found, "column"))
        return tested, "schema", "schema-change"
    if match := _GROUP.match(what):
        return {"table": match["model"]}, "", "data-quality"
    return {}, "", ""


def _tested(on: str, test: str, table: str, column: str) -> dict[str, str]:
    """Return table, column and test; the header runs table and column together, the details tell them apart."""
    table, column = (
        value if re.fullmatch(r"[\w.$\-]+", value) else "" for value in (labels.plain(table), labels.plain(column))
    )
    if column and on.lower().endswith(f".{column.lower()}"):
        table = table or on[: -len(column) - 1]
    elif table and on.lower().startswith(f"{table.lower()}."):
        column = on[len(table) + 1 :]
    elif not table:
        table, _, column = on.rpartition(".") if on.count(".") >= 3 else (on, "", "")
    return {"table": table or on} | ({"column": column} if column else {}) | ({"test": test} if test else {})


def _severity(word: str | None, found: dict[str, str], topic: str) -> Severity:
    status = labels.first(found, "status").lower()
    otherwise = Severity.WARNING if topic in {"schema-change", "freshness"} else Severity.ERROR
    return _LEVELS.get((word or "").lower()) or _LEVELS.get(status) or otherwise


def _result(text: str) -> str:
    """Return the result message only."""
    _, marker, rest = text.partition("Result Message")
    return short(rest.strip("* \n").split("```")[1]) if marker and rest.count("```") >= 2 else ""


SOURCE = Source(
    name="elementary",
    read=read,
    senders=("elementary",),
    links=("elementary-data.com",),
    shape=re.compile(r"test failed on \S|dbt failed to build|Freshness exceeded the acceptable times"),
)
