"""What people do with requests. Each function takes the actor first, authorises, and says what came of it.

Of two who press at once the first one counts; the other is told how it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actor import BATON, Actor, named
from bot.oncall.hours import after_working
from bot.oncall.rules import calling
from bot.ref import Ref
from bot.requests import queries, rules, telling
from bot.requests.answers import Answer, Done, Refused, elsewhere
from bot.requests.desk import DEEDS, HANDLE_DEED, Desk
from bot.requests.lifecycle import may_move
from bot.requests.model import Request, State, Work
from bot.requests.moves import move
from bot.requests.opening import ask, follow
from bot.requests.reopening import reopen
from bot.requests.withdrawing import hand_over, heir
from bot.store import Tx
from bot.text import Text, text
from bot.triage.redact import redact

__all__ = ["DEEDS", "Answer", "Done", "Refused", "ask", "elsewhere", "reopen"]


def take(actor: Actor, tx: Tx, desk: Desk, request_id: str, now: datetime) -> Answer:
    """Have the request be this person's. What somebody works on is theirs: it is given on, not taken from them."""
    found = _handled(actor, tx, desk, request_id, State.IN_PROGRESS)
    if isinstance(found, Refused):
        return found
    if found.state is State.IN_PROGRESS:
        return Refused(text("request.yours_already")) if found.assignee == actor else elsewhere(found)
    said = text("request.moment.taken")
    return _begin(actor, tx, desk, found, actor, now, said)


def assign(actor: Actor, tx: Tx, desk: Desk, request_id: str, to: str, now: datetime) -> Answer:
    """Give the request to a colleague, who is told, or to nobody: then whoever is on call has it."""
    if not to:
        return give_back(actor, tx, desk, request_id, now)
    found = _handled(actor, tx, desk, request_id, State.IN_PROGRESS)
    if isinstance(found, Refused):
        return found
    colleague = Actor.person(actor.team, to)
    if desk.authorise(tx, colleague, HANDLE_DEED):
        return Refused(text("request.wrong.may_not", who=named(colleague)), "to")
    if found.assignee == colleague and found.state is State.IN_PROGRESS:
        return elsewhere(found)
    said = text("request.moment.assigned", to=named(colleague))
    answer = _begin(actor, tx, desk, found, colleague, now, said)
    if isinstance(answer, Done) and colleague != actor:
        words = text("request.note.given_to_you", by=named(actor), words=found.words[:200])
        telling.write_to(tx, desk, colleague, now, words)
    return answer


def _begin(actor: Actor, tx: Tx, desk: Desk, request: Request, assignee: Actor, now: datetime, said: Text) -> Answer:
    values = _going_on(desk, request, now) | {"assignee": str(assignee), "taken_at": now, "mention_at": None}
    moved = move(tx, desk, request, State.IN_PROGRESS, actor, now, said, **values)
    if moved is None:
        return elsewhere(queries.load(tx, request.id))
    telling.tell_requester(tx, desk, moved, now, text("request.news.taken", by=named(assignee)), actor)
    return Done(moved, said)


def give_back(actor: Actor, tx: Tx, desk: Desk, request_id: str, now: datetime) -> Answer:
    """Have the request belong to whoever is on call again."""
    found = _handled(actor, tx, desk, request_id, State.NEW)
    if isinstance(found, Refused) or not found.is_open:
        return found if isinstance(found, Refused) else elsewhere(found)
    called = calling(desk.duty(tx, found.schedule, now)).to_json()
    begun = [rules.begun(each) for each in queries.works_of(tx, found.id)]  # these take it no more
    told = list(dict.fromkeys([*found.told, *begun]))
    values: dict[str, Any] = {"assignee": None, "taken_at": None, "called": called, "mention_at": None, "told": told}
    said = text("request.moment.given_back")
    moved = move(tx, desk, found, State.NEW, actor, now, said, **values)
    return Done(moved, said) if moved else elsewhere(queries.load(tx, found.id))


def ask_back(actor: Actor, tx: Tx, desk: Desk, request_id: str, question: str, now: datetime) -> Answer:
    """Ask the requester something; until the answer the time of the promise stands still."""
    found = _handled(actor, tx, desk, request_id, State.WAITING)
    written = _written(question)
    if isinstance(found, Refused) or not written:
        return found if isinstance(found, Refused) else Refused(text("request.wrong.no_words"), "question")
    if wrong := _why_not_asked(tx, found):
        return Refused(wrong, "question")
    left = rules.left(found, now, desk.hours)
    waits = {"waits_for_requester": True, "waits_for": written, "waiting_since": now, "told": rules.asked_anew(found)}
    promise = {"left_seconds": int(left.total_seconds()), "answer_due_at": None, "done_due_at": None}
    values = _mine(found, actor, now) | waits | promise
    said = text("request.moment.asked_back", question=written)
    moved = move(tx, desk, found, State.WAITING, actor, now, said, noted={"question": written}, **values)
    if moved is None:
        return elsewhere(queries.load(tx, found.id))
    telling.ask_back(tx, desk, moved, now, text("request.note.asked_back", by=named(actor), question=written))
    return Done(moved, said)


