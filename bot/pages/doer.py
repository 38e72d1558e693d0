"""Does at the provider what people asked for in Slack: one call for each step, killed at any line, never twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import outbox, timeline
from bot.clock import Clocks
from bot.pages import deed as rules
from bot.pages import deeds, queries
from bot.pages.deed import AlertDeed, Deed, DeedState, Found
from bot.pages.model import PROVIDERS, PageState
from bot.pages.outcomes import safe
from bot.pages.pager import Sign
from bot.pages.rules import POLL, TRIES
from bot.ports.errors import Conflict, NotFound, OutcomeUnknown, RateLimited, Unavailable, VendorError
from bot.ports.paging import Accepted, AlertName, Alerts, ById, Done, Failed
from bot.reconcile import backoff
from bot.store import Store, Tx
from bot.store.claim import Claim, finish
from bot.text import Mention, Text, text, to_json

_PASSING = (Conflict, RateLimited, Unavailable)
_BEING_MADE = frozenset({PageState.WANTED, PageState.REQUESTED})

Effect = Callable[[Tx, AlertDeed, datetime], None]
"""What follows for Baton's own things from what was done at the provider."""


@dataclass(frozen=True, slots=True)
class Doer:
    store: Store
    clocks: Clocks
    alerts: Mapping[str, Alerts]
    sign: Sign
    effect: Effect
    is_live: bool = True

    def step(self, claim: Claim) -> None:
        """Do the next thing for one deed."""
        deed = deeds.deed_of(claim.row)
        door = self.alerts.get(deed.provider)
        if not self.is_live:
            why = text("page.deed.shadow")
            self.store.write(lambda tx: self._end(tx, claim, deed, DeedState.FAILED, why, is_aloud=False))
        elif door is None:
            provider = PROVIDERS.get(deed.provider, deed.provider)
            why = text("page.deed.no_provider", provider=provider)
            self.store.write(lambda tx: self._end(tx, claim, deed, DeedState.FAILED, why))
        else:
            self._go_on(claim, deed, door)

    def _go_on(self, claim: Claim, deed: AlertDeed, door: Alerts) -> None:
        match deed.state:
            case DeedState.REQUESTED:
                self._begin(claim, deed, door)
            case DeedState.ACCEPTED:
                self._follow(claim, deed, door)
            case DeedState.SENDING | DeedState.LOOKING:
                self._look(claim, deed, door)
            case _:
                self.store.write(lambda tx: finish(tx, claim))

    def _begin(self, claim: Claim, deed: AlertDeed, door: Alerts) -> None:
        """Send it, unless its page is still being made, or has ended."""
        name = self._name(deed)
        if name is None and self._is_being_made(deed):
            self._wait(claim, POLL)
        elif name is None:
            why = text("page.deed.no_alert", provider=PROVIDERS[deed.provider])
            self.store.write(lambda tx: self._end(tx, claim, deed, DeedState.FAILED, why, is_aloud=False))
        else:
            self._send(claim, deed, door, name)

    def _send(self, claim: Claim, deed: AlertDeed, door: Alerts, name: AlertName) -> None:
        now, by = self.clocks.system.now(), self.store.read(lambda tx: self.sign(tx, deed.actor))
        if not self.store.write(lambda tx: deeds.send_ahead(tx, claim, now)):
            return
        try:
            accepted = _call(door, deed, name, by)
        except OutcomeUnknown:
            self._wait(claim, POLL, state=DeedState.LOOKING.value)
        except _PASSING as error:  # certainly not done
            self._again(claim, deed, error)
        except VendorError as error:
            why = error.words
            self.store.write(lambda tx: self._end(tx, claim, deed, DeedState.FAILED, why))
        else:
            self._wait(claim, POLL, state=DeedState.ACCEPTED.value, request_ref=accepted.request_ref)

    def _follow(self, claim: Claim, deed: AlertDeed, door: Alerts) -> None:
        """Ask what became of it. What stays uncertain, or failed, is looked for at the alert itself."""
        try:
            outcome = door.outcome(deed.request_ref or "")
        except VendorError as error:
            self._put_off(claim, deed, error)
            return
        match outcome:
            case Done():
                self.store.write(lambda tx: self._end(tx, claim, deed, DeedState.DONE))
            case Failed(reason):
                why = text("page.refused", provider=PROVIDERS[deed.provider], reason=safe(reason))
                self._wait(claim, timedelta(0), state=DeedState.LOOKING.value, why=to_json(why))
            case _ if rules.may_be_confirmed(deed, self.clocks.system.now()):
                self._wait(claim, POLL)
            case _:
                self._wait(claim, timedelta(0), state=DeedState.LOOKING.value)

    def _look(self, claim: Claim, deed: AlertDeed, door: Alerts) -> None:
        """See at the alert whether it was done; what no alert shows stays what the provider said, or unconfirmed."""
        name = self._name(deed)
        if name is None or not deed.deed.shows:
            state = DeedState.FAILED if deed.why else DeedState.UNCONFIRMED
            self.store.write(lambda tx: self._end(tx, claim, deed, state, deed.why))
            return
        try:
            alert = door.get(name)
        except NotFound as error:
            why = deed.why or error.words
            self.store.write(lambda tx: self._end(tx, claim, deed, DeedState.FAILED, why))
            return
        except VendorError as error:
            self._put_off(claim, deed, error)
            return
        match rules.found(deed, alert, self.clocks.system.now()):
            case Found.WAIT:
                self._wait(claim, POLL, state=DeedState.LOOKING.value)
            case Found.AGAIN:
                self._wait(claim, POLL, state=DeedState.REQUESTED.value, tries=deed.tries + 1)
            case ended:
                state = DeedState(ended.value)
                self.store.write(lambda tx: self._end(tx, claim, deed, state, deed.why))

    def _put_off(self, claim: Claim, deed: AlertDeed, error: VendorError) -> None:
        """Ask once more later what became of it; in the end nobody knows."""
        if deed.tries + 1 >= TRIES:
            why = error.words
            self.store.write(lambda tx: self._end(tx, claim, deed, DeedState.UNCONFIRMED, why))
        else:
            self._wait(claim, _pause(deed, error), tries=deed.tries + 1)

    def _again(self, claim: Claim, deed: AlertDeed, error: VendorError) -> None:
        if deed.tries + 1 >= TRIES:
            why = error.words
            self.store.write(lambda tx: self._end(tx, claim, deed, DeedState.FAILED, why))
        else:
            self._wait(claim, _pause(deed, error), state=DeedState.REQUESTED.value, tries=deed.tries + 1)

    def _wait(self, claim: Claim, pause: timedelta, **values: object) -> None:
        due_at = self.clocks.system.now() + pause
        self.store.write(lambda tx: finish(tx, claim, due_at=due_at, **values))

    def _end(
        self,
        tx: Tx,
        claim: Claim,
        deed: AlertDeed,
        state: DeedState,
        why: Text | None = None,
        *,
        is_aloud: bool = True,
    ) -> None:
        """Write down how it ended, with what follows from it. What did not surely happen is told to who asked."""
        now = self.clocks.business.now()
        if not finish(tx, claim, state=state.value, ended_at=now, why=to_json(why) if why else None):
            return
        said = text(f"page.{state}.{deed.deed}", why=why or "", provider=PROVIDERS.get(deed.provider, deed.provider))
        timeline.record(tx, deed.ref, now, deed.actor, said)
        if state is DeedState.DONE:
            self.effect(tx, deed, now)
        elif is_aloud and (place := outbox.thread_of(tx, deed.ref)):
            aloud = (Mention(deed.actor.id, notify=True),) if deed.actor.is_person else ()
            outbox.add_note(tx, deed.ref, now, place, said, mention=aloud)
        outbox.want_card(tx, deed.ref)

    def _name(self, deed: AlertDeed) -> AlertName | None:
        if deed.alert_id:
            return ById(deed.alert_id)
        page = self.store.read(lambda tx: queries.load(tx, deed.ref))
        is_open = page is not None and page.is_wanted and page.state is PageState.OPEN
        return ById(page.alert_id) if page and is_open and page.alert_id else None

    def _is_being_made(self, deed: AlertDeed) -> bool:
        page = self.store.read(lambda tx: queries.load(tx, deed.ref))
        return page is not None and page.is_wanted and (page.state in _BEING_MADE or page.awaits_another)


def _call(door: Alerts, deed: AlertDeed, name: AlertName, by: str) -> Accepted:
    match deed:
        case AlertDeed(deed=Deed.ACKNOWLEDGE):
            return door.acknowledge(name, by, deed.note)
        case AlertDeed(deed=Deed.CLOSE):
            return door.close(name, by, deed.note)
        case AlertDeed(deed=Deed.SNOOZE, until=until) if until:
            return door.snooze(name, until, by, deed.note)
        case AlertDeed(deed=Deed.CALL, recipient=recipient) if recipient:
            return door.call(name, recipient, by, deed.note)
        case _:
            return door.note(name, deed.note, by)


def _pause(deed: AlertDeed, error: VendorError) -> timedelta:
    pause = backoff(deed.tries + 1)
    return max(pause, timedelta(seconds=error.retry_after)) if isinstance(error, RateLimited) else pause
