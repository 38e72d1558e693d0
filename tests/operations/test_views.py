from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.actor import Actor
from bot.moment import Moment
from bot.operations.clear_tasks import ClearTasks
from bot.operations.lifecycle import State, StepState
from bot.operations.model import Report, Result, Run, StepRun
from bot.operations.operation import Problem
from bot.operations.plan import Change, Item, Plan, Sign, Step
from bot.operations.run_card import RunCard, Wants
from bot.operations.why import Asked, Why
from bot.text import Code, text
from bot.views.forms import form, form_errors, options, read_form
from bot.views.operations import SHOWN, run_card, run_details
from bot.views.reader import Reader
from bot.views.run_buttons import seen
from tests.conftest import NOW
from tests.views.checker import assert_valid_message, assert_valid_view

MINA, JUN = Actor.person("T1", "U0MINA"), Actor.person("T1", "U0JUN")
READERS = [Reader(language, ZoneInfo("Asia/Seoul"), NOW) for language in ("en", "ko")]
IN_BOTH = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.locale)
NOTHING = Wants()
REPORT = Report(text("clear-tasks.succeeded", n=1))
FAILED = text("airflow.state_try", state=Code("failed"), number=1)


def a_step(key="r1", tasks=2):
    changes = tuple(Change(f"task_{n}", FAILED, text("clear-tasks.runs_again")) for n in range(tasks))
    return Step(key, text("airflow.run_of", run=Code(key), at=NOW), {}, changes)


def a_plan(*steps, warnings=()):
    steps = steps or (a_step(),)
    size = sum(len(step.changes) for step in steps)
    runs = text("clear-tasks.in_runs", n=len(steps))
    return Plan(text("clear-tasks.summary", n=size, dag=Code("orders"), runs=runs), steps, warnings)


def a_run(state, **changes):
    arguments = {"dag_id": "orders", "runs": ["r1"], "airflow": ""}
    run = Run(
        "01k", "clear-tasks", arguments, state, MINA, 1, NOW - timedelta(minutes=5), plan=a_plan(), digest="d" * 64
    )
    return replace(run, **changes)


def card_of(run, reader, wants=NOTHING):
    return run_card(RunCard(run, wants), reader)


def shown(rendered):
    """Return all words of a card."""
    words = []
    for block in rendered.blocks:
        words += [element["text"] for element in block.get("elements", ()) if isinstance(element.get("text"), str)]
        words += [block["text"]["text"]] if "text" in block else []
    return "\n".join(words)


def buttons(rendered):
    elements = [each for block in rendered.blocks if block["type"] == "actions" for each in block["elements"]]
    return {element["action_id"]: element for element in elements}


@IN_BOTH
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="planned"),
        pytest.param({"plan": None, "digest": None}, id="without a plan"),
        pytest.param(
            {"problem": text("vendor.unavailable", vendor="Airflow prod", detail="down")}, id="with a problem"
        ),
        pytest.param(
            {
                "report": Report(
                    text("clear-tasks.succeeded", n=1), (Item("r1", "task_0", Sign.DONE, text("airflow.not_started")),)
                ),
                "confirmer": MINA,
                "approver": JUN,
                "confirmed_at": NOW,
                "ended_at": NOW,
            },
            id="with a report",
        ),
    ],
)
def test_every_state_has_a_valid_card(reader, state, changes):
    if state in {State.PLANNED, State.PLAN_CHANGED, State.AWAITING_APPROVAL} and "plan" in changes:
        changes = {}  # these states have a plan
    if state in {State.SUCCEEDED, State.FAILED, State.PARTLY_DONE, State.UNVERIFIED}:
        changes = {"report": REPORT} | changes  # and these a report
    card = card_of(a_run(state, **changes), reader)

    assert_valid_message(card.blocks)
    assert card.text
    assert "run.runbook" in buttons(card)


