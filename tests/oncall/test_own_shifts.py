"""What people are written about their own shifts: once, when it has settled, and not what they did themselves."""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.directory.service import keep_people
from bot.oncall import changes, own_shifts
from bot.oncall.queries import Roster
from bot.oncall.service import keep, keep_problem
from bot.oncall.telling import Telling, Watch
from bot.ports.shifts import Window, on_call_at
from bot.store.tables import notes
from bot.text import text, text_from_json
from bot.views.reader import Reader
from bot.views.words import say
from tests.oncall.made import ALEX, DIRECTORY, JUNHO, MINJI, NOON, at, shift

DAY = timedelta(days=1)
WATCH = Watch(Roster({"data": "S0ENG"}), {"data": Telling(remind_before=(7 * DAY, DAY))})
RUNNING, HIS, HERS = shift(MINJI, -20, 50), shift(JUNHO, 50, 218), shift(ALEX, 218, 386)
PLAN = (RUNNING, HIS, HERS)
FAR = Window(at(-10_000), at(10_000))


@dataclass
class Desk:
    """Baton looks at a rota at hours after noon; `written` is what people got since it was looked at last."""

    store: object
    read: int = field(default=0)

    def look(self, hours, *plan):
        """Look, and return what was written because of it as `(whom, what)`."""
        answer, now = on_call_at(plan, at(hours), FAR), at(hours)
        self.store.write(lambda tx: keep(tx, "data", answer, plan, now))
        return self.written(now)

    def fail(self, hours):
        self.store.write(lambda tx: keep_problem(tx, "data", text("oncall.too_old"), at(hours)))
        return self.written(at(hours))

    def written(self, now):
        def follow(tx):
            changes.follow(tx, WATCH, "data", now)
            own_shifts.follow(tx, WATCH, "data", now)
            return tx.execute(select(notes).order_by(notes.c.id)).all()

        rows = self.store.write(follow)
        new, self.read = rows[self.read :], len(rows)
        reader = Reader("en", ZoneInfo("UTC"), now)
        return sorted((row.channel, say(text_from_json(row.body["text"]), reader)) for row in new)

    def knows(self, user, hours):
        self.store.write(lambda tx: own_shifts.made_by_themselves(tx, "data", [user], at(hours)))


@pytest.fixture
def desk(any_store):
    any_store.write(lambda tx: keep_people(tx, DIRECTORY, NOON))
    return Desk(any_store)


def test_the_first_look_tells_nobody_anything_new(desk):
    far = (RUNNING, shift(JUNHO, 400, 500), shift(ALEX, 500, 600))

    assert desk.look(0, *far) == []
    assert desk.look(0.02, *far) == []


def test_who_becomes_known_after_the_first_look_is_told_nothing_new_either(any_store):
    desk, far = Desk(any_store), (RUNNING, shift(JUNHO, 400, 500), shift(ALEX, 500, 600))
    early = desk.look(0, *far)
    any_store.write(lambda tx: keep_people(tx, DIRECTORY, NOON))

    assert early == desk.look(0.02, *far) == desk.look(0.2, *far) == []
    moved = (RUNNING, shift(ALEX, 390, 410), shift(JUNHO, 410, 500), shift(ALEX, 500, 600))
    desk.look(0.3, *moved)
    assert [user for user, _ in desk.look(0.4, *moved)] == ["U0ALEX", "U0JUNHO"], "from then on what moves is told"


def test_somebody_new_to_the_rota_is_told_of_their_shift(desk):
    desk.look(0, RUNNING, HIS)
    covered = (RUNNING, shift(ALEX, 50, 60), shift(JUNHO, 60, 218))
    desk.look(0.02, *covered)

    assert [user for user, _ in desk.look(0.2, *covered)] == ["U0ALEX", "U0JUNHO"]


def test_a_shift_that_moved_is_told_once_it_has_stayed_so_for_five_minutes(desk):
    desk.look(0, *PLAN)
    moved = (RUNNING, shift(ALEX, 50, 60), shift(JUNHO, 60, 218), HERS)

    assert desk.look(0.02, *moved) == []
    assert desk.look(0.08, *moved) == []
    assert desk.look(0.11, *moved) == [
        ("U0ALEX", "Your next shift for data is now Nov 27 (Fri) 14:00 UTC until Nov 28 (Sat) 00:00 UTC."),
        (
            "U0JUNHO",
            (
                "Your next shift for data changed. It was Nov 27 (Fri) 14:00 UTC until Dec 4 (Fri) 14:00 UTC; "
                "now it is Nov 28 (Sat) 00:00 UTC until Dec 4 (Fri) 14:00 UTC."
            ),
        ),
    ]
    assert desk.look(0.2, *moved) == desk.look(9, *moved) == []


