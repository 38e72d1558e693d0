"""The policy applied to somebody now: facts from the directory tables and from on-call, then the decision."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, tuple_

from bot.actor import Actor
from bot.config.policy import Policy
from bot.config.who import Who, WhoKind
from bot.operations.approving import may_approve, outstanding
from bot.operations.facts import Answer, Facts, Standing, Subject, expanded
from bot.operations.policy import Approvals, Decision, Request, decide
from bot.operations.whom import why_barred, why_none_of
from bot.store import Tx
from bot.store.tables import people, user_groups
from bot.text import Lines, Mention, Text, text

_ANYBODY = Who(WhoKind.MEMBER)

IsOnCall = Callable[[Tx, str, datetime], Answer]
OnCallNow = Callable[[Tx, datetime], tuple[str, ...]]
"""Return the Slack users who certainly are on call on any schedule."""
Authorise = Callable[[Tx, Actor, str], Text | None]
"""Return why this actor may not do this (`incident.resolve`) to Baton's own records, or None where they may."""


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who could say yes now: these users by name, or any full member. `unchecked` is what could not be checked.

    `enough` is whether those who are certain are as many as it takes.
    """

    users: tuple[str, ...] = ()
    any_member: bool = False
    unchecked: tuple[Text, ...] = ()
    enough: bool = True

    @property
    def nobody(self) -> bool:
        """Whether it is certain that nobody could, or too few."""
        return not (self.enough or self.unchecked)


@dataclass(frozen=True, slots=True)
class Authority:
    """Asks the present policy, about present facts. Copies of the directory older than `fresh_for` prove nothing.

    In shadow mode everything may be planned, and nothing at a vendor may be changed. `identities` are what people.yaml
    knows of accounts and terminals, by `user:U…` and `cli:USER@HOST`.
    """

    policy: Callable[[], Policy]
    is_on_call: IsOnCall
    fresh_for: timedelta = timedelta(hours=24)
    shadow: bool = False
    on_call_now: OnCallNow = lambda _tx, _now: ()
    identities: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def decide(self, tx: Tx, actor: Actor, request: Request, now: datetime) -> Decision:
        return decide(request, self.policy(), self.facts(tx, actor, now), now)

    def why_not(self, tx: Tx, actor: Actor, request: Request, now: datetime) -> Text | None:
        """Return why it is refused, in words for the person, or None where it is allowed without anybody else."""
        decision = self.decide(tx, actor, request, now)
        if decision.needs_nobody:
            return None
        return text("policy.refused", reasons=Lines(decision.reasons or (text("policy.needs_approval"),)))

    def why_none_of(self, tx: Tx, actor: Actor, who: Sequence[Who], now: datetime) -> Text | None:
        """Return why this actor is none of these people, or None where they are one."""
        facts = self.facts(tx, actor, now)
        barred = why_barred(facts)
        reasons = (barred,) if barred else why_none_of(who, Subject(), facts)
        return text("policy.refused", reasons=Lines(reasons)) if reasons else None

    # Approval

    def wanted(self, tx: Tx, request: Request, now: datetime) -> Decision:
        """Return what the policy wants of who answers for the request, with the facts of now."""
        return self.decide(tx, request.asked_by[-1], request, now)

    def may_approve(self, tx: Tx, actor: Actor, request: Request, now: datetime) -> Decision:
        """Return whether this person's yes would count. What may not run at all needs no yes either."""
        return self.may_approve_each(tx, actor, (request,), now)[0]

    def may_approve_each(self, tx: Tx, actor: Actor, requests: Sequence[Request], now: datetime) -> list[Decision]:
        """Return the same for each of many requests, by as many statements as for one."""
        known = self.facts_of(tx, {actor, *(each for request in requests for each in _taking_part(request))}, now)

        def decided(request: Request) -> Decision:
            wanted = decide(request, self.policy(), known[request.asked_by[-1]], now)
            if not wanted.allowed:
                return wanted
            approvals = wanted.approvals or (Approvals(1, (_ANYBODY,)),)
            return may_approve(request, approvals, known[actor], [known[each] for each in _taking_part(request)])

        return [decided(request) for request in requests]

    def outstanding(self, tx: Tx, request: Request, yes: Iterable[Actor], now: datetime) -> tuple[Approvals, ...]:
        """Return what is still missing after these people said yes; a yes counts only while they still may."""
        wanted = self.wanted(tx, request, now).approvals
        asked = self._asked(tx, request, now)
        facts = [self.facts(tx, actor, now) for actor in dict.fromkeys(yes)]
        counting = [each for each in facts if may_approve(request, wanted, each, asked).allowed]
        return outstanding(request, wanted, counting)

    def who_could_approve(self, tx: Tx, request: Request, now: datetime) -> Approvers:
        """Return whose yes would count now, sorted; every one of them has been checked."""
        approvals = self.wanted(tx, request, now).approvals
        named = {who for each in approvals for who in expanded(each.by, request.subject)}
        asked = self._asked(tx, request, now)
        accounts = _accounts(tx, set(self._users(tx, named, now)), request.asked_by[-1].team)
        known = [self.facts(tx, each, now) for each in accounts]
        able = [each for each in known if may_approve(request, approvals, each, asked).allowed]
        closed = [each for each in approvals if _ANYBODY not in expanded(each.by, request.subject)]
        return Approvers(
            users=tuple(each.actor.id for each in able),
            any_member=_ANYBODY in named,
            unchecked=tuple(self._unchecked(tx, named, now)),
            enough=not outstanding(request, closed, able),
        )

    def _asked(self, tx: Tx, request: Request, now: datetime) -> list[Facts]:
        known = self.facts_of(tx, _taking_part(request), now)
        return [known[actor] for actor in _taking_part(request)]

    def _users(self, tx: Tx, named: Iterable[Who], now: datetime) -> Iterator[str]:
        for who in named:
            match who.kind:
                case WhoKind.USER:
                    yield who.id
                case WhoKind.ON_CALL:
                    yield from self.on_call_now(tx, now)
                case WhoKind.GROUP:
                    yield from _members(tx, who.id, now - self.fresh_for) or ()
                case _:
                    continue

    def _unchecked(self, tx: Tx, named: Iterable[Who], now: datetime) -> Iterator[Text]:
        for who in sorted(named, key=str):
            if who.kind is WhoKind.GROUP and _members(tx, who.id, now - self.fresh_for) is None:
                yield text("policy.group.unknown", group=Mention(who.id))
            if who.kind is WhoKind.ON_CALL and self.is_on_call(tx, "", now) is Answer.UNKNOWN:
                yield text("policy.on_call.unknown")

    # Facts

    def actor(self, tx: Tx, written: str) -> Actor:
        """Return who is meant by a Slack id or `cli:USER@HOST`; nobody knows an account that the directory lacks."""
        if written.startswith("cli:"):
            return Actor.parse(written)
        team = tx.execute(select(people.c.team).where(people.c.user == written)).scalar()
        return Actor.person(team or "", written)

    def facts(self, tx: Tx, actor: Actor, now: datetime) -> Facts:
        return self.facts_of(tx, (actor,), now)[actor]

    def facts_of(self, tx: Tx, actors: Collection[Actor], now: datetime) -> dict[Actor, Facts]:
        """Return the facts of each. The directory is read by two statements, however many they are."""
        since, persons = now - self.fresh_for, [each for each in actors if each.is_person]
        accounts = _accounts_of(tx, persons) if persons else {}
        groups = _groups(tx, {each.team for each in persons}, since) if persons else []

        def facts(actor: Actor) -> Facts:
            if not actor.is_person:
                return Facts(actor, on_call=Answer.NO, identity=self.identities.get(str(actor), frozenset()))
            row, own = accounts.get((actor.team, actor.id)), [each for each in groups if each.team == actor.team]
            known = frozenset(each.group_id for each in own)
            inside = frozenset(each.group_id for each in own if actor.id in each.members)
            identity = self.identities.get(f"user:{actor.id}", frozenset()) | _mails(row)
            return Facts(actor, _standing(row, since), self.is_on_call(tx, actor.id, now), inside, known, identity)

        return {actor: facts(actor) for actor in actors}


