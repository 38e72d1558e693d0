"""What Opsgenie answers, and what Baton makes of it."""

from datetime import datetime, timedelta

import pytest

from bot.ports.paging import Nobody, Responder, Shift, Somebody, Unknown
from tests.oncall.answers import TEAM, participants, past, period, rotation, says, timeline, user
from tests.oncall.made import ALEX, JUNHO, MINJI, NOON, at
from tests.oncall.scripted import Answer


def test_the_person_on_call_with_the_times_of_the_merged_shift(server, schedules):
    running = rotation(past(user("minji"), -5, 0), period(user("minji"), 0, 5), period(user("junho"), 5, 9))
    says(server, participants(user("minji")), timeline(running))

    assert schedules.current("data-platform", NOON) == Somebody((MINJI,), at(-5), at(5))
    assert schedules.next("data-platform", NOON) == Somebody((JUNHO,), at(5), at(9))


def test_primary_comes_before_secondary_though_the_answer_does_not_say_which(server, schedules):
    primary = rotation(period(user("minji"), -5, 5), order=1.0)
    secondary = rotation(period(user("junho"), -5, 5), order=1.5, name="secondary")
    says(server, participants(user("junho"), user("minji")), timeline(secondary, primary))

    assert schedules.current("data-platform", NOON).responders == (MINJI, JUNHO)


def test_the_first_level_of_an_escalation_comes_first(server, schedules):
    escalation = {
        "type": "escalation",
        "id": "id-esc",
        "name": "core_escalation",
        "onCallParticipants": [
            user("alex", escalationTime=5, notifyType="default"),
            {**TEAM, "escalationTime": 0, "onCallParticipants": [user("minji")]},
            user("junho", escalationTime=0),
        ],
    }
    says(server, participants(escalation), timeline(rotation(period({"type": "escalation", "id": "id-esc"}, -5, 5))))

    assert schedules.current("data-platform", NOON) == Somebody((MINJI, JUNHO, ALEX), at(-5), at(5))


def test_who_took_over_by_forwarding_is_on_call(server, schedules):
    forwarded = user("junho", forwardedFrom=user("minji"))
    covered = rotation(period(user("junho"), -1, 5, "forwarding", fromUser="minji@haneul.example"))
    says(server, participants(forwarded), timeline(covered))

    assert schedules.current("data-platform", NOON) == Somebody((JUNHO,), at(-1), at(5))
    assert [shift.is_override for shift in schedules.shifts("data-platform", at(0), at(1))] == [True]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"onCallRecipients": ["minji@haneul.example"]}, id="as flat answers name them"),
        pytest.param({"onCallParticipants": ["minji@haneul.example"]}, id="the other name"),
        pytest.param({"onCallRecipients": [user("minji")]}, id="objects under the flat name"),
    ],
)
def test_names_of_keys_may_flip(server, schedules, data):
    says(server, data)

    (responder,) = schedules.current("data-platform", NOON).responders

    assert responder.email == "minji@haneul.example"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"onCallParticipants": []}, id="empty"),
        pytest.param({}, id="absent"),
        pytest.param({"onCallParticipants": None}, id="null"),
        pytest.param(participants({"type": "none"}), id="none"),
        pytest.param(participants({**TEAM, "onCallParticipants": []}), id="a team without anybody"),
        pytest.param(participants(TEAM), id="a team without the key"),
    ],
)
def test_nobody_has_many_spellings(server, schedules, data):
    gap = rotation(past(user("minji"), -30, -4), period(user("junho"), 8, 30))
    says(server, data, timeline(gap))

    assert schedules.current("data-platform", NOON) == Nobody(at(-4), at(8))


@pytest.mark.parametrize(
    ("participant", "words"),
    [
        pytest.param({"type": "robot", "id": "r", "name": "r2"}, "robot r2", id="a kind that nobody knows"),
        pytest.param({"type": "user"}, "user", id="a user without a name"),
        pytest.param({**TEAM, "onCallParticipants": [{}]}, "user", id="nothing at all in a team"),
    ],
)
def test_a_participant_who_cannot_be_told_is_unknown_and_not_nobody(server, schedules, participant, words):
    says(server, participants(participant))

    assert schedules.current("data-platform", NOON) == Unknown(f"Opsgenie names no person for {words}")


def test_who_is_on_call_is_known_without_the_timeline(server, schedules):
    def answer(asked):
        return (
            Answer(403, {"message": "no"})
            if "timeline" in asked.path
            else Answer(body={"data": participants(user("minji"))})
        )

    server.answer = answer

    assert schedules.current("data-platform", NOON) == Somebody((MINJI,))