@pytest.mark.parametrize(
    ("run", "deeds"),
    [
        pytest.param(a_run(State.DRAFT, plan=None), {"cancel"}, id="planning"),
        pytest.param(
            a_run(State.DRAFT, plan=None, problem=text("run.still_unknown")),
            {"replan", "change", "cancel"},
            id="not planned",
        ),
        pytest.param(a_run(State.PLANNED), {"confirm", "change", "cancel", "details"}, id="planned"),
        pytest.param(a_run(State.PLAN_CHANGED), {"confirm", "change", "cancel", "details"}, id="plan changed"),
        pytest.param(
            a_run(State.AWAITING_APPROVAL),
            {"approve", "deny", "ask", "replan", "cancel", "details"},
            id="awaiting approval",
        ),
        pytest.param(
            a_run(State.PAUSED, steps=(StepRun(0, StepState.PENDING, a_step(), Result()),)),
            {"resume", "cancel", "details"},
            id="paused",
        ),
        pytest.param(
            a_run(State.PARTLY_DONE, report=replace(REPORT, remaining={"dag_id": "orders"})),
            {"go_on", "details"},
            id="something left to do",
        ),
        pytest.param(a_run(State.DENIED), {"go_on", "details"}, id="denied"),
        pytest.param(a_run(State.APPROVED), {"cancel", "details"}, id="approved"),
        pytest.param(a_run(State.EXECUTING), {"details"}, id="all sent"),
        pytest.param(
            a_run(State.EXECUTING, steps=(StepRun(0, StepState.PENDING, a_step(), Result()),)),
            {"pause", "cancel", "details"},
            id="something left to stop",
        ),
        pytest.param(a_run(State.OUTCOME_UNKNOWN), {"recheck", "details"}, id="outcome unknown"),
        pytest.param(a_run(State.UNVERIFIED, report=REPORT), {"recheck", "details"}, id="unverified"),
        pytest.param(a_run(State.VERIFYING), {"details"}, id="verifying"),
        pytest.param(a_run(State.SUCCEEDED, report=REPORT), {"details"}, id="succeeded"),
        pytest.param(
            a_run(State.SUCCEEDED, report=REPORT, confirmed_at=NOW), {"details", "evidence"}, id="done by somebody"
        ),
        pytest.param(a_run(State.EXPIRED), {"replan", "change", "details"}, id="expired"),
        pytest.param(a_run(State.NO_CHANGE, confirmed_at=NOW), {"details", "evidence"}, id="nothing to do any more"),
    ],
)
def test_a_card_offers_what_can_be_pressed_now(run, deeds):
    assert set(buttons(card_of(run, READERS[0]))) - {"run.runbook"} == {f"run.{deed}" for deed in deeds}


def test_the_start_button_says_which_plan_was_seen_and_asks_once_more():
    start = buttons(card_of(a_run(State.PLANNED), READERS[0]))["run.confirm"]

    assert seen(start["value"]) == ("01k", "d" * 16)
    assert "2 task instances" in start["confirm"]["text"]["text"]


@IN_BOTH
def test_a_warning_is_said_once_more_before_it_starts(reader):
    plan = a_plan(warnings=(text("clear-tasks.warn_rerun_unknown", dag=Code("orders")),))
    card = card_of(a_run(State.PLANNED, plan=plan), reader)

    assert_valid_message(card.blocks)
    assert "⚠️" in buttons(card)["run.confirm"]["confirm"]["text"]["text"]


def test_every_item_is_listed_with_what_becomes_of_it():
    words = shown(card_of(a_run(State.PLANNED), READERS[0]))

    assert "• `task_0` · `failed`, try 1 → runs again" in words
    assert "• `task_1` · `failed`, try 1 → runs again" in words


def test_while_it_runs_each_item_shows_how_it_is():
    left = Result(skipped={"task_1": text("clear-tasks.gone")})
    items = (Item("r1", "task_0", Sign.RUNNING, text("airflow.state_try", state=Code("running"), number=2)),)
    report = Report(text("clear-tasks.progress", done=0, n=1, running=1), items)
    steps = (StepRun(0, StepState.DONE, a_step(), left),)
    words = shown(card_of(a_run(State.VERIFYING, report=report, steps=steps), READERS[0]))

    assert "🔄 `task_0` · `running`, try 2" in words
    assert "⏭️ `task_1` · it is no longer there" in words
    assert "0 of 1 succeeded again, 1 running" in words


@IN_BOTH
def test_a_long_plan_is_capped_on_the_card_and_whole_in_the_details(reader):
    plan = a_plan(*(a_step(f"run-{n}", tasks=25) for n in range(8)))
    run = a_run(State.PLANNED, plan=plan)
    card = card_of(run, reader)
    details = run_details(run, [Moment(NOW, MINA, text("run.moment.requested"))], reader)

    assert_valid_message(card.blocks)
    assert_valid_view(details)
    assert shown(card).count("• `task_") == SHOWN
    assert f"{200 - SHOWN}" in shown(card)
    listed = "\n".join(block["text"]["text"] for block in details["blocks"] if block["type"] == "section")
    assert listed.count("• `task_") == 200


