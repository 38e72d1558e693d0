"""A storm of new incidents is one card: it counts and lists, mentions once, ends with a summary, and loses nothing."""

import json
import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.incidents import service, storm_queries, storms
from bot.incidents.storm_rules import Begins, Calm, Lasts, Sky, Storm, StormRules, weather
from bot.silences.model import Matcher
from bot.store.tables import cards, incidents
from bot.store.tables import storms as storm_rows
from bot.triage.envelope import read
from bot.triage.model import Own
from bot.triage.triage import triage
from bot.views import storm as view
from bot.views.reader import default_reader
from sandbox.person import text_of
from tests.conftest import NOW
from tests.delivery.bench import ALERTS, MINJI, MINUTE, SECOND
from tests.handlers.front_door import TEAM, config, tool_says
from tests.incidents.test_silenced import silence
from tests.views.checker import assert_valid_message, assert_valid_view

RULES = StormRules()
FIRING = "[FIRING:1] {name} high load\nalertname={name} instance=etl-7 severity={severity}"


def fire(desk, *names, severity="error"):
    """Have a tool alert about each of these, one right after another."""
    return [desk.post(FIRING.format(name=name, severity=severity), ALERTS, "B0GRAFANA") for name in names]


def over(desk, name):
    return desk.post(FIRING.format(name=name, severity="error").replace("FIRING", "RESOLVED"), ALERTS, "B0GRAFANA")


def names(n, prefix="Load"):
    return [f"{prefix}{number}" for number in range(n)]


def pass_time(desk, span):
    """Let time pass with the keeper of storms at work."""
    end = desk.clock.now() + span
    while desk.clock.now() < end:
        desk.app.loop.once("storm")
        desk.deliver()
        desk.clock.advance(SECOND)
    desk.app.loop.once("storm")
    desk.deliver()


def posted(desk):
    """Return what Baton posted to the channel itself, beside what it said in threads."""
    return [each for each in desk.minji.messages(ALERTS) if each.get("bot_id") == "B0BATON"]


def in_thread(desk, message):
    return [text_of(each) for each in desk.minji.thread(message | {"channel": ALERTS})]


def own_cards(desk, ids):
    """Return those of these incidents that have a message of their own in Slack."""
    sent = select(cards.c.ref).where(cards.c.ts.is_not(None))
    refs = desk.app.store.read(lambda tx: tx.execute(sent).scalars().all())
    return [each for each in ids if f"incident:{each}" in refs]


def test_more_incidents_at_once_than_the_threshold_share_one_card_that_lists_them(desk):
    ids = fire(desk, *names(9))
    pass_time(desk, 10 * SECOND)

    [card] = posted(desk)
    assert own_cards(desk, ids) == []
    assert "Alert storm: 9 incidents, 9 unresolved" in text_of(card).replace("*", "")
    assert all(name in text_of(card) for name in names(9))


def test_what_is_silenced_is_counted_on_the_card_without_a_line_and_mentions_nobody(desk):
    silence(desk, matchers=(Matcher("alertname", "Load*"),))
    fire(desk, *names(8))
    pass_time(desk, 10 * SECOND)
    [quiet] = posted(desk)
    fire(desk, "Other")
    pass_time(desk, 10 * SECOND)

    [card] = posted(desk)
    storm = desk.row(storm_rows).id
    shown = view.everything(desk.app.store.read(lambda tx: storm_queries.card(tx, storm)), default_reader(NOW))
    assert "8 incidents are silenced" in text_of(quiet)
    assert not any(name in text_of(card) for name in names(8))
    assert "Other" in text_of(card)
    assert "<!subteam" not in json.dumps(quiet), "nobody is mentioned"
    assert "<!subteam^S0ENG>" in " ".join(in_thread(desk, card)), "what is not silenced mentions the stand-in"
    assert text_of(shown).count("🔕") == 8


def test_as_many_as_the_threshold_have_a_card_each(desk):
    ids = fire(desk, *names(RULES.threshold))
    pass_time(desk, 10 * SECOND)

    assert posted(desk) == []
    assert own_cards(desk, ids) == ids


def test_what_came_slowly_keeps_its_threads_and_only_what_comes_on_top_is_listed_alone(desk):
    ids = []
    for name in names(9):
        ids += fire(desk, name)
        pass_time(desk, 5 * SECOND)

    [card] = posted(desk)
    assert own_cards(desk, ids) == ids[:6]
    assert "9 incidents" in text_of(card)
    assert text_of(card).count("own thread>") == 6


