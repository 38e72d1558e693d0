"""What time alone does to incidents."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import exists, func, update

from bot import outbox, timeline
from bot.actor import BATON
from bot.incidents import paging, service
from bot.incidents.model import IncidentState
from bot.incidents.statements import OPEN_IN_AIRFLOW
from bot.store import Tx
from bot.store.tables import incidents, occurrences
from bot.text import text


def let_quiet_ones_go_stale(tx: Tx, stale_after: Mapping[str, timedelta], now: datetime) -> int:
    """Have incidents stale that nothing repeated for their route's time; return how many.

    Stale is not resolved. From the moment that somebody takes one on its time begins anew. One with failures that
    Airflow still shows as open is not quiet: it stays as it is. Failures that Airflow cannot be asked about keep no
    incident from going stale. Nobody else is called for a stale one; its alert at the provider stays open, since
    nobody knows that it is over.
    """
    still_failed = exists().where(occurrences.c.incident_id == incidents.c.id, OPEN_IN_AIRFLOW)
    count = 0
    for route, after in stale_after.items():
        quiet = (
            incidents.c.route == route,
            incidents.c.state.in_((IncidentState.OPEN, IncidentState.ACKNOWLEDGED)),
            incidents.c.last_alert_at < now - after,
            func.coalesce(incidents.c.acknowledged_at, incidents.c.last_alert_at) < now - after,
            ~still_failed,
        )
        values = {"state": IncidentState.STALE, "stale_at": now, "version": incidents.c.version + 1}
        gone_quiet = update(incidents).where(*quiet).values(**values).returning(incidents.c.id)
        for incident_id in tx.execute(gone_quiet).scalars().all():
            timeline.record(tx, service.ref(incident_id), now, BATON, text("incident.moment.stale"))
            paging.call_nobody_else(tx, service.ref(incident_id))
            outbox.want_card(tx, service.ref(incident_id))
            count += 1
    return count
