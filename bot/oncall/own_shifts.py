"""Tells people about their own shifts: that the next one changed, and that it begins soon. Each thing once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot import outbox
from bot.oncall import own_shift_rules, rules, snapshots
from bot.oncall.changes import ref
from bot.oncall.model import Snapshot, UpcomingShift
from bot.oncall.own_shift_rules import SETTLED, Move, NextShift
from bot.oncall.queries import candidates
from bot.oncall.telling import Watch
from bot.outbox import Place
from bot.ports.shifts import key_of
from bot.store import Tx
from bot.store.tables import next_shifts, reminders, shifts_told
from bot.store.upsert import insert_if_new, upsert
from bot.text import Text, text

OWN_FOR = timedelta(minutes=15)  # a change that they made themselves is in the provider's answer by then
FORGOTTEN = timedelta(days=30)

Own = Mapping[str, Sequence[UpcomingShift]]


def made_by_themselves(tx: Tx, schedule: str, users: Collection[str], now: datetime) -> None:
    """Say nothing to these people about what changes in their shifts in the next minutes: they have just done it."""
    rows = [{"schedule": schedule, "user": user, "own_until": now + OWN_FOR} for user in sorted(users)]
    upsert(tx, next_shifts, rows, key=["schedule", "user"])


def follow(tx: Tx, watch: Watch, schedule: str, now: datetime) -> None:
    """Compare everybody's next shift with what they know of it, and remind of those that are near.

    The first look is where it begins, and so is the first at which somebody's account is known: nobody is told. A rota
    without any shift says nothing: some providers answer so to whoever may not see it.
    """
    snapshot = snapshots.load(tx, schedule)
    told = tx.execute(select(shifts_told).where(shifts_told.c.schedule == schedule).with_for_update()).first()
    if snapshot is None or told is None or not snapshot.shifts or now - snapshot.fetched_at > rules.STALE_AFTER:
        return
    own, met, strangers = _own(tx, watch, schedule, snapshot, told.strangers)
    rows = {row.user: row for row in tx.execute(select(next_shifts).where(next_shifts.c.schedule == schedule))}
    for user in sorted({*own, *rows}):
        one = _Person(tx, watch, schedule, user, own.get(user, ()), now)
        is_first = user in met and user not in rows
        one.compare(rows.get(user), None if is_first else told.known_until, snapshot.known_until)
        one.remind()
    mine = shifts_told.c.schedule == schedule
    tx.execute(update(shifts_told).where(mine).values(known_until=snapshot.known_until, strangers=strangers))
    tx.execute(delete(reminders).where(reminders.c.schedule == schedule, reminders.c.start_at < now - FORGOTTEN))


def _own(
    tx: Tx, watch: Watch, schedule: str, snapshot: Snapshot, strangers: Collection[str]
) -> tuple[Own, set[str], list[str]]:
    """Return by Slack user the stretches of time in which they are on call, who was a stranger, and who still is."""
    identities = watch.roster.identities
    responders = {responder for shift in snapshot.shifts for responder in shift.responders}
    known = candidates(tx, responders, identities)
    users = {key_of(each): rules.engineer(each, identities, known).user for each in responders}
    shifts = {
        user: rules.own_shifts(schedule, snapshot.shifts, identities, known, user) for user in users.values() if user
    }
    own = {user: own_shift_rules.stretches(found) for user, found in shifts.items()}
    met = {user for key, user in users.items() if user and key in strangers}
    return own, met, sorted(key for key, user in users.items() if not user)


class _Person:
    """One person's shifts of one schedule, at one look."""

    def __init__(
        self, tx: Tx, watch: Watch, schedule: str, user: str, own: Sequence[UpcomingShift], now: datetime
    ) -> None:
        self.tx, self.watch, self.schedule, self.user, self.own, self.now = tx, watch, schedule, user, own, now
        self.settled: NextShift | None = None

    def compare(self, row: Row[Any] | None, known_until: datetime | None, sees_until: datetime) -> None:
        """Keep what the next shift is; one that changed, once it has stayed so, and tell of it."""
        found = own_shift_rules.next_of(self.own, sees_until, self.now)
        known = NextShift.from_json(row.known) if row else None
        move = None
        if known_until is not None and not self._is_own_doing(row):
            move = own_shift_rules.move(known, found, self.own, known_until, self.now)
        if move is None:
            if self._is_own_doing(row) and found != known:
                self._remember_reminders(found)
            self._keep(row, found)
            return
        pending = row is not None and row.changed_at is not None and row.changed == _json(found)
        if not pending:
            self._write(changed=_json(found), changed_at=self.now)
        elif row is not None and self.now - row.changed_at >= SETTLED:
            self._tell(_moved(self.schedule, move, known, found))
            self._remember_reminders(found)
            self._keep(row, found)

    def remind(self) -> None:
        """Remind of a shift that begins soon, if they know of it; of several that are due, once."""
        due = self._reminders_due(self.settled)
        is_new = [self._remember(self.settled, before) for before in due if self.settled]
        if not due or not is_new[0] or self._is_on_call():
            return
        assert self.settled is not None, "a reminder is of a shift"
        self._tell(_reminder(self.schedule, self.settled))

    def _is_own_doing(self, row: Row[Any] | None) -> bool:
        return row is not None and row.own_until is not None and self.now < row.own_until

    def _is_on_call(self) -> bool:
        """Tell whether they are on call now: who was on call within the time of the reminder needs none."""
        return any(each.start_at <= self.now < each.end_at for each in self.own)

    def _reminders_due(self, shift: NextShift | None) -> tuple[timedelta, ...]:
        before = self.watch.telling(self.schedule).remind_before
        return own_shift_rules.reminders_due(shift, before, self.now) if shift else ()

    def _remember_reminders(self, shift: NextShift | None) -> None:
        """Take what is due as said: they have just heard of the shift."""
        for before in self._reminders_due(shift):
            self._remember(shift, before)

    def _remember(self, shift: NextShift | None, before: timedelta) -> bool:
        assert shift is not None, "a reminder is of a shift"
        key = {"schedule": self.schedule, "user": self.user, "start_at": shift.start_at}
        row = key | {"seconds_before": round(before.total_seconds())}
        return insert_if_new(self.tx, reminders, row, key=list(row))

    def _keep(self, row: Row[Any] | None, found: NextShift | None) -> None:
        self.settled = found
        if row is None or row.known != _json(found) or row.changed_at is not None:
            self._write(known=_json(found), changed=None, changed_at=None)

    def _write(self, **values: Any) -> None:
        row = {"schedule": self.schedule, "user": self.user, **values}
        upsert(self.tx, next_shifts, [row], key=["schedule", "user"])

    def _tell(self, words: Text) -> None:
        outbox.add_note(self.tx, ref(self.schedule), self.now, Place(self.user), words)


def _moved(schedule: str, move: Move, known: NextShift | None, found: NextShift | None) -> Text:
    match move:
        case Move.APPEARED:
            return text("own_shift.appeared", schedule=schedule, now=_span(found))
        case Move.MOVED:
            return text("own_shift.moved", schedule=schedule, was=_span(known), now=_span(found))
        case Move.VANISHED:
            return text("own_shift.vanished", schedule=schedule, was=_span(known))


def _span(shift: NextShift | None) -> Text:
    assert shift is not None, "what is told of a shift names it"
    words = "own_shift.span" if shift.end_at else "own_shift.span_open"
    end = {"until": shift.end_at} if shift.end_at else {}
    said = text(words, since=shift.start_at, **end)
    return text("own_shift.as_backup", span=said) if shift.position else said


def _reminder(schedule: str, shift: NextShift) -> Text:
    return text("own_shift.reminder", schedule=schedule, span=_span(shift))


def _json(shift: NextShift | None) -> Any:
    return shift.to_json() if shift else None
