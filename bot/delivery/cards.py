"""Brings each card on show to its newest state: posts it once, then edits it in place."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, case, null

from bot.clock import Clocks
from bot.delivery import pace
from bot.delivery.catalog import Catalog, render
from bot.delivery.place import Modes, Target, target
from bot.delivery.readers import Readers
from bot.ports.errors import NotFound, OutcomeUnknown, RateLimited, Rejected, Unavailable, VendorError
from bot.ports.slack import Posted, Slack
from bot.reconcile import later
from bot.ref import Ref
from bot.store import Store, Tx
from bot.store.claim import CHANGED, Claim, finish, release
from bot.store.tables import cards
from bot.store.types import canonical
from bot.views.rendered import Rendered

log = structlog.get_logger()

COALESCE = timedelta(seconds=1)  # changes within this time become one edit
UNTIL_PARENT_IS_POSTED = timedelta(milliseconds=500)
PEOPLE = ("U", "W")  # a card whose place is a person goes into the direct messages with them
ANOTHER_LOOK = timedelta(minutes=5)  # at a channel that refused: somebody may have invited Baton by then


@dataclass(frozen=True, slots=True)
class Cards:
    store: Store
    slack: Slack
    clocks: Clocks
    catalog: Catalog
    readers: Readers
    modes: Modes

    def step(self, claim: Claim) -> None:
        """Post or edit one card, or set its reaction: one call to Slack at most."""
        row, now = claim.row, self.clocks.system.now()
        if row.ts and row.shown_at and now < row.shown_at + COALESCE:
            self._again(claim, row.shown_at + COALESCE)
            return
        goal, rendered = self.store.read(lambda tx: self._goal(tx, row))
        if rendered is None:
            self.store.write(lambda tx: finish(tx, claim, problem="the thing is gone"))
        elif goal is None:
            self._again(claim, now + UNTIL_PARENT_IS_POSTED)
        elif digest(rendered) != row.shown_digest:
            self._show(claim, goal, rendered, now)
        else:
            self._react(claim, rendered, now)

    def _goal(self, tx: Tx, row: Any) -> tuple[Target | None, Rendered | None]:
        goal = target(tx, row, self.modes)
        if goal is not None and goal.channel.startswith(PEOPLE):
            reader = self.readers.of_user(tx, goal.channel)
        else:
            reader = self.readers.of_channel(tx, row.language)
        return goal, render(self.catalog, tx, Ref.parse(row.ref), reader)

    def _show(self, claim: Claim, goal: Target, rendered: Rendered, now: datetime) -> None:
        channel = claim.row.shown_channel or goal.channel
        where = pace.EDITS if claim.row.ts else channel
        if self.store.write(lambda tx: pace.wait_for_turn(tx, where, claim, now)):
            return
        try:
            posted = self._send(claim, goal, rendered)
        except VendorError as error:
            self._failed(claim, where, error, now)
            return
        shown = {
            "shown_channel": posted.channel,
            "ts": posted.ts,
            "root_ts": claim.row.root_ts or goal.thread_ts or posted.ts,
            "shown_digest": digest(rendered),
        }
        self._done(claim, rendered, now, claim.row.shown_reaction, problem=None, **shown)

    def _send(self, claim: Claim, goal: Target, rendered: Rendered) -> Posted:
        row, blocks, channel = claim.row, rendered.blocks, goal.channel
        if row.ts:
            self.slack.update(row.shown_channel, row.ts, rendered.text, blocks)
            return Posted(row.shown_channel, row.ts)
        if channel.startswith(PEOPLE):
            channel = self.slack.direct_channel(channel)
        if claim.attempts > 1 and (found := self.slack.find(channel, goal.thread_ts, row.ref)):
            self.slack.update(found.channel, found.ts, rendered.text, blocks)
            return found
        return self.slack.post(channel, rendered.text, blocks, thread_ts=goal.thread_ts, key=row.ref)

    def _failed(self, claim: Claim, where: str, error: VendorError, now: datetime) -> None:
        match error:
            case RateLimited():
                until = now + timedelta(seconds=error.retry_after)
                self.store.write(lambda tx: pace.hold(tx, where, until, claim))
            case NotFound() if claim.row.ts:  # deleted or too old to edit: post it anew
                gone = {"turn_at": None, "ts": None, "root_ts": None, "shown_channel": None, "shown_digest": None}
                self.store.write(lambda tx: finish(tx, claim, due_at=CHANGED, **gone))
            case OutcomeUnknown() | Unavailable():
                self._give_back(claim, later(now, claim.attempts), error)
            case Rejected():
                log.error("card refused", ref=claim.row.ref, where=where, problem=str(error))
                self._refused(claim, error)
            case _:
                log.warning("card not shown", ref=claim.row.ref, where=where, problem=str(error))
                self._give_back(claim, now + ANOTHER_LOOK, error)

    def _react(self, claim: Claim, rendered: Rendered, now: datetime) -> None:
        """Replace the reaction on the tool's message: first the old one goes, at the next turn the new one comes."""
        row, wanted = claim.row, self._reaction(claim, rendered)
        if row.shown_reaction == wanted:
            self._done(claim, rendered, row.shown_at, wanted)
            return
        try:
            if row.shown_reaction:
                self.slack.unreact(row.channel, row.state_on_ts, row.shown_reaction)
                reached = None
            else:
                self.slack.react(row.channel, row.state_on_ts, str(wanted))
                reached = wanted
        except RateLimited as error:
            self._again(claim, now + timedelta(seconds=error.retry_after))
        except (Unavailable, OutcomeUnknown):
            self.store.write(lambda tx: release(tx, claim, due_at=later(now, claim.attempts)))
        except VendorError as error:  # the tool's message is gone, or reactions are not allowed: the card says it all
            log.warning("no reaction", ref=row.ref, problem=str(error))
            self._done(claim, rendered, row.shown_at, wanted)
        else:
            self._done(claim, rendered, row.shown_at, reached)

    def _reaction(self, claim: Claim, rendered: Rendered) -> str | None:
        return rendered.reaction if claim.row.state_on_ts and not self.modes.is_shadow else None

    def _done(self, claim: Claim, rendered: Rendered, at: datetime | None, reaction: str | None, **values: Any) -> None:
        """Give the row back; it is due again if more was wanted meanwhile, or if the reaction lags."""
        lags = reaction != self._reaction(claim, rendered)
        due_at = CHANGED if lags else _due_if_changed(claim)
        values |= {"shown": claim.row.wanted, "shown_at": at, "shown_reaction": reaction, "turn_at": None}
        self.store.write(lambda tx: finish(tx, claim, due_at=due_at, **values))

    def _give_back(self, claim: Claim, due_at: datetime, error: VendorError) -> None:
        self.store.write(lambda tx: release(tx, claim, due_at=due_at, turn_at=None, problem=str(error)))

    def _refused(self, claim: Claim, error: VendorError) -> None:
        """Slack finds this very card wrong: only another state of it is worth a new try."""
        due_at = _due_if_changed(claim)
        self.store.write(lambda tx: finish(tx, claim, due_at=due_at, turn_at=None, problem=str(error)))

    def _again(self, claim: Claim, at: datetime) -> None:
        self.store.write(lambda tx: pace.postpone(tx, claim, at))


def _due_if_changed(claim: Claim) -> ColumnElement[Any]:
    """Return when the row is due: at once if more was wanted since it was claimed, else never by itself."""
    return case((cards.c.wanted > claim.row.wanted, CHANGED), else_=null())


def digest(rendered: Rendered) -> str:
    return hashlib.sha256(canonical([rendered.text, list(rendered.blocks)]).encode()).hexdigest()
