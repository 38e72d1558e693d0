"""A storm: many alerts of few groups, as fast as Baton takes them, while Slack allows one post a second and channel.

    python -m benchmarks.storm [--alerts 10000] [--groups 50] [--clients 16]

runs Baton (SQLite, one process) beside the sandbox, which enforces Slack's limits, once with `storm: off` and once with
the default, then Debian's prometheus-alertmanager where it is installed, under the same load. Prints one JSON object.

`ideal_calls` is what nobody could do with less: each card is posted once, and edited once at the end.
"""

import argparse
import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks.ack import ROOT, baton_environment, free_port, start
from benchmarks.storm.load import Alert, Load, press_open, send_to_baton
from benchmarks.storm.peer import alertmanager
from benchmarks.storm.seen import Seen, seen_in

CHANNEL, CARDS = "C0ALERTS", "C0ONCALL"
PATIENCE_S = 120


def configured(scratch: Path, *, storm: str | None) -> Path:
    """Return a configuration as the demo's, with cards in a channel of their own."""
    directory = scratch / "config"
    directory.mkdir()
    for given in (ROOT / "config" / "demo").iterdir():
        (directory / given.name).write_text(given.read_text("utf-8"), "utf-8")
    yaml, main = YAML(typ="safe"), directory / "baton.yaml"
    settings = yaml.load(main.read_text("utf-8"))
    settings["runbooks"] = {"directory": str(ROOT / "runbooks")}
    settings["routes"]["core"] |= {"card": f"channel:{CARDS}"} | ({"storm": storm} if storm else {})
    with main.open("w", encoding="utf-8") as file:
        yaml.dump(settings, file)
    return directory


def against_baton(options: argparse.Namespace, *, storm: str | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        scratch, slack, baton = Path(folder), free_port(), free_port()
        environ = baton_environment(folder) | {"BATON_DEMO_SLACK_URL": f"http://127.0.0.1:{slack}/api/"}
        sandbox = [sys.executable, "-m", "sandbox", "--port", str(slack), "--app-url", f"http://127.0.0.1:{baton}/"]
        config = configured(scratch, storm=storm)
        run = [sys.executable, "-m", "bot", "run", "--config", str(config), "--port", str(baton)]
        servers = [start(sandbox, {}, slack, "/ui/state?user=U0MINJI"), start(run, environ, baton)]
        try:
            database = scratch / "baton.sqlite3"
            urls = f"http://127.0.0.1:{baton}", f"http://127.0.0.1:{slack}"
            return measured(options, database, *urls, has_own_cards=storm == "off")
        finally:
            for server in reversed(servers):
                server.terminate()
                server.wait(30)


def measured(
    options: argparse.Namespace, database: Path, baton: str, slack: str, *, has_own_cards: bool
) -> dict[str, Any]:
    alerts = [Alert(number, number % options.groups) for number in range(options.alerts)]
    load = asyncio.run(send_to_baton(baton, CHANNEL, alerts, options.clients))
    settled_s, seen = until_correct(database, slack, options.groups, 2 * options.groups + PATIENCE_S)
    cards = len(set(seen.keys))
    opened = 0 if has_own_cards else open_all(options, database, baton, slack)
    stored = row(database, "select count(*) from alerts where incident_id is not null")
    return {
        "accepted_per_s": round(len(load.accepted) / load.took_s),
        "p99_ms": load.p99_ms,
        "lost": len(load.accepted) - stored,
        "duplicate_posts": seen.duplicates,
        "slack_calls": seen.calls,
        "refused_by_limit": seen.refused,
        "ideal_calls": 2 * cards,
        "ideal_formula": f"{cards} cards × (1 post + 1 final edit)",
        **first_posts(load, seen, options.groups),
        "correct_after_s": settled_s,
        "last_state_correct": settled_s is not None,
        **({} if has_own_cards else {"opened": opened}),
    }


def first_posts(load: Load, seen: Seen, groups: int) -> dict[str, float | int | None]:
    """Return how long a group was accepted before Slack showed it, on a card of its own or on the storm's."""
    waits = sorted(
        (first - load.first_accepted[group]) * 1000
        for group in range(groups)
        if (first := seen.first_told(Alert.name_of(group))) is not None
    )
    if not waits:
        return {"first_post_p50_ms": None, "first_post_p99_ms": None, "groups_told": 0}
    return {
        "first_post_p50_ms": round(waits[len(waits) // 2]),
        "first_post_p99_ms": round(waits[min(len(waits) - 1, int(len(waits) * 0.99))]),
        "groups_told": len(waits),
    }


def until_correct(database: Path, slack: str, groups: int, seconds: float) -> tuple[float | None, Seen]:
    """Return after how many seconds Slack shows the last state of every group, None where it never does."""
    began = time.monotonic()
    while (took := time.monotonic() - began) < seconds:
        seen = seen_in(slack)
        if is_correct(database, seen, groups):
            return round(took, 1), seen
        time.sleep(1)
    return None, seen


def is_correct(database: Path, seen: Seen, groups: int) -> bool:
    """Whether what Slack shows last says of every group how many alerts there were, by the database's own count."""
    counts = {
        name: next(f"{count:,}" for title, count in listed if name in title)
        for listed in [rows(database, "select title, alert_count from incidents where state = 'open'")]
        if len(listed) == groups
        for name in map(Alert.name_of, range(groups))
    }
    return len(counts) == groups and all(
        seen.last_says(name, f"*Alerts*  {n}") or seen.last_says(name, f"· {n} alert") for name, n in counts.items()
    )


def open_all(options: argparse.Namespace, database: Path, baton: str, slack: str) -> int:
    """Open every incident of the storm into its own thread; return how many have a card in the end."""
    listed = rows(database, "select id from incidents")
    for (incident_id,) in listed:
        press_open(baton, CARDS, incident_id)
    until_shown(database, 2 * len(listed) + PATIENCE_S)
    shown = set(seen_in(slack).keys)
    return sum(f"incident:{incident_id}" in shown for (incident_id,) in listed[: options.groups])


def until_shown(database: Path, seconds: float) -> None:
    """Wait until nothing waits to be shown any more."""
    began = time.monotonic()
    of = "select count(*) from {} where due_at is not null"
    waiting = f"select ({of.format('cards')}) + ({of.format('notes')})"
    while time.monotonic() - began < seconds and row(database, waiting):
        time.sleep(0.5)


def row(database: Path, statement: str) -> int:
    return int(rows(database, statement)[0][0])


def rows(database: Path, statement: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alerts", type=int, default=10_000)
    parser.add_argument("--groups", type=int, default=50)
    parser.add_argument("--clients", type=int, default=16)
    options = parser.parse_args()
    found = {
        "storm_off": against_baton(options, storm="off"),
        "storm_default": against_baton(options, storm=None),
        "alertmanager": alertmanager(options.alerts, options.groups, options.clients),
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
