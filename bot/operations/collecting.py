"""Collects the evidence of a run, and records that somebody took it with them."""

from datetime import datetime

from bot.access import queries as access
from bot.actor import Actor
from bot.audit import service as audit
from bot.audit.chain import Record
from bot.operations import queries
from bot.operations.evidence import Evidence
from bot.operations.model import Run
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
    return Evidence(run, _records(tx, run), audit.head(tx), now)


def _records(tx: Tx, run: Run) -> tuple[Record, ...]:
    """Return the entries about the run, about the grants that it gave or made longer, and of their writes at Google."""
    given = access.of_run(tx, run.id)
    ids = {grant.id for grant in given}
    lists = {Ref("access", str(grant.resource)) for grant in given}
    found = audit.records(tx, run.ref, *(grant.ref for grant in given), *lists)
    others = {str(each) for each in lists}
    return tuple(each for each in found if each.entry.ref not in others or ids & set(each.body.get("grants", ())))


def taken(actor: Actor, tx: Tx, run_id: str, now: datetime) -> None:
    """Record that somebody took the evidence with them."""
    audit.append(tx, now, actor, DEED, Ref("run", run_id), {})
