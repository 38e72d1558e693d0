"""The morning summary: what waited for the start of work is told once, with one mention for what is still open."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import select

from bot.app import App
from bot.clock import Clocks
from bot.outbox import Place
from bot.silences import service as silences
from bot.silences.model import Matcher, Wish
from bot.store.tables import holds, incidents, mornings, notes
from sandbox.person import text_of
from tests.delivery.bench import INFRA, MINJI, MINUTE, SECOND, Bench, bench
from tests.incidents.mornings import DAY, EVENING, FRIDAY, HOUR, MORNING, come, count, staff, summaries, warn


@pytest.fixture
def night(desk: Bench) -> Bench:
    """It is Monday evening; Minji is on call, and Opsgenie cannot be asked."""
    desk.clock.at = EVENING
    return desk


def test_what_is_still_open_is_mentioned_once_and_the_rest_is_listed(night):
    left, taken, healed = warn(night, "etl-1"), warn(night, "etl-2"), warn(night, "etl-3")
    closed = warn(night, "etl-4")
    night.clock.advance(HOUR)
    night.acknowledge(taken)
    night.resolve(closed)
    warn(night, "etl-3", "RESOLVED")
    come(night, MORNING)

    [said] = summaries(night)
    assert "4 incidents waited for the morning, 1 still open" in said
    assert said.count("<@U0MINJI>") == 1
    lines = said.split("\n")
    assert [line for line in lines if "etl-1" in line and "warning · since yesterday 20:00" in line]
    assert [line for line in lines if "etl-2" in line and line.startswith("👀") and "@김민지" in line]
    assert [line for line in lines if "etl-3" in line and "after 1 h" in line]
    assert "*Over: 2* (1 by itself)" in said
    assert "between yesterday 20:00 and today 09:00" in said
    assert "late" not in said
    rows = night.app.store.read(lambda tx: dict(tx.execute(select(incidents.c.id, incidents.c.mentioned_at)).all()))
    assert [bool(rows[each]) for each in (left, taken, healed, closed)] == [True, False, False, False]


def test_it_links_to_the_thread_of_each(night):
    incident = warn(night)
    night.pass_time(5 * SECOND)
    [card] = night.replies(incident)
    come(night, MORNING)

    [said] = summaries(night)
    thread = f"https://haneul.slack.com/archives/C0ALERTS/p{card['ts'].replace('.', '')}?thread_ts={card['thread_ts']}"
    assert thread in said


def test_nothing_waited_nothing_is_posted(night):
    warn(night, severity="error")
    come(night, MORNING)

    assert summaries(night) == []
    assert count(night, mornings) == 0


def test_when_all_is_taken_or_over_it_is_told_without_a_mention(night):
    night.acknowledge(warn(night, "etl-1"))
    warn(night, "etl-2")
    warn(night, "etl-2", "RESOLVED")
    come(night, MORNING)

    [said] = summaries(night)
    assert "2 incidents waited for the morning: nothing of them is left to take on" in said
    assert "<@" not in said


def test_before_work_begins_nothing_is_told_and_the_card_says_what_it_waits_for(night):
    incident = warn(night)
    come(night, MORNING - MINUTE)
    waits = night.card(incident)
    come(night, MORNING)

    assert "Nobody is mentioned yet: it waits for the morning summary, today 09:00" in waits
    assert "waits for" not in night.card(incident)
    assert "<@U0MINJI>" in night.card(incident)


def test_whoever_is_on_call_in_the_morning_is_mentioned(night):
    staff(night, "minji")
    warn(night)
    come(night, MORNING, "junho")

    [said] = summaries(night)
    assert "<@U0JUNHO>" in said
    assert "U0MINJI" not in said


def test_when_it_is_not_known_who_is_on_call_the_summary_says_so_and_how_old_its_knowledge_is(night):
    warn(night)
    night.clock.at = MORNING - HOUR
    staff(night)
    night.clock.at = MORNING
    night.app.ticks._mentions()
    night.pass_time(5 * SECOND)

    [said] = summaries(night)
    assert "not known; last known today 08:00 and fallback: <@U0MINJI>, <!subteam^S0ENG>" in said


def test_the_weekend_is_told_on_monday(night):
    night.clock.at = FRIDAY
    warn(night, "etl-1")
    come(night, FRIDAY + 13 * HOUR)
    on_saturday = summaries(night)
    warn(night, "etl-2")
    come(night, MORNING + 6 * DAY)

    assert on_saturday == []
    [said] = summaries(night)
    assert "2 incidents waited" in said
    assert "Nov 27 (Fri) 20:00 KST and today 09:00" in said


def test_what_only_informs_waits_for_the_next_morning_from_any_time_of_the_day(night):
    night.clock.at = MORNING + 2 * HOUR
    warn(night, severity="info")
    come(night, MORNING + 3 * HOUR)
    on_that_day = summaries(night)
    come(night, MORNING + DAY)

    assert on_that_day == []
    assert len(summaries(night)) == 1


def test_one_that_comes_back_after_its_summary_waits_for_the_next(night):
    warn(night)
    come(night, MORNING)
    come(night, MORNING + 11 * HOUR)
    warn(night, status="RESOLVED")
    warn(night)
    come(night, MORNING + DAY)

    assert ["1 incident waited" in said for said in summaries(night)] == [True, True]


def test_one_that_went_stale_or_was_superseded_is_not_called_over(night):
    night.clock.at = FRIDAY
    warn(night, "etl-1")
    warn(night, "etl-2")
    night.clock.advance(25 * HOUR)
    warn(night, "etl-2")
    night.app.ticks._stale()
    come(night, MORNING + 6 * DAY)

    [said] = summaries(night)
    assert "2 incidents waited for the morning, 2 still open" in said
    assert "no more alerts, not known to be resolved" in said


def test_where_a_later_incident_took_over_and_was_mentioned_nothing_of_the_older_one_is_told(night):
    night.clock.at = FRIDAY
    warn(night)
    night.clock.advance(25 * HOUR)
    warn(night, severity="error")
    come(night, MORNING + 6 * DAY)

    assert summaries(night) == []


def test_what_is_silenced_is_left_out_and_told_when_the_silence_ends(night):
    silenced, told = warn(night, "etl-1"), warn(night, "etl-2")
    silence(night, "etl-1", MORNING + HOUR)
    come(night, MORNING)
    [at_nine] = summaries(night)
    come(night, MORNING + HOUR)

    assert "1 incident waited" in at_nine
    assert "etl-2" in at_nine
    assert summaries(night) == [at_nine]
    assert [len(notes_to_minji(night, each)) for each in (silenced, told)] == [1, 0]


def silence(desk: Bench, host: str, until: datetime) -> None:
    wish = Wish((Matcher("scope", f"*{host}"),), until, "a new disk comes")
    place, now = Place("C0ONCALL"), desk.clock.now()
    desk.app.store.write(lambda tx: silences.create(MINJI, tx, wish, place, now, lambda *_: None))


def notes_to_minji(desk: Bench, incident: str) -> list[str]:
    _, *notes = [text_of(each) for each in desk.replies(incident)]
    return [said for said in notes if "The silence is over" in said and "<@U0MINJI>" in said]


def test_after_a_downtime_it_comes_late_and_once_and_says_so(night):
    warn(night, "etl-1")
    night.clock.at = EVENING + DAY
    warn(night, "etl-2")
    come(night, MORNING + DAY + 5 * HOUR)
    come(night, MORNING + DAY + 6 * HOUR)

    [said] = summaries(night)
    assert "2 incidents waited" in said
    assert "between Nov 23 (Mon) 20:00 KST and today 09:00" in said
    assert "This comes late: Baton was not at work today 09:00" in said


def test_after_a_downtime_until_the_evening_it_waits_for_the_next_morning(night):
    warn(night)
    come(night, MORNING + 12 * HOUR)
    in_the_evening = summaries(night)
    come(night, MORNING + DAY)

    assert in_the_evening == []
    assert len(summaries(night)) == 1


def test_what_comes_in_after_the_summary_is_added_to_it_and_mentioned_in_its_thread(night):
    warn(night, "etl-1")
    come(night, MORNING)
    night.clock.at = MORNING - 2 * SECOND
    warn(night, "etl-2")
    come(night, MORNING + MINUTE)

    [said] = summaries(night)
    assert "2 incidents waited for the morning, 2 still open" in said
    [summary] = [each for each in night.minji.messages("C0ALERTS") if each.get("bot_id") == "B0BATON"]
    [note] = [text_of(each) for each in night.minji.thread(summary)]
    assert "1 more incident" in note
    assert "<@U0MINJI>" in note


def test_each_channel_has_its_own_in_its_own_language(night):
    warn(night, "etl-1")
    warn(night, "etl-2", channel=INFRA)
    come(night, MORNING)

    [english], [korean] = summaries(night), summaries(night, INFRA)
    assert "1 incident waited for the morning" in english
    assert "아침까지 멘션을 미룬 인시던트 1건 중 1건 미해결" in korean


def test_a_long_night_is_told_within_what_slack_takes(night):
    for n in range(40):
        warn(night, f"etl-{n:02}.{'x' * 60}")
    for n in range(20):
        warn(night, f"etl-{n:02}.{'x' * 60}", "RESOLVED")
    night.pass_time(5 * MINUTE, 2 * SECOND)
    come(night, MORNING)

    [said] = summaries(night)
    assert "40 incidents waited for the morning, 20 still open" in said
    assert "8 more" in said


@pytest.fixture
def grown(vendors, database_url) -> Iterator[Bench]:
    """A night on each database."""
    vendors.reset()
    vendors.limits(enforce=False)
    with bench(vendors, database_url) as found:
        found.clock.at = EVENING
        yield found


def test_four_processes_post_one(grown):
    for n in range(20):
        warn(grown, f"etl-{n}")
    grown.pass_time(2 * MINUTE, 2 * SECOND)
    grown.clock.at = MORNING
    staff(grown)
    others = [App(grown.app.config, Clocks(grown.clock, grown.clock)) for _ in range(3)]
    together = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(tell, app, together) for app in (grown.app, *others)]:
            each.result()
    for each in others:
        each.stop()
    grown.pass_time(10 * SECOND)

    [said] = summaries(grown)
    assert "20 incidents waited" in said
    assert (count(grown, mornings), count(grown, holds), count(grown, notes)) == (1, 0, 0)


def tell(app: App, together: Barrier) -> None:
    """Tell the morning at the same moment as others, all of whom have seen that it is time."""
    [route] = app.store.read(lambda tx: app.ticks.mornings.due(tx, MORNING))
    together.wait(10)
    app.store.write(lambda tx: app.ticks.mornings.tell(tx, route, MORNING))
