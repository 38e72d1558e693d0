"""A new incident takes over from one that went quiet and was never resolved: nothing of it is lost."""

import pytest
from sqlalchemy import select

from bot.actor import Actor
from bot.incidents import queries, service
from bot.incidents.fix import Cause, Fix
from bot.incidents.occurrence import Observed, OccurrenceState
from bot.store.tables import holds, incidents, occurrences
from bot.text import MessageLink
from sandbox.person import elements_in, text_of
from tests.delivery.bench import MINJI, MINUTE, SECOND
from tests.incidents.test_life import DAY, FIRING, MONDAY, OVER, TUESDAY, grafana, let_time_pass, row
from tests.incidents.test_mentions import NIGHT, alert, staff


def quiet_for_a_day(desk):
    let_time_pass(desk, DAY + SECOND)


def failure(day, **said):
    words = "".join(f"*{key.title()}*: {value}\n" for key, value in said.items())
    return (
        f":red_circle: Task Failed.\n*Task*: load_orders\n*Dag*: orders_daily\n{words}"
        f"*Execution Time*: {day} 18:00:00+00:00\n*Exception*: RuntimeError"
    )


def failures(desk, incident):
    found = desk.app.store.read(lambda tx: queries.occurrences_of(tx, incident))
    return {each.logical_at.date().isoformat(): each.state.value for each in found}


def test_each_of_the_two_cards_leads_to_the_other(desk):
    old = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)
    quiet_for_a_day(desk)
    new = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)

    assert row(desk, new).message_ts.replace(".", "") in desk.card(old).replace(".", "")
    assert f"thread_ts={row(desk, old).message_ts}" in desk.card(new)
    assert "which went quiet and was never resolved" in desk.card(new)
    assert "Goes on in" in desk.card(old)


def test_who_had_taken_the_old_one_on_stands_on_the_new_card_and_is_not_put_in_charge_unasked(desk):
    old = grafana(desk, FIRING)
    desk.acknowledge(old)
    quiet_for_a_day(desk)
    new = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)

    assert row(desk, new).state == "open"
    assert "which @김민지 had taken on" in desk.card(new)


@pytest.mark.parametrize(
    ("said_again", "owner"),
    [pytest.param({}, "data-core", id="none is named"), pytest.param({"owner": "orders"}, "orders", id="another")],
)
def test_its_owner_stays_unless_the_alert_names_another(desk, said_again, owner):
    desk.post(failure(MONDAY, owner="data-core"))
    desk.clock.advance(DAY + SECOND)
    new = desk.post(failure(TUESDAY, **said_again))

    assert row(desk, new).owner == owner


def test_what_people_noted_stays(desk):
    old = grafana(desk, FIRING)
    desk.resolve(old, Fix(Cause.QUOTA, None, "the disk is being replaced"))
    grafana(desk, FIRING)
    quiet_for_a_day(desk)
    new = grafana(desk, FIRING)

    assert new != old
    assert (row(desk, new).cause, row(desk, new).remark) == ("quota", "the disk is being replaced")


def test_failures_that_are_still_open_go_on_in_the_new_one(desk):
    monday, tuesday = desk.fails(MONDAY), desk.fails(TUESDAY)
    old = desk.post(failure(MONDAY))
    desk.look()
    desk.clock.advance(DAY + SECOND)
    new = desk.post(failure(TUESDAY))
    desk.look()
    both = failures(desk, new)
    for run in (monday, tuesday):
        desk.airflow("recover_run", dag_id="orders_daily", dag_run_id=run["dag_run_id"])
    desk.clock.advance(20 * MINUTE)
    desk.look()

    assert new != old
    assert both == {MONDAY: "failed", TUESDAY: "failed"}
    assert failures(desk, old) == {}
    assert row(desk, new).state == "resolved"


