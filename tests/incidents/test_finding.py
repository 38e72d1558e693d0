"""Which incidents a search finds, in which order and on which page, on both databases; and that it scans nothing."""

import itertools
import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, text

from bot.incidents import index, queries
from bot.incidents.finding import find
from bot.incidents.found import PAGE
from bot.incidents.model import IncidentState
from bot.incidents.search import Filter, Search
from bot.oncall.model import Calling
from bot.ref import new_id
from bot.store.tables import cards, incident_words, incidents
from tests.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPEN, ACKNOWLEDGED, RESOLVED, STALE, SUPERSEDED = IncidentState
_numbers = itertools.count()


def incident(at=NOW, state=OPEN, dag="orders_daily", task="load_orders", **more):
    """Return the row of an incident of an Airflow task."""
    resource = more.pop("resource", {"dag_id": dag, "task_id": task})
    number = next(_numbers)
    row = {
        "id": new_id(at),
        "route": "core",
        "fingerprint": "|".join(resource.values()),
        "open_key": str(number) if state.is_unresolved else None,
        "source": "airflow",
        "resource": resource,
        "title": "Task failed",
        "error": "RuntimeError: 404 Not found",
        "severity": "error",
        "owner": "",
        "links": {},
        "state": state,
        "team": "T1",
        "channel": "C1",
        "message_ts": f"{number}.0",
        "opened_at": at,
        "raised_at": at,
        "last_alert_at": at,
        "alert_count": 1,
        "called": Calling(()).to_json(),
        "resolved_at": at + HOUR if state is RESOLVED else None,
        "resolved_by": "person:T1:U1" if state is RESOLVED else None,
        "cause": None,
        "remedy": None,
        "remark": None,
    }
    return row | more


def card(incident_id):
    return {"ref": f"incident:{incident_id}", "channel": "C1", "language": "en", "wanted": 1}


@pytest.fixture
def keep(any_store):
    """Return what keeps incidents as their opening and their end do, and returns their ids."""

    def do(*rows):
        def write(tx):
            tx.execute(insert(incidents), list(rows))
            tx.execute(insert(cards), [card(row["id"]) for row in rows])
            for row in {row["fingerprint"] + row["error"] + (row["remark"] or ""): row for row in rows}.values():
                said = (row["title"], row["error"], row["source"], row["owner"], row["remark"] or "")
                index.learn(tx, row["fingerprint"], row["resource"], said)

        any_store.write(write)
        return [row["id"] for row in rows]

    return do


@pytest.fixture
def found(any_store):
    """Return what finds incidents and returns the ids of the first page."""
    return lambda **asked: [each.id for each in any_store.read(lambda tx: find(tx, Search(**asked))).found]


def pages(store, search):
    """Yield the ids of one page after another."""
    before = ""
    while True:
        page = store.read(lambda tx, before=before: find(tx, search, before))
        yield [each.id for each in page.found]
        if not page.older:
            return
        before = page.older


def test_the_newest_come_first_whatever_their_state(keep, found):
    old, new, middle = keep(incident(NOW - DAY, RESOLVED), incident(NOW), incident(NOW - HOUR, STALE, task="b"))

    assert found() == [new, middle, old]


def test_states_are_told_apart(keep, found):
    ids = dict(zip(IncidentState, keep(*(incident(state=state, task=state) for state in IncidentState)), strict=True))

    assert {state: found(states=(state,)) for state in IncidentState} == {state: [ids[state]] for state in ids}
    assert set(found(states=(OPEN, STALE))) == {ids[OPEN], ids[STALE]}


def test_a_source_is_told_apart_in_every_state(keep, found):
    newer, older, _ = keep(
        incident(source="grafana"), incident(NOW - DAY, RESOLVED, source="grafana", task="b"), incident(task="c")
    )

    assert found(source="grafana") == [newer, older]
    assert found(source="grafana", states=(RESOLVED,)) == [older]
    assert found(source="nothing_such") == []


