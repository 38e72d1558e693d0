"""The policy applied to somebody now: facts from the directory tables and from on-call, then the decision."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from bot.actor import Actor
from bot.config.policy import Rule
from bot.operations.policy import Answer, Decision, Facts, Request, Standing, decide
from bot.store import Tx
from bot.store.tables import people, user_groups
from bot.text import Lines, Text, text

IsOnCall = Callable[[Tx, str, datetime], Answer]
Authorise = Callable[[Tx, Actor, str], Text | None]
"""Return why this actor may not do this (`incident.resolve`) to Baton's own records, or None where they may."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Asks the present rules, about present facts. Copies of the directory older than `fresh_for` prove nothing.

    In shadow mode everything may be planned, and nothing at a vendor may be changed.
    """

    rules: Callable[[], Sequence[Rule]]
    is_on_call: IsOnCall
    fresh_for: timedelta = timedelta(hours=24)
    shadow: bool = False

    def decide(self, tx: Tx, actor: Actor, request: Request, now: datetime) -> Decision:
        return decide(request, self.rules(), self.facts(tx, actor, now))

    def why_not(self, tx: Tx, actor: Actor, request: Request, now: datetime) -> Text | None:
        """Return why it is refused, in words for the person, or None where it is allowed without anybody else."""
        decision = self.decide(tx, actor, request, now)
        if decision.allowed and not decision.needs:
            return None
        return text("policy.refused", reasons=Lines(decision.reasons or (text("policy.needs_approval"),)))

    def facts(self, tx: Tx, actor: Actor, now: datetime) -> Facts:
        if not actor.is_person:
            return Facts(actor, on_call=Answer.NO)
        since = now - self.fresh_for
        known, inside = _groups(tx, actor, since)
        on_call = self.is_on_call(tx, actor.id, now)
        return Facts(actor, _standing(tx, actor, since), on_call, groups=inside, known_groups=known)


def _standing(tx: Tx, actor: Actor, since: datetime) -> Standing:
    mine = people.c.team == actor.team, people.c.user == actor.id
    row = tx.execute(select(people).where(*mine)).first()
    return _standing_of(row) if row and row.fetched_at >= since else Standing.UNKNOWN


def _standing_of(row: Row[Any]) -> Standing:
    if row.is_deleted:
        return Standing.DELETED
    if row.is_bot:
        return Standing.BOT
    return Standing.GUEST if row.is_guest else Standing.MEMBER


def _groups(tx: Tx, actor: Actor, since: datetime) -> tuple[frozenset[str], frozenset[str]]:
    """Return the groups of the actor's workspace that are known, and those of them with the actor inside."""
    fresh = user_groups.c.team == actor.team, user_groups.c.fetched_at >= since
    rows = tx.execute(select(user_groups.c.group_id, user_groups.c.members).where(*fresh)).all()
    return frozenset(row.group_id for row in rows), frozenset(row.group_id for row in rows if actor.id in row.members)