def test_each_further_step_of_an_edit_makes_it_wait_and_what_is_undone_is_not_told(desk):
    desk.look(0, *PLAN)
    first, second = ((RUNNING, shift(JUNHO, start, 218), HERS) for start in (60, 70))

    assert desk.look(0.05, *first) == desk.look(0.10, *second) == desk.look(0.15, *second) == []
    assert desk.look(0.17, *PLAN) == desk.look(0.5, *PLAN) == []


def test_a_shift_that_is_gone_is_told_with_what_it_was(desk):
    desk.look(0, RUNNING, HIS)
    desk.look(0.1, RUNNING)

    assert desk.look(0.2, RUNNING) == [
        (
            "U0JUNHO",
            (
                "Your shift for data is gone: Nov 27 (Fri) 14:00 UTC until Dec 4 (Fri) 14:00 UTC. "
                "No other shift of yours is planned."
            ),
        )
    ]


def test_what_people_did_themselves_they_are_not_told(desk):
    desk.look(0, *PLAN)
    desk.knows("U0JUNHO", 0.01)
    swapped = (RUNNING, shift(ALEX, 50, 218), shift(JUNHO, 218, 386))
    desk.look(0.05, *swapped)

    assert [user for user, _ in desk.look(0.2, *swapped)] == ["U0ALEX"]
    assert desk.look(9, *swapped) == []


def test_a_rota_that_is_suddenly_empty_is_no_news(desk):
    desk.look(0, *PLAN)

    assert desk.look(0.1) == desk.look(0.3) == desk.look(0.5, *PLAN) == []


def test_in_an_outage_nobody_is_told_and_afterwards_what_is_new(desk):
    desk.look(0, *PLAN)
    moved = (RUNNING, shift(JUNHO, 60, 218), HERS)

    assert desk.fail(1) == desk.fail(2) == desk.look(3, *moved) == []
    assert [user for user, _ in desk.look(3.1, *moved)] == ["U0JUNHO"]


def test_reminders_come_at_their_time_once_and_after_a_downtime_one_for_all(desk):
    plan = (shift(MINJI, -20, 200), shift(JUNHO, 200, 400))
    desk.look(0, *plan)

    assert desk.look(31.9, *plan) == []
    assert [user for user, _ in desk.look(32.1, *plan)] == ["U0JUNHO"]
    assert desk.look(33, *plan) == []
    assert [user for user, _ in desk.look(180, *plan)] == ["U0JUNHO"]
    assert desk.look(181, *plan) == desk.look(199, *plan) == []


def test_a_downtime_makes_one_reminder_of_several(desk):
    plan = (shift(MINJI, -20, 200), shift(JUNHO, 200, 400))
    desk.look(0, *plan)

    assert desk.look(190, *plan) == [
        (
            "U0JUNHO",
            (
                "Your on-call shift for data begins soon: today 20:00 until Dec 12 (Sat) 04:00 UTC. "
                "If you cannot take it, ask for cover with `/oncall cover`."
            ),
        )
    ]
    assert desk.look(191, *plan) == []


def test_who_was_on_call_a_moment_ago_needs_no_reminder(desk):
    by_day = tuple(shift(who, 12 * n, 12 * n + 12) for n, who in enumerate([MINJI, JUNHO] * 6, start=-1))
    desk.look(0, *by_day)

    assert [said for hours in range(1, 60) for said in desk.look(hours, *by_day)] == []


def test_who_is_told_of_a_shift_that_begins_soon_is_not_reminded_of_it_as_well(desk):
    desk.look(0, *PLAN)
    soon = (shift(MINJI, -20, 10), shift(ALEX, 10, 20), shift(MINJI, 20, 50), HIS, HERS)
    desk.look(1, *soon)
    told = desk.look(1.1, *soon)

    assert [(user, "is now" in said) for user, said in told] == [("U0ALEX", True), ("U0MINJI", True)]
    assert desk.look(1.2, *soon) == []
