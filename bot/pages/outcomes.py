"""What an answer of the provider, or its silence, makes of a page in the database, and what people are told of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import outbox, timeline
from bot.actor import BATON
from bot.audit import service as audit
from bot.clock import Clocks
from bot.pages import alerts, queries, rules
from bot.pages.model import PROVIDERS, Page, PageState
from bot.ports.errors import Conflict, RateLimited, Unavailable, VendorError
from bot.reconcile import backoff
from bot.store import Tx
from bot.store.claim import NEW, Claim
from bot.text import Code, Mention, Text, text, to_json
from bot.triage.redact import redact
from bot.workload import Interruption, interrupted

Call = Callable[[Tx, str, datetime], tuple[str, ...]]
"""Return the Slack users and groups to call instead, by the name of the schedule; business time."""

LONGEST_REASON = 300
_NOT_SEEN = frozenset({PageState.WANTED, PageState.REQUESTED})
_PASSING = (Conflict, RateLimited, Unavailable)


def safe(reason: str) -> str:
    """Return the provider's own words, short and with nothing secret in them."""
    return redact(reason)[:LONGEST_REASON] or "-"


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of one page: its methods give the row back, each in a transaction of its own."""

    claim: Claim
    page: Page
    clocks: Clocks
    call: Call

    def wait(self, tx: Tx, pause: timedelta, **values: Any) -> None:
        """Go on after a pause."""
        queries.give_back(tx, self.claim, self.clocks.system.now() + pause, **values)

    def forget(self, tx: Tx) -> None:
        """End what was never sent."""
        queries.give_back(tx, self.claim, None, state=PageState.CLOSED.value)

    def again(self, tx: Tx) -> None:
        """Begin anew what is wanted once more: a closed alert stays closed, and another one is made."""
        is_over = self.page.state is PageState.CLOSED
        fresh = {"round": self.page.round + 1, "sent_at": None} if is_over else {}
        queries.give_back(tx, self.claim, NEW, state=PageState.WANTED.value, request_ref=None, alert_id=None, **fresh)

    def opened(self, tx: Tx, alert_id: str) -> None:
        values = {"alert_id": alert_id, "request_ref": None, "tries": 0, "problem": None}
        if self._to(tx, PageState.OPEN, text("page.moment.open", schedule=self.schedule), **values):
            self._count_whom_it_woke(tx)
            alerts.know(tx, self.page.destination.provider, alert_id, self.page.ref, self.clocks.business.now())
            self._say(tx, text("page.note.open", schedule=self.schedule, provider=self.provider))

    def _count_whom_it_woke(self, tx: Tx) -> None:
        """Write down that the first on call was woken, as far as Slack knows them."""
        now, schedule = self.clocks.business.now(), self.page.destination.schedule
        first = self.call(tx, schedule, now)[:1]
        interrupted(tx, now, first, Interruption.PAGE, self.page.ref, schedule=schedule)

    def closed(self, tx: Tx) -> None:
        values = {"request_ref": None, "tries": 0, "problem": None}
        said = text("page.moment.closed", schedule=self.schedule)
        if self._to(tx, PageState.CLOSED, said, **values) and self.page.alert_id:
            alerts.closed(tx, self.page.destination.provider, self.page.alert_id)

    def still_open(self, tx: Tx) -> None:
        """It was to be closed and is not: perhaps not yet."""
        if rules.may_still_arrive(self.page, self.clocks.system.now()):
            self.wait(tx, rules.POLL)
        else:
            self._retry(tx, self._unconfirmed, timedelta(0), PageState.OPEN)

    def not_there(self, tx: Tx) -> None:
        """No alert has its alias: it is closed as wished, or was not made, or perhaps not yet."""
        if self.page.state is PageState.CLOSING:
            self.closed(tx)
        elif rules.may_still_arrive(self.page, self.clocks.system.now()):
            self.wait(tx, rules.POLL)
        else:
            self._retry(tx, self._unconfirmed, timedelta(0), PageState.WANTED)

    def trouble(self, tx: Tx, error: VendorError, **values: Any) -> None:
        """The provider did not do it: try again what may pass, give up the rest. The page is as it was before."""
        if not isinstance(error, _PASSING):
            self.fail(tx, error.words, **values)
            return
        pause = backoff(self.page.tries + 1)
        if isinstance(error, RateLimited):
            pause = max(pause, timedelta(seconds=error.retry_after))
        self._retry(tx, error.words, pause, self.page.state, **values)

    def fail(self, tx: Tx, why: Text, **values: Any) -> None:
        """Give up, and say aloud in the thread whom to call instead."""
        values = {"request_ref": None, "tries": 0} | values
        if not self.page.is_wanted and self.page.state in _NOT_SEEN:  # nobody misses it: only see that it is not there
            queries.give_back(tx, self.claim, NEW, state=PageState.FAILED.value, **values)
            return
        deed = "failed" if self.page.is_wanted else "not_closed"
        said = text(f"page.moment.{deed}", schedule=self.schedule, why=why)
        if self._to(tx, PageState.FAILED, said, problem=to_json(why), **values):
            ids = self.call(tx, self.page.destination.schedule, self.clocks.business.now())
            mentions = tuple(Mention(each, notify=True) for each in ids)
            self._say(tx, text(f"page.note.{deed}", schedule=self.schedule, why=why), mentions)

    def _retry(self, tx: Tx, why: Text, pause: timedelta, back_to: PageState, **values: Any) -> None:
        tries = self.page.tries + 1
        if tries >= rules.TRIES:
            self.fail(tx, why, **values)
        else:
            self.wait(tx, pause, state=back_to.value, tries=tries, problem=to_json(why), **values)

    def _to(self, tx: Tx, state: PageState, said: Text, **values: Any) -> bool:
        """Give the page back in another state, with its moment for people and its entry in the audit."""
        page, now = self.page, self.clocks.business.now()
        due_at = None if rules.is_settled(page.state, state, is_wanted=page.is_wanted) else NEW
        if not queries.give_back(tx, self.claim, due_at, state=state.value, **values):
            return False
        body = {"schedule": page.destination.schedule, "provider": page.destination.provider, "alias": page.alias}
        audit.append(tx, now, BATON, f"page.{state.value}", page.ref, body)
        timeline.record(tx, page.ref, now, BATON, said)
        outbox.want_card(tx, page.ref)
        return True

    def _say(self, tx: Tx, words: Text, aloud: tuple[Mention, ...] = ()) -> None:
        place = outbox.thread_of(tx, self.page.ref)
        if place is not None:
            outbox.add_note(tx, self.page.ref, self.clocks.business.now(), place, words, mention=aloud)

    @property
    def _unconfirmed(self) -> Text:
        return text("page.not_confirmed", provider=self.provider)

    @property
    def schedule(self) -> Code:
        return Code(self.page.destination.schedule)

    @property
    def provider(self) -> str:
        return PROVIDERS.get(self.page.destination.provider, self.page.destination.provider)
