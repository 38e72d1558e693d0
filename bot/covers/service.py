"""What people do with covers. Each function takes the actor first, authorises, and says what came of it.

What is agreed is only noted here, and made at the provider by `bot.covers.keeper` soon after the commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot import outbox, timeline
from bot.actor import Actor
from bot.audit import service as audit
from bot.covers import queries, rules
from bot.covers.accounts import account
from bot.covers.model import Cover, CoverCard, Rota, Slot, Stage, Standing, State, Wish
from bot.covers.record import first_row, for_the_record
from bot.directory.queries import is_colleague
from bot.oncall import own_shifts
from bot.oncall.queries import Roster
from bot.operations.authority import Authorise
from bot.outbox import Place, Recipient
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import covers
from bot.store.upsert import insert_if_new
from bot.text import Lines, Mention, Text, text

DEEDS = ("cover.ask", "cover.accept", "oncall.override")
"""What a policy may allow people to do: give their own shifts away, take those of others, and put anybody in."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is so now; `said` tells the one who asked."""

    cover: Cover
    said: Text


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed; `why` tells the one who asked. `problems` belong to fields of the form."""

    why: Text
    problems: tuple[rules.Problem, ...] = ()


Answer = Done | Refused


@dataclass(frozen=True, slots=True)
class Covers:
    """The schedules of which shifts can be covered, by name. In shadow mode nothing is written to a provider."""

    roster: Roster
    rotas: Mapping[str, Rota]
    is_live: bool = True

    def card(self, tx: Tx, cover_id: str) -> CoverCard | None:
        cover = queries.load(tx, cover_id)
        rota = self.rotas.get(cover.schedule) if cover else None
        return CoverCard(cover, rota.provider if rota else "") if cover else None

    def of_person(self, tx: Tx, user: str, now: datetime) -> tuple[Cover, ...]:
        return queries.of_person(tx, user, now)

    def slots(self, tx: Tx, now: datetime, *, user: str | None = None) -> tuple[Slot, ...]:
        """Return what can be covered in all schedules, soonest first; of one Slack user only, where one is given."""
        rotas = (name for name in self.roster.fallbacks if self.why_not(name) is None)
        found = [slot for name in rotas for slot in queries.slots(tx, self.roster, name, now)]
        mine = [slot for slot in found if user is None or (slot.engineer and slot.engineer.user == user)]
        return tuple(sorted(mine, key=lambda slot: (slot.start_at, slot.schedule, slot.position)))

    def why_not(self, schedule: str) -> Text | None:
        """Return why Baton can enter no override there, and what to do instead; None where it can."""
        rota = self.rotas.get(schedule)
        if rota is None:
            return text("cover.wrong.no_schedule")
        return rota.by_hand if self.is_live else text("cover.wrong.shadow")

    def why_none(self) -> Text:
        """Return why no shift can be covered, where none can: what to do by hand for each schedule."""
        found = ((name, self.why_not(name)) for name in self.rotas)
        lines = tuple(text("cover.of_schedule", schedule=name, why=why) for name, why in found if why)
        return text("cover.by_hand", lines=Lines(lines)) if lines else text("cover.nothing_to_cover")

    def ask(self, actor: Actor, tx: Tx, wish: Wish, place: Place, now: datetime, authorise: Authorise) -> Answer:
        """Ask the team, or one person, to stand in for a shift of one's own; the card appears at `place`."""
        if why := authorise(tx, actor, "cover.ask"):
            return Refused(why)
        queries.take_turns(tx, wish.schedule)
        slot = self._meant(tx, wish, now, user=actor.id)
        if isinstance(slot, Refused):
            return slot
        if wish.whom and (wrong := _why_nobody_to_ask(actor, tx, wish.whom)):
            return _wrong(("whom", wrong))
        expires_at = rules.expiry(slot, now)
        row = first_row(actor, slot, wish, now) | {"asked": wish.whom, "stage": Stage.ASKED, "expires_at": expires_at}
        return self._begin(actor, tx, row, place, now)

    def override(self, actor: Actor, tx: Tx, wish: Wish, place: Place, now: datetime, authorise: Authorise) -> Answer:
        """Put somebody in for a shift or a gap; who is on call themselves needs no further right for their own."""
        queries.take_turns(tx, wish.schedule)
        planned = self.planned(actor, tx, wish, now, authorise)
        if isinstance(planned, Refused):
            return planned
        slot, person = planned
        taken = {"taker": wish.whom, "person": person, "taken_at": now, "stage": Stage.TAKEN, "due_at": NEW}
        row = first_row(actor, slot, wish, now) | taken | {"is_direct": True, "expires_at": slot.end_at}
        return self._begin(actor, tx, row, place, now)

    def planned(
        self, actor: Actor, tx: Tx, wish: Wish, now: datetime, authorise: Authorise
    ) -> tuple[Slot, str] | Refused:
        """Return what an override would change and how the provider names who is put in. Changes nothing."""
        slot = self._meant(tx, wish, now)
        if isinstance(slot, Refused):
            return slot
        is_own = slot.engineer is not None and slot.engineer.user == actor.id
        if why := authorise(tx, actor, "cover.ask" if is_own else "oncall.override"):
            return Refused(why)
        if wish.whom is None or not is_colleague(tx, actor.team, wish.whom):
            return _wrong(("whom", text("cover.wrong.no_colleague")))
        if slot.engineer and slot.engineer.user == wish.whom:
            return _wrong(("whom", text("cover.wrong.the_same", who=Mention(wish.whom))))
        person = account(tx, self.roster, self.rotas[slot.schedule], actor.team, wish.whom)
        if isinstance(person, Text):
            return _wrong(("whom", person))
        return slot, person

    def accept(self, actor: Actor, tx: Tx, cover_id: str, now: datetime, authorise: Authorise) -> Answer:
        """Take somebody's shift. The first one has it; who comes later is told who it was."""
        if why := authorise(tx, actor, "cover.accept"):
            return Refused(why)
        cover = queries.load(tx, cover_id, lock=True)
        if cover is None or cover.stage is not Stage.ASKED:
            return _elsewhere(actor, cover)
        if wrong := _why_not_taken_by(actor, cover, now):
            return Refused(wrong)
        if by_hand := self.why_not(cover.schedule):
            return Refused(by_hand)
        if not rules.holds(self.slots(tx, now, user=cover.requester), cover, now):
            return Refused(text("cover.wrong.rota_changed", who=Mention(cover.requester)))
        person = account(tx, self.roster, self.rotas[cover.schedule], actor.team, actor.id)
        if isinstance(person, Text):
            return Refused(person)
        taken = {"stage": Stage.TAKEN, "taker": actor.id, "person": person, "taken_at": now, "due_at": NEW}
        start_at = max(cover.start_at, rules.minute(now))  # of one that runs, what is past stays as it was
        if not queries.change(tx, cover, start_at=start_at, **taken):
            return _elsewhere(actor, queries.load(tx, cover_id))
        return _became(actor, tx, cover, now, "accepted")

    def withdraw(self, actor: Actor, tx: Tx, cover_id: str, now: datetime, authorise: Authorise) -> Answer:
        """Take it back: nobody is asked any more, or the override goes. Who asked may, and who is relieved."""
        cover = queries.load(tx, cover_id, lock=True)
        if cover is None or cover.stage not in {Stage.ASKED, Stage.TAKEN}:
            return _elsewhere(actor, cover)
        if why := _why_not_theirs(actor, tx, cover, authorise):
            return Refused(why)
        if now >= cover.end_at:
            return Refused(text("cover.wrong.over", until=cover.end_at))
        over = {"stage": Stage.WITHDRAWN, "ended_by": str(actor), "ended_at": now, "open_key": None, "tries": 0}
        if not queries.change(tx, cover, problem=None, **over, **_left_to_do(cover)):
            return _elsewhere(actor, queries.load(tx, cover_id))
        return _became(actor, tx, cover, now, "withdrawn")

    def retry(self, actor: Actor, tx: Tx, cover_id: str, now: datetime, authorise: Authorise) -> Answer:
        """Have what could not be entered or taken away tried again."""
        cover = queries.load(tx, cover_id, lock=True)
        if cover is None or cover.state is not State.FAILED:
            return _elsewhere(actor, cover)
        is_taker = (actor.team, actor.id) == (cover.team, cover.taker)
        why = authorise(tx, actor, "cover.accept") if is_taker else _why_not_theirs(actor, tx, cover, authorise)
        if why := why or (self._why_not_anew(tx, cover, now) if cover.stage is Stage.TAKEN else None):
            return Refused(why)
        goal = State.NONE if cover.stage is Stage.TAKEN else State.REMOVING
        queries.change(tx, cover, state=goal, tries=0, problem=None, due_at=NEW)
        return _became(actor, tx, cover, now, "retried")

    def _why_not_anew(self, tx: Tx, cover: Cover, now: datetime) -> Text | None:
        """Return why it cannot be entered once more: another stands in by now, or the shift is somebody else's."""
        queries.take_turns(tx, cover.schedule)
        meant = Slot(cover.schedule, cover.start_at, cover.end_at, 0, cover.relieved)
        if already := _already(tx, meant):
            return already
        if rules.holds(rules.concerned(self.slots(tx, now), cover), cover, now):
            return None
        return text("cover.wrong.rota_changed", who=Mention(cover.requester))

    def _meant(self, tx: Tx, wish: Wish, now: datetime, *, user: str | None = None) -> Slot | Refused:
        """Return the part of a shift that is wished for, as the shifts are now."""
        slot = next((each for each in self.slots(tx, now, user=user) if each.key == wish.slot), None)
        if slot is None:
            return _wrong(("slot", self.why_not(wish.schedule) or text("cover.wrong.no_such_shift")))
        if wrong := tuple(rules.problems(slot, wish, now)):
            return _wrong(*wrong)
        meant = rules.part(slot, wish, now)
        already = _already(tx, meant)
        return _wrong(("slot", already)) if already else meant

    def _begin(self, actor: Actor, tx: Tx, row: dict[str, Any], place: Place, now: datetime) -> Answer:
        if not insert_if_new(tx, covers, row, key=["open_key"]):
            return _wrong(("slot", text("cover.wrong.twice")))
        cover = queries.load(tx, row["id"])
        assert cover is not None, "it was just written"
        channel = self.rotas[cover.schedule].channel
        where = replace(place, channel=channel, thread_ts=None) if channel else place
        outbox.want_card(tx, cover.ref, where)
        if cover.asked:
            _call(tx, cover, where, cover.asked, now)
        return _became(actor, tx, cover, now, "put_in" if cover.is_direct else "asked")


