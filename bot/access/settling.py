"""What a look at a list at Google, or its refusal, makes of the grants on it, in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from bot import outbox
from bot.access import queries, service
from bot.access.catalog import Access
from bot.access.lists import Listed
from bot.access.model import TAKES, Ending, Grant, GrantState, Sent
from bot.access.rules import Move, Next
from bot.access.telling import called, concerned, holder, moment, others, what
from bot.actor import BATON
from bot.pages import service as pages
from bot.ports.paging import Priority
from bot.store import Tx
from bot.store.claim import Claim
from bot.store.tables import access_lists
from bot.text import Mention, Text, text, to_json

TELL_AGAIN_AFTER = timedelta(hours=12)


def settle(tx: Tx, listed: Listed, moved: Sequence[Move], access: Access, now: datetime) -> None:
    """Write down what the list proves of each grant."""
    for move in moved:
        match move.next:
            case Next.ACTIVE:
                _activate(tx, listed, move.grant, now)
            case Next.STANDING:
                _to(tx, move.grant, GrantState.ENDED, Ending.STANDING, now)
            case Next.ENDED:
                _ended(tx, move, now)
            case Next.PUT_BACK:
                _put_back(tx, move.grant, access, now)
            case Next.REMOVED_ELSEWHERE | Next.WIDENED:
                _drifted(tx, move, access, now)
            case Next.NOTHING if move.grant.state is GrantState.ACTIVE:
                _keep_entry(tx, listed, move.grant)
            case _:
                continue


def _activate(tx: Tx, listed: Listed, grant: Grant, now: datetime) -> None:
    values = {
        "is_owned": True,
        "sent": None,
        "tries": 0,
        "problem": None,
        "activated_at": now,
        "entry": listed.entry(grant.key),
    }
    said = text("grant.moment.active")
    queries.move(tx, grant, GrantState.ACTIVE, at=now, by=BATON, deed="active", said=said, **values)
    somebody_else = grant.person is not None and grant.person != grant.asked_by
    if somebody_else:
        words = text("grant.note.given", who=holder(grant), what=what(grant), until=grant.expires_at)
        _say(tx, grant, now, words, (Mention(grant.person.id, notify=True),) if grant.person else ())


def _ended(tx: Tx, move: Move, now: datetime) -> None:
    grant = move.grant
    ending = grant.ending or Ending.EXPIRED
    values = {"ended_at": now, "problem": None, "sent": None}
    if not queries.move(
        tx, grant, GrantState.ENDED, at=now, by=BATON, deed="ended", said=text("grant.moment.gone"), **values
    ):
        return
    pages.close(tx, grant.ref)
    if grant.activated_at is None:
        return
    words = text(f"grant.note.{ending.value}", who=holder(grant), what=what(grant))
    told = text("grant.note.and_left", words=words, left=others(move.left)) if move.left else words
    by_somebody_else = grant.ended_by is not None and grant.ended_by not in {grant.person, grant.asked_by}
    _say(tx, grant, now, told, concerned(grant) if by_somebody_else else ())


def _put_back(tx: Tx, grant: Grant, access: Access, now: datetime) -> None:
    """Tell its owner that somebody writes the entry again each time; the next look removes it once more."""
    give_up(tx, (grant,), text("grant.problem.put_back"), access, now)
    told = queries.load(tx, grant.id, lock=True)
    assert told is not None, "the row is locked in this transaction"
    queries.note(tx, told, sent=None)


def _drifted(tx: Tx, move: Move, access: Access, now: datetime) -> None:
    """Somebody else has changed our entry: it is theirs now, and only told of."""
    grant, ending = move.grant, Ending(move.next.value)
    if _to(tx, grant, GrantState.DRIFTED, ending, now):
        words = text(f"grant.note.{ending.value}", who=holder(grant), what=what(grant))
        told = text("grant.note.and_left", words=words, left=others(move.left)) if move.left else words
        _say(tx, grant, now, told, _owner(grant, access))


def _keep_entry(tx: Tx, listed: Listed, grant: Grant) -> None:
    """Remember the entry as Google has it now: an extension is one only when Google says so."""
    entry = listed.entry(grant.key)
    if entry is not None and entry != grant.entry:
        queries.note(tx, grant, entry=entry)


def _to(tx: Tx, grant: Grant, to: GrantState, ending: Ending, now: datetime, **values: Any) -> bool:
    """Move the grant to an end that nobody asked for."""
    over = {"ending": ending.value, "ended_at": now, "problem": None} | values
    return queries.move(tx, grant, to, at=now, by=BATON, deed=ending.value, said=moment(ending), **over)


def _say(tx: Tx, grant: Grant, now: datetime, words: Text, aloud: tuple[Mention, ...]) -> None:
    place = outbox.thread_of(tx, grant.ref)
    if place is not None:
        outbox.add_note(tx, grant.ref, now, place, words, mention=aloud)


def _owner(grant: Grant, access: Access) -> tuple[Mention, ...]:
    rule = access.rule(grant.resource)
    return called(rule.owner if rule else None, grant)


def vanished(tx: Tx, grants: Sequence[Grant], why: Text, access: Access, now: datetime) -> None:
    """End what was given on a dataset or table that is there no more; `why` is said where nothing was given yet."""
    not_given(tx, grants, why, now)
    for grant in grants:
        words = text("grant.note.vanished", who=holder(grant), what=what(grant))
        if grant.state in TAKES:
            values = {"ended_at": now, "problem": None, "sent": None}
            said = text("grant.moment.vanished")
            queries.move(tx, grant, GrantState.ENDED, at=now, by=BATON, deed="ended", said=said, **values)
            _say(tx, grant, now, words, ())
        elif grant.state is GrantState.ACTIVE:
            _to(tx, grant, GrantState.DRIFTED, Ending.REMOVED_ELSEWHERE, now)
            _say(tx, grant, now, words, _owner(grant, access))


# What was sent, and what came of it


def hold(tx: Tx, claim: Claim, until: datetime, **values: Any) -> bool:
    """Renew the lease of a claim that still is ours, with what is about to be sent; False when it was lost."""
    mine = (
        access_lists.c.resource == claim.row.resource,
        access_lists.c.version == claim.version,
        access_lists.c.lease_owner == claim.owner,
    )
    return tx.execute(update(access_lists).where(*mine).values(lease_until=until, **values)).rowcount == 1


def mark_sent(tx: Tx, grants: Sequence[Grant]) -> tuple[Grant, ...]:
    """Commit before the call that these grants wait for it; what is added is ours from now on."""
    marked = []
    for grant in grants:
        gives = grant.state is GrantState.ACTIVATING
        values = {"sent": Sent.SENT.value, "tries": grant.tries + 1, "is_owned": grant.is_owned or gives}
        assert queries.note(tx, grant, **values), "the rows are locked in this transaction"
        marked.append(replace(grant, version=grant.version + 1, tries=grant.tries + 1))
    return tuple(marked)


def mark_done(tx: Tx, grants: Sequence[Grant]) -> None:
    """Google said yes to them."""
    for grant in grants:
        queries.note(tx, grant, sent=Sent.DONE.value if grant.state is not GrantState.ACTIVE else None)


def mark_unsent(tx: Tx, grants: Sequence[Grant]) -> tuple[Grant, ...]:
    """Google wrote nothing this time: what was uncertain before stays so. Return the grants as they are now."""
    found = []
    for before in grants:
        now = queries.load(tx, before.id, lock=True)
        if now is None or before.sent is not None:
            found += [now] if now else []
            continue
        owned: Mapping[str, Any] = {} if before.is_owned else {"is_owned": False}
        queries.note(tx, now, sent=None, **owned)
        found.append(replace(now, version=now.version + 1, sent=None, is_owned=before.is_owned))
    return tuple(found)


# Where Google does not do it


def not_given(tx: Tx, grants: Sequence[Grant], why: Text, now: datetime) -> None:
    """End what Google does not take, and say why."""
    for grant in grants:
        if grant.state is not GrantState.ACTIVATING:
            continue
        if grant.sent is not None:  # it may be there all the same
            service.end(tx, grant, Ending.NOT_GIVEN, BATON, now)
        else:
            _to(tx, grant, GrantState.ENDED, Ending.NOT_GIVEN, now, problem=to_json(why))


def give_up(tx: Tx, grants: Sequence[Grant], why: Text, access: Access, now: datetime) -> None:
    """Give no longer what cannot be given; what cannot be taken away is told to its owner, and tried again."""
    not_given(tx, grants, why, now)
    for grant in grants:
        if grant.state in TAKES:
            _revoke_failed(tx, grant, why, access, now)


def _revoke_failed(tx: Tx, grant: Grant, why: Text, access: Access, now: datetime) -> None:
    is_new = grant.state is GrantState.REVOKING
    problem = to_json(why)
    if is_new:
        said = text("grant.moment.revoke_failed", why=why)
        values = {"failed_at": now, "problem": problem}
        deed = "revoke_failed"
        if not queries.move(tx, grant, GrantState.REVOKE_FAILED, at=now, by=BATON, deed=deed, said=said, **values):
            return
    elif grant.failed_at is None or now >= grant.failed_at + TELL_AGAIN_AFTER:
        queries.note(tx, grant, failed_at=now, problem=problem)
    else:
        return
    words = text("grant.note.revoke_failed", who=holder(grant), what=what(grant), why=why, until=grant.expires_at)
    _say(tx, grant, now, words, _owner(grant, access))
    if access.page is not None:
        page = text("grant.page.revoke_failed", who=holder(grant), what=what(grant), why=why, until=grant.expires_at)
        pages.want(tx, access.page, grant.ref, page, Priority.HIGH, now)