def test_times_of_another_plan_are_not_believed(server, schedules):
    says(server, participants(user("alex")), timeline(rotation(period(user("minji"), -5, 5))))

    assert schedules.current("data-platform", NOON) == Somebody((ALEX,))


def test_fractions_of_seconds_and_rotations_without_periods(server, schedules):
    cut = "2026-11-25T12:00:00.769Z"
    halves = rotation(
        {**past(user("minji"), -5, 0), "endDate": cut}, {**period(user("minji"), 0, 5), "startDate": cut}, order=4.5
    )
    says(server, participants(user("minji")), timeline({"id": "x", "name": "empty"}, rotation(name="none yet"), halves))

    assert schedules.shifts("data-platform", at(0), at(1)) == (Shift((MINJI,), at(-5), at(5), "primary"),)


def test_a_period_of_nobody_is_a_gap(server, schedules):
    plan = rotation(period({"type": "none"}, -5, 5), period({}, 5, 6), period(user("junho"), 6, 9))
    says(server, participants(), timeline(plan))

    assert [s.responders for s in schedules.shifts("data-platform", at(-5), at(9))] == [(JUNHO,)]
    assert schedules.current("data-platform", NOON) == Nobody(None, at(6))


def test_the_running_period_of_a_team_has_the_people_of_its_past_half(server, schedules):
    halves = rotation(past(TEAM, -5, 0, user("minji")), period(TEAM, 0, 5), period(user("junho"), 5, 9))
    says(server, participants({**TEAM, "onCallParticipants": [user("minji")]}), timeline(halves))

    assert [s.responders for s in schedules.shifts("data-platform", at(-5), at(9))] == [(MINJI,), (JUNHO,)]
    assert schedules.current("data-platform", NOON) == Somebody((MINJI,), at(-5), at(5))


def test_a_team_that_comes_next_is_asked_who_that_will_be(server, schedules):
    plan = rotation(period(user("minji"), -5, 5), period(TEAM, 5, 9))
    later = participants({**TEAM, "onCallParticipants": [user("junho")]})
    says(server, participants(user("minji")), timeline(plan), later)

    assert schedules.next("data-platform", NOON) == Somebody((JUNHO,), at(5), at(9))


def test_a_team_that_names_nobody_yet_is_next_by_its_own_name(server, schedules):
    says(server, participants(), timeline(rotation(period(user("minji"), -5, 5), period(TEAM, 5, 9))), participants())

    assert schedules.next("data-platform", NOON).responders == (Responder("id-core", None, "core"),)


def test_a_shift_longer_than_the_window_is_looked_for_in_a_longer_one(server, schedules):
    def answer(asked):
        if asked.query["intervalUnit"] == "weeks":
            return Answer(body=timeline(rotation(period(user("minji"), -400, 800))))
        return Answer(
            body=timeline(
                rotation(period(user("minji"), -900, 1000), period(user("junho"), 1000, 2000)), start=-2000, end=2000
            )
        )

    server.answer = answer

    assert schedules.next("data-platform", NOON) == Somebody((JUNHO,), at(1000), None)


def test_a_change_that_is_nowhere_planned_is_unknown(server, schedules):
    says(server, participants(user("minji")), timeline(rotation(period(user("minji"), -400, 800))))

    assert isinstance(schedules.next("data-platform", NOON), Unknown)


def test_shifts_are_those_that_touch_the_time_asked_for(server, schedules):
    plan = rotation(
        *(period(user(name), start, start + 10) for name, start in (("minji", 0), ("junho", 10), ("alex", 20)))
    )
    says(server, times=timeline(plan))

    assert [s.responders for s in schedules.shifts("data-platform", at(10), at(20))] == [(JUNHO,)]


@pytest.mark.parametrize("days", [1, 7, 84, 85, 200, 365])
def test_at_least_a_unit_more_is_asked_for_on_either_side(server, schedules, days):
    says(server)

    schedules.shifts("data-platform", NOON, NOON + timedelta(days=days))

    query = server.asked[-1].query
    unit = {"weeks": timedelta(days=7), "months": timedelta(days=28)}[query["intervalUnit"]]
    start = datetime.fromisoformat(query["date"])
    assert start <= NOON - unit
    assert start + int(query["interval"]) * unit >= NOON + timedelta(days=days) + unit
