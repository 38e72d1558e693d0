"""Brings the lists at Google to what is granted: one writer for each list, under a lease, killed at any line.

A step reads the list, settles every grant that it proves, and writes once what is left, all waiting grants together.
Before the call it is committed what is sent; after it the next step reads again: nothing is believed that was not
seen. A lost answer is no matter then, and neither is a 412: the list is looked at, never written blindly.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case

from bot.access import lists, queries, rules, settling
from bot.access.catalog import Access
from bot.access.lists import Listed
from bot.access.members import Key
from bot.access.model import TAKES, Grant, GrantState, dataset_of, resource_of
from bot.access.rules import Change, Move, Next
from bot.actor import BATON
from bot.audit import service as audit
from bot.clock import Clocks
from bot.ports.bigquery import BigQuery, UnknownPrincipal
from bot.ports.errors import Conflict, NotAuthenticated, NotFound, OutcomeUnknown, RateLimited, Unavailable, VendorError
from bot.reconcile import backoff
from bot.ref import Ref
from bot.store import Store, Tx
from bot.store.claim import NEW, Claim, finish, release
from bot.store.tables import access_lists
from bot.text import Text

PACE = timedelta(seconds=2)  # between two writes of one list: Google takes 5 in 10 seconds
LOOK_EVERY = timedelta(minutes=10)  # at lists with grants on them: what did others change?
SETTLING = timedelta(seconds=3)
LATE_ARRIVAL = timedelta(seconds=60)  # how long a write whose answer was lost may still be under way
SOON = timedelta(seconds=20)  # the longest pause while access is over that Google still gives
_PASSING = (RateLimited, Unavailable, Conflict, NotAuthenticated)  # a 401 is often a token of a moment ago


class NotConfigured(NotFound):
    """Baton itself has no BigQuery of that project: this says nothing of what stands at Google."""


@dataclass(frozen=True, slots=True)
class Keeper:
    store: Store
    clocks: Clocks
    bigquery: Mapping[str, BigQuery]
    access: Access

    def step(self, claim: Claim) -> None:
        """Read one list, settle what it proves, and write it once where something is left to write."""
        resource, now = resource_of(claim.row.resource), self.clocks.system.now()
        google = self.bigquery.get(dataset_of(resource).project)
        try:
            listed = lists.read(_given(google, resource.project), resource)
        except VendorError as error:
            unread = error
            self.store.write(lambda tx: self._unread(tx, claim, unread))
            return
        seen = self.store.read(lambda tx: queries.open_on(tx, resource))
        change = self.store.write(lambda tx: self._settle(tx, claim, listed, seen, now))
        if change is not None and google is not None:
            self._write(claim, google, listed, change)

    def _unread(self, tx: Tx, claim: Claim, error: VendorError) -> None:
        """Find out whether the list is only out of reach, or gone with its dataset or table."""
        if not settling.hold(tx, claim, claim.until):
            return
        grants = queries.open_on(tx, resource_of(claim.row.resource), lock=True)
        if not isinstance(error, NotFound) or isinstance(error, NotConfigured):
            self._hindered(tx, claim, grants, error)
        elif claim.attempts < rules.TRIES and any(each.state is not GrantState.ACTIVATING for each in grants):
            self._not_seen(tx, claim, grants, error)
        else:
            settling.vanished(tx, grants, error.words, self.access, self.clocks.business.now())
            self._rest(tx, claim, anything=False, now=self.clocks.system.now())

    def _not_seen(self, tx: Tx, claim: Claim, grants: Sequence[Grant], error: VendorError) -> None:
        """Give nothing there; what was given is believed to be gone only after some looks."""
        settling.not_given(tx, grants, error.words, self.clocks.business.now())
        queries.trouble(tx, [each for each in grants if each.state in TAKES], error.words)
        release(tx, claim, due_at=self.clocks.system.now() + _jittered(SOON))

    def _settle(self, tx: Tx, claim: Claim, listed: Listed, seen: Sequence[Grant], now: datetime) -> Change | None:
        """Settle what the list proves; return what is about to be written, committed as sent.

        Whoever lost the claim meanwhile looks at what is long past: another worker has written since.
        """
        if not settling.hold(tx, claim, claim.until):
            return None
        grants = queries.open_on(tx, listed.resource, lock=True)
        if not queries.same_versions(grants, seen):
            finish(tx, claim, due_at=NEW)
            return None
        held = listed.held
        moved = rules.moves(held, grants)
        if self._may_still_arrive(claim, listed, moved, now):
            release(tx, claim, due_at=now + SETTLING)
            return None
        change = rules.change(held, moved, _left_behind(tx, rules.untold(held, moved)))
        settling.settle(tx, listed, moved, self.access, self.clocks.business.now())
        if not change:
            self._rest(tx, claim, anything=any(each.next in _STAYING for each in moved), now=now)
            return None
        earliest = (claim.row.written_at or NEW) + PACE
        if now < earliest:
            finish(tx, claim, due_at=earliest, sent_etag=claim.row.sent_etag)
            return None
        return self._write_ahead(tx, claim, change, now)

    def _may_still_arrive(self, claim: Claim, listed: Listed, moved: Sequence[Move], now: datetime) -> bool:
        is_recent = claim.row.sent_at is not None and now < claim.row.sent_at + LATE_ARRIVAL
        return is_recent and rules.unproven(listed.held, moved, claim.row.sent_etag)

    def _rest(self, tx: Tx, claim: Claim, *, anything: bool, now: datetime) -> None:
        """Give the list back: to be looked at again while there are grants on it, at once if more was wanted."""
        later = now + LOOK_EVERY if anything else None
        more = access_lists.c.wanted > claim.row.wanted
        finish(tx, claim, due_at=case((more, NEW), else_=later), sent_etag=None, sent_at=None)

    def _write_ahead(self, tx: Tx, claim: Claim, change: Change, now: datetime) -> Change | None:
        """Commit what is about to be sent, and renew the lease. None: the claim was lost, so nothing may be sent."""
        until = self.clocks.system.now() + (claim.until - now)
        if not settling.hold(tx, claim, until, sent_etag=change.etag, sent_at=now):
            return None
        return replace(change, grants=settling.mark_sent(tx, change.grants))

    def _write(self, claim: Claim, google: BigQuery, listed: Listed, change: Change) -> None:
        raw = listed.changed(change, without_deleted=claim.row.without_deleted)
        reason = _reason(change)
        try:
            after = lists.write(google, listed, raw, reason)
        except OutcomeUnknown as error:
            lost = error
            self.store.write(lambda tx: self._answer_lost(tx, claim, change, lost))
        except VendorError as error:
            refused = error
            self.store.write(lambda tx: self._refused(tx, claim, change, refused))
        else:
            self.store.write(lambda tx: self._written(tx, claim, listed, change, after))

    def _written(self, tx: Tx, claim: Claim, before: Listed, change: Change, after: Listed) -> None:
        """Write down that Google said yes; the next step sees whether it is so."""
        settling.mark_done(tx, change.grants)
        body = {
            "added": [str(each.key) for each in change.add],
            "removed": [str(each) for each in change.remove],
            "before": {"etag": before.etag, "digest": before.digest},
            "after": {"etag": after.etag, "digest": after.digest},
            "without_deleted": claim.row.without_deleted,
            "grants": [grant.id for grant in change.grants],
            "reason": _reason(change),
        }
        ref = Ref("access", str(before.resource))
        audit.append(tx, self.clocks.business.now(), BATON, "access.written", ref, body)
        now = self.clocks.system.now()
        finish(tx, claim, due_at=NEW, written_at=now, sent_etag=None, sent_at=None, without_deleted=False)

    def _answer_lost(self, tx: Tx, claim: Claim, change: Change, error: VendorError) -> None:
        """Show that it is not known, and look: only after many tries is it given up."""
        if not settling.hold(tx, claim, claim.until):
            return
        now, grants = self.clocks.system.now(), queries.open_on(tx, resource_of(claim.row.resource), lock=True)
        if claim.attempts >= rules.TRIES:
            settling.give_up(tx, grants, error.words, self.access, self.clocks.business.now())
        else:
            named = {each.id for each in change.grants}
            queries.trouble(tx, [each for each in grants if each.id in named], error.words)
        release(tx, claim, due_at=now + _jittered(SETTLING), written_at=now)

    def _refused(self, tx: Tx, claim: Claim, change: Change, error: VendorError) -> None:
        """Nothing was written: try again what may pass; leave out whom Google does not take, and end the rest."""
        if not settling.hold(tx, claim, claim.until):
            return
        back = settling.mark_unsent(tx, change.grants)
        gone = isinstance(error, UnknownPrincipal) and error.principal.startswith("deleted:")
        if gone and not claim.row.without_deleted:
            self._again(tx, claim, change, None, without_deleted=True)
            return
        named = _named(back, error)
        if named:
            settling.not_given(tx, named, error.words, self.clocks.business.now())
            self._again(tx, claim, change, None)
            return
        self._hindered(tx, claim, back, error, **self._as_before(claim, change))

    def _as_before(self, claim: Claim, change: Change) -> dict[str, Any]:
        """Return what is known of writes under way, where this one was certainly refused."""
        earlier = claim.row.sent_etag if claim.row.sent_etag == change.etag else None
        return {"written_at": self.clocks.system.now(), "sent_etag": earlier, "sent_at": claim.row.sent_at}

    def _again(self, tx: Tx, claim: Claim, change: Change, problem: Text | None, **values: Any) -> None:
        queries.trouble(tx, [each for each in change.grants if each.state in TAKES], problem)
        now = self.clocks.system.now()
        release(tx, claim, due_at=now + _jittered(PACE), written_at=now, sent_etag=None, **values)

    def _hindered(self, tx: Tx, claim: Claim, grants: Sequence[Grant], error: VendorError, **values: Any) -> None:
        """Say what is in the way; give up to give after some tries, never to take away."""
        if not settling.hold(tx, claim, claim.until):
            return
        at, tried = self.clocks.business.now(), claim.attempts
        passing = isinstance(error, _PASSING)
        if not passing or tried >= rules.TRIES:
            settling.give_up(tx, grants, error.words, self.access, at)
        else:
            waiting = [each for each in grants if each.state is not GrantState.ACTIVE]
            queries.trouble(tx, [each for each in waiting if each.problem is not None or tried > 1], error.words)
        pause = timedelta(seconds=error.retry_after) if isinstance(error, RateLimited) else backoff(tried)
        if any(each.state in TAKES for each in queries.open_on(tx, resource_of(claim.row.resource))):
            pause = min(pause, SOON)
        release(tx, claim, due_at=self.clocks.system.now() + _jittered(max(pause, PACE)), **values)


def _left_behind(tx: Tx, untold: Sequence[Key]) -> tuple[Key, ...]:
    """Return what grants of this install have left there; a title of somebody else's Baton is not ours to remove."""
    known = queries.leaving(tx, [key.grant_id for key in untold])
    return tuple(key for key in untold if key.grant_id in known)


_STAYING = frozenset({Next.NOTHING, Next.ACTIVE, Next.PUT_BACK})


def _given(google: BigQuery | None, project: str) -> BigQuery:
    if google is None:
        raise NotConfigured(f"BigQuery {project}", "this project is not configured")
    return google


def _named(grants: Sequence[Grant], error: VendorError) -> tuple[Grant, ...]:
    """Return the grants of whom Google says that it does not know them."""
    if not isinstance(error, UnknownPrincipal):
        return ()
    named = error.principal.rpartition(":")[2].lower()
    return tuple(each for each in grants if each.member.email == named and each.state not in TAKES)


def _reason(change: Change) -> str:
    """Return what Google's audit log shall say of a write: which runs, and who asked."""
    runs = ", ".join(
        dict.fromkeys(f"{each.run_id} of {each.asked_by.id or each.asked_by.kind}" for each in change.grants)
    )
    return f"Baton runs {runs}"[:200] if runs else "Baton removes what a grant of its own has left"


def _jittered(pause: timedelta) -> timedelta:
    """Return the pause, longer by up to a half: whoever was refused together does not come back together."""
    return pause * (1 + random.random() / 2)  # noqa: S311 - it spreads retries, it guards nothing
