from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.directory.service import keep_people
from bot.oncall import snapshots
from bot.oncall.model import Covered, Doubt, Engineer, Gap, Identity, Unclear, UpcomingShift
from bot.oncall.queries import Roster
from bot.oncall.service import AHEAD, refresh
from bot.oncall.stint_rules import LOOK_BACK
from bot.ports.errors import Gone, Unavailable, VendorError
from bot.ports.paging import Nobody, OnCall, Shift, Somebody, Unknown
from bot.text import text
from bot.views.oncall import oncall
from bot.views.reader import Reader
from tests.oncall.made import ALEX, DIRECTORY, JUNHO, MINJI, NOON, at, shift

ROSTER = Roster({"data-platform": "S0ONCALL", "infra": "U0DANA"})
MINJI_IN_SLACK = Engineer("김민지", "U0MINJI")


@dataclass
class Provider:
    """A provider that answers what it is told, or fails as it is told."""

    on_call: OnCall = field(default_factory=Nobody)
    plan: tuple[Shift, ...] = ()
    failure: VendorError | None = None
    asked: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    name: str = "told"

    def current(self, schedule, at):
        return self.on_call

    def next(self, schedule, at):
        return Unknown("not asked here")

    def shifts(self, schedule, start, end):
        self.asked.append((schedule, start, end))
        if self.failure:
            raise self.failure
        return self.plan


@pytest.fixture
def directory(any_store):
    any_store.write(lambda tx: keep_people(tx, DIRECTORY, NOON))
    return any_store


def ask(store, provider, now=0.0, schedule="data-platform"):
    refresh(store, provider, schedule, f"{schedule} at the provider", at(now))


def duty(store, now=0.0, roster=ROSTER):
    return store.read(lambda tx: roster.duty(tx, "data-platform", at(now)))


def test_the_stored_answer_is_who_is_on_call(directory):
    provider = Provider(Somebody((MINJI,), at(-5), at(5)), (shift(MINJI, -5, 5), shift(ALEX, 5, 9)))

    ask(directory, provider)

    assert duty(directory).now == Covered((MINJI_IN_SLACK,), at(-5), at(5))
    assert duty(directory).next == Covered((Engineer("Alex Rivera", "U0ALEX"),), at(5), at(9))
    assert provider.asked == [("data-platform at the provider", NOON - LOOK_BACK, NOON + AHEAD)]


def test_everything_that_is_known_comes_back_from_the_store(directory):
    plan = (Shift((MINJI, JUNHO), at(-5), at(5), "primary", is_override=True), shift(ALEX, 5, 9))
    ask(directory, Provider(Nobody(at(-5), None), plan))

    snapshot = directory.read(lambda tx: snapshots.load(tx, "data-platform"))

    assert snapshot.on_call == Nobody(at(-5), None)
    assert snapshot.shifts == plan
    assert (snapshot.fetched_at, snapshot.known_until) == (NOON, NOON + AHEAD)
    assert (snapshot.last_known, snapshot.known_at, snapshot.problem) == ((), NOON, None)


def test_a_failure_keeps_the_last_answer_until_it_is_too_old(directory):
    ask(directory, Provider(Somebody((MINJI,), at(-5), at(5)), (shift(MINJI, -5, 5),)))
    failure = Unavailable("Opsgenie", "no answer in time")

    with pytest.raises(Unavailable):
        ask(directory, Provider(failure=failure), now=0.1)

    assert duty(directory, 0.15).now == Covered((MINJI_IN_SLACK,), at(-5), at(5))
    assert duty(directory, 0.2).now == Unclear((MINJI_IN_SLACK,), NOON, failure.words)


def test_a_new_answer_ends_the_failure(directory):
    with pytest.raises(Unavailable):
        ask(directory, Provider(failure=Unavailable("Opsgenie")))
    ask(directory, Provider(Somebody((JUNHO,))), now=0.1)

    assert duty(directory, 0.2).now == Covered((Engineer("박준호", "U0JUNHO"),))


def test_a_provider_that_failed_from_the_start_is_unknown_with_the_reason(directory):
    failure = Unavailable("Opsgenie", "no connection")
    with pytest.raises(Unavailable):
        ask(directory, Provider(failure=failure))

    assert duty(directory).now == Unclear((), None, failure.words)


def test_an_answer_that_names_nobody_keeps_the_last_known(directory):
    ask(directory, Provider(Somebody((MINJI,))))
    ask(directory, Provider(Unknown("robot r2")), now=1)

    assert duty(directory, 1).now == Unclear((MINJI_IN_SLACK,), NOON, text("oncall.no_answer_in_it", detail="robot r2"))


def test_after_a_gap_the_last_known_is_nobody(directory):
    ask(directory, Provider(Somebody((MINJI,))))
    ask(directory, Provider(Nobody()), now=1)

    assert duty(directory, 1).now == Gap()
    assert duty(directory, 2).now == Unclear((), at(1), text("oncall.too_old"))


def test_before_anything_was_asked_it_is_unknown(any_store):
    assert duty(any_store).now == Unclear((), None, text("oncall.never_asked"))


def test_a_schedule_that_is_not_configured_is_a_mistake(any_store):
    with pytest.raises(KeyError):
        any_store.read(lambda tx: ROSTER.duty(tx, "data-plattform", NOON))


def test_people_yaml_is_heard(directory):
    ask(directory, Provider(Somebody((MINJI,))))
    roster = Roster({"data-platform": "S0ONCALL"}, (Identity("U0ALEX", ("ID-MINJI",)),))

    assert duty(directory, roster=roster).now == Covered((Engineer("Alex Rivera", "U0ALEX"),))


def test_somebody_whom_the_directory_lacks_is_shown_without_a_slack_user(any_store):
    ask(any_store, Provider(Somebody((MINJI,))))

    assert duty(any_store).now == Covered((Engineer(MINJI.display, doubt=Doubt.NOT_FOUND),))


def test_every_configured_schedule_is_listed_in_order(directory):
    ask(directory, Provider(Somebody((MINJI,))), schedule="infra")

    found = directory.read(lambda tx: ROSTER.duties(tx, NOON))

    assert [(each.schedule, each.fallback, type(each.now)) for each in found] == [
        ("data-platform", "S0ONCALL", Unclear),
        ("infra", "U0DANA", Covered),
    ]


def test_ones_coming_shifts_are_those_of_all_schedules_soonest_first(directory):
    ask(directory, Provider(plan=(shift(MINJI, -9, -5), shift((JUNHO, MINJI), -5, 5), shift(MINJI, 50, 60))))
    ask(directory, Provider(plan=(shift(MINJI, 10, 20), shift(ALEX, 20, 30))), schedule="infra")

    found = directory.read(lambda tx: ROSTER.upcoming(tx, "U0MINJI", NOON))

    assert found == (
        UpcomingShift("data-platform", at(-5), at(5), 1),
        UpcomingShift("infra", at(10), at(20)),
        UpcomingShift("data-platform", at(50), at(60)),
    )


def test_a_provider_that_is_gone_says_so_where_people_ask_who_is_on_call(directory):
    ask(directory, Provider(Somebody((MINJI,), at(-5), at(5)), (shift(MINJI, -5, 5),)))
    with pytest.raises(Gone):
        ask(directory, Provider(failure=Gone("Opsgenie", "the account is closed")), now=1)

    found = duty(directory, now=1)
    shown = str(oncall([found], [], Reader("en", ZoneInfo("UTC"), at(1))))

    assert isinstance(found.now, Unclear)
    assert "Opsgenie is no longer there for this account (the account is closed)" in shown
    assert "docs/migrating-to-jsm.md" in shown
