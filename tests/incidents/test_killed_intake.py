"""A message is taken in whole or not at all, whatever line the process dies or fails at."""

import json
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.store.tables import metadata
from tests.conftest import NOW
from tests.handlers.front_door import airflow_failure, config
from tests.incidents.dying_intake import understood

WHOLE = {"messages": 3, "alerts": 3, "incidents": 2, "occurrences": 3, "cards": 2, "timeline": 2}
NOTHING = dict.fromkeys(WHOLE, 0)


def test_a_kill_between_any_two_statements_leaves_nothing_or_everything(tmp_path, sqlite_template):
    empty = tmp_path / "empty.sqlite3"
    empty.write_bytes(sqlite_template)
    command = [sys.executable, "-m", "tests.incidents.dying_intake", str(empty), str(tmp_path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=100).stdout
    deaths = [json.loads(line) for line in said.splitlines()]

    *died, lived = deaths
    assert len(died) >= 15, "each message takes several statements"
    assert all(each["died"] and each["left"] == NOTHING for each in died)
    assert (lived["died"], lived["left"]) == (False, WHOLE)


class Faltering:
    """A transaction whose n-th statement fails, as the connection's own cursors and SQLAlchemy's both see it."""

    def __init__(self, tx, fails_at):
        self._tx, self.left = tx, fails_at

    def __getattr__(self, name):
        return getattr(self._tx, name)

    def execute(self, *args, **kwargs):
        self.count()
        return self._tx.execute(*args, **kwargs)

    @property
    def connection(self):
        return Connection(self)

    def count(self):
        self.left -= 1
        if self.left == 0:
            raise OSError("the disk has gone")


class Connection:
    def __init__(self, faltering):
        self._faltering = faltering

    def cursor(self):
        return Cursor(self._faltering)


class Cursor:
    def __init__(self, faltering):
        self._faltering = faltering
        self._cursor = faltering._tx.connection.cursor()

    def __getattr__(self, name):
        return getattr(self._cursor, name)

    def execute(self, *args):
        self._faltering.count()
        return self._cursor.execute(*args)


@pytest.mark.timeout(180)
def test_a_statement_that_fails_undoes_its_message_and_the_repeat_is_taken_in_whole(database_url, clocks):
    app = App(config(database_url), clocks)
    store, intake = app.store, app.desk.intake
    first, second = understood(airflow_failure(day="2026-11-20")), understood(airflow_failure(day="2026-11-21"))
    try:
        for event_id, said in (("Ev1", first), ("Ev2", second)):
            before, fails_at = everything(store), 1
            while (error := failing(store, intake, event_id, said, fails_at)) is not None:
                assert isinstance(error, OSError)
                assert everything(store) == before, f"statement {fails_at} failed and left something"
                fails_at += 1
            assert fails_at > 4, "a message takes several statements"

        assert everything(store)["messages"] == 2
        assert everything(store)["incidents"] == 1
        assert everything(store)["occurrences"] == 2
    finally:
        app.stop()


def failing(store, intake, event_id, said, fails_at):
    future = store.submit(lambda tx: intake.receive(Faltering(tx, fails_at), event_id, *said, NOW))
    return future.exception()


def everything(store):
    """Return how many rows each table has."""
    counts = {table.name: select(func.count()).select_from(table) for table in metadata.sorted_tables}
    return store.read(lambda tx: {name: tx.execute(query).scalar_one() for name, query in counts.items()})