def _why_not_asked(tx: Tx, request: Request) -> Text | None:
    """Return why the requester could not answer, so that the promise would stand still for ever."""
    if not request.requester.is_person:
        return text("request.wrong.nobody_to_ask")
    if queries.has_left(tx, request.requester):
        return text("request.wrong.requester_left", who=named(request.requester))
    return None


def wait(actor: Actor, tx: Tx, desk: Desk, request_id: str, whom: str, now: datetime) -> Answer:
    """Say that it waits for somebody or something else; the time of the promise goes on."""
    found = _handled(actor, tx, desk, request_id, State.WAITING)
    written = _written(whom)
    if isinstance(found, Refused) or not written:
        return found if isinstance(found, Refused) else Refused(text("request.wrong.no_words"), "whom")
    values = _going_on(desk, found, now) | _mine(found, actor, now)
    waits = {"waits_for_requester": False, "waits_for": written, "waiting_since": now}
    said = text("request.moment.waits", whom=written)
    moved = move(tx, desk, found, State.WAITING, actor, now, said, noted={"note": written}, **(values | waits))
    if moved is None:
        return elsewhere(queries.load(tx, found.id))
    telling.tell_requester(tx, desk, moved, now, text("request.news.waits", whom=written), actor)
    return Done(moved, said)


def answer(actor: Actor, tx: Tx, desk: Desk, request_id: str, words: str, now: datetime) -> Answer:
    """Take the requester's answer: the request goes on, and whoever asked is told. Others' words change nothing."""
    found = queries.load(tx, request_id, lock=True)
    if found is None or found.state is not State.WAITING or not found.waits_for_requester:
        return elsewhere(found)
    if not rules.is_theirs(found, actor):
        return Refused(text("request.not_yours", requester=named(found.requester)))
    written = _written(words)
    if not written:
        return Refused(text("request.wrong.no_words"), "answer")
    said = text("request.moment.answered", answer=written)
    noted = {"note": written}
    moved = move(tx, desk, found, State.IN_PROGRESS, actor, now, said, noted=noted, **_going_on(desk, found, now))
    if moved is None:
        return elsewhere(queries.load(tx, found.id))
    whom = (moved.assignee.id,) if moved.assignee else moved.called.ids
    telling.call(tx, desk, moved, now, whom, text("request.note.answered", by=named(actor), answer=written))
    return Done(moved, text("request.you_answered"))


def go_on_unanswered(tx: Tx, desk: Desk, request: Request, now: datetime) -> None:
    """Have the promise of a request count again whose requester does not answer; whoever has it is told."""
    has_left = queries.has_left(tx, request.requester)
    values = _going_on(desk, request, now)
    moved = move(tx, desk, request, State.IN_PROGRESS, BATON, now, text("request.moment.unanswered"), **values)
    if moved:
        who, due = named(request.requester), moved.promised.done_at or now
        note = "request.note.asker_left" if has_left else "request.note.unanswered"
        whom = (moved.assignee.id,) if moved.assignee else moved.called.ids
        telling.call(tx, desk, moved, now, whom, text(note, who=who, question=request.waits_for, at=due))


def finish(actor: Actor, tx: Tx, desk: Desk, request_id: str, what: str, now: datetime) -> Answer:
    """Have the request done, with what was done; the requester is told that, with what the last run has shown."""
    found = _handled(actor, tx, desk, request_id, State.DONE)
    if isinstance(found, Refused):
        return found
    written = _written(what)
    if not written:
        return Refused(text("request.wrong.no_words"), "outcome")
    worked = [each for each in queries.works_of(tx, found.id) if each.has_succeeded]
    evidence = Ref("run", worked[-1].run_id) if worked else None
    news = text("request.news.done", by=named(actor), outcome=written)
    return _end(actor, tx, desk, found, _End(State.DONE, news, written, evidence), now)


def finish_by_run(actor: Actor, tx: Tx, desk: Desk, request: Request, work: Work, now: datetime) -> Answer:
    """Have the request done by a run that was begun from it and has succeeded: its evidence is the run's."""
    operation = text(f"operation.{work.operation}")
    news = text("request.news.done_by_run", by=named(actor), operation=operation)
    said = text("request.moment.done_by_run", operation=operation)
    return _end(actor, tx, desk, request, _End(State.DONE, news, evidence=Ref("run", work.run_id), said=said), now)


