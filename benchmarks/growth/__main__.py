"""How the time of what people wait for grows with what Baton remembers.

    python -m benchmarks.growth [--sizes 1000 10000 100000 1000000] [--postgres URL] [--keep FOLDER] [--report FILE]

fills a store of its own for each size with the past of a team that has the same busy week all the time, and times App
Home, an incident's card with its history, the handoff of the last week, and search, each warm. Prints one JSON object
with the times, their growth exponents (0: constant, 1: proportional) and what the aims are. A million incidents take
some minutes and 3 GB. `--postgres` names a server on which the stores are made, each in a database of its own.
`--keep` leaves SQLite's stores in a folder, where the next measurement finds them already filled.
"""

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from benchmarks.ack import ROOT, baton_environment
from benchmarks.growth.figures import asked, summary, timed
from benchmarks.growth.filling import fill, furnish
from benchmarks.growth.history import NOW
from bot.app import App
from bot.cli.common import known_operations
from bot.clock import Clocks, StoppedClock
from bot.config.load import load
from bot.store.engine import normal_url
from bot.store.migrate import upgrade

SIZES = (1_000, 10_000, 100_000, 1_000_000)
AIMS_MS = {"home of the person on call": 50, "card with history": 50, "handoff of the last week": 1000}


@contextmanager
def database(options: argparse.Namespace, size: int) -> Iterator[tuple[str, Path | None]]:
    """Yield the address of a store and its file where it is one: a new one that is gone afterwards, or a kept one."""
    if options.keep:
        path = kept(options, size)
        yield f"sqlite:///{path}", path
        return
    if not options.postgres:
        with tempfile.TemporaryDirectory(dir=options.directory) as folder:
            path = Path(folder) / "baton.sqlite3"
            yield f"sqlite:///{path}", path
        return
    server, name = normal_url(options.postgres), f"baton_growth_{size}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False), None
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def kept(options: argparse.Namespace, size: int) -> Path:
    """Return the file of a kept store. It has this name only while it is full: what broke off is filled anew."""
    path: Path = options.keep / f"{size}-by-{options.per_week}.sqlite3"
    if path.exists():
        upgrade(f"sqlite:///{path}")
    else:
        options.keep.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        made(options, f"sqlite:///{unfinished}", size).stop()
        unfinished.rename(path)
    return path


def made(options: argparse.Namespace, url: str, size: int) -> App:
    """Fill the new store at this address, and return an app on it."""
    upgrade(url)
    fill(url, size, options.per_week)
    app = opened(options, url)
    furnish(app.store, size / options.per_week)
    return app


def opened(options: argparse.Namespace, url: str) -> App:
    environ = baton_environment(options.directory) | {"BATON_DATABASE_URL": url}
    clock = StoppedClock(NOW)
    return App(load(ROOT / "config" / "demo", environ, known_operations()), Clocks(clock, clock))


def measured(options: argparse.Namespace, size: int) -> dict[str, Any]:
    begun = time.perf_counter()
    with database(options, size) as (url, path):
        app = opened(options, url) if options.keep else made(options, url, size)
        filled = None if options.keep else round(time.perf_counter() - begun, 1)
        times = {name: timed(app, following, options.runs) for name, following in asked(app).items()}
        store = {"filled_in_s": filled, "megabytes": round(path.stat().st_size / 1e6) if path else None}
        app.stop()
    say(f"{size} incidents: {store}, {times}")
    return {"incidents": size, **store, "times": times}


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def machine() -> dict[str, Any]:
    versions = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    busy = {"load_in_the_last_minute": round(os.getloadavg()[0], 1)}  # others' work makes all times longer
    return busy | {"cores": os.cpu_count(), "system": platform.system(), "machine": platform.machine()} | versions


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--runs", type=int, default=60, help="of each, after a quarter as many to warm up")
    parser.add_argument("--per-week", type=int, default=1000, help="incidents: the past is as long as that takes")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--postgres", help="a server on which databases may be made")
    where.add_argument("--keep", type=Path, metavar="FOLDER", help="where SQLite's stores stay, and are looked for")
    parser.add_argument("--directory", default=tempfile.gettempdir(), help="where there is room for 3 GB")
    parser.add_argument("--report", type=Path, help="a file to write the result to as well")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    results = [measured(options, size) for size in options.sizes]
    last = results[-1]["times"]
    report = {
        "database": "postgresql" if options.postgres else "sqlite",
        "incidents_per_week": options.per_week,
        "machine": machine(),
        "sizes": results,
        "growth_exponents": summary(results),
        "aims": {
            name: {"at": results[-1]["incidents"], "aim_ms": aim, "median_ms": last[name]["median_ms"]}
            | {"is_met": last[name]["median_ms"] <= aim}
            for name, aim in AIMS_MS.items()
            if name in last
        },
    }
    written = json.dumps(report, indent=2, ensure_ascii=False)
    if options.report:
        options.report.write_text(f"{written}\n", "utf-8")
    print(written)


if __name__ == "__main__":
    main()
