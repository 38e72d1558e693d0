"""Which failures good news ends, and what becomes of failures that no Airflow can be asked about."""

import shutil
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from bot.incidents.settling import settled
from bot.store.tables import incidents, occurrences
from bot.triage.model import Occurrence
from sandbox.person import text_of
from tests.delivery.bench import DEMO, SECOND, bench
from tests.incidents.test_life import DAY, let_time_pass, row

MORNING = datetime(2026, 11, 20, 3, tzinfo=UTC)
IN_SEOUL = MORNING.astimezone(timezone(timedelta(hours=9)))
SCHEDULED = "scheduled__2026-11-20T03:00:00+00:00"


def of(run=None, at=None, index=-1, task="load", dag="sales"):
    return Occurrence(dag, task, run, at, index)


@pytest.mark.parametrize(
    ("failure", "success", "ends"),
    [
        pytest.param(of("r1"), of("r1"), True, id="the same run"),
        pytest.param(of("r1"), of("r2"), False, id="another run"),
        pytest.param(of("r1"), of(), True, id="a success that names no run"),
        pytest.param(of(), of("r1"), True, id="a failure that named no run"),
        pytest.param(of(at=MORNING), of(at=IN_SEOUL), True, id="the same moment in two zones"),
        pytest.param(of(SCHEDULED), of(at=IN_SEOUL), True, id="the date inside a scheduled run's id"),
        pytest.param(of("manual__1"), of(at=MORNING), False, id="a manual run and a date"),
        pytest.param(of("r1", index=2), of("r1"), True, id="the whole run ends each index"),
        pytest.param(of("r1", index=2), of("r1", index=2), True, id="the same index"),
        pytest.param(of("r1", index=2), of("r1", index=3), False, id="another index"),
        pytest.param(of("r1"), of("r1", index=3), False, id="one index does not end the run"),
        pytest.param(of("r1"), of("r1", task="check"), False, id="another task"),
        pytest.param(of("r1"), of("r1", task=None), True, id="the whole DAG"),
        pytest.param(of("r1", task=None), of("r1"), False, id="one task does not end the DAG"),
        pytest.param(of("r1"), of("r1", dag="stock"), False, id="another DAG"),
    ],
)
def test_a_success_ends_what_it_is_about(failure, success, ends):
    assert settled([failure], [success]) == ([failure] if ends else [])


def test_good_news_without_any_occurrence_ends_all():
    assert settled([of("r1"), of("r2")], []) == [of("r1"), of("r2")]


FAILED = ":red_circle: Task Failed.\n*Task*: load_orders\n*Dag*: orders_daily"
OVER = ":heavy_check_mark: Task Succeeded.\n*Task*: load_orders\n*Dag*: orders_daily"
RUN, OTHER = "\n*Run*: manual__1", "\n*Run*: manual__2"


def states(desk):
    query = select(occurrences.c.state, func.count()).group_by(occurrences.c.state)
    return dict(desk.app.store.read(lambda tx: tx.execute(query).all()))


@pytest.fixture
def alone(vendors, sqlite_url, tmp_path):
    """Baton in a team that has configured no Airflow."""
    directory = shutil.copytree(DEMO, tmp_path / "config")
    written = (directory / "baton.yaml").read_text("utf-8")
    head, _, rest = written.partition("\nairflow:\n")
    (directory / "loads.yaml").unlink()  # they are loaded by an Airflow
    (directory / "baton.yaml").write_text(head + "\nopsgenie:" + rest.partition("\nopsgenie:")[2], "utf-8")
    vendors.reset()
    vendors.limits(enforce=False)
    with bench(vendors, sqlite_url, directory) as found:
        yield found


def test_without_an_airflow_a_success_that_names_no_run_ends_all(alone):
    incident = alone.post(FAILED + RUN)
    alone.post(FAILED + OTHER)
    alone.post(OVER)

    assert row(alone, incident).state == "resolved"
    assert states(alone) == {"succeeded": 2}


def test_without_an_airflow_each_run_is_ended_by_its_own_success(alone):
    incident = alone.post(FAILED + RUN)
    alone.post(FAILED + OTHER)
    alone.post(OVER + RUN)
    between = row(alone, incident).state
    alone.post(OVER + OTHER)

    assert (between, row(alone, incident).state) == ("open", "resolved")


def test_the_card_says_that_no_airflow_will_end_it(alone):
    incident = alone.post(FAILED + RUN)
    alone.look()
    alone.pass_time(5 * SECOND)

    assert "Airflow cannot be asked about it" in alone.card(incident)
    assert alone.app.loop.once("occurrence") == 0, "nobody is asked again and again"


def test_without_an_airflow_silence_makes_it_stale_like_any_other(alone):
    incident = alone.post(FAILED + RUN)
    let_time_pass(alone, DAY + SECOND)

    assert row(alone, incident).state == "stale"


def test_with_an_airflow_a_success_that_names_no_run_has_the_named_ones_looked_up_there(desk):
    incident = desk.post(FAILED + RUN)
    desk.post(FAILED)
    desk.post(OVER)
    desk.pass_time(5 * SECOND)

    assert row(desk, incident).state == "open"
    assert states(desk) == {"failed": 1, "succeeded": 1}, "what named no run cannot be looked up"
    assert "cannot be asked" not in desk.card(incident)


def test_a_dbt_error_in_the_thread_is_about_the_job_above_it(desk):
    first = desk.post('<https://cloud.getdbt.com/x|Run #5 failed on Job "Nightly">', tool="B0DBT")
    above = row(desk, first).message_ts
    again = desk.post("Database Error in model fct_pay\n column x does not exist", tool="B0DBT", thread=above)
    desk.pass_time(5 * SECOND)

    assert again == first
    assert row(desk, first).alert_count == 2
    assert "column x does not exist" in text_of(desk.replies(first)[0])


def test_a_reply_of_another_tool_is_not_about_the_message_above(desk):
    first = desk.post('<https://cloud.getdbt.com/x|Run #5 failed on Job "Nightly">', tool="B0DBT")
    other = desk.post("disk failure: something went wrong", tool="B0SCRIPT", thread=row(desk, first).message_ts)

    assert other not in {None, first}


def test_a_reply_that_names_its_thing_is_about_that(desk):
    first = desk.post("*Table*: dw.orders\nload failed", tool="B0SCRIPT")
    other = desk.post("*Table*: dw.users\nload failed", tool="B0SCRIPT", thread=row(desk, first).message_ts)

    assert other not in {None, first}
    assert row(desk, other).resource == {"table": "dw.users"}


def test_a_reply_under_what_baton_never_saw_stands_for_itself(desk):
    above = desk.sandbox.post_alert("B0SCRIPT", "C0ALERTS", {"text": "hello"}, settle=False)
    incident = desk.post("disk failure: something went wrong", tool="B0SCRIPT", thread=above)

    assert incident is not None
    assert desk.row(incidents, incidents.c.id == incident).alert_count == 1
