"""Collects the evidence of a run, and records that somebody took it with them."""

from datetime import datetime

from bot.actor import Actor
from bot.audit import service as audit
from bot.operations import queries
from bot.operations.evidence import Evidence
from bot.ref import Ref
from bot.store import Tx
from bot.text import Text, text

DEED = "run.evidence"
"""What a policy may allow people: to take the evidence of a run with them."""


def collect(actor: Actor, tx: Tx, run_id: str, now: datetime, authorise: audit.Authorise) -> Evidence | Text:
    """Return what there is about the run, or why not."""
    if why := authorise(tx, actor, DEED):
        return why
    run = queries.load(tx, run_id)
    if run is None:
        return text("run.gone")
    records = tuple(audit.records(tx, Ref("run", run_id)))
    return Evidence(run, records, audit.head(tx), now)


def taken(actor: Actor, tx: Tx, run_id: str, now: datetime) -> None:
    """Record that somebody took the evidence with them."""
    audit.append(tx, now, actor, DEED, Ref("run", run_id), {})
