"""Who may press and type what; everybody else is told why not, in their language, and nothing changes."""

import shutil
from datetime import timedelta

import pytest

from bot.store.tables import audit, messages, runs
from tests.handlers.colleagues import REFUSED, incident, staff, told
from tests.handlers.conftest import serving
from tests.handlers.front_door import DEMO, TEAM, airflow_failure


def test_a_member_acknowledges_and_the_card_alone_says_so(staffed):
    assert staffed.press("incident.acknowledge", incident(staffed).id, user="U0SORA").status_code == 200

    assert (incident(staffed).state, incident(staffed).acknowledged_by) == ("acknowledged", f"person:{TEAM}:U0SORA")
    assert told(staffed) == []


@pytest.mark.parametrize(("who", "why"), REFUSED)
@pytest.mark.parametrize("deed", ["incident.acknowledge", "incident.resolve", "incident.note_fix"])
def test_who_may_not_is_told_why_and_nothing_changes(staffed, who, why, deed):
    assert staffed.press(deed, incident(staffed).id, **who).status_code == 200

    assert incident(staffed).state == "open"
    [answer] = told(staffed)
    assert why in answer


@pytest.mark.parametrize(("who", "why"), REFUSED)
def test_the_form_is_checked_again_when_it_comes_back(staffed, who, why):
    """Somebody may open it, lose their standing, and send it; or send a form that they never were shown."""
    staffed.submit("incident.resolve", incident(staffed).id, {"remark": "x"}, **who)

    assert incident(staffed).state == "open"
    [answer] = told(staffed)
    assert why in answer


@pytest.mark.parametrize(("who", "why"), REFUSED)
def test_who_may_not_cannot_have_anything_planned(staffed, who, why):
    answer = staffed.command("/clear-tasks", "orders_daily some_run", **who)
    staffed.press("incident.clear", incident(staffed).id, **who)

    assert why in answer.json()["text"]
    assert staffed.rows(runs) == []
    assert {row.deed for row in staffed.rows(audit)} == {"policy.refused"}


STRICT = """
rules:
  - {operation: clear-tasks, who: [on-call]}
"""


@pytest.fixture
def strict(tmp_path, sqlite_url):
    """Only who is on call may clear tasks, and nothing is allowed to anybody that no rule names."""
    directory = tmp_path / "config"
    shutil.copytree(DEMO, directory)
    (directory / "policy.yaml").write_text(STRICT)
    with serving(sqlite_url, directory) as found:
        staff(found)
        yield found


def test_while_it_is_unknown_who_is_on_call_nobody_may_and_the_answer_says_what_could_not_be_checked(strict):
    strict.app.clocks.business.advance(timedelta(minutes=11))  # Opsgenie has not answered since

    answer = strict.command("/clear-tasks", "orders_daily some_run", user="U0SORA")

    assert "could not check who is on call" in answer.json()["text"]
    assert strict.rows(runs) == []


def test_who_is_not_on_call_is_told_so(strict):
    answer = strict.command("/clear-tasks", "orders_daily some_run", user="U0SORA")

    assert "not on call" in answer.json()["text"]
    assert strict.rows(runs) == []


def test_what_no_rule_names_is_refused(strict):
    strict.press("incident.acknowledge", incident(strict).id, user="U0SORA")

    assert incident(strict).state == "open"
    assert "rule in policy.yaml allows" in told(strict)[0]


def test_facts_that_are_too_old_prove_nothing(staffed):
    staffed.app.clocks.business.advance(timedelta(hours=7))

    staffed.press("incident.acknowledge", incident(staffed).id, user="U0SORA")

    assert incident(staffed).state == "open"
    assert "could not check who you are" in told(staffed)[0]


def test_somebody_deactivated_a_moment_ago_may_nothing_any_more(staffed):
    gone = {"id": "U0SORA", "team_id": TEAM, "name": "sora", "locale": "en-US", "deleted": True}
    staffed.event({"type": "user_change", "user": gone})

    staffed.press("incident.acknowledge", incident(staffed).id, user="U0SORA")

    assert incident(staffed).state == "open"
    assert "deactivated" in told(staffed)[0]


