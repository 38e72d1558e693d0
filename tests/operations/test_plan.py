import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.model import Report, Result
from bot.operations.plan import (
    Change,
    Item,
    Plan,
    Sign,
    Step,
    added,
    digest,
    plan_from_json,
    plan_to_json,
    step_from_json,
    step_to_json,
)
from bot.text import Code, text

WORDS = st.sampled_from([text("a"), text("b", task=Code("x"), n=2), text("c", inner=text("d"))])
NAMES = st.text(min_size=1, max_size=5)
CHANGES = st.builds(Change, NAMES, WORDS, WORDS, st.none() | st.dictionaries(NAMES, st.integers()))
STEPS = st.builds(
    Step,
    NAMES,
    WORDS,
    st.dictionaries(NAMES, st.integers() | NAMES),
    st.lists(CHANGES, max_size=3).map(tuple),
    st.lists(NAMES, max_size=2).map(tuple),
)
PLANS = st.builds(
    Plan, WORDS, st.lists(STEPS, min_size=1, max_size=3).map(tuple), st.lists(WORDS, max_size=2).map(tuple)
)

LOAD = Change("load", text("was"), text("again"), {"try": 1})
PLAN = Plan(text("all"), (Step("run-1", text("run"), {}, (LOAD, replace(LOAD, target="publish"))),))


def with_changes(*changes):
    return replace(PLAN, steps=(replace(PLAN.steps[0], changes=changes),))


def digest_of(plan, **changes):
    given = {"operation": "clear-tasks", "effect": "repeats_work", "parameters": {"dag_id": "d"}} | changes
    return digest(given["operation"], given["effect"], given["parameters"], plan)


@given(PLANS)
def test_a_plan_survives_the_store(plan):
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan


@given(STEPS)
def test_a_step_survives_the_store(step):
    assert step_from_json(json.loads(json.dumps(step_to_json(step)))) == step


def test_an_empty_plan_and_what_runs_report_survive_the_store():
    empty = Plan(text("all"), empty=text("because"))
    result = Result({"on": ["a"]}, {"b": text("left")}, text("no"), 2)
    report = Report(text("said"), (Item("run-1", "load", Sign.DONE, text("fine")),), 3)

    assert plan_from_json(plan_to_json(empty)) == empty
    assert Result.from_json(json.loads(json.dumps(result.to_json()))) == result
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"steps": (), "empty": None}, id="neither steps nor reason"),
        pytest.param({"empty": text("because")}, id="both"),
    ],
)
def test_a_plan_has_steps_or_says_why_not(parts):
    with pytest.raises(ValueError, match="says why"):
        replace(PLAN, **parts)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(with_changes(LOAD), id="an item less"),
        pytest.param(with_changes(replace(LOAD, target="x"), LOAD), id="another item"),
        pytest.param(
            with_changes(replace(LOAD, after=text("dropped")), replace(LOAD, target="publish")), id="another effect"
        ),
    ],
)
def test_the_digest_tells_what_would_be_done(other):
    assert digest_of(other) != digest_of(PLAN)


@pytest.mark.parametrize(
    "changes",
    [{"operation": "rerun-load"}, {"effect": "grants_access"}, {"parameters": {"dag_id": "e"}}],
    ids=lambda changes: next(iter(changes)),
)
def test_the_digest_tells_who_would_do_it_with_what(changes):
    assert digest_of(PLAN, **changes) != digest_of(PLAN)


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(with_changes(replace(LOAD, before=text("new")), replace(LOAD, target="publish")), id="seen state"),
        pytest.param(with_changes(replace(LOAD, expects=None), replace(LOAD, target="publish")), id="precondition"),
        pytest.param(with_changes(replace(LOAD, target="publish"), LOAD), id="order"),
        pytest.param(replace(PLAN, warnings=(text("careful"),)), id="warning"),
    ],
)
def test_observed_states_are_not_in_the_digest(same):
    assert digest_of(same) == digest_of(PLAN)


def test_only_what_is_new_or_wider_counts_as_added():
    wider = replace(LOAD, after=text("dropped"))

    assert added(PLAN, PLAN) == ()
    assert added(PLAN, with_changes(LOAD)) == ()
    assert [change for _, change in added(PLAN, with_changes(wider, LOAD))] == [wider]
