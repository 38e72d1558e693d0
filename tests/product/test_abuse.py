"""People who try what they may not, over the wire: each is refused, told why, and nothing reaches Airflow."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import logs
from bot.operations.lifecycle import State
from tests.handlers.front_door import TEAM, FrontDoor
from tests.product.abused import DAG, HELP, POLICY, Abused

pytestmark = [pytest.mark.xdist_group("abuse"), pytest.mark.timeout(240)]

OVER = (State.SUCCEEDED, State.FAILED, State.PARTLY_DONE, State.UNVERIFIED, State.NO_CHANGE)
SHOUTS = "<!channel> <!here> <@U0GUEST> <!subteam^S0ENG> *bold* <https://evil.example|click> `code` &amp; @everyone"


@pytest.fixture(scope="module")
def abused(tmp_path_factory):
    logs.set_up()
    found = Abused.at(tmp_path_factory.mktemp("abused"))
    with found.place as place:
        place.sandbox.limits(enforce=False)
        place.fix(DAG)
        yield found
        found.door.http.close()


@pytest.fixture
def waiting(abused):
    return abused.waiting()


# Whose yes counts


def test_who_asked_does_not_approve(waiting):
    assert "another person has to approve it" in waiting.told("alex", "run.approve")
    assert waiting.run.state is State.AWAITING_APPROVAL


def test_a_second_account_of_the_same_person_does_not_approve(abused):
    asked = abused.asks("junho")
    asked.clicked("junho", "run.confirm")
    asked.until(State.AWAITING_APPROVAL)

    assert "다른 사람" in asked.told("junho_two", "run.approve")
    assert asked.run.state is State.AWAITING_APPROVAL
    assert asked.sent() == 0


def test_who_asked_cannot_have_a_second_account_confirm_and_then_approve(abused):
    asked = abused.asks("junho_two")
    asked.clicked("junho", "run.confirm")
    asked.until(State.AWAITING_APPROVAL)
    asked.told("junho_two", "run.approve")
    asked.told("junho", "run.approve")

    assert asked.run.state is State.AWAITING_APPROVAL


def test_somebody_who_is_not_one_of_those_who_are_named_does_not_approve(waiting):
    assert "policy" not in waiting.told("sora", "run.approve"), "it is said in words"
    assert waiting.run.state is State.AWAITING_APPROVAL


@pytest.mark.parametrize("action_id", ["run.approve", "run.deny", "run.cancel", "run.details"])
def test_a_guest_presses_and_nothing_happens(waiting, action_id):
    assert "Guests of this workspace may not" in waiting.told("guest", action_id)
    assert waiting.run.state is State.AWAITING_APPROVAL


@pytest.mark.parametrize(
    ("user", "team"),
    [
        pytest.param("U0DBT", TEAM, id="a bot"),
        pytest.param("U0DANA", "T0FORGED", id="the id of a colleague in another workspace"),
        pytest.param("U0NOBODY", TEAM, id="an account that does not exist"),
        pytest.param("", TEAM, id="nobody"),
        pytest.param("U0DANA", "", id="no workspace"),
    ],
)
def test_who_is_no_member_of_the_workspace_does_nothing(abused, waiting, user, team):
    for action_id in ("run.approve", "run.deny", "run.cancel", "run.confirm", "run.change"):
        assert abused.press(action_id, waiting.value, user=user, team=team).status_code == 200

    assert waiting.run.state is State.AWAITING_APPROVAL
    assert waiting.sent() == 0


def test_a_form_is_sent_by_somebody_who_may_not_write_it(abused, waiting):
    abused.door.submit("run.deny", waiting.id, {"words": "because I say so"}, user="U0GUEST")
    abused.door.submit("run.deny", waiting.id, {"words": "because I say so"}, user="U0SORA")
    abused.door.submit("run.change:clear-tasks", waiting.id, {"dag_id": "orders_daily"}, user="U0GUEST")

    assert waiting.run.state is State.AWAITING_APPROVAL


# Breaking the glass


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        pytest.param("U0DANA", "because I can", id="not on call"),
        pytest.param("U0GUEST", "because I can", id="a guest"),
        pytest.param("U0DBT", "because I can", id="a bot"),
        pytest.param("U0MINJI", "", id="on call, without a reason"),
        pytest.param("U0MINJI", "  \u200b \n ", id="on call, with a reason that nobody can see"),
    ],
)
def test_the_glass_is_not_broken_by_a_form_that_nobody_was_shown(abused, waiting, user, reason):
    answer = abused.door.submit("run.break_glass", waiting.value, {"reason": reason}, user=user)

    assert answer.status_code == 200
    assert waiting.run.state is State.AWAITING_APPROVAL
    assert "broke the glass" not in abused.everything_shown("C0ONCALL")


def test_the_glass_is_not_broken_over_a_plan_that_was_not_seen(abused, waiting):
    run_id, _, digest = waiting.value.partition(".")
    forged = f"{run_id}.{'0' * len(digest)}"
    abused.door.submit("run.break_glass", forged, {"reason": "a real emergency"}, user="U0MINJI")

    assert waiting.run.state is State.AWAITING_APPROVAL


# Clicks that are not what they seem


def test_a_click_that_is_sent_again_and_again_has_one_effect(abused, waiting):
    value, at = waiting.value, "1795000000.000001"
    with ThreadPoolExecutor(5) as at_once:
        answers = list(at_once.map(lambda _: abused.press("run.approve", value, "U0DANA", at=at), range(5)))
    waiting.until(*OVER)
    abused.press("run.approve", value, "U0DANA", at=at)
    abused.press("run.confirm", value, "U0ALEX", at="1795000000.000002")

    assert {answer.status_code for answer in answers} == {200}
    assert waiting.run.state is State.SUCCEEDED
    assert waiting.sent() == 1
    assert [step.result.sends for step in waiting.run.steps] == [1]


def test_two_who_approve_at_once_are_one_yes_too_many(abused, waiting):
    value = waiting.value
    with ThreadPoolExecutor(2) as at_once:
        list(at_once.map(lambda user: abused.press("run.approve", value, user=user), ["U0MINJI", "U0DANA"]))
    waiting.until(*OVER)

    assert waiting.run.state is State.SUCCEEDED
    assert waiting.run.approver is not None
    assert [step.result.sends for step in waiting.run.steps] == [1]


@pytest.mark.parametrize(
    "forged",
    [
        "01000000000000000000000",
        "0' OR '1'='1",
        "incident:01000000000000000000000",
        "../../etc/passwd",
        "💥" * 300,
        "x" * 10_000,
        "",
        "\x00\x00",
    ],
    ids=["nothing", "sql", "another kind", "a path", "emoji", "long", "empty", "zeros"],
)
def test_a_forged_id_is_nothing(abused, waiting, forged):
    before = abused.count_of_runs()
    for action_id in ("run.approve", "run.deny", "run.cancel", "run.confirm", "run.change", "incident.clear"):
        assert abused.press(action_id, forged, user="U0DANA").status_code == 200

    assert abused.count_of_runs() == before
    assert waiting.run.state is State.AWAITING_APPROVAL


def test_a_yes_to_a_plan_that_is_not_the_present_one_is_no_yes(abused, waiting):
    run_id, _, digest = waiting.value.partition(".")
    assert digest, "buttons carry the plan that was seen"
    abused.press("run.approve", f"{run_id}.{'0' * len(digest)}", user="U0DANA")

    assert waiting.run.state is State.AWAITING_APPROVAL
    assert waiting.sent() == 0


def test_the_digest_of_another_run_does_not_help(abused, waiting):
    other = abused.asks("alex")
    run_id, digest = waiting.value.partition(".")[0], other.value.partition(".")[2]
    abused.press("run.approve", f"{run_id}.{digest}", user="U0DANA")

    assert digest != waiting.value.partition(".")[2]
    assert waiting.run.state is State.AWAITING_APPROVAL


# What changes between the click and the run


def test_an_approver_who_left_the_group_in_the_meantime_approved_nothing(abused, waiting):
    """Airflow does not answer when the run is planned again; meanwhile Dana is no engineer any more."""
    faults = abused.place.sandbox.faults
    faults.add("airflow", "*/dagRuns/*", status=503, times=None)
    try:
        waiting.clicked("dana", "run.approve")
        waiting.until(State.APPROVED)
        abused.leaves("U0DANA", "S0ENG")
        faults.clear()
        waiting.until(State.AWAITING_APPROVAL)
    finally:
        faults.clear()
        abused.joins("U0DANA", "S0ENG")

    assert waiting.sent() == 0


FREEZE = """\
freezes:
  - {name: Year end, zone: Asia/Seoul, daily: [{from: 00:00, to: 00:00}]}