def test_critical_ones_have_a_card_of_their_own_also_in_a_storm(desk):
    ids = fire(desk, *names(7)) + fire(desk, "Burning", severity="critical") + fire(desk, "Slow")
    pass_time(desk, 10 * SECOND)

    [card] = posted(desk)
    assert own_cards(desk, ids) == [ids[7]]
    assert "🚨" in text_of(card)
    assert "Burning" in text_of(card)


def test_one_that_becomes_critical_leaves_the_storms_card_and_mentions(staffed):
    desk = staffed
    ids = fire(desk, *names(8))
    pass_time(desk, 10 * SECOND)
    again = fire(desk, "Load3", severity="critical")
    pass_time(desk, 10 * SECOND)

    assert again == [ids[3]]
    assert own_cards(desk, ids) == [ids[3]]
    assert "<@U0MINJI>" in desk.card(ids[3])


def mentions(desk, *ids):
    said = [text_of(each) for each in posted(desk)]
    said += [words for each in posted(desk) for words in in_thread(desk, each)]
    said += [text_of(each) for id_ in ids for each in desk.replies(id_)]
    return sum("<@U0MINJI>" in words for words in said)


def test_a_storm_mentions_once(staffed):
    desk = staffed
    fire(desk, *names(20))
    pass_time(desk, 10 * SECOND)
    fire(desk, *names(20, "Late"))
    pass_time(desk, MINUTE)

    [card] = posted(desk)
    assert "40 incidents" in text_of(card)
    assert "<@U0MINJI>" in text_of(card)
    assert mentions(desk) == 1


def test_a_storm_of_what_may_wait_mentions_when_the_first_comes_that_may_not(staffed):
    """It is Sunday: warnings mention nobody, an error does."""
    desk = staffed
    fire(desk, *names(8), severity="warning")
    pass_time(desk, 5 * SECOND)
    before = mentions(desk)
    fire(desk, "Broken", "Broken2", severity="error")
    pass_time(desk, 10 * SECOND)

    [card] = posted(desk)
    assert before == 0
    assert [("<@U0MINJI>" in each, "called for" in each) for each in in_thread(desk, card)] == [(True, True)]


def test_what_repeats_and_what_is_resolved_in_a_storm_stands_on_its_card(desk):
    fire(desk, *names(8))
    pass_time(desk, 10 * SECOND)
    fire(desk, "Load2", "Load2", "Load2")
    over(desk, "Load5")
    pass_time(desk, 10 * SECOND)

    [card] = posted(desk)
    said = text_of(card).replace("*", "")
    assert "8 incidents, 7 unresolved" in said
    assert "Load2 · high load` · 4 alerts" in said
    assert "1 resolved: Load5 · high load" in said
    assert desk.calls("chat.postMessage") == 1


def test_many_changes_at_once_are_one_edit(desk):
    fire(desk, *names(8))
    pass_time(desk, 2 * SECOND)
    edits = desk.calls("chat.update")
    for _ in range(20):
        fire(desk, *names(40))
    pass_time(desk, 5 * SECOND)

    assert desk.calls("chat.update") - edits == 1
    assert "40 incidents" in text_of(posted(desk)[0])


def test_when_it_has_been_quiet_the_storm_is_over_and_is_summed_up(desk):
    ids = fire(desk, *names(8))
    pass_time(desk, MINUTE)
    over(desk, "Load7")
    pass_time(desk, RULES.quiet)

    [card] = posted(desk)
    [summary] = in_thread(desk, card)
    assert "Alert storm, over: 8 incidents, 7 still unresolved" in text_of(card).replace("*", "")
    assert "8 incidents in 10 min" in summary
    assert "• 9 alerts" not in summary, "a message that it is over is no alert"
    assert "• 8 alerts" in summary
    assert "• Most from: alertmanager 8" in summary
    assert "• 7 still unresolved: `Load0 · high load`" in summary
    for each in ids:
        desk.resolve(each)
    pass_time(desk, 2 * MINUTE)
    assert "all 8 incidents are resolved" in text_of(posted(desk)[0])


