import asyncio
import threading
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from bot.store import Store
from bot.store.claim import DueTables, claim, finish, release
from bot.store.migrate import SchemaIsOld, upgrade
from bot.store.prepared import Prepared
from bot.store.tables import catch_ups, metadata, notes, ticks
from bot.store.upsert import insert_if_new, upsert
from tests.conftest import NOW

LEASE = timedelta(seconds=30)


def a_row(key):
    return insert(catch_ups).values(channel=key, read_until=NOW)


def count(store, table):
    return store.read(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_write_is_there_when_its_call_returns(any_store):
    any_store.write(lambda tx: tx.execute(a_row("a")))

    assert count(any_store, catch_ups) == 1


def test_a_write_that_raises_leaves_nothing_and_harms_no_companion(any_store):
    def bad(tx):
        tx.execute(a_row("bad"))
        raise ValueError("no")

    gate = threading.Event()
    blocker = any_store.submit(lambda tx: gate.wait())  # the next ones gather behind it, into one commit
    futures = [any_store.submit(lambda tx, key=key: tx.execute(a_row(key))) for key in "abc"]
    failed = any_store.submit(bad)
    gate.set()
    blocker.result()
    for future in futures:
        future.result()

    with pytest.raises(ValueError, match="no"):
        failed.result()
    assert count(any_store, catch_ups) == 3


def test_a_constraint_error_in_a_batch_fails_only_its_own_write(any_store):
    any_store.write(lambda tx: tx.execute(a_row("taken")))
    gate = threading.Event()
    any_store.submit(lambda tx: gate.wait())
    futures = [any_store.submit(lambda tx, key=key: tx.execute(a_row(key))) for key in ("x", "taken", "y")]
    gate.set()
    errors = [future.exception() for future in futures]

    assert [error is None for error in errors] == [True, False, True]
    assert count(any_store, catch_ups) == 3


def test_sqlite_syncs_every_commit_to_disk_in_wal_mode(store):
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2


def test_the_migrated_schema_is_the_declared_one(any_store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with any_store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        tables = set(inspect(connection).get_table_names())

    assert differences == []
    assert tables == {*metadata.tables, "alembic_version"}


def test_an_old_schema_on_postgresql_is_refused_with_what_to_run(postgres_server):
    url = postgres_server.empty()
    with pytest.raises(SchemaIsOld):
        Store(url)
    upgrade(url)
    upgrade(url)

    Store(url).close()


def test_a_coroutine_gets_its_result_and_its_error_after_the_commit(store):
    async def writes():
        return await asyncio.gather(
            *(store.write_soon(lambda tx, key=key: tx.execute(a_row(key)).rowcount) for key in ("a", "b", "a")),
            return_exceptions=True,
        )

    one, other, doubled = asyncio.run(writes())

    assert (one, other) == (1, 1)
    assert isinstance(doubled, IntegrityError)
    assert count(store, catch_ups) == 2


def test_a_reader_that_was_forgotten_on_the_writers_connection_blocks_nobody(store):
    forgotten = store.write(lambda tx: tx.exec_driver_sql("PRAGMA max_page_count"))  # its cursor stays open

    asyncio.run(store.write_soon(lambda tx: tx.execute(a_row("from the loop"))))
    store.write(lambda tx: tx.execute(a_row("from a thread")))

    assert forgotten is not None
    assert count(store, catch_ups) == 2


def test_what_the_loop_cannot_write_at_once_is_written_by_the_thread(store, sqlite_url):
    other = Store(sqlite_url)
    holding, let_go = threading.Event(), threading.Event()
    other.submit(lambda tx: (tx.execute(a_row("other")), holding.set(), let_go.wait()))  # another process's lock
    holding.wait()

    async def write():
        threading.Timer(0.2, let_go.set).start()
        return (await store.write_soon(lambda tx: tx.execute(a_row("mine")))).rowcount

    assert asyncio.run(write()) == 1
    other.close()
    assert count(store, catch_ups) == 2


def test_times_come_back_aware_and_in_utc(any_store):
    from zoneinfo import ZoneInfo

    in_seoul = NOW.astimezone(ZoneInfo("Asia/Seoul"))
    any_store.write(lambda tx: tx.execute(insert(catch_ups).values(channel="k", read_until=in_seoul)))
    back = any_store.read(lambda tx: tx.execute(select(catch_ups.c.read_until)).scalar_one())

    assert back == NOW
    assert back.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused(any_store):
    with pytest.raises(Exception, match="naive"):
        any_store.write(
            lambda tx: tx.execute(insert(catch_ups).values(channel="k", read_until=NOW.replace(tzinfo=None)))
        )


def test_upsert_changes_and_insert_if_new_does_not(any_store):
    later = NOW + timedelta(hours=1)
    any_store.write(lambda tx: upsert(tx, catch_ups, [{"channel": "k", "read_until": NOW}], key=["channel"]))
    any_store.write(lambda tx: upsert(tx, catch_ups, [{"channel": "k", "read_until": later}], key=["channel"]))
    was_new = any_store.write(
        lambda tx: insert_if_new(tx, catch_ups, {"channel": "k", "read_until": NOW}, key=["channel"])
    )

    assert was_new is False
    assert any_store.read(lambda tx: tx.execute(select(catch_ups.c.read_until)).scalar_one()) == later


# Claims


def due_ticks(store, *names):
    store.write(lambda tx: tx.execute(insert(ticks), [{"name": name, "due_at": NOW} for name in names]))


def take(store, n=10, owner="me", now=NOW):
    return store.write(lambda tx: claim(tx, ticks, n, owner=owner, now=now, lease=LEASE))


def test_a_due_row_is_claimed_once(any_store):
    due_ticks(any_store, "a", "b", "c")

    first, second = take(any_store, n=2), take(any_store, n=2, owner="other")

    assert len(first) == 2
    assert len(second) == 1
    assert {c.row.name for c in first} | {c.row.name for c in second} == {"a", "b", "c"}
    assert take(any_store) == []


def test_a_row_that_is_not_due_stays(any_store):
    due_ticks(any_store, "a")
    earlier = NOW - timedelta(seconds=1)

    assert take(any_store, now=earlier) == []
    due = DueTables([notes, ticks])
    assert any_store.read(lambda tx: due.at(tx, earlier)) == []
    assert any_store.read(lambda tx: due.at(tx, NOW)) == [ticks]


def test_the_row_of_a_killed_worker_goes_to_the_next_and_the_dead_one_changes_nothing(any_store):
    due_ticks(any_store, "a")
    (lost,) = take(any_store, owner="killed")
    (taken,) = take(any_store, owner="next", now=NOW + LEASE + timedelta(seconds=1))

    assert taken.attempts == 2
    assert any_store.write(lambda tx: finish(tx, lost, problem="from the dead")) is False
    assert any_store.write(lambda tx: finish(tx, taken)) is True
    assert any_store.read(lambda tx: tx.execute(select(ticks.c.problem, ticks.c.due_at)).one()) == (None, None)


def test_a_released_row_is_due_again_and_counts_its_attempts(any_store):
    due_ticks(any_store, "a")
    (first,) = take(any_store)
    later = NOW + timedelta(minutes=1)
    any_store.write(lambda tx: release(tx, first, due_at=later))

    assert take(any_store) == []
    (second,) = take(any_store, now=later)
    assert second.attempts == 2
    any_store.write(lambda tx: finish(tx, second, due_at=later))
    (third,) = take(any_store, now=later)
    assert third.attempts == 1


def test_concurrent_workers_never_share_a_row(database_url):
    stores = [Store(database_url) for _ in range(4)]
    rows = [
        {"id": f"{n:03}", "ref": "x:1", "channel": "C", "language": "en", "body": {}, "due_at": NOW} for n in range(60)
    ]
    stores[0].write(lambda tx: tx.execute(insert(notes), rows))
    taken: list[str] = []

    def work(store, owner):
        while got := store.write(lambda tx: claim(tx, notes, 5, owner=owner, now=NOW, lease=LEASE)):
            taken.extend(c.row.id for c in got)

    threads = [threading.Thread(target=work, args=(store, str(n))) for n, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()

    assert sorted(taken) == [row["id"] for row in rows]


# Prepared statements


def test_a_prepared_statement_reads_and_writes_as_its_columns_say(any_store):
    insert_row = Prepared(lambda _: insert(catch_ups))
    find = Prepared(lambda _: select(catch_ups.c.read_until).where(catch_ups.c.channel == bindparam("wanted")))
    any_store.write(lambda tx: insert_row.count(tx, channel="k", read_until=NOW))

    assert any_store.read(lambda tx: find.rows(tx, wanted="k")) == [(NOW,)]
    assert any_store.read(lambda tx: find.rows(tx, wanted="other")) == []


def test_a_prepared_statement_refuses_a_missing_value(store):
    insert_row = Prepared(lambda _: insert(catch_ups))

    with pytest.raises(KeyError):
        store.write(lambda tx: insert_row.count(tx, channel="k"))