"""


def test_a_freeze_that_began_in_the_meantime_holds(abused, waiting):
    abused.write_policy(POLICY + FREEZE)
    try:
        assert "Year end" in waiting.told("dana", "run.approve")
        assert waiting.run.state is State.AWAITING_APPROVAL
    finally:
        abused.write_policy(POLICY)


def test_a_policy_file_that_is_broken_changes_nothing_and_is_told(abused, waiting):
    minji = abused.place.people["minji"]
    abused.write_policy("rules:\n  - {operation: clear-tasks, who: member\n")
    try:
        abused.place.until(lambda: "policy.yaml was changed and is wrong" in str(minji.messages("C0ONCALL")), 30)
        health = abused.door.http.get("/healthz").json()

        assert health["ok"], "the old policy is in force"
        assert not health["policy"]["in_force"]
        assert "policy.yaml" in health["policy"]["problems"][0]
        waiting.told("sora", "run.approve")
        assert waiting.run.state is State.AWAITING_APPROVAL
    finally:
        abused.write_policy(POLICY)
    assert abused.door.http.get("/healthz").json()["policy"]["in_force"]


# What people write


def test_a_reason_of_ten_thousand_characters_is_refused_in_words(abused):
    before = abused.count_of_runs()
    answer = abused.door.command(
        "/clear-tasks", f'{DAG} manual__x reason="{"x" * 10_000}"', user="U0MINJI", channel_id=HELP
    )

    assert answer.status_code == 200
    assert "1,000" in answer.text or "1000" in answer.text
    assert len(answer.text) < 4_000
    assert abused.count_of_runs() == before


def test_mentions_and_markup_in_every_field_are_shown_as_they_are(abused):
    asked = abused.asks("alex", reason=SHOUTS, ticket=f"OPS-1 {SHOUTS}")
    asked.clicked("alex", "run.confirm")
    asked.until(State.AWAITING_APPROVAL)
    minji = abused.place.people["minji"]
    minji.command(f'/clear-tasks "{SHOUTS}" "{SHOUTS}" "{SHOUTS}" airflow="{SHOUTS}"', channel=HELP)
    abused.door.submit("run.deny", asked.id, {"words": SHOUTS}, user="U0DANA")
    asked.until(State.DENIED)
    abused.place.until(lambda: "evil.example" in abused.everything_shown(HELP), 30)
    shown = abused.everything_shown(HELP, "C0ONCALL", "C0ALERTS")

    for live in ("<!channel", "<!here", "<!everyone", "<!subteam", "<@U0GUEST", "<https://evil.example"):
        assert live not in shown.replace("\\u003c", "<"), live


# Requests that are not Slack's


def test_a_request_that_slack_did_not_sign_does_nothing(abused, waiting):
    stranger = FrontDoor(abused.door.http, secret="not the secret")
    answer = stranger.press("run.approve", waiting.value, user="U0DANA")

    assert answer.status_code == 401
    assert waiting.run.state is State.AWAITING_APPROVAL
