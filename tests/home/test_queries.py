"""What is most urgent, on both databases: in the right order, and found without looking at everything."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, insert, text

from bot.actor import Actor
from bot.home import queries
from bot.home.model import COUNTED, Part, Shown
from bot.store.tables import incidents, requests
from tests.handlers.homes import incident_row

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SCANS = re.compile(r"SCAN incidents|Seq Scan on incidents")
ALL_THAT_STAND_ALONE = "ix_incidents_root_id (root_id=?)"
STATES = ("resolved",) * 17 + ("open", "acknowledged", "stale")
SEVERITIES = ("warning", "critical", "info", "error")


@pytest.fixture
def filled(any_store):
    """A store in which most is over, and some of what is open follows from another."""
    rows = [
        incident_row(number)
        | {"state": STATES[number % 20], "severity": SEVERITIES[number % 4], "open_key": f"{number}"}
        for number in range(4000)
    ]
    following = [{**rows[number], "root_id": rows[0]["id"]} for number in range(17, 4000, 200)]
    replaced = {row["id"] for row in following}
    alone = [row | {"root_id": None} for row in rows if row["id"] not in replaced]
    any_store.write(lambda tx: tx.execute(insert(incidents), alone + following))
    if any_store.engine.dialect.name == "postgresql":
        with any_store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return any_store


def request_row(number, requester):
    return {
        "id": f"request{number:06}",
        "team": "T0HANEUL",
        "key": f"message:{number}",
        "kind": "question",
        "state": "new",
        "words": f"wish {number}",
        "fields": {},
        "requester": requester,
        "registered_by": requester,
        "way": "message",
        "channel": "C0HELP",
        "language": "ko",
        "schedule": "data-platform",
        "opened_at": NOW,
        "called": {"ids": [], "certainty": "somebody", "name": "", "known_at": None},
        "open_key": None,
        "ended_at": None,
    }


@contextmanager
def statements(store):
    asked = []

    def note(_connection, _cursor, statement, values, *_):
        asked.append((statement, values))

    event.listen(store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(store.engine, "before_cursor_execute", note)


def plan(store, statement, values):
    explain = "EXPLAIN QUERY PLAN " if store.engine.dialect.name == "sqlite" else "EXPLAIN "
    with store.engine.connect() as connection:
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values).all())


def test_pages_follow_each_other_by_state_severity_and_age_without_holes(filled):
    seen = []
    for number in range(30):
        page, _ = filled.read(lambda tx, n=number: queries.urgent(tx, Shown(Part.INCIDENTS, n)))
        if page.offset == number * 15:
            seen += page.items

    rank = {"open": 0, "acknowledged": 1}, {word: n for n, word in enumerate(("critical", "error", "warning", "info"))}
    keys = [(rank[0][each.state], rank[1][each.severity], each.id) for each in seen]
    assert len(seen) == len({each.id for each in seen}) == page.total == 380
    assert keys == sorted(keys)


def test_what_is_open_is_found_without_looking_at_what_is_over(filled):
    with statements(filled) as asked:
        _, stale = filled.read(lambda tx: queries.urgent(tx, Shown(Part.INCIDENTS, 2)))
    plans = [plan(filled, *each) for each in asked if "FROM incidents" in each[0]]

    assert stale == 200
    assert len(plans) >= 3
    assert [each for each in plans if SCANS.search(each) or ALL_THAT_STAND_ALONE in each] == []


def test_what_follows_from_the_few_that_are_shown_is_found_by_them(filled):
    root = incident_row(0)["id"]
    with statements(filled) as asked:
        follow = filled.read(lambda tx: queries.followers(tx, [root]))

    assert follow == {root: 20}
    assert "ix_incidents_root_id" in plan(filled, *asked[-1])


def test_it_counts_no_further_than_anybody_would(any_store):
    rows = [incident_row(number) for number in range(COUNTED + 50)]
    any_store.write(lambda tx: tx.execute(insert(incidents), rows))

    found, _ = any_store.read(lambda tx: queries.urgent(tx, Shown()))

    assert (found.total, found.is_cut) == (COUNTED + 1, True)


def test_an_old_open_request_comes_before_everything_that_is_over(any_store):
    sora = Actor.person("T0HANEUL", "U0SORA")
    over = {"state": "done", "ended_at": NOW, "open_key": None}
    rows = [request_row(n, str(sora)) | (over if n % 500 else {}) for n in range(1, 2001)]
    any_store.write(lambda tx: tx.execute(insert(requests), rows))
    if any_store.engine.dialect.name == "postgresql":
        with any_store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    with statements(any_store) as asked:
        found = any_store.read(lambda tx: queries.requests_of(tx, sora, Shown(Part.INCIDENTS)))

    assert [each.is_open for each in found[:5]] == [True] * 4 + [False]
    assert len(found) == Shown(Part.INCIDENTS).size
    ids = [each.id for each in found]
    assert ids[:4] == sorted(ids[:4], reverse=True)
    assert ids[4:] == sorted(ids[4:], reverse=True)
    plans = [plan(any_store, *each) for each in asked if "FROM requests" in each[0]]
    assert len(plans) == 2
    assert [each for each in plans if re.search(r"SCAN requests|Seq Scan|TEMP B-TREE", each)] == []