def _already(tx: Tx, slot: Slot) -> Text | None:
    """Return what is asked for or agreed of the same person and time already."""
    other = queries.overlapping(tx, slot)
    return text(f"cover.already.{Standing.of(other).value}", who=Mention(other.taker or "")) if other else None


def _left_to_do(cover: Cover) -> dict[str, Any]:
    """Return what is left to do at the provider for one that is withdrawn: nothing where certainly nothing arrived."""
    return {"state": State.REMOVING, "due_at": NEW} if cover.sent_at else {"state": State.NONE, "due_at": None}


def _why_nobody_to_ask(actor: Actor, tx: Tx, whom: str) -> Text | None:
    if whom == actor.id:
        return text("cover.wrong.yourself")
    return None if is_colleague(tx, actor.team, whom) else text("cover.wrong.no_colleague")


def _why_not_taken_by(actor: Actor, cover: Cover, now: datetime) -> Text | None:
    if cover.expires_at <= now:
        return text("cover.now.expired", since=cover.start_at)
    if actor.id in {cover.requester, cover.relieved.user if cover.relieved else None}:
        return text("cover.wrong.your_own")
    if cover.asked and cover.asked != actor.id:
        return text("cover.wrong.other_asked", who=Mention(cover.asked))
    return None


def _why_not_theirs(actor: Actor, tx: Tx, cover: Cover, authorise: Authorise) -> Text | None:
    """Return why this person may not end it: who asked for it may, who is relieved, and who may put anybody in."""
    theirs = {cover.requester, cover.relieved.user if cover.relieved else None}
    is_theirs = actor.team == cover.team and actor.id in theirs
    return authorise(tx, actor, "cover.ask" if is_theirs else "oncall.override")