@pytest.mark.parametrize("value", ["", "nonsense", "01aaaaaaaaaaaaaaaaaa", "' OR 1=1 --", "x" * 2000])
@pytest.mark.parametrize(
    "deed",
    ["incident.acknowledge", "incident.clear", "run.confirm", "run.approve", "run.deny", "run.cancel", "run.replan"],
)
def test_a_button_with_an_unknown_value_says_that_the_thing_is_gone(staffed, deed, value):
    assert staffed.press(deed, value, user="U0MINJI").status_code == 200

    [answer] = told(staffed)
    assert "없" in answer, "it says that there is no such thing (any more)"
    assert incident(staffed).state == "open"


@pytest.mark.parametrize("verb", ["never.heard", "", "incident", "run.explode"])
def test_a_button_that_baton_does_not_know_is_acknowledged_and_does_nothing(staffed, verb):
    assert staffed.press(verb, incident(staffed).id).status_code == 200
    assert incident(staffed).state == "open"


def test_a_second_click_says_who_was_first(staffed):
    staffed.press("incident.acknowledge", incident(staffed).id, user="U0SORA")
    staffed.press("incident.acknowledge", incident(staffed).id, user="U0MINJI")

    assert incident(staffed).acknowledged_by == f"person:{TEAM}:U0SORA"
    assert "u0sora" in told(staffed)[0]


def test_a_replayed_form_changes_nothing_the_second_time(staffed):
    for remark in ("a late file", "replayed"):
        staffed.submit("incident.resolve", incident(staffed).id, {"remark": remark}, user="U0SORA")

    assert incident(staffed).remark == "a late file"
    assert "resolved it already" in told(staffed)[0]


def test_a_command_that_names_payloads_is_no_form(staffed):
    """Slack's framework takes every body with the word "payload" in it for a button's."""
    answer = staffed.command("/clear-tasks", "load_payloads some_run", user="U0MINJI")

    assert answer.status_code == 200
    assert [row.arguments["dag_id"] for row in staffed.rows(runs)] == ["load_payloads"]


def without_history(served):
    """Let what happens be no longer written down: everything can be read still."""
    served.write(lambda tx: tx.exec_driver_sql("ALTER TABLE timeline RENAME TO timeline_gone"))


def test_a_command_at_which_baton_itself_fails_is_answered_in_the_persons_language(staffed):
    without_history(staffed)

    korean = staffed.command("/clear-tasks", "orders_daily some_run", user="U0MINJI")
    english = staffed.command("/clear-tasks", "orders_daily some_run", user="U0SORA")

    assert (korean.status_code, english.status_code) == (200, 200)
    assert "Baton이 처리하지 못했고" in korean.json()["text"]
    assert "Baton failed to do this" in english.json()["text"]
    assert all("Error" not in each.text and "Traceback" not in each.text for each in (korean, english))
    assert staffed.rows(runs) == []


def test_a_form_at_which_baton_itself_fails_stays_open_and_says_so(staffed):
    without_history(staffed)

    answer = staffed.submit("incident.resolve", incident(staffed).id, {"remark": "a late file"}, user="U0SORA")

    assert answer.json()["response_action"] == "errors"
    assert "Baton failed to do this" in answer.json()["errors"]["remark"]
    assert incident(staffed).state == "open"


def test_a_failure_in_which_nothing_can_even_be_read_is_answered_with_a_reference_and_no_traceback(staffed):
    staffed.app.store.close()

    answer = staffed.command("/clear-tasks", "orders_daily some_run", user="U0MINJI")

    assert answer.status_code == 200
    assert "Traceback" not in answer.text
    assert "Error" not in answer.json()["text"]


def test_an_event_that_cannot_be_written_is_answered_500_so_that_slack_sends_it_again(staffed):
    before = staffed.count(messages)
    staffed.app.store.close()

    assert staffed.event(airflow_failure()).status_code == 500
    assert before == 1
