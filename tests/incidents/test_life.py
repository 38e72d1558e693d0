"""The life of an incident: it opens, comes back, goes quiet, and ends when all that failed has succeeded."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot import timeline
from bot.incidents import ageing, service
from bot.incidents.fix import Cause, Fix, Remedy
from bot.oncall import service as oncall
from bot.ports.paging import Responder, Shift, Somebody
from bot.store.tables import cards, incidents, notes, occurrences
from sandbox.person import elements_in, text_of
from tests.delivery.bench import MINUTE, SECOND
from tests.handlers.front_door import ALERTS

HOUR, DAY = 60 * MINUTE, timedelta(days=1)
MONDAY, TUESDAY = "2026-11-16", "2026-11-17"
FIRING = "[FIRING:1] disk full on etl-7\nalertname=DiskFull instance=etl-7"
OVER = FIRING.replace("FIRING", "RESOLVED")


def row(desk, incident_id):
    return desk.row(incidents, incidents.c.id == incident_id)


def states_of_failures(desk):
    query = select(occurrences.c.state, func.count()).group_by(occurrences.c.state)
    return dict(desk.app.store.read(lambda tx: tx.execute(query).all()))


def count(desk, table):
    return desk.app.store.read(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one())


def grafana(desk, words):
    return desk.post(words, ALERTS, "B0GRAFANA")


# Failures in Airflow


def test_of_two_failed_runs_one_recovers_and_the_incident_stays_open_until_the_other_has_too(desk):
    first, second = desk.fails(MONDAY), desk.fails(TUESDAY)
    incident = desk.alert(day=MONDAY)
    assert desk.alert(day=TUESDAY) == incident
    desk.look()

    desk.airflow("recover_run", dag_id="orders_daily", dag_run_id=first["dag_run_id"])
    desk.clock.advance(MINUTE)
    desk.look()
    after_one = row(desk, incident).state, states_of_failures(desk)
    desk.airflow("recover_run", dag_id="orders_daily", dag_run_id=second["dag_run_id"])
    desk.clock.advance(MINUTE)
    desk.look()

    assert after_one == ("open", {"failed": 1, "succeeded": 1})
    assert (row(desk, incident).state, row(desk, incident).resolved_by) == ("resolved", "seen_in:airflow")
    desk.pass_time(5 * SECOND)
    assert "Resolved: seen in Airflow" in desk.card(incident)


def test_a_message_that_one_run_succeeded_says_nothing_of_the_other(desk):
    incident = desk.alert(day=MONDAY)
    desk.alert(day=TUESDAY)

    words = f"*Task*: load_orders\n*Dag*: orders_daily\n*Execution Time*: {MONDAY} 18:00:00+00:00"
    desk.post(f":heavy_check_mark: Task Succeeded.\n{words}")

    assert row(desk, incident).state == "open"
    assert states_of_failures(desk) == {"failed": 1, "succeeded": 1}


def test_who_resolves_it_dismisses_what_is_open_in_their_name(desk):
    desk.fails(MONDAY)
    incident = desk.alert(day=MONDAY)
    desk.look()
    desk.resolve(incident, Fix(Cause.FALSE_ALARM, Remedy.NOTHING, "a test run"))
    desk.pass_time(5 * SECOND)

    [failure] = desk.app.store.read(lambda tx: tx.execute(select(occurrences)).all())
    assert (failure.state, failure.settled_by) == ("dismissed", "person:T0HANEUL:U0MINJI")
    assert desk.look() == 0, "what was dismissed is not looked at any more"
    assert "Resolved: @김민지" in desk.card(incident)
    assert "Cause: false alarm · Fix: no action needed\n“a test run”" in desk.card(incident)


def test_a_failure_that_recovered_and_fails_again_is_open_again(desk):
    run = desk.fails(MONDAY)
    incident = desk.alert(day=MONDAY)
    desk.look()
    desk.airflow("recover_run", dag_id="orders_daily", dag_run_id=run["dag_run_id"])
    desk.clock.advance(MINUTE)
    desk.look()
    ended = row(desk, incident).state
    desk.fails(MONDAY)
    again = desk.alert(day=MONDAY)
    desk.look()

    assert ended == "resolved"
    assert again == incident
    assert (row(desk, incident).state, row(desk, incident).reopen_count) == ("open", 1)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 503}, id="down"),
        pytest.param({"status": 401}, id="our login is refused"),
        pytest.param({"status": 403}, id="we may not look"),
        pytest.param({"status": 404}, id="the run is gone"),
        pytest.param({"body": "<html>a login page"}, id="nonsense"),
        pytest.param({"drop": "before"}, id="no answer"),
    ],
)
def test_while_airflow_does_not_tell_the_incident_stays_open_and_is_looked_at_again(desk, vendors, fault):
    run = desk.fails(MONDAY)
    incident = desk.alert(day=MONDAY)
    vendors.faults.add("airflow", "/*", times=None, **fault)
    for _ in range(5):
        desk.look()
        desk.clock.advance(5 * MINUTE)
    meanwhile = row(desk, incident).state
    vendors.faults.clear()
    desk.airflow("recover_run", dag_id="orders_daily", dag_run_id=run["dag_run_id"])
    desk.clock.advance(20 * MINUTE)
    desk.look()

    assert meanwhile == "open"
    assert row(desk, incident).state == "resolved"


def test_an_alert_that_names_no_run_waits_for_a_person(desk):
    incident = desk.post(":red_circle: Task Failed.\n*Task*: load_orders\n*Dag*: orders_daily\n*Exception*: boom")
    desk.look()

    assert row(desk, incident).state == "open"


# It comes back


def come_back(desk, after):
    """Let its tool say that it is over, and after a while that it is not."""
    grafana(desk, OVER)
    desk.clock.advance(after)
    grafana(desk, FIRING)


def test_it_reopens_within_the_hour_and_mentions_at_most_once_an_hour(staffed):
    desk = staffed
    incident = grafana(desk, FIRING)
    desk.deliver()
    mentioned = []
    for _ in range(6):  # every twenty minutes
        desk.clock.advance(10 * MINUTE)
        grafana(desk, OVER)
        desk.clock.advance(10 * MINUTE)
        assert grafana(desk, FIRING) == incident
        mentioned.append(
            desk.app.store.read(lambda tx: tx.execute(select(func.count()).select_from(notes)).scalar_one())
        )

    assert mentioned == [0, 0, 1, 1, 1, 2]
    assert row(desk, incident).reopen_count == 6
    desk.pass_time(10 * SECOND)
    said = [text_of(each) for each in desk.replies(incident)]
    assert sum("<@U0MINJI>" in each and "open again" in each for each in said) == 2


def test_a_whole_hour_after_its_end_it_still_reopens(desk):
    incident = grafana(desk, FIRING)
    grafana(desk, OVER)
    desk.clock.advance(HOUR)

    assert grafana(desk, FIRING) == incident
    assert row(desk, incident).reopen_count == 1


def test_from_the_second_time_in_a_day_on_it_is_flapping_and_a_silence_is_offered(desk):
    incident = grafana(desk, FIRING)
    come_back(desk, after=10 * MINUTE)
    desk.pass_time(5 * SECOND)
    once = desk.card(incident)
    come_back(desk, after=10 * MINUTE)
    desk.pass_time(5 * SECOND)
    twice = desk.card(incident)
    grafana(desk, OVER)
    desk.pass_time(5 * SECOND)

    assert "Reopened once, today" in once
    assert "Flapping" not in once
    assert "*Flapping*: 2 reopenings in 24 hours (2 in all)" in twice
    assert "Flapping" not in desk.card(incident), "it is over now"


def test_only_reopenings_within_a_day_are_flapping(desk):
    incident = grafana(desk, FIRING)
    come_back(desk, after=10 * MINUTE)
    for _ in range(5):
        desk.clock.advance(5 * HOUR)
        grafana(desk, FIRING)
    come_back(desk, after=10 * MINUTE)
    desk.pass_time(5 * SECOND)

    assert "Reopened 2 times" in desk.card(incident)
    assert "Flapping" not in desk.card(incident)


def test_the_time_that_it_took_is_the_time_that_it_was_open(desk):
    incident = grafana(desk, FIRING)
    desk.clock.advance(10 * MINUTE)
    come_back(desk, after=50 * MINUTE)
    desk.clock.advance(15 * MINUTE)
    grafana(desk, OVER)
    desk.pass_time(5 * SECOND)
    ended = desk.card(incident)
    desk.clock.advance(2 * HOUR)
    later = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)

    assert "after 25 min" in ended
    assert "over in 25 min" in desk.card(later)


def test_one_that_somebody_had_taken_on_comes_back_for_everybody(staffed):
    desk = staffed
    incident = grafana(desk, FIRING)
    desk.acknowledge(incident)
    come_back(desk, after=5 * MINUTE)
    desk.pass_time(5 * SECOND)

    assert (row(desk, incident).state, row(desk, incident).acknowledged_by) == ("open", None)
    assert "Acknowledged" not in desk.card(incident)


def test_one_that_a_person_had_resolved_comes_back_too(desk):
    incident = grafana(desk, FIRING)
    desk.resolve(incident)
    desk.clock.advance(5 * MINUTE)

    assert grafana(desk, FIRING) == incident
    assert (row(desk, incident).state, row(desk, incident).resolved_by) == ("open", None)


def test_the_note_says_how_soon_it_came_back(staffed):
    desk = staffed
    incident = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)
    desk.clock.advance(2 * HOUR)
    come_back(desk, after=7 * MINUTE)
    desk.pass_time(5 * SECOND)

    assert any("7 min after its end" in text_of(each) for each in desk.replies(incident))


def test_a_return_whose_end_slack_delivered_first_is_over_and_calls_nobody(staffed):
    desk = staffed
    incident = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)
    desk.clock.advance(2 * HOUR)
    grafana(desk, OVER)
    desk.clock.advance(10 * MINUTE)
    grafana(desk, OVER)  # of the second time, before its alert
    desk.clock.advance(-MINUTE)
    assert grafana(desk, FIRING) == incident
    desk.pass_time(5 * SECOND)

    assert (row(desk, incident).state, row(desk, incident).reopen_count) == ("resolved", 1)
    assert count(desk, notes) == 0


def test_an_hour_after_its_end_it_is_a_new_incident(desk):
    first = grafana(desk, FIRING)
    desk.resolve(first)
    desk.clock.advance(HOUR + SECOND)

    assert grafana(desk, FIRING) != first


def test_who_is_on_call_now_stands_on_a_card_that_reopens(staffed):
    desk = staffed
    incident = grafana(desk, FIRING)
    grafana(desk, OVER)
    junho, until = (Responder("junho", "junho@haneul.example"),), desk.clock.now() + DAY
    on_call, shift = Somebody(junho, desk.clock.now(), until), Shift(junho, desk.clock.now(), until)
    desk.app.store.write(lambda tx: oncall.keep(tx, "data-platform", on_call, (shift,), desk.clock.now()))
    desk.clock.advance(MINUTE)
    grafana(desk, FIRING)

    assert row(desk, incident).called["ids"] == ["U0JUNHO"]


# It goes quiet


def let_time_pass(desk, span):
    desk.clock.advance(span)
    stale_after = desk.app.ticks.stale_after
    desk.app.store.write(lambda tx: ageing.let_quiet_ones_go_stale(tx, stale_after, desk.clock.now()))


def test_one_that_nothing_repeats_for_a_day_goes_stale_which_is_not_resolved(desk):
    incident = grafana(desk, FIRING)
    let_time_pass(desk, DAY - SECOND)
    before = row(desk, incident).state
    let_time_pass(desk, 2 * SECOND)
    desk.pass_time(5 * SECOND)

    assert (before, row(desk, incident).state) == ("open", "stale")
    assert row(desk, incident).resolved_at is None
    assert "not known to be resolved" in text_of(desk.replies(incident)[0])


def test_one_whose_failure_still_stands_in_airflow_never_goes_stale(desk):
    desk.fails(MONDAY)
    incident = desk.alert(day=MONDAY)
    desk.look()
    let_time_pass(desk, 10 * DAY)

    assert row(desk, incident).state == "open"


def test_after_a_day_of_silence_the_next_alert_opens_a_new_incident_and_the_old_one_says_so(desk):
    old = grafana(desk, FIRING)
    let_time_pass(desk, DAY + SECOND)
    new = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)

    assert new != old
    assert (row(desk, old).state, row(desk, new).state) == ("superseded", "open")
    assert "⏭️" in desk.card(old)


def test_good_news_about_a_stale_one_resolves_it(desk):
    incident = grafana(desk, FIRING)
    let_time_pass(desk, DAY + SECOND)
    grafana(desk, OVER)

    assert row(desk, incident).state == "resolved"


def test_a_stale_one_shows_it_on_the_tools_message_and_offers_to_take_it_on_or_to_end_it(desk):
    incident = grafana(desk, FIRING)
    let_time_pass(desk, DAY + SECOND)
    desk.pass_time(5 * SECOND)

    shown = desk.row(cards, cards.c.ref == f"incident:{incident}")
    offered = {element["action_id"] for reply in desk.replies(incident) for _, element in elements_in(reply)}
    assert shown.shown_reaction == "zzz"
    assert {"incident.acknowledge", "incident.resolve", "incident.silence"} <= offered


def test_a_stale_one_is_resolved_by_a_person(desk):
    incident = grafana(desk, FIRING)
    let_time_pass(desk, DAY + SECOND)
    desk.resolve(incident, Fix(Cause.INFRASTRUCTURE, Remedy.NOTHING, "the disk was replaced on Friday"))

    assert (row(desk, incident).state, row(desk, incident).open_key) == ("resolved", None)


def test_who_takes_a_stale_one_on_has_a_day_before_it_is_stale_again(desk):
    incident = grafana(desk, FIRING)
    let_time_pass(desk, DAY + SECOND)
    desk.acknowledge(incident)
    let_time_pass(desk, DAY - SECOND)
    before = row(desk, incident).state
    let_time_pass(desk, 2 * SECOND)

    assert (before, row(desk, incident).state) == ("acknowledged", "stale")


def test_an_alert_that_slack_delivers_after_it_went_stale_opens_it_again(desk):
    incident = grafana(desk, FIRING)
    let_time_pass(desk, DAY + SECOND)
    desk.clock.advance(-MINUTE)  # when that alert was posted
    again = grafana(desk, FIRING)

    moments = [each.body.msgid for each in desk.app.store.read(lambda tx: timeline.history(tx, service.ref(incident)))]
    assert (again, row(desk, incident).state) == (incident, "open")
    assert moments[-2:] == ["incident.moment.not_stale", "incident.moment.stale"]


def test_one_that_is_acknowledged_goes_stale_too(desk):
    incident = grafana(desk, FIRING)
    desk.acknowledge(incident)
    let_time_pass(desk, DAY + SECOND)

    assert row(desk, incident).state == "stale"