def _call(tx: Tx, cover: Cover, place: Place, user: str, now: datetime) -> None:
    """Tell the one who is asked: in the thread, and directly where they are not in that channel."""
    who = (cover.relieved.user if cover.relieved else None) or cover.requester
    words = text(
        "cover.note.asked", who=Mention(who), schedule=cover.schedule, since=cover.start_at, until=cover.end_at
    )
    under = replace(place, thread_ts=None, under=cover.ref)
    outbox.add_note(tx, cover.ref, now, under, words, mention=(Mention(user, notify=True),))
    outbox.add_invitation(tx, Recipient(cover.team, user), now, words, unless_in=place.channel)


def _became(actor: Actor, tx: Tx, cover: Cover, now: datetime, became: str) -> Done:
    """Write down what became of it, for people and for the record, and have it shown."""
    current = queries.load(tx, cover.id)
    assert current is not None, "covers are never deleted"
    timeline.record(tx, cover.ref, now, actor, text(f"cover.moment.{became}"))
    outbox.want_card(tx, cover.ref)
    own_shifts.made_by_themselves(tx, current.schedule, _knowing(actor, current), now)
    audit.append(tx, now, actor, f"cover.{became}", cover.ref, for_the_record(current))
    said = text(f"cover.you_{became}", since=current.start_at, until=current.end_at, schedule=current.schedule)
    return Done(current, said)


def _knowing(actor: Actor, cover: Cover) -> set[str]:
    """Return who brought it about: nobody needs to tell them that their shifts changed."""
    agreed = () if cover.is_direct else (cover.requester, cover.taker)
    own = (actor.id,) if actor.is_person else ()
    return {user for user in (*own, *agreed) if user}


def _wrong(*problems: rules.Problem) -> Refused:
    return Refused(text("cover.not_done", lines=Lines(tuple(words for _, words in problems))), problems)


def _elsewhere(actor: Actor, cover: Cover | None) -> Refused:
    """Say how it stands to somebody who pressed a button of an earlier state."""
    if cover is None:
        return Refused(text("cover.unknown"))
    if cover.stage is Stage.TAKEN and cover.taker == actor.id:
        return Refused(text("cover.now.yours"))
    who = Mention(cover.taker) if cover.taker else text("cover.nobody")
    return Refused(text(f"cover.now.{Standing.of(cover).value}", who=who, since=cover.start_at))