def mail_identity(address: str) -> str:
    """Return what two addresses of one mailbox have in common: case and a `+tag` tell nobody apart."""
    name, _, domain = address.strip().casefold().rpartition("@")
    return f"mail:{name.partition('+')[0]}@{domain}"


def _mails(row: Row[Any] | None) -> frozenset[str]:
    return frozenset({mail_identity(row.email)} if row and row.email else ())


def _standing(row: Row[Any] | None, since: datetime) -> Standing:
    if row is None or row.fetched_at < since:
        return Standing.UNKNOWN
    if row.is_deleted:
        return Standing.DELETED
    if row.is_bot:
        return Standing.BOT
    return Standing.GUEST if row.is_guest else Standing.MEMBER


def _accounts(tx: Tx, users: Collection[str], team: str) -> list[Actor]:
    """Return the accounts of these users in that workspace, sorted; in any where it is not known."""
    query = select(people.c.team, people.c.user).where(people.c.user.in_(users)).order_by(people.c.user)
    rows = tx.execute(query.where(people.c.team == team) if team else query)
    return [Actor.person(row.team, row.user) for row in rows]


def _members(tx: Tx, group: str, since: datetime) -> list[str] | None:
    """Return who is in the group, None where that is not known."""
    fresh = user_groups.c.group_id == group, user_groups.c.fetched_at >= since
    row = tx.execute(select(user_groups.c.members).where(*fresh)).first()
    return list(row.members) if row else None


def _taking_part(request: Request) -> tuple[Actor, ...]:
    """Return who asked for it and who gains by it."""
    team = request.asked_by[-1].team
    gaining = (Actor.person(team, user) for user in request.subject.for_whom)
    return tuple(dict.fromkeys((*request.asked_by, *gaining)))


def _accounts_of(tx: Tx, persons: Collection[Actor]) -> dict[tuple[str, str], Row[Any]]:
    """Return by team and user what the directory knows of these."""
    which = tuple_(people.c.team, people.c.user).in_([(each.team, each.id) for each in persons])
    return {(row.team, row.user): row for row in tx.execute(select(people).where(which))}


def _groups(tx: Tx, teams: Collection[str], since: datetime) -> Sequence[Row[Any, Any, Any]]:
    """Return the groups of these workspaces that are known."""
    fresh = user_groups.c.team.in_(teams), user_groups.c.fetched_at >= since
    return tx.execute(select(user_groups.c.team, user_groups.c.group_id, user_groups.c.members).where(*fresh)).all()
