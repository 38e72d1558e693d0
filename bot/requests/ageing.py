"""What time does to requests: passes them on with the shift, calls, reminds, and ends what a run has done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from bot import outbox, timeline
from bot.actor import BATON, Actor
from bot.oncall.model import Calling, Certainty, Covered, Duty
from bot.oncall.rules import calling
from bot.requests import queries, rules, service, telling
from bot.requests.desk import Desk
from bot.requests.model import Request, State, Work
from bot.requests.moves import change, move
from bot.requests.rules import ByRun, Stage
from bot.store import Store, Tx
from bot.text import Lines, Mention, Text, text

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ageing:
    store: Store
    desk: Desk

    def look(self, now: datetime) -> None:
        """Do all that is due, each thing in a transaction of its own, so that one gone wrong holds up no other."""
        for request_id in self.store.read(lambda tx: self._to_pass_on(tx, now)):
            self._apart(partial(self._pass_on, request_id=request_id, now=now))
        for request_id in self.store.read(lambda tx: queries.due(tx, now)):
            self._apart(partial(self._remind, request_id=request_id, now=now))
        for request_id, works in self.store.read(self._worked_on):
            self._apart(partial(self._follow, request_id=request_id, works=works, now=now))

    def _apart(self, write: Callable[[Tx], None]) -> None:
        try:
            self.store.write(write)
        except Exception:
            log.exception("request not looked at")

    # The shift

    def _to_pass_on(self, tx: Tx, now: datetime) -> list[str]:
        """Return the requests that nobody took and that belonged to somebody who is no longer on call."""
        waiting = queries.unassigned(tx)
        schedules = {request.schedule for request in waiting}
        called = {schedule: calling(self.desk.duty(tx, schedule, now)) for schedule in schedules}
        return [request.id for request in waiting if called[request.schedule] != request.called]

    def _pass_on(self, tx: Tx, request_id: str, now: datetime) -> None:
        """Have a request that nobody took belong to whoever is on call now. It was told before, so nobody is called."""
        request = queries.load(tx, request_id, lock=True)
        if request is None or not request.is_open or request.assignee:
            return
        now_called, before = calling(self.desk.duty(tx, request.schedule, now)), request.called
        if not change(tx, self.desk, request, called=now_called.to_json()):
            return
        if _is_sure(now_called) and _is_sure(before) and now_called.ids != before.ids:
            to = tuple(Mention(each) for each in now_called.ids)
            timeline.record(tx, request.ref, now, BATON, text("request.moment.passed_on", to=to))
        outbox.want_card(tx, request.ref)

    # Promises

    def _remind(self, tx: Tx, request_id: str, now: datetime) -> None:
        """Say what is due about one request: each once."""
        request = queries.load(tx, request_id, lock=True)
        if request is None or not request.is_open:
            return
        if request.mention_at and not request.mentioned_at and request.mention_at <= now:
            self._call_in_the_morning(tx, request, now)
            request = queries.load(tx, request_id) or request
        stages = rules.stages(request, now, self.desk.pace)
        changed = change(tx, self.desk, request, told=[*request.told, *stages])
        if changed and stages:
            self._say(tx, changed, stages[-1], now)
            outbox.want_card(tx, changed.ref)

    def _say(self, tx: Tx, request: Request, stage: Stage, now: datetime) -> None:
        if stage not in rules.OF_ASKING:
            telling.call(tx, self.desk, request, now, *self._called_for(tx, request, stage, now))
        elif stage is Stage.UNANSWERED or queries.has_left(tx, request.requester):
            service.go_on_unanswered(tx, self.desk, request, now)
        else:
            words = text("request.note.asked_again", question=request.waits_for)
            telling.ask_back(tx, self.desk, request, now, words)

    def _call_in_the_morning(self, tx: Tx, request: Request, now: datetime) -> None:
        """Call whoever is on call once for all requests of this place that were asked outside working hours."""
        place = self.desk.place(request.origin).channel
        waited = [each for each in queries.unassigned(tx) if self._waits_with(each, request, place, now)]
        called = calling(self.desk.duty(tx, request.schedule, now))
        for each in waited:
            change(tx, self.desk, each, mentioned_at=now, called=called.to_json())
            outbox.want_card(tx, each.ref)
        telling.call(tx, self.desk, request, now, called.ids, self._overnight(tx, waited))

    def _waits_with(self, other: Request, request: Request, place: str, now: datetime) -> bool:
        is_due = other.mention_at is not None and other.mention_at <= now and other.mentioned_at is None
        here = other.schedule == request.schedule and self.desk.place(other.origin).channel == place
        return is_due and here and other.state is State.NEW

    def _overnight(self, tx: Tx, waited: list[Request]) -> Text:
        lines = []
        for each in waited:
            words = text("request.link_label", words=each.words[:80])
            lines.append(outbox.link_to(tx, each.ref, words) or words)
        return text("request.note.overnight", n=len(waited), lines=Lines(tuple(lines)))

    def _called_for(self, tx: Tx, request: Request, stage: Stage, now: datetime) -> tuple[tuple[str, ...], Text]:
        """Return whom a reminder calls: who has it, and when the promise is broken somebody else, too."""
        duty = self.desk.duty(tx, request.schedule, now)
        who = (request.assignee.id,) if request.assignee else calling(duty).ids
        promise = request.promised.answer_at if stage in _OF_ANSWERS else request.promised.done_at
        words = text(f"request.note.{stage}", at=promise or now)
        return (who if stage in _SOON else (*who, *_second(duty))), words

    # Runs

    def _worked_on(self, tx: Tx) -> list[tuple[str, Sequence[Work]]]:
        """Return the requests of which their runs make something, with these: usually none, so nothing is written."""
        return [(request.id, works) for request, works in queries.worked_on(tx) if rules.by_run(request, works)]

    def _follow(self, tx: Tx, request_id: str, works: Sequence[Work], now: datetime) -> None:
        """Have a request be that of whoever began a run from it, and done when the newest run has succeeded."""
        request = queries.load(tx, request_id, lock=True)
        match request and rules.by_run(request, works):
            case ByRun.DONE if request:
                service.finish_by_run(works[-1].by, tx, self.desk, request, works[-1], now)
            case ByRun.TAKEN if request:
                _taken_by(tx, self.desk, request, works[-1].by, now)


_SOON = frozenset({Stage.ANSWER_SOON, Stage.DONE_SOON})
_OF_ANSWERS = frozenset({Stage.ANSWER_SOON, Stage.ANSWER_LATE})


def _taken_by(tx: Tx, desk: Desk, request: Request, who: Actor, now: datetime) -> None:
    taken: dict[str, Any] = {"assignee": str(who), "taken_at": now, "mention_at": None}
    values = taken | {"answered_at": now, "answer_due_at": None}
    moved = move(tx, desk, request, State.IN_PROGRESS, who, now, text("request.moment.taken_by_run"), **values)
    if moved:
        telling.tell_requester(tx, desk, moved, now, text("request.news.taken", by=Mention(who.id)), who)


def _second(duty: Duty) -> tuple[str, ...]:
    """Return who is called besides the first responder: the next one, else the fallback of the schedule."""
    engineers = duty.now.engineers[1:] if isinstance(duty.now, Covered) else ()
    return tuple(each.user for each in engineers if each.user) or (duty.fallback,)


def _is_sure(called: Calling) -> bool:
    return called.certainty is Certainty.SOMEBODY