def test_the_same_failure_told_again_after_a_day_is_one_failure(desk):
    desk.fails(MONDAY)
    desk.post(failure(MONDAY))
    desk.clock.advance(DAY + SECOND)
    new = desk.post(failure(MONDAY))

    assert failures(desk, new) == {MONDAY: "failed"}
    assert len(desk.app.store.read(lambda tx: tx.execute(select(occurrences)).all())) == 1


def test_what_had_succeeded_stays_with_the_old_one(desk):
    desk.fails(TUESDAY)
    monday = desk.fails(MONDAY)
    old = desk.post(failure(MONDAY))
    desk.post(failure(TUESDAY))
    desk.airflow("recover_run", dag_id="orders_daily", dag_run_id=monday["dag_run_id"])
    desk.look()
    desk.clock.advance(DAY + SECOND)
    new = desk.post(failure(TUESDAY))

    assert failures(desk, old) == {MONDAY: "succeeded"}
    assert failures(desk, new) == {TUESDAY: "failed"}


def test_a_look_at_airflow_that_began_before_ends_the_new_one(desk):
    """The occurrence was claimed while the old incident had it."""
    old = desk.post(failure(MONDAY))
    [before] = desk.app.store.read(lambda tx: queries.occurrences_of(tx, old))
    desk.clock.advance(DAY + SECOND)
    new = desk.post(failure(MONDAY))
    seen = Observed(OccurrenceState.SUCCEEDED, 2)
    desk.app.store.write(lambda tx: service.observe(Actor.seen_in("airflow"), tx, before, "r1", seen, desk.clock.now()))

    assert row(desk, new).state == "resolved"
    assert row(desk, old).state == "superseded"


def test_the_old_one_takes_no_click_any_more_and_names_the_new_one(desk):
    old = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)
    quiet_for_a_day(desk)
    new = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)
    now, anybody = desk.clock.now(), lambda *_: None
    refused = desk.app.store.write(lambda tx: service.resolve(MINJI, tx, old, Fix(), now, anybody))
    refused_too = desk.app.store.write(lambda tx: service.acknowledge(MINJI, tx, old, now, anybody))

    offered = [element["action_id"] for reply in desk.replies(old) for _, element in elements_in(reply)]
    assert not {"incident.acknowledge", "incident.resolve", "incident.silence"} & set(offered)
    assert refused == refused_too
    link = refused.why.params["link"]
    assert isinstance(link, MessageLink)
    assert link.thread_ts == row(desk, new).message_ts


def test_what_the_old_one_waited_for_is_forgotten(desk):
    staff(desk, NIGHT)
    old = alert(desk, "warning")
    desk.clock.advance(DAY + SECOND)
    staff(desk, desk.clock.now())
    new = alert(desk, "warning")

    waiting = desk.app.store.read(lambda tx: list(tx.execute(select(holds.c.incident_id)).scalars()))
    assert old != new
    assert waiting == [new]


def test_the_successor_of_a_successor_leads_to_the_last_one_only(desk):
    chain = [grafana(desk, FIRING)]
    for _ in range(2):
        quiet_for_a_day(desk)
        chain.append(grafana(desk, FIRING))
        desk.pass_time(5 * SECOND)
    supersedes = [desk.row(incidents, incidents.c.id == each).supersedes for each in chain]
    grafana(desk, OVER)

    assert supersedes == [None, chain[0], chain[1]]
    assert [row(desk, each).state for each in chain] == ["superseded", "superseded", "resolved"]


def test_the_reaction_on_the_tools_message_shows_that_it_goes_on_elsewhere(desk):
    old = grafana(desk, FIRING)
    desk.pass_time(5 * SECOND)
    quiet_for_a_day(desk)
    grafana(desk, FIRING)
    desk.pass_time(10 * SECOND)
    [said] = [each for each in desk.minji.messages("C0ALERTS") if each["ts"] == row(desk, old).message_ts]

    assert [each["name"] for each in said["reactions"]] == ["black_right_pointing_double_triangle_with_vertical_bar"]
    assert "disk full" in text_of(said)
