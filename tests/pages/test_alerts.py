"""Looks at alerts: what was said while one was under way counts."""

from sqlalchemy import select

from bot.clock import Clocks
from bot.pages import alerts
from bot.pages.alerts import Watcher
from bot.store.claim import NEW, claim
from bot.store.tables import paged_alerts
from tests.pages.conftest import LEASE, WHAT


def test_a_look_that_began_before_something_was_said_counts_for_nothing(bench):
    bench.want()
    bench.work()
    seen, clocks = [], Clocks(bench.clock, bench.clock)
    watcher = Watcher(
        bench.store, clocks, {"opsgenie": bench.provider}, lambda _tx, _known, alert, _now: seen.append(alert)
    )

    def taken():
        return bench.store.write(lambda tx: claim(tx, paged_alerts, 1, owner="w", now=bench.clock.now(), lease=LEASE))

    [early] = taken()
    bench.store.write(lambda tx: alerts.look_again(tx, WHAT))
    watcher.step(early)
    before, due_at = len(seen), bench.store.read(lambda tx: tx.execute(select(paged_alerts.c.due_at)).scalar())
    [late] = taken()
    watcher.step(late)

    assert (before, due_at, len(seen)) == (0, NEW, 1)
