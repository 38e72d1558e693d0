"""A new incident takes over from one about the same thing that went quiet and was never resolved (rule R7)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot import outbox, timeline
from bot.actor import BATON
from bot.incidents import holds, paging, service
from bot.incidents.model import Incident, IncidentState
from bot.incidents.statements import OPEN_IN_AIRFLOW
from bot.store import Tx
from bot.store.tables import incidents, occurrences
from bot.text import text


def step_aside(tx: Tx, previous: Incident) -> None:
    """Have the previous incident superseded: it waits for no mention any more, and its card leads to the next one."""
    values = {"state": IncidentState.SUPERSEDED, "open_key": None, "version": incidents.c.version + 1}
    tx.execute(update(incidents).where(incidents.c.id == previous.id).values(**values))
    holds.forget(tx, previous.id)
    paging.over(tx, service.ref(previous.id))
    outbox.want_card(tx, service.ref(previous.id))


def inherited(tx: Tx, previous: Incident | None, owner: str) -> dict[str, Any]:
    """Return what the next incident keeps of the previous one: its owner if no other is named, and what people noted.

    A silence goes on by itself, since it covers what the incident is about.
    """
    if previous is None:
        return {}
    kept = (incidents.c.owner, incidents.c.cause, incidents.c.remark)
    row = tx.execute(select(*kept).where(incidents.c.id == previous.id)).one()
    return {"supersedes": previous.id, "owner": owner or row.owner, "cause": row.cause, "remark": row.remark}


def take_on(tx: Tx, incident_id: str, previous: Incident, at: datetime) -> None:
    """Give the next incident the failures of the previous one that Airflow still shows as open.

    Those that nobody can look up went quiet with it.
    """
    theirs = occurrences.c.incident_id == previous.id
    tx.execute(update(occurrences).where(theirs, OPEN_IN_AIRFLOW).values(incident_id=incident_id))
    timeline.record(tx, service.ref(previous.id), at, BATON, text("incident.moment.superseded"))
    timeline.record(tx, service.ref(incident_id), at, BATON, text("incident.moment.takes_over"))
