"""Brings the provider's alerts to what is wanted: one call for each step, followed to its outcome, killed at any line.

Before a write it is committed that it is about to be sent. Where its answer is lost the alert is looked for by its
alias, and only made again once it certainly is not there: nobody is woken twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.actor import BATON, Actor
from bot.clock import Clocks
from bot.pages import outcomes, queries, rules
from bot.pages.model import Page, PageState
from bot.pages.rules import POLL, Next
from bot.ports.errors import NotFound, OutcomeUnknown, VendorError
from bot.ports.paging import Accepted, Alerts, AlertStatus, ByAlias, ById, Done, Failed, NewAlert
from bot.store import Store, Tx
from bot.store.claim import NEW, Claim
from bot.text import text

Write = Callable[[Tx, Page], NewAlert]
"""Return the alert in words that its reader understands, with nothing secret in it."""


Sign = Callable[[Tx, Actor], str]
"""Return as whom something is done at the provider: a person's e-mail address, else what they are called."""


@dataclass(frozen=True, slots=True)
class Pager:
    """`alerts` are the providers by name. Where it is not live nobody is ever paged."""

    store: Store
    clocks: Clocks
    alerts: Mapping[str, Alerts]
    write: Write
    call: outcomes.Call
    sign: Sign
    is_live: bool = True

    def step(self, claim: Claim) -> None:
        """Do the next thing for one page."""
        page = queries.page_of(claim.row)
        turn = outcomes.Turn(claim, page, self.clocks, self.call)
        match rules.next_step(page):
            case Next.CREATE if not self.is_live:
                self.store.write(turn.forget)
            case Next.FORGET:
                self.store.write(turn.forget)
            case Next.AGAIN:
                self.store.write(turn.again)
            case Next.REST:
                self.store.write(lambda tx: queries.give_back(tx, claim, None))
            case asked:
                self._ask(turn, asked)

    def _ask(self, turn: outcomes.Turn, asked: Next) -> None:
        """Call the provider, and write down what that means."""
        door = self.alerts.get(turn.page.destination.provider)
        if door is None:
            why = text("page.no_provider", provider=turn.provider, schedule=turn.schedule)
            self.store.write(lambda tx: turn.fail(tx, why))
            return
        match asked:
            case Next.CREATE:
                alert = self.store.read(lambda tx: self.write(tx, turn.page))
                self._send(turn, PageState.REQUESTED, lambda: door.create(alert), message=alert.message)
            case Next.CLOSE:
                named = ById(turn.page.alert_id) if turn.page.alert_id else ByAlias(turn.page.alias)
                closer = self.store.read(lambda tx: self.sign(tx, turn.page.closed_by or BATON))
                self._send(turn, PageState.CLOSING, lambda: door.close(named, closer))
            case Next.FOLLOW:
                self._follow(turn, door)
            case _:
                self._look(turn, door)

    def _send(self, turn: outcomes.Turn, state: PageState, send: Callable[[], Accepted], **kept: str) -> None:
        now = self.clocks.system.now()
        if not self.store.write(lambda tx: queries.send_ahead(tx, turn.claim, state, now, **kept)):
            self.store.write(lambda tx: queries.give_back(tx, turn.claim, NEW))
            return
        try:
            accepted = send()
        except OutcomeUnknown:
            self.store.write(lambda tx: turn.wait(tx, POLL))
        except VendorError as error:
            refused = error
            if isinstance(error, NotFound) and state is PageState.CLOSING:
                self.store.write(turn.closed)
            else:
                self.store.write(lambda tx: turn.trouble(tx, refused, sent_at=turn.page.sent_at))
        else:
            self.store.write(lambda tx: turn.wait(tx, POLL, request_ref=accepted.request_ref))

    def _follow(self, turn: outcomes.Turn, door: Alerts) -> None:
        """Ask what became of the request. What stays uncertain is looked for instead."""
        page, now = turn.page, self.clocks.system.now()
        try:
            outcome = door.outcome(page.request_ref or "")
        except VendorError as error:
            failed = error
            self.store.write(lambda tx: turn.trouble(tx, failed))
            return
        is_creating = page.state is PageState.REQUESTED
        match outcome:
            case Done(alert_id) if is_creating:
                self.store.write(lambda tx: turn.opened(tx, alert_id))
            case Done():
                self.store.write(turn.closed)
            case Failed(reason) if is_creating:
                why = text("page.refused", provider=turn.provider, reason=outcomes.safe(reason))
                self.store.write(lambda tx: turn.fail(tx, why))
            case _ if not isinstance(outcome, Failed) and rules.may_still_be_confirmed(page, now):
                self.store.write(lambda tx: turn.wait(tx, POLL))
            case _:
                self.store.write(lambda tx: turn.wait(tx, timedelta(0), request_ref=None))

    def _look(self, turn: outcomes.Turn, door: Alerts) -> None:
        """Look for the alert by its alias: whether it is there and open says what became of the request."""
        page = turn.page
        try:
            found = door.get(ByAlias(page.alias))
        except NotFound:
            self.store.write(turn.not_there)
        except VendorError as error:
            failed = error
            self.store.write(lambda tx: turn.trouble(tx, failed))
        else:
            if found.status is AlertStatus.CLOSED:
                self.store.write(turn.closed)
            elif page.state is PageState.REQUESTED:
                self.store.write(lambda tx: turn.opened(tx, found.id))
            else:
                self.store.write(turn.still_open)