def test_a_time_leaves_out_what_began_before(keep, found):
    [new, _] = keep(incident(NOW - HOUR), incident(NOW - 2 * HOUR, RESOLVED, task="b"))

    assert found(since=NOW - HOUR) == [new]


def test_words_are_found_in_names_errors_and_remarks(keep, found):
    named, erred, remarked = keep(
        incident(task="load_users"),
        incident(task="b", error="java.lang.OutOfMemoryError: heap"),
        incident(task="c", state=RESOLVED, remark="업스트림 테이블이 늦게 도착"),
    )

    assert found(words=("load_us",)) == [named]
    assert found(words=("memory",)) == [erred]
    assert found(words=("테이블",)) == [remarked]
    assert found(words=("orders_daily", "heap")) == [erred]
    assert found(words=("heap", "load_us")) == []


def test_only_the_incidents_that_had_the_word_are_found_not_all_of_their_thing(keep, found):
    keep(incident(NOW - DAY, RESOLVED))
    [hit] = keep(incident(NOW, error="disk quota exceeded"))

    assert found(words=("quota",)) == [hit]
    assert len(found(words=("orders_daily",))) == 2


def test_filters_name_things_exactly_or_by_their_beginning(keep, found):
    [plain, longer] = keep(incident(dag="orders", task="a"), incident(NOW - HOUR, dag="orders_v2", task="a"))
    [table] = keep(incident(NOW - DAY, resource={"table": "DW.Orders"}))

    assert found(filters=(Filter("dag", "orders"),)) == [plain]
    assert found(filters=(Filter("dag", "orders", is_beginning=True),)) == [plain, longer]
    assert found(filters=(Filter("table", "dw.orders"),)) == [table]
    assert found(filters=(Filter("dag", "orders_v2"), Filter("task", "a"))) == [longer]
    assert found(filters=(Filter("task", "orders"),)) == []


def test_everything_at_once(keep, found):
    [hit, *_] = keep(
        incident(NOW - HOUR, RESOLVED, error="quota exceeded"),
        incident(NOW - HOUR, OPEN, error="quota exceeded"),
        incident(NOW - HOUR, RESOLVED, error="another"),
        incident(NOW - DAY, RESOLVED, error="quota exceeded"),
        incident(NOW - HOUR, RESOLVED, error="quota exceeded", source="grafana"),
    )
    filters = (Filter("dag", "orders_daily"),)

    asked = {"words": ("quota",), "states": (RESOLVED,), "source": "airflow", "filters": filters}

    assert found(**asked, since=NOW - 2 * HOUR) == [hit]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({}, id="everything"),
        pytest.param({"states": (OPEN, RESOLVED)}, id="states"),
        pytest.param({"source": "airflow"}, id="a source"),
        pytest.param({"words": ("orders",)}, id="words of few things"),
        pytest.param({"words": ("load",)}, id="words of many things"),
    ],
)
def test_pages_hold_each_incident_once_in_order(any_store, keep, asked):
    kept = keep(*(incident(NOW - n * HOUR, RESOLVED if n % 3 else OPEN, task=f"load_{n % 70}") for n in range(90)))

    turned = list(pages(any_store, Search(**asked)))

    assert list(itertools.chain(*turned)) == kept
    assert all(len(page) == PAGE for page in turned[:-1])


def test_a_page_tells_how_far_it_looked_back_when_enough_was_compared(any_store, keep):
    keep(*(incident(NOW - n * HOUR, RESOLVED) for n in range(30)))
    [old] = keep(incident(NOW - 2 * DAY, RESOLVED, error="quota exceeded"))
    search = Search(words=("quota",))

    first = any_store.read(lambda tx: find(tx, search, look_at=20))
    second = any_store.read(lambda tx: find(tx, search, first.older, look_at=20))

    assert (first.found, first.looked_back_to) == ((), NOW - 19 * HOUR)
    assert ([each.id for each in second.found], second.older, second.looked_back_to) == ([old], "", None)


