"""Monte Carlo: type and table name the breach. Its layout is known by hearsay only."""

import re

from bot.triage import labels, prose, topics
from bot.triage.errors import error_in
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import stated
from bot.triage.signals import status_of
from bot.triage.source import Source, kind_of, leads_to, severity_for, title_of

_STATUS = re.compile(
    r"(?:^|changed to |set to |marked as |status:? )\**(fixed|expected|no action needed"
    r"|acknowledged|work in progress|"
    r"investigating)\b",
    re.IGNORECASE,
)


def read(message: Message) -> Alert | None:
    """Type and table name the breach."""
    head = title_of(message)
    found = labels.labels(message)
    table = labels.name_of(labels.first(found, "table", "tables", "asset")) or prose.table_in(message.text[:3000])
    if not table:
        return None
    kind = _monte_carlo_kind(message, found)
    return Alert(
        kind=kind,
        source="monte_carlo",
        severity=severity_for(
            kind,
            stated(message, found),
            Severity.WARNING if "fresh" in head.lower() or "schema" in head.lower() else Severity.ERROR,
        ),
        resource={"table": table},
        aspect=topics.one_of(head, ("freshness", "schema-change", "data-quality"), ""),
        topic=topics.one_of(message.text, ("freshness", "schema-change", "data-quality"), "data-quality")
        if kind is Kind.ALERT
        else None,
        title=head,
        error=error_in(message.text),
        links=leads_to(message, alert="://"),
    )


def _monte_carlo_kind(message: Message, found: dict[str, str]) -> Kind:
    """Fixed, Expected and No Action Needed close an alert; Acknowledged and Work in Progress leave it open."""
    said = _STATUS.search(f"{labels.first(found, 'status')}\n{title_of(message)}")
    if said is None:
        return kind_of(status_of(title_of(message)), Kind.ALERT)
    return Kind.NOISE if said[1].lower() in {"acknowledged", "work in progress", "investigating"} else Kind.RESOLVED


SOURCE = Source(name="monte_carlo", read=read, senders=("monte carlo", "montecarlo"), links=("getmontecarlo.com",))