def test_after_a_storm_an_incident_has_its_own_card_again_and_another_storm_is_another_card(desk):
    fire(desk, *names(8))
    pass_time(desk, RULES.quiet + MINUTE)
    [alone] = fire(desk, "Alone")
    pass_time(desk, 2 * MINUTE)
    between = own_cards(desk, [alone]), len(posted(desk))
    fire(desk, *names(8, "Second"))
    pass_time(desk, 10 * SECOND)

    assert between == ([alone], 1)
    assert len(posted(desk)) == 2
    assert "Second0" in text_of(posted(desk)[1])


def test_one_that_comes_after_the_quiet_time_ends_the_storm_though_nobody_looked(desk):
    fire(desk, *names(8))
    desk.clock.advance(RULES.quiet + MINUTE)
    [alone] = fire(desk, "Alone")
    pass_time(desk, 10 * SECOND)

    assert own_cards(desk, [alone]) == [alone]
    assert "over" in text_of(posted(desk)[0])


def test_what_fails_again_after_the_storm_gets_a_card_of_its_own_that_mentions(staffed):
    desk = staffed
    ids = fire(desk, *names(8))
    pass_time(desk, MINUTE)
    over(desk, "Load4")
    pass_time(desk, RULES.quiet)
    again = fire(desk, "Load4")
    pass_time(desk, 10 * SECOND)

    assert again == [ids[4]]
    assert own_cards(desk, ids) == [ids[4]]
    assert "<@U0MINJI>" in desk.card(ids[4])


def test_what_fails_again_in_the_storm_stays_on_its_card_and_says_nothing(staffed):
    desk = staffed
    ids = fire(desk, *names(8))
    pass_time(desk, MINUTE)
    over(desk, "Load4")
    pass_time(desk, 10 * SECOND)
    fire(desk, "Load4")
    pass_time(desk, 10 * SECOND)

    [card] = posted(desk)
    assert own_cards(desk, ids) == []
    assert in_thread(desk, card) == []
    assert "8 incidents, 8 unresolved" in text_of(card).replace("*", "")


def test_what_comes_back_all_at_once_is_a_storm_too(desk):
    first = fire(desk, *names(5))
    desk.clock.advance(MINUTE * 2)
    pass_time(desk, 10 * SECOND)
    for name in names(5):
        over(desk, name)
    desk.clock.advance(MINUTE * 2)
    fire(desk, *names(5))
    new = fire(desk, *names(4, "New"))
    pass_time(desk, 10 * SECOND)

    [card] = posted(desk)
    assert "9 incidents" in text_of(card)
    assert own_cards(desk, first + new) == first


def test_each_channel_has_storms_of_its_own(desk):
    fire(desk, *names(8))
    pass_time(desk, 5 * SECOND)
    elsewhere = desk.post(FIRING.format(name="Load0", severity="error"), "C0INFRA", "B0GRAFANA")
    pass_time(desk, 5 * SECOND)

    assert len(posted(desk)) == 1
    assert own_cards(desk, [elsewhere]) == [elsewhere]


# What people do on its card


def test_each_one_can_be_opened_into_its_own_thread(desk):
    ids = fire(desk, *names(8))
    pass_time(desk, 10 * SECOND)
    opened = desk.app.store.write(lambda tx: service.open_thread(MINJI, tx, ids[3], desk.clock.now(), anybody))
    again = desk.app.store.write(lambda tx: service.open_thread(MINJI, tx, ids[3], desk.clock.now(), anybody))
    pass_time(desk, 10 * SECOND)

    assert (type(opened), type(again)) == (service.Done, service.Refused)
    assert own_cards(desk, ids) == [ids[3]]
    assert "Load3" in desk.card(ids[3])
    assert text_of(posted(desk)[0]).count("own thread>") == 1


def test_one_person_acknowledges_all_of_them(desk):
    ids = fire(desk, *names(8))
    desk.acknowledge(ids[0])
    pass_time(desk, 10 * SECOND)
    done = desk.app.store.write(lambda tx: storms.acknowledge_all(MINJI, tx, storm(desk).id, desk.clock.now(), anybody))
    pass_time(desk, 10 * SECOND)

    assert isinstance(done, service.Done)
    assert states(desk) == {"acknowledged": 8}
    assert "Acknowledge all" not in text_of(posted(desk)[0])
    again = desk.app.store.write(
        lambda tx: storms.acknowledge_all(MINJI, tx, storm(desk).id, desk.clock.now(), anybody)
    )
    assert isinstance(again, service.Refused)