def test_a_thing_that_fails_again_adds_nothing_to_the_index(any_store, keep):
    keep(incident())
    before = any_store.read(lambda tx: len(tx.execute(incident_words.select()).all()))
    keep(*(incident(NOW + n * HOUR, error=f"RuntimeError: 404 Not found after {n}000") for n in range(1, 20)))

    after = any_store.read(lambda tx: len(tx.execute(incident_words.select()).all()))

    assert before < 20
    assert after == before + 1, "the word “after”, and no number"


# Nothing is scanned

SEARCHES = [
    pytest.param({}, id="everything"),
    pytest.param({"states": (OPEN, ACKNOWLEDGED)}, id="open"),
    pytest.param({"states": (STALE,)}, id="stale"),
    pytest.param({"source": "airflow"}, id="a source"),
    pytest.param({"source": "grafana", "states": (RESOLVED,)}, id="a source and a state"),
    pytest.param({"since": NOW - DAY}, id="a time"),
    pytest.param({"words": ("load_7",)}, id="a word"),
    pytest.param({"words": ("load", "orders_7")}, id="words"),
    pytest.param({"words": ("load",)}, id="a word of many things"),
    pytest.param({"words": ("load",), "states": (OPEN,)}, id="a word of many things, open"),
    pytest.param({"filters": (Filter("dag", "orders_7"),)}, id="a DAG"),
    pytest.param({"filters": (Filter("dag", "ord", is_beginning=True),), "source": "airflow"}, id="many DAGs"),
]


@pytest.fixture
def filled(any_store, keep):
    """A store with enough incidents of enough things that a database would rather not read them all."""
    states = (RESOLVED,) * 17 + (OPEN, STALE, SUPERSEDED)
    keep(*(incident(NOW - n * HOUR, states[n % 20], f"orders_{n % 97}", f"load_{n % 97}") for n in range(3000)))
    if any_store.engine.dialect.name == "postgresql":
        with any_store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return any_store


@contextmanager
def statements(store):
    """Collect what is asked of the database, with its values."""
    asked = []

    def note(_connection, _cursor, statement, values, *_):
        asked.append((statement, values))

    event.listen(store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(store.engine, "before_cursor_execute", note)


def plans(store, asked):
    """Return how the database goes about each statement that reads incidents."""
    explain = "EXPLAIN QUERY PLAN " if store.engine.dialect.name == "sqlite" else "EXPLAIN "
    with store.engine.connect() as connection:
        for statement, values in asked:
            if re.search(r"FROM incidents|JOIN incidents", statement):
                rows = connection.exec_driver_sql(explain + statement, values).all()
                yield "\n".join(str(row[-1]) for row in rows)


SCANS = re.compile(r"SCAN incidents|Seq Scan on incidents|SCAN cards|Seq Scan on cards")
SORTS = re.compile(r"TEMP B-TREE FOR ORDER BY")  # PostgreSQL sorts where it knows that there is little to sort


@pytest.mark.parametrize("asked", SEARCHES)
def test_no_search_scans_the_incidents_or_sorts_them(filled, asked):
    with statements(filled) as noted:
        filled.read(lambda tx: find(tx, Search(**asked)))
    found = list(plans(filled, noted))

    assert found
    assert [plan for plan in found if SCANS.search(plan) or SORTS.search(plan)] == []


def test_no_card_scans_the_incidents(filled):
    [incident_id] = filled.read(lambda tx: [find(tx, Search(words=("load_7",))).found[0].id])
    with statements(filled) as noted:
        shown = filled.read(lambda tx: queries.card(tx, incident_id, frozenset()))
    found = list(plans(filled, noted))

    assert shown.earlier.count > 0
    assert len(found) >= 3
    assert [plan for plan in found if SCANS.search(plan)] == []
