"""re_data 0.11: one message a table, with counts of anomalies, schema changes and failed tests."""

import re

from bot.triage import labels
from bot.triage.errors import short
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.source import Source, title_of

_TABLE = re.compile(r"\bTable:\s*`?([^\s`]{1,300})", re.IGNORECASE)
_COUNTS = re.compile(r"(\d{1,6}) (anomal(?:y|ies)|schema changes?|failed tests?)", re.IGNORECASE)
_CODE = re.compile(r"```([^`]{1,4000})")
_TOPICS = (("failed test", "dbt-test"), ("anomal", "data-quality"), ("schema change", "schema-change"))


def read(message: Message) -> Alert | None:
    if "all good" in message.text[:400].lower():
        return Alert(kind=Kind.NOISE, source="re_data", explanation=("re_data says all good",))
    table = _TABLE.search(message.text[:2000])
    if table is None:
        return None
    counts = {match[2].lower(): int(match[1]) for match in _COUNTS.finditer(message.text[:4000])}
    said = [topic for word, topic in _TOPICS if any(word in key and count for key, count in counts.items())]
    code = _CODE.search(message.text)
    return Alert(
        kind=Kind.ALERT if said else Kind.NOISE,
        source="re_data",
        severity=(Severity.ERROR if "dbt-test" in said else Severity.WARNING) if said else None,
        resource={"table": table[1]},
        topic=said[0] if said else None,
        title=title_of(message),
        error=short(code[1]) if code else "",
        owner=labels.first(labels.labels(message), "owners"),
    )


SOURCE = Source(
    name="re_data",
    read=read,
    senders=("re_data", "re-data", "redata"),
    links=("getre.io", "re-data"),
    shape=re.compile(r"Table: \S{1,300}[\s\S]{0,600}?\d (?:anomal(?:y|ies)|schema change|failed test)"),
)
