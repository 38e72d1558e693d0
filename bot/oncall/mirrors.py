"""What in Slack shall follow who is on call: user groups and topics, as rows that are brought up to date when due."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, case, exists, select, update

from bot.oncall.group_rules import Member, Part, part
from bot.oncall.model import Covered, Unclear
from bot.oncall.telling import UserGroup, Watch
from bot.store import Tx
from bot.store.claim import CHANGED, NEW, Claim
from bot.store.tables import people, synced_groups, topics, user_groups
from bot.store.upsert import insert_if_new
from bot.text import Text, text_from_json


def prepare(tx: Tx, watch: Watch) -> None:
    """Have a row for each configured group and topic; at the start each is looked at."""
    for group in watch.groups:
        insert_if_new(tx, synced_groups, _first("group_id", group.group_id) | {"members": []}, key=["group_id"])
    for channel in watch.topics():
        insert_if_new(tx, topics, _first("channel", channel), key=["channel"])
    for table in (synced_groups, topics):
        tx.execute(update(table).where(table.c.due_at.is_(None)).values(due_at=CHANGED))


def want(tx: Tx, watch: Watch, schedule: str) -> None:
    """Have all that shows who is on call for a schedule brought up to date now, also what is in hands."""
    _have_due(tx, synced_groups, synced_groups.c.group_id.in_(watch.groups_of(schedule)))
    place = watch.telling(schedule).place
    if place is not None:
        _have_due(tx, topics, topics.c.channel == place.channel)


def want_all(tx: Tx, watch: Watch) -> None:
    """Have everything brought up to date now: it is known anew who the people are."""
    for schedule in watch.roster.fallbacks:
        want(tx, watch, schedule)


def due(claim: Claim, due_at: datetime | None) -> ColumnElement[Any]:
    """Return when a row is due that is given back: at once where a change came while it was in hands."""
    return case((claim.table.c.wanted > claim.row.wanted, CHANGED), else_=due_at)


def problem_of(tx: Tx, group_id: str) -> Text | None:
    """Return what keeps a user group from following who is on call, None where nothing does."""
    problem = tx.execute(select(synced_groups.c.problem).where(synced_groups.c.group_id == group_id)).scalar()
    return text_from_json(problem) if problem else None


def parts_of(tx: Tx, watch: Watch, group: UserGroup, fresh_after: datetime, now: datetime) -> Mapping[str, Part]:
    """Return for each schedule of a group who shall be in it because of that."""
    found: dict[str, Part] = {}
    for name in group.schedules:
        duty = watch.roster.duty(tx, name, now)
        if isinstance(duty.now, Unclear):
            found[name] = Part(None)
            continue
        engineers = duty.now.engineers if isinstance(duty.now, Covered) else ()
        users = [each.user for each in engineers if each.user]
        if len(users) < len(engineers) and not _is_known(tx, people):
            found[name] = Part(None)
            continue
        fallback = _members(tx, duty.fallback, fresh_after)
        found[name] = part(_known(tx, users), None if fallback is None else _known(tx, fallback))
    return found


def permanent_of(tx: Tx, group: UserGroup) -> tuple[Member, ...]:
    return _known(tx, group.permanent)


def _have_due(tx: Tx, table: Table, which: ColumnElement[bool]) -> None:
    tx.execute(update(table).where(which).values(due_at=CHANGED, wanted=table.c.wanted + 1))


def _members(tx: Tx, responder: str, fresh_after: datetime) -> tuple[str, ...] | None:
    """Return whom a fallback means: the person, or the group's members; None where no group was read of late."""
    if not responder.startswith("S"):
        return (responder,)
    is_fresh = user_groups.c.fetched_at >= fresh_after
    members = tx.execute(select(user_groups.c.members).where(user_groups.c.group_id == responder, is_fresh)).scalar()
    if members is None:  # all groups are read at once: one that is missing then has no members
        return () if _is_known(tx, user_groups, is_fresh) else None
    return tuple(members)


def _is_known(tx: Tx, table: Table, *which: ColumnElement[bool]) -> bool:
    """Tell whether this part of Slack's directory was read."""
    return bool(tx.execute(select(exists(select(table.c.team).where(*which)))).scalar())


def _known(tx: Tx, users: Sequence[str]) -> tuple[Member, ...]:
    """Return these users with what Slack's directory says against their being in a group."""
    flags = people.c.is_bot | people.c.is_guest | people.c.is_deleted
    barred = set(tx.execute(select(people.c.user).where(people.c.user.in_(users), flags)).scalars())
    return tuple(Member(user, may_join=user not in barred) for user in users)


def _first(key: str, value: str) -> dict[str, object]:
    return {key: value, "parts": {}, "due_at": NEW, "attempts": 0, "version": 0}
