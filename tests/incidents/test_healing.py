"""Airflow retries by itself: the card says so, the mention may wait for it, and how often it sufficed is remembered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import App
from bot.clock import Clocks
from bot.store.tables import holds
from tests.delivery.bench import MINUTE, SECOND, Bench, bench
from tests.incidents.feed import DAG, TASK, Feed, holding, staff

HOUR = timedelta(hours=1)


@pytest.fixture
def feed(desk: Bench) -> Feed:
    """A team as it is without configuring anything: mentions wait for nothing."""
    return Feed(desk)


@pytest.fixture
def patient(vendors, sqlite_url) -> Iterator[Feed]:
    """A team that wants no mention while Airflow retries."""
    vendors.reset()
    vendors.limits(enforce=False)
    with bench(vendors, sqlite_url, configure=holding) as desk:
        yield Feed(desk)


def test_the_card_says_which_retry_comes_when(feed):
    feed.breaks()
    incident = feed.alerts(feed.runs_anew(), state="up for retry")
    first = feed.desk.card(incident)
    feed.passes(5 * MINUTE - 6 * SECOND)
    running = feed.desk.card(incident)
    feed.passes(10 * SECOND)

    assert "retry 1 of 3 today 12:05" in first
    assert "retry 1 of 3 runs" in running
    assert "retry 2 of 3 today 12:10" in feed.desk.card(incident)


def test_the_card_says_when_the_dag_runs_next(feed):
    feed.desk.app.ticks._dags(feed.desk.app.vendors.airflows["prod"])
    feed.breaks()
    incident = feed.alerts(feed.runs_anew())
    before = feed.desk.card(incident)
    feed.desk.want(incident)
    feed.passes(HOUR)

    assert "Next run of this DAG today 12:15" in before
    assert "Next run of this DAG" not in feed.desk.card(incident), "that moment is past"


def test_a_paused_dag_has_no_next_run(feed):
    feed.pauses()
    feed.desk.app.ticks._dags(feed.desk.app.vendors.airflows["prod"])
    feed.breaks()

    assert "Next run" not in feed.desk.card(feed.alerts(feed.runs_anew()))


def test_without_the_rule_nothing_waits_for_a_retry(feed):
    feed.breaks()
    feed.alerts(feed.runs_anew())

    assert len(feed.mentions()) == 1


def test_while_airflow_retries_nobody_is_mentioned_and_when_it_heals_nobody_ever_is(patient):
    patient.breaks()
    incident = patient.alerts(patient.runs_anew(), state="up for retry", severity="error")
    waiting = patient.desk.card(incident)
    patient.airflow("fix", dag_id=DAG)
    patient.passes(5 * MINUTE + 2 * SECOND)
    patient.passes(10 * SECOND)
    patient.passes(HOUR)

    assert "Airflow tries again by itself: nobody is mentioned before today 12:30" in waiting
    assert (patient.row(incident).state, patient.row(incident).healed) == ("resolved", True)
    assert patient.mentions() == []
    assert patient.held() == []


def test_when_airflow_gives_up_somebody_is_mentioned_at_once(patient):
    patient.breaks()
    incident = patient.alerts(patient.runs_anew(), state="up for retry")
    after_each_try = [len(patient.mentions())]
    for _ in range(3):
        patient.passes(5 * MINUTE + 12 * SECOND)
        after_each_try.append(len(patient.mentions()))

    [said] = patient.mentions()
    assert after_each_try == [0, 0, 0, 1]
    assert "Airflow has given up: no retry is left." in said
    assert "try 4" in patient.desk.card(incident)


def test_what_has_no_retry_left_is_mentioned_as_soon_as_airflow_was_asked(patient):
    patient.alerts(patient.fails_at_once())

    assert len(patient.mentions()) == 1
    assert patient.held() == []


def test_what_is_critical_never_waits(patient):
    patient.breaks()
    patient.alerts(patient.runs_anew(), state="up for retry", severity="critical", looks=False)
    patient.desk.pass_time(5 * SECOND)

    assert len(patient.mentions()) == 1


def test_one_that_becomes_critical_while_it_waits_is_mentioned_at_once(patient):
    patient.breaks()
    run = patient.runs_anew()
    patient.alerts(run, state="up for retry")
    patient.alerts(run, state="up for retry", severity="critical", looks=False)
    patient.desk.pass_time(5 * SECOND)

    assert len(patient.mentions()) == 1


def test_it_waits_no_longer_than_the_route_says(patient):
    patient.airflow("break", dag_id=DAG, task_id=TASK, message="TimeoutError: partner.example")
    incident = patient.alerts(patient.runs_anew(), state="up for retry")
    patient.vendors.faults.add("airflow", "/*", times=None, status=503)
    patient.desk.clock.advance(29 * MINUTE)
    patient.looks()
    before = patient.mentions()
    patient.passes(MINUTE)
    patient.vendors.faults.clear()

    [said] = patient.mentions()
    assert before == []
    assert "while Airflow could try again by itself. It did not heal." in said
    assert "Airflow tries again by itself" not in patient.desk.card(incident)


def test_while_airflow_cannot_be_asked_nobody_takes_that_for_a_retry(patient):
    patient.vendors.faults.add("airflow", "/*", times=None, status=503)
    patient.alerts({"execution_time": "2026-11-22 03:00:00+00:00", "dag_run_id": "manual__x"})
    at_once = patient.mentions()
    patient.desk.clock.advance(MINUTE)
    patient.looks()
    patient.vendors.faults.clear()

    assert at_once == []
    assert len(patient.mentions()) == 1


def test_a_second_run_that_has_failed_for_good_ends_the_wait(patient):
    patient.breaks()
    incident = patient.alerts(patient.runs_anew(), state="up for retry")
    before = patient.mentions()
    assert patient.alerts(patient.fails_at_once()) == incident

    assert before == []
    assert len(patient.mentions()) == 1


def test_a_process_that_is_killed_while_it_holds_loses_nothing(patient):
    patient.breaks()
    patient.alerts(patient.runs_anew(), state="up for retry")
    desk = patient.desk
    desk.clock.advance(30 * MINUTE)
    staff(desk)
    second = App(desk.app.config, Clocks(desk.clock, desk.clock))
    for app in (second, desk.app):
        app.ticks._mentions()
    second.stop()
    desk.pass_time(5 * SECOND)

    assert len(patient.mentions()) == 1


def test_how_often_it_healed_by_itself_is_on_the_next_card(feed):
    heals(feed)
    feed.passes(2 * HOUR)
    cleared_by_somebody(feed)
    feed.passes(2 * HOUR)
    feed.breaks()
    incident = feed.alerts(feed.runs_anew(), state="up for retry")

    assert "Airflow's own retries healed it 1 of 2 times in the last 30 days" in feed.desk.card(incident)


def heals(feed: Feed) -> str:
    feed.breaks()
    incident = feed.alerts(feed.runs_anew(), state="up for retry")
    feed.airflow("fix", dag_id=DAG)
    feed.passes(5 * MINUTE + 2 * SECOND)
    feed.passes(10 * SECOND)
    assert (feed.row(incident).state, feed.row(incident).healed) == ("resolved", True)
    return incident


def cleared_by_somebody(feed: Feed) -> str:
    run = feed.fails_at_once()
    incident = feed.alerts(run)
    feed.airflow("recover_run", dag_id=DAG, dag_run_id=run["dag_run_id"])
    feed.passes(MINUTE)
    assert (feed.row(incident).state, feed.row(incident).healed) == ("resolved", False)
    return incident


def test_one_that_was_over_at_the_first_look_proves_no_self_healing(feed):
    run = feed.fails_at_once()
    incident = feed.alerts(run, looks=False)
    feed.airflow("recover_run", dag_id=DAG, dag_run_id=run["dag_run_id"])
    feed.looks()

    assert (feed.row(incident).state, feed.row(incident).healed) == ("resolved", False)


def test_one_that_healed_and_came_back_counts_by_its_last_end(feed):
    incident = heals(feed)
    again = cleared_by_somebody(feed)

    assert again == incident
    assert feed.row(incident).healed is False


def test_in_korean(vendors, sqlite_url):
    vendors.reset()
    vendors.limits(enforce=False)
    with bench(vendors, sqlite_url, configure=holding) as desk:
        feed = Feed(desk)
        feed.breaks()
        run = feed.runs_anew()
        words = f":red_circle: Task up for retry.\n*Task*: {TASK}\n*Dag*: {DAG}\n*Run Id*: {run['dag_run_id']}"
        incident = desk.post(words, "C0INFRA")
        feed.looks()

        said = desk.card(incident)
    assert "재시도 1/3 오늘 12:05 예정" in said


def test_the_first_look_is_soon(patient):
    """A wait that nothing is known about ends after a minute, whatever the route allows."""
    patient.desk.post(":red_circle: Task Failed.\n*Task*: fetch_feed\n*Dag*: partner_feed\n*Exception*: x")
    hold = patient.desk.row(holds)

    assert hold.until - patient.desk.clock.now() == MINUTE
    assert hold.until < datetime(2027, 1, 1, tzinfo=UTC)
