"""A sandbox, a mortal Baton in it, and a person who presses again what did not work."""

import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import httpx
from sqlalchemy import select

from bot.adapters.airflow import Credentials, connect
from bot.audit import service as audit
from bot.audit.chain import Fine
from bot.cli.demo import WORLD_SECRETS
from bot.operations.lifecycle import ENDED
from bot.ports.airflow import Airflow
from bot.store import Store
from bot.store.migrate import upgrade
from bot.store.tables import runs, target_locks
from sandbox.person import Json, Person, elements_in
from sandbox.running import RunningSandbox
from sandbox.slack.core import Settings
from tests.kill.mortal import Mortal
from tests.live.test_processes import DEMO, environment

HERE = "C0HELP"
LOOK_EVERY_S, PRESS_EVERY_S = 0.25, 1.5
PATIENCE_S = 120  # after the last kill


@dataclass
class Office:
    sandbox: RunningSandbox
    baton: Mortal
    person: Person
    airflow: Airflow
    store: Store

    def click(self, where: Json, action_id: str, by: Person | None = None) -> None:
        """Press it; nobody answers while Baton is dead, and then it is pressed again later."""
        with suppress(LookupError, RuntimeError, httpx.TransportError):  # edited in this moment, or nobody answered
            (by or self.person).click(where, action_id)

    def command(self, words: str, by: Person) -> None:
        with suppress(RuntimeError, httpx.TransportError):
            by.command(words, HERE)

    def posts(self, logged: int) -> list[Json]:
        """Return what Baton gave Slack to post since that entry of the log, also where it died before the answer."""
        found = self.sandbox.log.entries("api", "chat.postMessage", since=logged)
        return [each["args"] for each in found]

    def posted_once(self, logged: int) -> None:
        """Assert that no message was posted twice since that entry of the log."""
        ids = [each["metadata"]["event_payload"]["id"] for each in self.posts(logged)]
        assert ids, "nothing was posted"
        assert sorted(ids) == sorted(set(ids)), "a message was posted twice"

    def told(self, since: str) -> list[Json]:
        """Return what Baton posted in the channel since that message, with what it wrote below it; the oldest first."""
        posted = [each for each in self.person.messages(HERE) if each["ts"] > since and not each.get("ephemeral")]
        return [
            reply for each in posted if each.get("bot_id") == "B0BATON" for reply in (each, *self.person.thread(each))
        ]

    def newest(self) -> str:
        """Return the ts of the channel's last message, `since` which something is to come."""
        return max((each["ts"] for each in self.person.messages(HERE)), default="0")


def offering(messages: list[Json], action_id: str) -> list[Json]:
    """Return the messages that offer this."""
    return [
        each
        for each in messages
        if any(element["action_id"].partition(":")[0] == action_id for _, element in elements_in(each))
    ]


def _config(directory: Path) -> Path:
    """Return the demo's configuration with changes that let one play follow the other.

    The same failure a second later is another incident, one person may rerun ten dates, and people are still known
    when the clock has been moved.
    """
    shutil.copytree(DEMO, directory)
    changes = (
        ("baton.yaml", "  core:\n", "  core:\n    reopen_within: 1s\n"),
        ("baton.yaml", "zone: Asia/Seoul\n", "zone: Asia/Seoul\nlimits: {facts_stale_after: 2000h}\n"),
        ("policy.yaml", "size_at_most: 7\n", "size_at_most: 20\n"),
    )
    for name, before, after in changes:
        written = (directory / name).read_text("utf-8")
        assert written.count(before) == 1, f"{name} has changed"
        (directory / name).write_text(written.replace(before, after), "utf-8")
    return directory


@dataclass(frozen=True)
class Effects:
    """What a vendor counted: how often something was to be done, and how often it was."""

    wanted: int
    seen: int


class Scenario(Protocol):
    def begin(self) -> None: ...
    def press(self) -> None: ...
    def is_over(self) -> bool: ...
    def check(self) -> Effects: ...
    def seen(self) -> str: ...


@contextmanager
def office(database_url: str, scratch: Path, chance: random.Random, *, at: datetime | None = None) -> Iterator[Office]:
    """Open the office, at that business time or now; when it closes Baton is killed a last time."""
    upgrade(database_url)
    with RunningSandbox(Settings(retry_scale=0.01), airflow_speed=20, at=at) as sandbox:
        login = (WORLD_SECRETS[f"BATON_AIRFLOW_PROD_{each}"] for each in ("USERNAME", "PASSWORD"))
        airflow = connect("prod", sandbox.airflow_url, Credentials(*login))
        store = Store(database_url)
        environ, log = environment(sandbox, database_url), scratch / "baton.log"
        baton = Mortal(sandbox, environ, _config(scratch / "config"), log, chance)
        baton.start()
        sandbox.until(lambda: sandbox.log.calls("users.list"), PATIENCE_S)
        try:
            yield Office(sandbox, baton, sandbox.person("U0MINJI"), airflow, store)
        finally:
            baton.close()
            store.close()
            airflow.close()


def play(office: Office, scenario: Scenario, kills: int) -> Effects:
    """Play the scenario while Baton is killed so often; return what the vendors counted in the end."""
    scenario.begin()
    office.baton.kill()
    with office.baton.killed(kills) as survives:
        while not survives.is_set():
            scenario.press()
            survives.wait(office.baton.chance.uniform(0.2, PRESS_EVERY_S))
    pressed_at = time.monotonic()
    deadline = pressed_at + PATIENCE_S
    while not scenario.is_over():
        assert time.monotonic() < deadline, f"it did not come to its end:\n{scenario.seen()}\n{office.baton.said()}"
        if time.monotonic() > pressed_at + PRESS_EVERY_S:
            pressed_at = time.monotonic()
            scenario.press()
        time.sleep(LOOK_EVERY_S)
    effects = scenario.check()
    office.sandbox.until(lambda: not _open_runs(office), PATIENCE_S)
    assert office.store.read(lambda tx: tx.execute(select(target_locks)).all()) == []
    assert isinstance(office.store.read(audit.verify), Fine)
    return effects


def _open_runs(office: Office) -> list[str]:
    """Return the runs that are under way or wait, each of which must come to an end."""
    query = select(runs.c.id, runs.c.state).where(runs.c.state.not_in([state.value for state in ENDED]))
    return [f"{row.id}: {row.state}" for row in office.store.read(lambda tx: tx.execute(query).all())]