def decline(actor: Actor, tx: Tx, desk: Desk, request_id: str, reason: str, now: datetime) -> Answer:
    """Say no, with the reason that the requester is told."""
    found = _handled(actor, tx, desk, request_id, State.DECLINED)
    if isinstance(found, Refused):
        return found
    written = _written(reason)
    if not written:
        return Refused(text("request.wrong.no_reason"), "reason")
    news = text("request.news.declined", by=named(actor), reason=written)
    return _end(actor, tx, desk, found, _End(State.DECLINED, news, written), now)


def withdraw(actor: Actor, tx: Tx, desk: Desk, request_id: str, now: datetime) -> Answer:
    """Take back what one asked for oneself, or registered for somebody; for others who asked it goes on."""
    found = queries.load(tx, request_id, lock=True)
    if found is None or not found.is_open:
        return elsewhere(found)
    if actor not in {found.requester, found.registered_by}:
        return Refused(text("request.not_yours", requester=named(found.requester)))
    if other := heir(actor, tx, found):
        return hand_over(actor, tx, desk, found, other, now)
    news = text("request.news.withdrawn", by=named(actor))
    return _end(actor, tx, desk, found, _End(State.WITHDRAWN, news), now)


def mark_duplicate(actor: Actor, tx: Tx, desk: Desk, request_id: str, of: str, now: datetime) -> Answer:
    """Say that the same was asked before: the requester follows that request from now on."""
    for each in sorted((request_id, of)):  # always in this order, so that no two wait for each other
        queries.load(tx, each, lock=True)
    found = _handled(actor, tx, desk, request_id, State.DUPLICATE)
    original = queries.load(tx, of)
    if isinstance(found, Refused):
        return found
    if original is None or found.id in {original.id, original.duplicate_of}:
        return Refused(text("request.wrong.no_original"), "original")
    if not original.is_open:
        return Refused(text("request.wrong.original_over"), "original")
    news = text("request.news.duplicate", by=named(original.requester), words=original.words[:200])
    done = _end(actor, tx, desk, found, _End(State.DUPLICATE, news, duplicate_of=original.id), now)
    if isinstance(done, Done):
        for who in (found.requester, *(each.who for each in queries.followers_of(tx, found.id))):
            follow(actor, tx, original, who, now)
    return done


def _handled(actor: Actor, tx: Tx, desk: Desk, request_id: str, to: State) -> Request | Refused:
    """Return the request, locked, if this person may move it there."""
    if why := desk.authorise(tx, actor, HANDLE_DEED):
        return Refused(why)
    found = queries.load(tx, request_id, lock=True)
    if found is None or not found.is_open or not may_move(found.state, to):
        return elsewhere(found)
    return found


@dataclass(frozen=True, slots=True)
class _End:
    """How a request ends: its state, what was done or why not, and what the requester is told."""

    to: State
    news: Text
    outcome: str = ""
    evidence: Ref | None = None
    duplicate_of: str | None = None
    said: Text | None = None

    @property
    def moment(self) -> Text:
        return self.said or text(f"request.moment.{self.to}", what=self.outcome)


def _end(actor: Actor, tx: Tx, desk: Desk, request: Request, end: _End, now: datetime) -> Answer:
    values = {
        "open_key": None,
        "ended_at": now,
        "ended_by": str(actor),
        "outcome": end.outcome,
        "evidence": str(end.evidence) if end.evidence else None,
        "duplicate_of": end.duplicate_of,
        "mention_at": None,
        "answered_at": request.answered_at or now,
        **_NOTHING_WAITED_FOR,
    }
    moved = move(tx, desk, request, end.to, actor, now, end.moment, noted={"note": end.outcome}, **values)
    if moved is None:
        return elsewhere(queries.load(tx, request.id))
    telling.tell_requester(tx, desk, moved, now, end.news, actor)
    return Done(moved, end.moment)


_NOTHING_WAITED_FOR: Mapping[str, Any] = {"waits_for_requester": False, "waits_for": "", "waiting_since": None}


def _going_on(desk: Desk, request: Request, now: datetime) -> dict[str, Any]:
    """Return what a request has that somebody works on: it is answered, and the promise runs from where it stood."""
    done_at = request.promised.done_at
    if request.left is not None:
        done_at = after_working(now, request.left, desk.hours)
    kept = {"answered_at": request.answered_at or now, "answer_due_at": None}
    return {**_NOTHING_WAITED_FOR, **kept, "left_seconds": None, "done_due_at": done_at}


def _mine(request: Request, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what a request has that somebody has looked at: who asks about it has it, unless somebody else has."""
    taken = {} if request.assignee else {"assignee": str(actor), "taken_at": now, "mention_at": None}
    return {"answered_at": request.answered_at or now, **taken}


def _written(words: str) -> str:
    return rules.visible(redact(words.strip())[: rules.LONGEST_WORDS].strip())
