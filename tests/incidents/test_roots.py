"""What fails because something else has failed is told with that: one story, the first failure on top."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.incidents import roots, service
from bot.incidents.root_rules import OpenFailure, loads_before, root_of
from bot.loads import Load, Loads
from bot.store.tables import cards, incidents
from bot.triage.model import Occurrence
from sandbox.person import text_of
from tests.conftest import NOW
from tests.delivery.bench import ALERTS, MINJI, MINUTE, SECOND
from tests.incidents.test_storms import mentions, own_cards, posted

MONDAY, TUESDAY = "2026-11-16", "2026-11-17"
LOADS = Loads(
    {
        "raw": Load("raw", "prod", "ingest", "platform"),
        "orders": Load("orders", "prod", "orders_daily", "orders-team", depends_on=("raw",)),
        "mart": Load("mart", "prod", "marts", "analytics", frozenset({"build"}), depends_on=("orders",)),
    }
)


def row(desk, incident_id):
    return desk.row(incidents, incidents.c.id == incident_id)


@pytest.fixture
def chained(desk):
    """Orders wait for raw, and the mart for orders."""
    routes = desk.app.desk.intake.routes
    routes[ALERTS] = replace(routes[ALERTS], loads=LOADS)
    return desk


def test_what_fails_in_the_same_run_is_told_on_the_card_of_the_first(staffed):
    desk = staffed
    first = desk.alert(task_id="extract_orders", day=MONDAY)
    desk.pass_time(3 * SECOND)
    after = [desk.alert(task_id=task, day=MONDAY) for task in ("load_orders", "build_orders_mart")]
    desk.pass_time(10 * SECOND)

    assert own_cards(desk, [first, *after]) == [first]
    assert [row(desk, each).root_id for each in after] == [first, first]
    assert "Also failed after it: 2, 2 unresolved" in desk.card(first).replace("*", "")
    assert "orders_daily.build_orders_mart" in desk.card(first)
    assert len(desk.replies(first)) == 1
    assert mentions(desk, first) == 1


def test_another_run_of_the_same_dag_is_another_story(desk):
    first, second = desk.alert(task_id="extract_orders", day=MONDAY), desk.alert(task_id="load_orders", day=TUESDAY)
    desk.pass_time(10 * SECOND)

    assert own_cards(desk, [first, second]) == [first, second]


def test_what_is_told_in_another_channel_is_another_story(desk):
    first = desk.alert(task_id="extract_orders", day=MONDAY)
    elsewhere = desk.alert("C0INFRA", task_id="load_orders", day=MONDAY)
    desk.pass_time(10 * SECOND)

    assert own_cards(desk, [first, elsewhere]) == [first, elsewhere]


def test_a_load_is_told_with_the_one_that_it_waits_for_near_or_far(chained):
    desk = chained
    first = desk.alert(dag_id="ingest", task_id="pull", day=MONDAY)
    mart = desk.alert(dag_id="marts", task_id="build", day=TUESDAY)
    other = desk.alert(dag_id="marts", task_id="publish", day=MONDAY)
    desk.pass_time(10 * SECOND)

    assert row(desk, mart).root_id == first
    assert own_cards(desk, [first, mart, other]) == [first, other]
    assert row(desk, first).owner == "platform"


def test_a_load_whose_source_is_well_stands_alone(chained):
    desk = chained
    mart = desk.alert(dag_id="marts", task_id="build", day=MONDAY)
    first = desk.alert(dag_id="ingest", task_id="pull", day=MONDAY)
    desk.pass_time(10 * SECOND)

    assert own_cards(desk, [first, mart]) == [first, mart]


def test_a_critical_one_has_its_own_card_and_mentions_but_is_listed(staffed):
    desk = staffed
    first = desk.alert(task_id="extract_orders", day=MONDAY)
    critical = desk.post(failure("load_orders") + "\n*Severity*: critical")
    desk.pass_time(10 * SECOND)

    assert row(desk, critical).severity == "critical"
    assert own_cards(desk, [first, critical]) == [first, critical]
    assert "<@U0MINJI>" in desk.card(critical)
    assert "Follows from orders_daily.extract_orders" in desk.card(critical).replace("`", "")
    assert "own thread" in desk.card(first)


def test_one_of_them_can_be_opened_into_its_own_thread(desk):
    first, second = desk.alert(task_id="extract_orders", day=MONDAY), desk.alert(task_id="load_orders", day=MONDAY)
    desk.pass_time(10 * SECOND)
    done = desk.app.store.write(lambda tx: service.open_thread(MINJI, tx, second, desk.clock.now(), lambda *_: None))
    desk.pass_time(10 * SECOND)

    assert isinstance(done, service.Done)
    assert own_cards(desk, [first, second]) == [first, second]
    assert "own thread" in desk.card(first)


def test_when_the_first_is_resolved_it_says_what_still_waits_which_later_stands_alone_and_mentions(staffed):
    desk = staffed
    first, second = desk.alert(task_id="extract_orders", day=MONDAY), desk.alert(task_id="load_orders", day=MONDAY)
    desk.pass_time(10 * SECOND)
    desk.resolve(first)
    desk.pass_time(10 * SECOND)
    said = text_of(desk.replies(first)[1])
    desk.clock.advance(roots.GRACE - MINUTE)
    desk.app.ticks._roots()
    desk.pass_time(10 * SECOND)
    early = own_cards(desk, [second])
    desk.clock.advance(MINUTE)
    desk.app.ticks._roots()
    desk.pass_time(10 * SECOND)

    assert "1 failure after it is not yet: `orders_daily.load_orders`" in said
    assert (early, own_cards(desk, [second])) == ([], [second])
    assert "<@U0MINJI>" in desk.card(second)


def test_what_has_been_repaired_with_the_first_never_speaks_up(desk):
    first, second = desk.alert(task_id="extract_orders", day=MONDAY), desk.alert(task_id="load_orders", day=MONDAY)
    desk.pass_time(10 * SECOND)
    desk.resolve(second)
    desk.resolve(first)
    desk.clock.advance(2 * roots.GRACE)
    desk.app.ticks._roots()
    desk.pass_time(10 * SECOND)

    assert own_cards(desk, [first, second]) == [first]
    assert "0 unresolved" in desk.card(first)
    assert len(desk.replies(first)) == 1, "there is nothing that still waits"


def test_a_first_that_fails_again_is_not_told_with_what_follows_from_it(desk):
    first = desk.post(failure("extract_orders"))
    second = desk.post(failure("load_orders"))
    desk.resolve(first)
    desk.clock.advance(MINUTE)
    assert desk.post(failure("extract_orders")) == first

    assert (row(desk, first).root_id, row(desk, second).root_id) == (None, first)


def failure(task):
    return f":red_circle: Task Failed.\n*Task*: {task}\n*Dag*: orders_daily\n*Execution Time*: {MONDAY} 18:00:00+00:00"


def test_what_follows_from_something_is_no_storm(desk):
    first = desk.alert(task_id="extract_orders", day=MONDAY)
    desk.pass_time(3 * SECOND)
    for number in range(12):
        desk.alert(task_id=f"task_{number}", day=MONDAY)
    desk.pass_time(10 * SECOND)

    assert posted(desk) == []
    assert "Also failed after it: 12, 12 unresolved" in desk.card(first).replace("*", "")
    sent = select(cards.c.ref).where(cards.c.ts.is_not(None))
    assert len(desk.app.store.read(lambda tx: tx.execute(sent).all())) == 1


# What decides


def known(incident_id, dag_id, task_id, run=None, *, at=None, root_id=None):
    return OpenFailure(incident_id, root_id, dag_id, task_id, run, at)


@pytest.mark.parametrize(
    ("failure", "others", "root"),
    [
        pytest.param(Occurrence("d", "t", "r1"), [known("1", "d", "u", "r1")], "1", id="the same run"),
        pytest.param(Occurrence("d", "t", "r1"), [known("1", "d", "u", "r2")], None, id="another run"),
        pytest.param(Occurrence("d", None, "r1"), [known("1", "d", "u", "r1")], "1", id="the whole run, after a task"),
        pytest.param(
            Occurrence("d", "t", None, NOW), [known("1", "d", "u", "r1", at=NOW)], "1", id="the same logical date"
        ),
        pytest.param(
            Occurrence("d", "t", None, NOW + timedelta(days=1)), [known("1", "d", "u", at=NOW)], None, id="another date"
        ),
        pytest.param(Occurrence("d", "t"), [known("1", "d", "u")], None, id="neither names a run"),
        pytest.param(
            Occurrence("d", "t", "r1"), [known("2", "d", "u", "r1", root_id="1")], "1", id="what follows is no root"
        ),
        pytest.param(
            Occurrence("d", "t", "r1"), [known("1", "d", "u", "r1"), known("2", "d", "v", "r1")], "1", id="the oldest"
        ),
        pytest.param(Occurrence("marts", "build", "r9"), [known("1", "ingest", "pull", "r1")], "1", id="two before"),
        pytest.param(Occurrence("marts", "publish"), [known("1", "ingest", "pull", "r1")], None, id="no task of it"),
        pytest.param(Occurrence("ingest", "pull"), [known("1", "marts", "build", "r1")], None, id="not up"),
    ],
)
def test_which_one_a_failure_is_told_with(failure, others, root):
    before = loads_before([failure], "prod", LOADS)

    assert root_of([failure], "prod", others, before) == root
