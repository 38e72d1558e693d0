"""What was posted while Baton was away is unseen from its start on, until it has been read."""

from datetime import timedelta

from bot import outages

SOURCES = frozenset({"slack:C0ALERTS", "asked:C0HELP"})
AWAY = timedelta(hours=2)


def holes(desk):
    end = desk.clock.now() + timedelta(days=1)
    return desk.app.store.read(lambda tx: outages.between(tx, SOURCES, desk.clock.now() - timedelta(days=7), end))


def read(desk):
    desk.app.catch_up.read("C0ALERTS")
    desk.app.requests_catch_up.read("C0HELP")


def test_a_channel_is_unseen_from_when_baton_went_away_until_it_was_read(desk):
    read(desk)
    left = desk.clock.now() - timedelta(minutes=1)
    desk.clock.advance(AWAY)
    desk.app.ticks.prepare()
    assert {(each.source, each.since) for each in holes(desk)} == {(source, left) for source in SOURCES}

    read(desk)
    assert holes(desk) == ()


def test_after_a_short_restart_nothing_is_unseen(desk):
    read(desk)
    desk.clock.advance(timedelta(minutes=5))
    desk.app.ticks.prepare()

    assert holes(desk) == ()
