"""Answers `/oncall`: who is on call, who comes next, one's own shifts, the week of a schedule. Asks no vendor."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.covers.service import Covers
from bot.oncall import history, snapshots, week
from bot.oncall.model import Certainty, Engineer, Snapshot, Stint
from bot.oncall.queries import Roster, candidates
from bot.oncall.rules import STALE_AFTER, asked_for, engineer
from bot.oncall.words import Verb, read
from bot.ports.shifts import key_of
from bot.store import Tx
from bot.views import oncall_pages as view
from bot.views.oncall_pages import Mine, Question
from bot.views.reader import Reader
from bot.views.rendered import Rendered

FARTHEST = 12  # weeks that can be turned to


@dataclass(frozen=True, slots=True)
class Answers:
    covers: Covers

    @property
    def roster(self) -> Roster:
        return self.covers.roster

    def question(self, words: str, user: str) -> Question:
        """Return what somebody asks who types these words."""
        return Question.of(read(words), user)

    def answer(self, tx: Tx, question: Question, reader: Reader) -> Rendered:
        """Return the page that answers it."""
        match question.verb:
            case Verb.NEXT:
                return self._next(tx, question, reader)
            case Verb.MINE:
                return self._mine(tx, question, reader)
            case Verb.WEEK:
                return self._week(tx, question, reader)
            case Verb.HELP:
                return view.help_page(reader)
            case None if not asked_for(self.roster.duties(tx, reader.now), question.schedule):
                return view.not_understood(question.schedule, question.nearest, reader)
            case _:
                return self._who(tx, question, reader)

    def turned(self, tx: Tx, written: str, reader: Reader) -> Rendered:
        """Return the page to which somebody turned by a button that carried the question."""
        return self.answer(tx, Question.parse(written), reader)

    def _who(self, tx: Tx, question: Question, reader: Reader) -> Rendered:
        duties = self.roster.duties(tx, reader.now)
        found = asked_for(duties, question.schedule)
        own = self.roster.upcoming(tx, question.user, reader.now)
        return view.who(found or duties, own, reader, not_found="" if found else question.schedule)

    def _next(self, tx: Tx, question: Question, reader: Reader) -> Rendered:
        duties = self.roster.duties(tx, reader.now)
        found = asked_for(duties, question.schedule)
        shown = found or duties
        after = {duty.schedule: self._changes(tx, duty.schedule, reader.now) for duty in shown}
        return view.next_page(shown, after, reader, not_found="" if found else question.schedule)

    def _changes(self, tx: Tx, schedule: str, now: datetime) -> tuple[Stint, ...]:
        """Return the stints that begin after now, as they are planned."""
        planned = self._planned(tx, schedule, now, week.FAR + now)
        return tuple(each for each in planned if each.since > now and each.certainty is not Certainty.UNKNOWN)

    def _mine(self, tx: Tx, question: Question, reader: Reader) -> Rendered:
        own = self.roster.upcoming(tx, question.user, reader.now)
        coverable = {slot.key for slot in self.covers.slots(tx, reader.now, user=question.user)}
        covers = self.covers.of_person(tx, question.user, reader.now)
        return view.mine(Mine(own, frozenset(coverable), covers, question.user), reader)

    def _week(self, tx: Tx, question: Question, reader: Reader) -> Rendered:
        duties = self.roster.duties(tx, reader.now)
        found = asked_for(duties, question.schedule)
        if not duties:
            return view.who((), (), reader, not_found="")
        weeks = max(-FARTHEST, min(FARTHEST, question.weeks))
        first = week.monday(reader.now, reader.zone, weeks)
        shown = [self._of_week(tx, duty.schedule, first, reader) for duty in found or duties]
        not_found = "" if found else question.schedule
        return view.week_page(shown, replace(question, weeks=weeks), reader, not_found=not_found)

    def _of_week(self, tx: Tx, schedule: str, first: date, reader: Reader) -> week.Week:
        start, end = week.span(first, reader.zone)
        now = min(max(reader.now, start), end)
        past = history.stints(tx, schedule, start, now) if start < now else ()
        stints = week.joined((*past, *self._planned(tx, schedule, now, end)))
        snapshot = snapshots.load(tx, schedule)
        asked_at = snapshot.fetched_at if snapshot else None
        is_old = asked_at is None or reader.now - asked_at > STALE_AFTER
        return week.Week(schedule, week.days(stints, first, reader.zone), asked_at, is_old)

    def _planned(self, tx: Tx, schedule: str, start: datetime, end: datetime) -> tuple[Stint, ...]:
        snapshot = snapshots.load(tx, schedule)
        if snapshot is None or start >= end:
            return tuple(week.with_gaps(schedule, (), start, end, start))
        shifts = _as_stints(tx, self.roster, schedule, snapshot)
        return tuple(week.with_gaps(schedule, shifts, start, end, snapshot.known_until))


def _as_stints(tx: Tx, roster: Roster, schedule: str, snapshot: Snapshot) -> tuple[Stint, ...]:
    responders = {responder for shift in snapshot.shifts for responder in shift.responders}
    known = candidates(tx, responders, roster.identities)
    named: dict[str, Engineer] = {key_of(each): engineer(each, roster.identities, known) for each in responders}
    return tuple(
        Stint(
            schedule,
            shift.start_at,
            shift.end_at,
            tuple(named[key_of(each)] for each in shift.responders),
            Certainty.SOMEBODY,
            shift.is_override,
            shift.rotation,
        )
        for shift in snapshot.shifts
    )
