"""Fills a migrated, empty store with a made-up past as fast as the database takes it."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks.growth import history
from benchmarks.growth.history import NOW, Rows, written
from bot.directory.service import keep_people
from bot.incidents.index import learn
from bot.oncall import service as oncall
from bot.ports.paging import Responder, Shift, Somebody
from bot.ports.slack import SlackPerson
from bot.store import Store
from bot.store.engine import normal_url
from bot.store.tables import grants, metadata, runs, silences, stints

WAITING, SILENCED, GRANTED = 12, 30, 40


def fill(url: str, incidents: int, per_week: int) -> None:
    """Fill the store; the indexes are made after the rows, which is quicker, and are the same then."""
    batches = history.batches(incidents, per_week)
    if url.startswith("sqlite"):
        _into_sqlite(Path(normal_url(url).database or ""), batches)
    else:
        _into_postgres(url, batches)


def _into_sqlite(path: Path, batches: Iterator[Rows]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000"):
        connection.execute(f"PRAGMA {pragma}")
    grown = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = connection.execute(grown).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for rows in batches:
        connection.execute("BEGIN")
        for table, values in _known(rows):
            for columns, lines in _alike(values):
                marks = ", ".join("?" * len(columns))
                names = ", ".join(f'"{column}"' for column in columns)
                connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", lines)
        connection.execute("COMMIT")
    for _, sql in indexes:
        connection.execute(sql)
    connection.close()


def _into_postgres(url: str, batches: Iterator[Rows]) -> None:
    import psycopg

    plain = normal_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, options="-c timezone=UTC -c session_replication_role=replica") as connection:
        for rows in batches:
            for table, values in _known(rows):
                for columns, lines in _alike(values):
                    names = ", ".join(f'"{column}"' for column in columns)
                    with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                        for line in lines:
                            copy.write_row(line)
        connection.commit()
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _known(rows: Rows) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the rows in the order of their tables, which is that of their references."""
    return ((table.name, rows[table.name]) for table in metadata.sorted_tables if table.name in rows)


def _alike(values: Sequence[dict[str, Any]]) -> Iterator[tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """Yield the rows that have the same columns together."""
    alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for row in values:
        alike.setdefault(tuple(row), []).append(tuple(map(written, row.values())))
    yield from alike.items()


def furnish(store: Store, weeks: float) -> None:
    """Add what does not grow with the incidents: people, the rota, what waits and what ends, the words of search."""
    everybody = (*history.ENGINEERS, *(f"U0ASKS{number:03}" for number in range(history.ASKING)))
    store.write(lambda tx: keep_people(tx, [_account(user) for user in everybody], NOW))
    responder = (Responder("r", f"{history.ON_CALL.lower()}@haneul.example", "", history.ON_CALL),)
    shifts = (Shift(responder, NOW - timedelta(days=3), NOW + timedelta(days=4)),)
    on_call = Somebody(responder, shifts[0].start_at, shifts[0].end_at)
    store.write(lambda tx: oncall.keep(tx, history.SCHEDULE, on_call, shifts, NOW))
    store.write(lambda tx: tx.execute(insert(runs), [_waiting(number) for number in range(WAITING)]))
    store.write(lambda tx: tx.execute(insert(silences), [_silence(number) for number in range(SILENCED)]))
    store.write(lambda tx: tx.execute(insert(grants), [_grant(number) for number in range(GRANTED)]))
    store.write(lambda tx: tx.execute(insert(stints), list(_stints(int(weeks) + 2))))
    for first in range(0, history.THINGS, 500):
        store.write(lambda tx, first=first: _learn(tx, range(first, first + 500)))


def _learn(tx: Any, things: range) -> None:
    for number in things:
        resource = history.thing(number)
        learn(
            tx, history.fingerprint(number), resource, (f"{resource['dag_id']} failed", "RuntimeError: 404 Not found")
        )


def _account(user: str) -> SlackPerson:
    profile = {"email": f"{user.lower()}@haneul.example", "real_name": re.sub(r"^U0", "", user)}
    known = {"id": user, "team_id": history.TEAM, "name": user.lower(), "locale": "ko-KR", "tz": "Asia/Seoul"}
    account = SlackPerson.read(known | {"profile": profile})
    assert account is not None
    return account


def _waiting(number: int) -> dict[str, Any]:
    person = f"person:{history.TEAM}:U0ASKS{number:03}"
    arguments = {"load": "orders_daily", "dates": "2026-11-20"}
    row = {"id": f"waits{number:03}", "operation": "rerun-load", "arguments": arguments, "state": "awaiting_approval"}
    return row | {"requester": person, "created_at": NOW, "waiting_since": NOW, "attempts": 0, "version": 0}


def _silence(number: int) -> dict[str, Any]:
    return {
        "id": f"silence{number:03}",
        "open_key": f"{number}",
        "state": "active",
        "matchers": [["dag_id", history.thing(number)["dag_id"]]],
        "until": NOW + timedelta(hours=number + 1),
        "reason": "migration",
        "ticket": "",
        "created_by": f"person:{history.TEAM}:{history.ENGINEERS[1]}",
        "created_at": NOW,
    }


def _grant(number: int) -> dict[str, Any]:
    return {
        "id": f"grant{number:03}",
        "run_id": "waits000",
        "resource": f"haneul-prod.dataset_{number}",
        "member": f"user:u0asks{number:03}@haneul.example",
        "person": f"person:{history.TEAM}:U0ASKS{number % 5:03}",
        "role": "READER",
        "state": "active",
        "expires_at": NOW + timedelta(hours=number + 1),
        "self_expiring": False,
        "reason": "analysis",
        "asked_by": f"person:{history.TEAM}:U0ASKS{number % 5:03}",
        "created_at": NOW,
    }


def _stints(weeks: int) -> Iterator[dict[str, Any]]:
    known = {"id": "r", "email": "", "provider_user": "", "doubt": None}
    for number in range(1, weeks + 1):  # the present one is seen like any other
        since = NOW - timedelta(weeks=number, days=3)
        user = history.ENGINEERS[number % len(history.ENGINEERS)]
        yield {
            "schedule": history.SCHEDULE,
            "since": since,
            "until": since + timedelta(weeks=1),
            "certainty": "somebody",
            "people": [known | {"display": user, "user": user, "name": user}],
            "rotation": "",
            "is_override": False,
        }
