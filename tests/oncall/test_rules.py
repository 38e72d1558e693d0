from dataclasses import replace
from datetime import timedelta

import pytest

from bot.oncall.model import Covered, Doubt, Duty, Engineer, Gap, Identity, Unclear, UpcomingShift
from bot.oncall.rules import STALE_AFTER, calling, duty, engineer, own_shifts
from bot.ports.paging import Nobody, Responder, Somebody, Unknown
from bot.text import text
from tests.oncall.made import ALEX, DIRECTORY, JUNHO, MINJI, account, at, shift, snapshot

MINJI_IN_SLACK = Engineer("김민지", "U0MINJI")
JUNHO_IN_SLACK = Engineer("박준호", "U0JUNHO")


def known(schedule_snapshot, now=0.0):
    return duty("data-platform", "S0ONCALL", schedule_snapshot, (), DIRECTORY, at(now))


def test_the_address_names_the_slack_user_whatever_its_case():
    responder = Responder("id-1", "MinJi@Haneul.Example")

    assert engineer(responder, (), DIRECTORY) == MINJI_IN_SLACK


@pytest.mark.parametrize("provider_id", ["ID-MINJI", "Minji@haneul.example"])
def test_people_yaml_wins_over_the_address(provider_id):
    assert engineer(MINJI, [Identity("U0ALEX", (provider_id,))], DIRECTORY) == Engineer("Alex Rivera", "U0ALEX")


def test_two_identities_for_one_responder_are_none():
    identities = [Identity("U0ALEX", ("id-minji",)), Identity("U0JUNHO", ("minji@haneul.example",))]

    assert engineer(MINJI, identities, DIRECTORY) == Engineer(MINJI.display, doubt=Doubt.AMBIGUOUS)


def test_two_accounts_with_one_address_are_none():
    twin = account("U0TWIN", "Minji Kim", "minji@haneul.example")

    assert engineer(MINJI, (), (*DIRECTORY, twin)).doubt is Doubt.AMBIGUOUS


def test_a_deactivated_twin_does_not_disturb():
    twin = account("U0TWIN", "Minji Kim", "minji@haneul.example", is_deleted=True)

    assert engineer(MINJI, (), (*DIRECTORY, twin)) == MINJI_IN_SLACK


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        pytest.param({"is_deleted": True}, Doubt.DEACTIVATED, id="deactivated"),
        pytest.param({"is_bot": True}, Doubt.BOT, id="bot"),
        pytest.param({"is_guest": True}, Doubt.GUEST, id="guest"),
        pytest.param({"email": None}, Doubt.NOT_FOUND, id="no address"),
    ],
)
def test_an_account_that_must_not_be_taken_for_the_responder(change, doubt):
    directory = [replace(DIRECTORY[0], **change)]

    found = engineer(MINJI, (), directory)

    assert (found.user, found.doubt) == (None, doubt)


def test_people_yaml_lets_a_guest_in_but_no_deactivated_account():
    guest = replace(DIRECTORY[0], is_guest=True)
    identities = [Identity("U0MINJI", ("id-minji",)), Identity("U0ALEX")]

    assert engineer(MINJI, identities, [guest]).user == "U0MINJI"
    assert engineer(MINJI, identities, [replace(guest, is_deleted=True)]).doubt is Doubt.DEACTIVATED


def test_people_yaml_may_name_a_user_that_slack_does_not_know():
    assert engineer(MINJI, [Identity("U0GONE", ("id-minji",))], DIRECTORY).doubt is Doubt.NOT_FOUND


def test_a_provider_that_knows_the_slack_user_needs_no_match():
    responder = Responder("U0MINJI", user="U0MINJI")

    assert engineer(responder, [Identity("U0ALEX", ("U0MINJI",))], DIRECTORY) == MINJI_IN_SLACK


def test_a_fresh_answer_is_the_duty_with_who_is_next():
    taken = snapshot(Somebody((MINJI,), at(-5), at(5)), shift(MINJI, -5, 5), shift(JUNHO, 5, 20))

    found = known(taken)

    assert found.now == Covered((MINJI_IN_SLACK,), at(-5), at(5))
    assert found.next == Covered((JUNHO_IN_SLACK,), at(5), at(20))


