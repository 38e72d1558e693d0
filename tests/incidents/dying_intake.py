"""Takes messages in and dies by SIGKILL before the n-th SQL statement, for every n: prints what each death left.

A process of its own, since it forks: `python -m tests.incidents.dying_intake EMPTY_DATABASE FOLDER`
"""

import json
import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.incidents.intake import Intake
from bot.store.engine import open_engine
from bot.triage.envelope import read
from bot.triage.model import Own
from bot.triage.triage import triage
from bot.wiring.routes import mentions_of, routes_of
from tests.conftest import NOW
from tests.handlers.front_door import TEAM, airflow_failure, config

TABLES = ("messages", "alerts", "incidents", "occurrences", "cards", "timeline")
FAILURES = (("2026-11-20", "load_orders"), ("2026-11-21", "load_orders"), ("2026-11-21", "extract_orders"))


def main() -> None:
    empty, folder = Path(sys.argv[1]), Path(sys.argv[2])
    settings = config(f"sqlite:///{empty}")
    intake = Intake(routes_of(settings), mentions_of(settings))
    for n in range(1, 1000):
        database = folder / f"{n}.sqlite3"
        shutil.copy(empty, database)
        child = os.fork()
        if child == 0:
            _take_in(intake, database, dies_before=n)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(json.dumps({"died": os.WIFSIGNALED(status), "left": _left(database)}) + "\n")
        if not os.WIFSIGNALED(status):
            return


def _take_in(intake: Intake, database: Path, *, dies_before: int) -> None:
    """Take in three messages in one commit: two failures of one task, and one of another."""
    left = dies_before

    def count(_statement: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with open_engine(f"sqlite:///{database}").connect() as tx:
        tx.connection.dbapi_connection.set_trace_callback(count)
        with tx.begin():
            for number, (day, task) in enumerate(FAILURES):
                intake.receive(tx, f"Ev{number}", *understood(airflow_failure(day=day, task_id=task)), NOW)


def understood(said):
    """Return the message and the alert that triage makes of an event."""
    message = read(said, team=TEAM, received_at=NOW)
    return message, triage(message, Own())


def _left(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as found:
        return {table: found.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


if __name__ == "__main__":
    main()
