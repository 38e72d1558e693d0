"""Reads in a channel's own history what no event told: Baton was down, a socket was dead, Slack gave up.

Every message is taken by the same intake, which knows those that came as events, and is marked as noticed late.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import desc, func, select, update

from bot import outbox
from bot.clock import Clocks
from bot.gaps import History, reading
from bot.incidents import service
from bot.incidents.intake import Intake
from bot.incidents.interpreter import Interpreter
from bot.incidents.service import UNRESOLVED
from bot.ports.slack import Identity, Slack
from bot.store import Store, Tx
from bot.store.tables import incidents, messages
from bot.triage.model import Own

log = structlog.get_logger()

Event = dict[str, Any]

GAP = timedelta(minutes=10)  # after which threads of open incidents are read too
THREADS = 20  # of open incidents that are read after a gap


@dataclass(frozen=True, slots=True)
class CatchUp:
    """`reach` is how far back a history is read at most."""

    store: Store
    slack: Slack
    identity: Callable[[], Identity]
    interpreter: Interpreter
    intake: Intake
    clocks: Clocks
    reach: timedelta

    def read(self, channel: str) -> int:
        """Take what the channel holds and no event told, the oldest first. May raise VendorError.

        Returns how many messages belonged to incidents. What could not be read is written down as unseen.

        Killed half-way it begins anew, and takes nothing twice.
        """
        newest = self.store.read(lambda tx: _newest_said(tx, channel))
        history, now = History.of_alerts(channel), self.clocks.system.now()
        with reading(self.store, history, now, self.reach, newest) as gap:
            taken = sum(self._take(channel, event) for event in self._untold(channel, gap.since, gap.until))
        if taken:
            log.info("read afterwards", channel=channel, messages=taken)
        return taken

    def _untold(self, channel: str, since: datetime, until: datetime) -> list[Event]:
        """Return what has to be taken, as the events that should have told it."""
        shown = [*self.slack.history(channel, since, until), *self._replies(channel, since, until)]
        told = self.store.read(lambda tx: _newest_told(tx, channel, [str(message.get("ts")) for message in shown]))
        events = [event for message in shown if (event := _event(channel, message, told))]
        return sorted(events, key=lambda event: float(event["ts"]))

    def _replies(self, channel: str, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield what was said in threads that a tool may have gone on in. A channel's history shows no replies."""
        if until - since < GAP:
            return
        for thread in self.store.read(lambda tx: _open_threads(tx, channel)):
            yield from self.slack.replies(channel, thread, since, until)

    def _take(self, channel: str, event: Event) -> bool:
        now, mine = self.clocks.business.now(), self.identity()
        own = Own(bot_id=mine.bot_id, user=mine.user, app_id=mine.app_id)
        message, alert = self.interpreter.understand(event, own, team=mine.team, received_at=now)
        key = f"history:{channel}:{event['ts']}"

        def take(tx: Tx) -> bool:
            incident_id = self.intake.receive(tx, key, message, alert, now)
            if incident_id is not None:
                _mark_noticed_late(tx, incident_id, message.at, now)
            return incident_id is not None

        return self.store.write(take)


def _event(channel: str, message: Mapping[str, Any], told: Mapping[str, Event]) -> Event | None:
    """Return the event that should have told this message or its newest edit; None where one did, or none would."""
    before, edit = told.get(str(message.get("ts"))), message.get("edited")
    if before is None:
        return {**message, "channel": channel}
    if not isinstance(edit, dict) or not message.get("bot_id"):
        return None
    changed = {"type": "message", "subtype": "message_changed", "channel": channel, "ts": str(edit.get("ts"))}
    return changed | {"message": dict(message), "previous_message": before}


def _newest_said(tx: Tx, channel: str) -> datetime | None:
    """Return when the newest message was said that was taken from this channel."""
    return tx.execute(select(func.max(messages.c.at)).where(messages.c.channel == channel)).scalar()


def _newest_told(tx: Tx, channel: str, stamps: list[str]) -> dict[str, Event]:
    """Return by its ts each of these messages that an event told, as it stood then."""
    rows = tx.execute(
        select(messages.c.ts, messages.c.payload)
        .where(messages.c.channel == channel, messages.c.ts.in_(stamps))
        .order_by(messages.c.at)
    )
    return {row.ts: row.payload.get("message") or row.payload for row in rows}


def _open_threads(tx: Tx, channel: str) -> list[str]:
    mine = incidents.c.channel == channel, incidents.c.state.in_(UNRESOLVED)
    newest = select(incidents.c.message_ts).where(*mine).order_by(desc(incidents.c.last_alert_at)).limit(THREADS)
    return list(tx.execute(newest).scalars())


def _mark_noticed_late(tx: Tx, incident_id: str, at: datetime, now: datetime) -> None:
    """Have the card say that Baton noticed this one late, if it opened by a message read afterwards."""
    opened_late = incidents.c.id == incident_id, incidents.c.opened_at == at
    if tx.execute(update(incidents).where(*opened_late).values(noticed_at=now)).rowcount:
        outbox.want_card(tx, service.ref(incident_id))
