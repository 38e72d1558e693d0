"""How the alert about a thing stands at the provider, as its card shows it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.pages import alerts, deeds, queries
from bot.pages.deed import AlertStanding
from bot.pages.escalation import Level
from bot.pages.model import PageState
from bot.ports.paging import AlertStatus
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import escalations
from bot.text import Text, text_from_json

DEEDS_SHOWN_FOR = timedelta(hours=12)


def of(tx: Tx, ref: Ref, last_at: datetime) -> AlertStanding | None:
    """Return how it stands, None where nothing was ever paged or linked; `last_at`: the newest thing that happened."""
    page, known = queries.load(tx, ref), alerts.newest_of(tx, ref)
    if page is None and known is None:
        return None
    level = tx.execute(select(escalations.c.level).where(escalations.c.ref == str(ref))).scalar()
    return AlertStanding(
        provider=known.provider if known else page.destination.provider if page else "",
        schedule=page.destination.schedule if page else "",
        page=page.state if page else None,
        problem=_problem(tx, ref) if page and page.state is PageState.FAILED else None,
        is_open=bool(known and known.status == AlertStatus.OPEN) or bool(page and page.state is PageState.OPEN),
        is_acknowledged=bool(known and known.is_acknowledged),
        number=known.tiny_id if known else "",
        owner=known.owner if known else "",
        snoozed_until=known.snoozed_until if known else None,
        level=Level(level or 0),
        deeds=deeds.shown(tx, ref, last_at - DEEDS_SHOWN_FOR),
    )


def _problem(tx: Tx, ref: Ref) -> Text | None:
    found = queries.problem(tx, ref)
    return text_from_json(found) if found else None