@IN_BOTH
def test_an_empty_plan_says_why_and_offers_to_change_it(reader):
    empty = text("clear-tasks.unknown_dag", dag=Code("order"), airflow="prod", near=(Code("orders"),))
    run = a_run(State.NO_CHANGE, plan=Plan(text("clear-tasks.summary_empty", dag=Code("order")), empty=empty))
    card = card_of(run, reader)

    assert "`orders`" in shown(card)
    assert "run.change" in buttons(card)


def test_hostile_names_stay_names():
    step = Step("r<!channel>", text("airflow.run", run=Code("<!here>")), {}, (Change("<@U1>", FAILED, FAILED),))
    card = card_of(a_run(State.PLANNED, plan=a_plan(step), arguments={"dag_id": "*<!channel>*"}), READERS[0])

    assert_valid_message(card.blocks)
    assert "<!" not in shown(card)
    assert "<@" not in shown(card)


# Forms


@IN_BOTH
@pytest.mark.parametrize(
    "values",
    [
        pytest.param(None, id="empty"),
        pytest.param(
            {
                "dag_id": "orders",
                "runs": ["r" * 150, "s" * 151],
                "tasks": ["load[1]"],
                "downstream": False,
                "airflow": "prod",
            },
            id="filled",
        ),
    ],
)
def test_the_form_of_an_operation_is_a_valid_view(reader, values):
    view = form(ClearTasks, reader, private_metadata="01k", values=values)

    assert_valid_view(view)
    assert [block["block_id"] for block in view["blocks"][1:]] == [
        *("dag_id", "runs", "tasks", "downstream", "failed_only", "include_running", "airflow", "reason", "ticket")
    ]


def test_where_there_is_one_airflow_it_is_not_asked_for():
    view = form(ClearTasks, READERS[0], private_metadata="x", hidden=("airflow",))

    assert "airflow" not in [block.get("block_id") for block in view["blocks"]]


def test_a_field_with_suggestions_asks_for_them_while_somebody_types():
    blocks = {block.get("block_id"): block for block in form(ClearTasks, READERS[0], private_metadata="x")["blocks"]}

    assert blocks["dag_id"]["element"]["type"] == "external_select"
    assert blocks["dag_id"]["element"]["action_id"] == "options.dags"
    assert blocks["runs"]["element"]["type"] == "multi_external_select"


def test_what_was_filled_in_is_read_back():
    state = {
        "dag_id": {"options.dags": {"type": "external_select", "selected_option": {"value": "orders"}}},
        "runs": {"options.failed_runs": {"type": "multi_external_select", "selected_options": [{"value": "r1"}]}},
        "tasks": {"options.failed_tasks": {"type": "multi_external_select", "selected_options": []}},
        "downstream": {"field.downstream": {"type": "checkboxes", "selected_options": []}},
        "failed_only": {"field.failed_only": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}},
        "airflow": {"options.airflows": {"type": "external_select", "selected_option": None}},
        "reason": {"field.reason": {"type": "plain_text_input", "value": " twice\n& for\u200b all "}},
        "ticket": {"field.ticket": {"type": "plain_text_input", "value": None}},
    }

    assert read_form(ClearTasks, state) == Asked(
        {"dag_id": "orders", "runs": ["r1"], "downstream": False, "failed_only": True}, Why("twice & for all")
    )


@IN_BOTH
def test_a_problem_goes_back_to_its_field_and_a_homeless_one_to_the_first(reader):
    missing = Problem("runs", text("arguments.missing", field=text("clear-tasks.runs")))
    homeless = Problem("", text("arguments.quotes"))
    errors = form_errors(ClearTasks, [missing, homeless], reader)

    assert set(errors) == {"runs", "dag_id"}
    assert all(errors.values())


@IN_BOTH
def test_suggestions_are_valid_menu_entries(reader):
    long, note = "x" * 150, text("suggest.failed_tasks", n=2)
    entries = options([("y" * 151, None), (long, note), ("<!channel>", None)], reader)

    assert [entry["value"] for entry in entries] == [long, "<!channel>"]
    assert len(entries[0]["text"]["text"]) == 75
    assert {entry["text"]["type"] for entry in entries} == {"plain_text"}
