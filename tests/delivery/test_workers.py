"""Several workers on one PostgreSQL: every message once, whoever sends it."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import text

from bot.app import App
from bot.clock import Clocks
from bot.reconcile import Loop
from bot.store.tables import alerts, incidents
from tests.delivery.bench import SECOND, bench
from tests.handlers.front_door import config

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def desk(sandbox, postgres_url):
    with bench(sandbox, postgres_url) as found:
        yield found


def test_two_workers_never_post_the_same_card_or_note_twice(desk, sandbox, postgres_url):
    settings = config(postgres_url, slack=sandbox.slack_api_url)
    other = App(settings, Clocks(desk.clock, desk.clock))
    workers = {"worker-1": desk.app, "worker-2": other}
    loops = [Loop(app.store, app.clocks, app.reconcilers, (), owner=name) for name, app in workers.items()]
    opened = [desk.alert(dag_id=f"dag_{number}") for number in range(6)]  # no storm yet
    for incident in opened:
        desk.note(incident)
    try:
        for _ in range(40):
            _at_once([lambda loop=loop, kind=kind: loop.once(kind) for loop in loops for kind in ("card", "note")])
            desk.clock.advance(SECOND)
    finally:
        other.stop()

    assert Counter(len(desk.replies(each)) for each in opened) == {2: len(opened)}


def test_two_processes_that_take_in_the_same_failure_at_once_open_one_incident(desk, sandbox, postgres_url):
    other_app = App(config(postgres_url, slack=sandbox.slack_api_url), Clocks(desk.clock, desk.clock))
    other = type(desk)(other_app, desk.clock, sandbox)
    try:
        for number in range(10):
            which = {"task_id": f"task_{number}"}
            mine = partial(desk.alert, day="2026-11-20", **which)
            its = partial(other.alert, day="2026-11-21", **which)
            _at_once([mine, its])
    finally:
        other_app.stop()

    rows = desk.app.store.read(lambda tx: tx.execute(incidents.select()).all())
    told = desk.app.store.read(lambda tx: tx.execute(alerts.select()).all())
    assert [row.alert_count for row in rows] == [2] * 10
    assert Counter(each.incident_id for each in told) == {row.id: 2 for row in rows}


def test_a_database_that_restarts_is_written_to_again(desk):
    desk.alert()
    others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    with desk.app.store.engine.connect() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))

    assert desk.alert(dag_id="extract_orders")  # the writer notices, and writes on a new connection
    assert desk.alert(dag_id="notify")
    assert desk.deliver()


def _at_once(works):
    """Do all of these at the same moment, in threads."""
    gate = threading.Barrier(len(works))

    def go(work):
        gate.wait(30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(go, works))