def test_a_note_about_one_of_them_goes_into_the_storms_thread_even_if_it_was_wanted_before(desk):
    ids = fire(desk, *names(2))
    desk.note(ids[0])
    fire(desk, *names(8))
    desk.note(ids[1])
    pass_time(desk, 10 * SECOND)

    [card] = posted(desk)
    assert len(in_thread(desk, card)) == 2


def anybody(*_):
    return None


def storm(desk):
    return desk.row(storm_rows)


def states(desk):
    query = select(incidents.c.state, func.count()).group_by(incidents.c.state)
    return dict(desk.app.store.read(lambda tx: tx.execute(query).all()))


# When there are none, and when there are too many


def test_where_storms_are_off_each_incident_has_a_card_however_many_come(desk):
    routes = desk.app.desk.intake.routes
    routes[ALERTS] = replace(routes[ALERTS], storm=None)
    ids = fire(desk, *names(12))
    pass_time(desk, 20 * SECOND)

    assert posted(desk) == []
    assert own_cards(desk, ids) == ids


def test_a_storm_of_hundreds_fits_into_slacks_limits_and_says_what_it_leaves_out(desk):
    long = "a_very_long_name_of_a_table_that_somebody_thought_would_be_helpful_some_day"
    fire(desk, *(f"{long}_{number}" for number in range(150)))
    pass_time(desk, 10 * SECOND)

    [card] = posted(desk)
    assert_valid_message(card["blocks"])
    assert "150 incidents" in text_of(card)
    assert "and 90 more incidents" in text_of(card)


def test_the_whole_list_is_a_modal_within_slacks_limits(desk):
    fire(desk, *names(150))
    reader = default_reader(NOW)

    shown = desk.app.store.read(lambda tx: view.everything(desk.app.desk.storm_of(tx, storm(desk).id), reader))

    assert_valid_view(shown)
    assert all(f"Load{number} " in json.dumps(shown) for number in range(150))


# What decides


@pytest.mark.parametrize(
    ("sky", "met"),
    [
        pytest.param(Sky(None, None, 0), Calm(), id="the first of all"),
        pytest.param(Sky(None, NOW, 5), Calm(), id="the sixth"),
        pytest.param(Sky(None, NOW, 6), Begins(), id="the seventh"),
        pytest.param(Sky(Storm("1", True), NOW, 6), Lasts(Storm("1", True)), id="in a storm"),
        pytest.param(
            Sky(Storm("1", True), NOW - 9 * MINUTE, 0), Lasts(Storm("1", True)), id="not quiet for long enough"
        ),
        pytest.param(Sky(Storm("1", True), NOW - 10 * MINUTE, 0), Calm(Storm("1", True)), id="after the quiet"),
        pytest.param(Sky(Storm("1", True), NOW - 10 * MINUTE, 6), Begins(Storm("1", True)), id="the next storm"),
    ],
)
def test_what_an_incident_meets(sky, met):
    assert weather(RULES, sky, NOW) == met


# Several processes


def test_two_processes_that_begin_a_storm_at_once_begin_one(database_url, clocks):
    apps = [App(config(database_url), clocks) for _ in range(2)]
    barrier = threading.Barrier(2)

    def take(app, number):
        said = tool_says(FIRING.format(name=f"Load{number}", severity="error"), bot="B0GRAFANA")
        message = read(said, team=TEAM, received_at=NOW)
        app.store.write(lambda tx: app.desk.intake.receive(tx, f"Ev{number}", message, triage(message, Own()), NOW))

    def take_all(app, numbers):
        barrier.wait()
        for number in numbers:
            take(app, number)

    threads = [threading.Thread(target=take_all, args=(app, range(n, 40, 2))) for n, app in enumerate(apps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        [found] = apps[0].store.read(lambda tx: tx.execute(select(storm_rows)).all())
        counted = apps[0].store.read(lambda tx: tx.execute(select(func.count()).select_from(incidents)).scalar_one())
        listed = apps[0].store.read(lambda tx: storm_queries.card(tx, found.id))
        assert counted == 40
        assert listed.totals.incidents >= 32, "at most those that were under way as it began stand outside"
    finally:
        for app in apps:
            app.stop()
