"""Loads one person's Home: what is theirs to see of it, by a number of statements that does not grow."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.access.model import Grant
from bot.actor import Actor
from bot.clock import Clock
from bot.directory.queries import names_of
from bot.handoff.rows import concerning as handoffs_concerning
from bot.home import queries, rules
from bot.home.model import Approval, Closed, Ending, Home, Listed, Part, Shown, actors
from bot.oncall.model import Covered, Duty, Gap, Unclear
from bot.oncall.queries import Roster
from bot.operations.authority import Authority
from bot.operations.desk import Desk as Operations
from bot.operations.facts import Facts
from bot.operations.operation import Effect
from bot.operations.policy import Request, decide
from bot.operations.whom import why_barred
from bot.silences.model import Silence
from bot.store import Tx
from bot.text import mentioned, text

DEEDS: Final = (
    "incident.search",
    "incident.acknowledge",
    "silence.create",
    "silence.end",
    "cover.ask",
    "request.open",
    "request.handle",
)


@dataclass(frozen=True, slots=True)
class Loader:
    roster: Roster
    operations: Operations
    clock: Clock
    handed_over: Collection[str]
    """The schedules whose handoffs are posted somewhere."""

    def __call__(self, tx: Tx, team: str, user: str, shown: Shown) -> Home | Closed:
        """Return what this person may see of what they have turned to."""
        now, actor, rota = self.clock.now(), Actor.person(team, user), self.roster.look(tx)
        duties = rota.duties(now)
        authority = replace(self.operations.authority, is_on_call=lambda _tx, who, _now: rules.is_on_call(duties, who))
        facts = authority.facts(tx, actor, now)
        if why := why_barred(facts):
            return Closed(text("home.closed", why=why))
        own = rules.on_call_of(duties, user)
        shown = replace(shown, part=rules.part_for(shown, is_on_call=bool(own)))
        bare = Home(shown, duties, own, rota.upcoming(user, now), may=_may(authority, facts, now), reader=actor)
        home = self._filled(tx, bare, actor, authority, now)
        if not home.shown.part.is_list:
            home = replace(home, handoffs=handoffs_concerning(tx, user, self.handed_over, now))
        return replace(home, names=names_of(tx, set(_named(home))))

    def _filled(self, tx: Tx, home: Home, actor: Actor, authority: Authority, now: datetime) -> Home:
        """Add the lists that belong to what is shown."""
        part = home.shown.part
        if part in {Part.ON_CALL, Part.INCIDENTS} and "incident.search" in home.may:
            found, stale = queries.urgent(tx, home.shown)
            follow = queries.followers(tx, [each.id for each in found.items])
            home = replace(home, incidents=found, stale=stale, follow=follow)
        if part in {Part.ON_CALL, Part.REQUESTS}:
            schedules = [duty.schedule for duty in home.on_call]
            home = replace(home, requests=queries.open_requests(tx, home.shown, schedules))
        if part in {Part.ON_CALL, Part.MINE, Part.APPROVALS}:
            home = replace(home, approvals=self._approvals(tx, actor, authority, home.shown, now))
        if part in {Part.ON_CALL, Part.ENDING}:
            home = replace(home, ending=_ending(tx, home.shown, now))
        if part is Part.MINE:
            asked = queries.requests_of(tx, actor, home.shown)
            home = replace(home, grants=queries.grants_of(tx, actor), asked=asked)
        told = queries.threads(tx, [str(each.ref) for each in home.all_requests])
        return replace(
            home, threads={each.id: told[str(each.ref)] for each in home.all_requests if str(each.ref) in told}
        )

    def _approvals(self, tx: Tx, actor: Actor, authority: Authority, shown: Shown, now: datetime) -> Listed[Approval]:
        """Return the runs for which this person's yes would count, and was not given yet."""
        runs = [run for run in queries.waiting_for_a_yes(tx) if actor not in {*run.asked_by, *run.yes}]
        requests = [self.operations.request_of(run) for run in runs]
        decisions = authority.may_approve_each(tx, actor, requests, now) if runs else []
        mine = [run for run, decision in zip(runs, decisions, strict=True) if decision.allowed]
        told = queries.threads(tx, [str(run.ref) for run in mine])
        waiting = tuple(
            Approval(run.id, run.summary, run.requester, run.waiting_since or run.created_at, told.get(str(run.ref)))
            for run in mine
        )
        return rules.listed(waiting, shown)


def _ending(tx: Tx, shown: Shown, now: datetime) -> Listed[Ending]:
    until = now + rules.SOON
    things: tuple[Silence | Grant, ...] = (*queries.silences_ending(tx, until), *queries.grants_ending(tx, until))
    told = queries.threads(tx, [str(each.ref) for each in things])
    ending = sorted((Ending(each, told.get(str(each.ref))) for each in things), key=lambda each: each.at)
    return rules.listed(ending, shown)


def _may(authority: Authority, facts: Facts, now: datetime) -> frozenset[str]:
    """Return what the policy lets this person do to Baton's own records, without anybody else."""
    policy = authority.policy()
    asked = ((deed, Request(deed, Effect.KEEPS_RECORDS)) for deed in DEEDS)
    return frozenset(deed for deed, request in asked if decide(request, policy, facts, now).needs_nobody)


def _named(home: Home) -> Iterator[str]:
    """Yield the users and groups whose names are needed."""
    yield from (actor.id for actor in actors(home) if actor.is_person)
    for request in home.all_requests:
        yield from request.called.ids
    for approval in home.approvals.items if home.approvals else ():
        yield from mentioned(approval.summary)
    for duty in home.duties:
        yield duty.fallback
        yield from _in(duty)


def _in(duty: Duty) -> Iterator[str]:
    for state in (duty.now, duty.next):
        match state:
            case Covered(engineers) | Unclear(engineers):
                yield from (engineer.user for engineer in engineers if engineer.user)
            case Gap() | None:
                continue