def test_a_gap_is_known_to_be_one_and_who_ends_it():
    found = known(snapshot(Nobody(at(-1), at(5)), shift(JUNHO, 5, 20)))

    assert found.now == Gap(at(-1), at(5))
    assert found.next == Covered((JUNHO_IN_SLACK,), at(5), at(20))


def test_an_old_answer_is_unknown_with_the_last_known():
    taken = snapshot(Somebody((MINJI,)), last_known=(MINJI,), known_at=at(0), problem=text("why"))
    minutes = STALE_AFTER / timedelta(hours=1)

    assert known(taken, minutes).now == Covered((MINJI_IN_SLACK,))
    assert known(taken, minutes + 0.001).now == Unclear((MINJI_IN_SLACK,), at(0), text("why"))


def test_an_answer_without_people_is_unknown_and_never_nobody():
    found = known(snapshot(Unknown("odd"), last_known=(JUNHO,), known_at=at(-3), problem=text("why")))

    assert found.now == Unclear((JUNHO_IN_SLACK,), at(-3), text("why"))
    assert found.next is None


def test_before_the_first_answer_everything_is_unknown():
    assert known(None) == Duty("data-platform", "S0ONCALL", Unclear(reason=text("oncall.never_asked")))


def test_a_planned_handover_between_two_polls_happens():
    taken = snapshot(Somebody((MINJI,), at(-5), at(0.1)), shift(MINJI, -5, 0.1), shift(JUNHO, 0.1, 9))

    assert known(taken, 0.1).now == Covered((JUNHO_IN_SLACK,), at(0.1), at(9))


def test_a_handover_whose_outcome_was_never_read_is_unknown():
    taken = replace(snapshot(Somebody((MINJI,), at(-5), at(0.1))), known_until=at(0))

    assert isinstance(known(taken, 0.1).now, Unclear)


def test_next_is_unknown_beyond_what_was_asked():
    taken = replace(snapshot(Somebody((MINJI,), at(-5), at(9)), shift(MINJI, -5, 9)), known_until=at(9))

    assert known(taken).next is None


@pytest.mark.parametrize(
    ("now", "ids"),
    [
        pytest.param(Covered((MINJI_IN_SLACK, JUNHO_IN_SLACK)), ("U0MINJI",), id="the first responder alone"),
        pytest.param(
            Covered((Engineer("who?", doubt=Doubt.NOT_FOUND), JUNHO_IN_SLACK)), ("S0ONCALL",), id="a stranger"
        ),
        pytest.param(Gap(), ("S0ONCALL",), id="a gap"),
        pytest.param(Unclear((MINJI_IN_SLACK,), at(0)), ("U0MINJI", "S0ONCALL"), id="unknown with a last known"),
        pytest.param(Unclear(), ("S0ONCALL",), id="unknown since ever"),
    ],
)
def test_somebody_is_always_called(now, ids):
    assert calling(Duty("data-platform", "S0ONCALL", now)).ids == ids


@pytest.mark.parametrize(
    ("now", "answer"),
    [
        pytest.param(Covered((MINJI_IN_SLACK,)), True, id="on call"),
        pytest.param(Covered((JUNHO_IN_SLACK,)), False, id="somebody else"),
        pytest.param(Covered((JUNHO_IN_SLACK, Engineer("who?", doubt=Doubt.AMBIGUOUS))), None, id="perhaps"),
        pytest.param(Gap(), False, id="nobody"),
        pytest.param(Unclear((MINJI_IN_SLACK,)), None, id="unknown, though the last known"),
    ],
)
def test_whether_a_user_is_on_call_has_three_answers(now, answer):
    assert Duty("data-platform", "S0ONCALL", now).includes("U0MINJI") is answer


def test_own_shifts_say_which_place_one_has():
    plan = (shift((MINJI, JUNHO), 0, 5), shift(ALEX, 5, 9), shift((ALEX, MINJI), 9, 20))

    found = list(own_shifts("data-platform", plan, (), DIRECTORY, "U0MINJI"))

    assert found == [
        UpcomingShift("data-platform", at(0), at(5), 0),
        UpcomingShift("data-platform", at(9), at(20), 1),
    ]
