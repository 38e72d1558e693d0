"""What is asked about handoffs: what their cards show, who may write, and who may take over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import outbox
from bot.actor import Actor
from bot.config.who import Who, WhoKind
from bot.handoff import rows
from bot.handoff.card import HandoffCard, OpenThing
from bot.handoff.life import Desk, Handoff, Rules, users
from bot.handoff.model import Report, Scope
from bot.handoff.queries import report
from bot.oncall.model import Engineer, WorkingHours
from bot.store import Tx
from bot.text import Mention, Param, Text, text
from bot.views.report_lines import named_item

_NO_HOURS = WorkingHours(ZoneInfo("UTC"))  # of a schedule that is no longer configured
_WAITS = frozenset({"new", "in_progress", "waiting"})

WhyNoneOf = Callable[[Tx, Actor, Sequence[Who], datetime], Text | None]


@dataclass(frozen=True, slots=True)
class Front:
    """`why_none_of` tells whether somebody is one of these people, by the directory as it is known now."""

    desks: Mapping[str, Desk]
    scopes: Mapping[str, Scope]
    rules: Rules
    why_none_of: WhyNoneOf
    now: Callable[[], datetime]

    def card(self, tx: Tx, handoff_id: str) -> HandoffCard | None:
        """Return what the card of a handoff shows, with the report of its turn."""
        handoff = rows.load(tx, handoff_id)
        if handoff is None:
            return None
        desk = self.desks.get(handoff.schedule)
        found = self.report(tx, handoff)
        return HandoffCard(
            handoff=handoff,
            report=found,
            open=_open(found),
            follow_ups=rows.carried(tx, handoff),
            fallback=desk.fallback if desk else "",
            grace=self.rules.grace,
            link=outbox.link_to(tx, rows.card_ref(handoff.id), text("handoff.draft.link", schedule=handoff.schedule)),
        )

    def posted(self, tx: Tx, schedule: str, start: datetime, end: datetime) -> tuple[HandoffCard, ...]:
        """Return the cards of the handoffs that were posted of turns in [start, end), the oldest first."""
        found = (self.card(tx, each) for each in rows.posted_between(tx, schedule, start, end))
        return tuple(each for each in found if each)

    def report(self, tx: Tx, handoff: Handoff) -> Report:
        """Return the report of the turn: up to its end, or so far."""
        scope = self.scopes.get(handoff.schedule) or Scope(handoff.schedule, frozenset(), _NO_HOURS)
        end = handoff.boundary_at if handoff.is_over else None
        return report(tx, scope, handoff.since, end or max(self.now(), handoff.since))

    def why_not_write(self, tx: Tx, actor: Actor, handoff: Handoff, now: datetime) -> Text | None:
        """Return why somebody may not write this handoff: the outgoing people may, or else who stands in."""
        if handoff.is_out and handoff.signed_at:
            return text("handoff.refused.signed")
        if handoff.schedule not in self.desks:
            return text("handoff.refused.not_kept", schedule=handoff.schedule)
        allowed = self._people(handoff, handoff.outgoing)
        if self.why_none_of(tx, actor, allowed, now) is None:
            return None
        return text("handoff.refused.not_yours", who=_named(allowed))

    def why_not_accept(self, tx: Tx, actor: Actor, handoff: Handoff, now: datetime) -> Text | None:
        """Return why somebody may not take it over: the incoming people may, or else who stands in."""
        if not handoff.is_out:
            return text("handoff.refused.not_posted")
        allowed = self._people(handoff, handoff.incoming)
        if self.why_none_of(tx, actor, allowed, now) is None:
            return None
        return text("handoff.refused.not_for_you", who=_named(allowed))

    def why_no_member(self, tx: Tx, actor: Actor, now: datetime) -> Text | None:
        return self.why_none_of(tx, actor, (Who(WhoKind.MEMBER),), now)

    def _people(self, handoff: Handoff, engineers: tuple[Engineer, ...]) -> tuple[Who, ...]:
        if known := users(engineers):
            return tuple(Who(WhoKind.USER, each) for each in known)
        desk = self.desks.get(handoff.schedule)
        return (_who(desk.fallback),) if desk else ()


def _open(found: Report) -> tuple[OpenThing, ...]:
    """Return what is open, the most urgent first: what has a next step."""
    waiting = (each.item for each in found.requests if each.state in _WAITS)
    items = (*(each.item for each in found.open), *waiting)
    return tuple(OpenThing(str(each.ref), named_item(each)) for each in items)


def _who(responder: str) -> Who:
    return Who(WhoKind.GROUP if responder.startswith("S") else WhoKind.USER, responder)


def _named(allowed: tuple[Who, ...]) -> Param:
    return tuple(Mention(each.id) for each in allowed) or text("handoff.nobody")
