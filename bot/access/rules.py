"""From what stands at Google and what is granted to what must be written, and what became true. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.access.members import Addition, Compared, Key, Member, compare, includes
from bot.access.model import GIVES, TAKES, Grant, GrantState, Held, Sent

TRIES = 6  # of what may pass by itself, before people are told and nothing more is given
REMIND_BEFORE = timedelta(hours=24)
_REMIND_PART = 4  # of a short grant the last quarter is left


class Next(StrEnum):
    """What a grant needs, as its list at Google stands."""

    NOTHING = "nothing"
    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"  # the condition that Google holds says another end
    ACTIVE = "active"
    STANDING = "standing"
    ENDED = "ended"
    REMOVED_ELSEWHERE = "removed_elsewhere"
    WIDENED = "widened"
    PUT_BACK = "put_back"  # removed again and again, and somebody writes it again each time


@dataclass(frozen=True, slots=True)
class Move:
    """What a grant needs. `left` are entries of the same member that are not ours and stay."""

    grant: Grant
    next: Next
    left: tuple[Key, ...] = ()

    @property
    def is_write(self) -> bool:
        return self.next in {Next.ADD, Next.REMOVE, Next.REPLACE}


def moves(held: Held, grants: Sequence[Grant]) -> tuple[Move, ...]:
    """Return what each open grant of one list needs; of those that share an entry one adds or removes it."""
    found: list[Move] = []
    for grant in grants:
        move = _move(held, grant, grants)
        repeated = move.is_write and any(each.is_write and each.grant.key == grant.key for each in found)
        found.append(Move(grant, Next.NOTHING) if repeated else move)
    return tuple(found)


def _move(held: Held, grant: Grant, grants: Sequence[Grant]) -> Move:
    if grant.state is GrantState.ACTIVATING:
        return Move(grant, _activating(held, grant, grants))
    if grant.state is GrantState.ACTIVE:
        return _active(held, grant, grants)
    if grant.state in TAKES:
        return Move(grant, _taking(held, grant, grants), foreign(held.keys, grant.member, grants))
    return Move(grant, Next.NOTHING)


def _activating(held: Held, grant: Grant, grants: Sequence[Grant]) -> Next:
    others = _sharing(grant, grants)
    if grant.key in held.keys and (grant.sent or any(each.is_owned for each in others)):
        return Next.ACTIVE
    if grant.sent is Sent.DONE and grant.tries >= TRIES:
        return Next.REMOVED_ELSEWHERE  # written again and again, and taken away each time
    if not grant.sent and compare(foreign(held.keys, grant.member, grants), grant.key) is Compared.ALREADY_HAS:
        return Next.STANDING
    return Next.ADD


def _active(held: Held, grant: Grant, grants: Sequence[Grant]) -> Move:
    if grant.key in held.keys:
        says = held.expressions.get(grant.title)
        differs = grant.condition is not None and says != grant.condition["expression"]
        return Move(grant, Next.REPLACE if differs else Next.NOTHING)
    if _left_of(held, grant):
        return Move(grant, Next.NOTHING)
    ours = {each.key for each in grants}
    theirs = (key for key in held.keys if key.is_of(grant.member) and key not in ours)
    wider = tuple(key for key in theirs if includes(key.role, grant.role))
    return Move(grant, Next.WIDENED if wider else Next.REMOVED_ELSEWHERE, wider)


def _taking(held: Held, grant: Grant, grants: Sequence[Grant]) -> Next:
    needed = any(each.state in GIVES for each in _sharing(grant, grants))
    if not grant.is_owned or needed or not _left_of(held, grant):
        return Next.ENDED
    return Next.PUT_BACK if grant.sent is Sent.DONE and grant.tries >= TRIES else Next.REMOVE


def _left_of(held: Held, grant: Grant) -> tuple[Key, ...]:
    """Return what of the grant's own stands there: its entry, and that of its account which Google has deleted since.

    Google brings a deleted account back with all that its entries give.
    """
    was = f"{grant.member}?uid=".lower()
    return tuple(key for key in dict.fromkeys(held.keys) if key == grant.key or _is_deleted(key, grant, was))


def _is_deleted(key: Key, grant: Grant, was: str) -> bool:
    same = (key.role, key.condition) == (grant.role, grant.title)
    return key.is_deleted and same and key.id.lower().startswith(was)


def _sharing(grant: Grant, grants: Sequence[Grant]) -> tuple[Grant, ...]:
    """Return the other grants that stand on the same entry: overlapping ones, of which the last takes it away."""
    return tuple(each for each in grants if each.id != grant.id and each.key == grant.key)


def foreign(held: Sequence[Key], member: Member, grants: Sequence[Grant]) -> tuple[Key, ...]:
    """Return the entries of this member that none of these grants has put there."""
    ours = {each.key for each in grants if each.is_owned}
    return tuple(key for key in held if key.is_of(member) and key not in ours and not key.is_ours)


def untold(held: Held, moved: Sequence[Move]) -> tuple[Key, ...]:
    """Return entries that carry a title of ours and belong to no live grant.

    What somebody has widened carries it too, and is theirs.
    """
    kept = {each.grant.id for each in moved if each.grant.state in GIVES and each.next is not Next.REMOVED_ELSEWHERE}
    known = {key for each in moved for key in _left_of(held, each.grant)}
    return tuple(key for key in held.keys if key.is_ours and key.grant_id not in kept and key not in known)


def unproven(held: Held, moved: Sequence[Move], sent_etag: str | None) -> bool:
    """Return whether a write whose answer was lost may still arrive: the list is as it was when that was sent.

    Its `If-Match` lets it in only as long as the list does not change.
    """
    waits = any(each.grant.state in TAKES and each.next is Next.ENDED and each.grant.is_owned for each in moved)
    return waits and sent_etag is not None and sent_etag == held.etag


@dataclass(frozen=True, slots=True)
class Change:
    """One write: what is added and removed, in which grants' names, on the state of that etag."""

    add: tuple[Addition, ...]
    remove: tuple[Key, ...]
    grants: tuple[Grant, ...]
    etag: str

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)


def change(held: Held, moved: Sequence[Move], extra: Sequence[Key] = ()) -> Change:
    """Return the one write that does all that these moves need, and removes `extra`."""
    writes = [each for each in moved if each.is_write]
    add = tuple(each.grant.addition for each in writes if each.next in {Next.ADD, Next.REPLACE})
    replaced = [each.grant.key for each in writes if each.next is Next.REPLACE]
    taken = [key for each in writes if each.next is Next.REMOVE for key in _left_of(held, each.grant)]
    remove = tuple(dict.fromkeys((*replaced, *taken)))
    named = tuple(each.grant for each in moved if each.is_write or _goes_with(each.grant, remove))
    return Change(add, (*remove, *extra), named, held.etag)


def _goes_with(grant: Grant, removed: Sequence[Key]) -> bool:
    return grant.state in TAKES and grant.is_owned and grant.key in removed


def expected(before: Held, wrote: Change) -> set[Key]:
    """Return what must stand there after a write that nobody interfered with."""
    return (set(before.keys) - set(wrote.remove)) | {each.key for each in wrote.add}


def remind_at(grant: Grant) -> datetime:
    """Return when people are told that it ends: a day before, of a short one when its last quarter begins."""
    since = grant.activated_at or grant.created_at
    return grant.expires_at - min(REMIND_BEFORE, (grant.expires_at - since) / _REMIND_PART)
