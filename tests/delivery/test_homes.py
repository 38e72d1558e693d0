"""Homes against the sandbox's Slack: published once for what changed, by whichever process, however Slack answers."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.app import App
from bot.clock import Clocks
from bot.home import service
from bot.oncall import service as oncall
from bot.ports.paging import Responder, Somebody
from bot.reconcile import Loop
from bot.store.tables import homes
from sandbox.person import text_of
from tests.conftest import NOW
from tests.delivery.bench import MINUTE, SECOND
from tests.handlers.front_door import TEAM, config

MINJI = "U0MINJI"
PUBLISH = "views.publish"


@pytest.fixture
def desk(desk):
    desk.app.identity.ask()
    minji = (Responder("minji", "minji@haneul.example", "", MINJI),)
    desk.app.store.write(lambda tx: oncall.keep(tx, "data-platform", Somebody(minji, NOW, NOW + 600 * MINUTE), (), NOW))
    return desk


def opens(desk, user=MINJI):
    now = desk.clock.now()
    desk.app.store.write(lambda tx: service.opened(tx, TEAM, user, f"D{user}", now, is_empty=False))
    return renewed(desk, user)


def renewed(desk, user=MINJI):
    """Do what is due, and return what Slack shows this person then."""
    desk.app.loop.once("home")
    home = desk.sandbox.person(user).home()
    return text_of(home) if home else ""


def looks(desk):
    """Let the clock's duty look at the Homes."""
    return desk.app.store.write(lambda tx: service.look_again(tx, desk.clock.now()))


def test_a_home_is_published_when_it_is_opened_and_again_only_where_it_differs(desk):
    incident = desk.alert()
    first = opens(desk)
    desk.acknowledge(incident)
    looks(desk)
    desk.clock.advance(SECOND)
    second = renewed(desk)
    looks(desk)
    renewed(desk)

    assert "아직 담당자 없음" in first
    assert "확인 중" in second
    assert desk.calls(PUBLISH) == 2


def test_a_home_on_which_nothing_happens_stays_for_five_minutes(desk):
    desk.alert()
    opens(desk)

    for _ in range(4):
        desk.clock.advance(MINUTE)
        looks(desk)
        renewed(desk)
    assert desk.calls(PUBLISH) == 1
    desk.clock.advance(MINUTE)
    looks(desk)

    assert "5분째 열려 있음" in renewed(desk)


def test_only_those_opened_lately_are_looked_at_and_only_so_many_at_once(desk):
    long_ago, now = NOW - timedelta(hours=1), NOW
    for number in range(60):
        at = long_ago if number < 10 else now
        desk.app.store.write(lambda tx, n=number, at=at: service.opened(tx, TEAM, f"U{n:03}", "D1", at, is_empty=True))
    desk.app.store.write(lambda tx: tx.execute(update(homes).values(due_at=None)))

    found = [looks(desk), looks(desk), looks(desk)]

    assert found == [service.MOST_AT_ONCE, 50 - service.MOST_AT_ONCE, 0]


def test_too_many_requests_cost_nothing_but_time(desk):
    desk.sandbox.faults.add("slack", "/api/views.publish", status=429, headers={"Retry-After": "7"}, times=1)

    refused = opens(desk)
    early = (desk.clock.advance(5 * SECOND), renewed(desk))[1]
    desk.clock.advance(3 * SECOND)

    assert (refused, early) == ("", "")
    assert "당직 중입니다" in renewed(desk)


def test_what_somebody_else_published_meanwhile_is_replaced(desk):
    opens(desk)
    desk.app.store.write(lambda tx: tx.execute(update(homes).values(view_hash="1.stale", shown_digest=None)))
    desk.alert()
    desk.clock.advance(SECOND)
    opens(desk)
    desk.clock.advance(SECOND)

    assert "orders_daily" in renewed(desk)


def test_a_home_that_slack_has_lost_is_published_though_nothing_changed(desk):
    opens(desk)
    desk.clock.advance(SECOND)
    desk.app.store.write(lambda tx: service.opened(tx, TEAM, MINJI, "D1", desk.clock.now(), is_empty=True))

    renewed(desk)

    assert desk.calls(PUBLISH) == 2


def test_two_processes_publish_one_home_once(desk, sandbox, sqlite_url):
    other = App(config(sqlite_url, slack=sandbox.slack_api_url), Clocks(desk.clock, desk.clock))
    loops = [Loop(app.store, app.clocks, app.reconcilers, (), owner=str(n)) for n, app in enumerate((desk.app, other))]
    try:
        desk.app.store.write(lambda tx: service.opened(tx, TEAM, MINJI, "D1", desk.clock.now(), is_empty=True))
        steps = [loop.once("home") for _ in range(3) for loop in loops]
    finally:
        other.store.close()

    assert sum(steps) == 1
    assert desk.calls(PUBLISH) == 1
