"""Baton's reconcilers by hand, against the sandbox's Slack, on a clock that stands still."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Table, select, update

from bot import outbox
from bot.actor import Actor
from bot.app import App
from bot.clock import Clocks, StoppedClock
from bot.config.load import Config
from bot.directory.service import keep_people
from bot.incidents import service
from bot.incidents.fix import Fix
from bot.store.tables import cards
from bot.text import text
from bot.triage.envelope import read
from bot.triage.model import Own
from bot.triage.triage import triage
from sandbox.person import Person, text_of
from sandbox.running import RunningSandbox
from tests import loopback
from tests.conftest import NOW
from tests.handlers.front_door import DEMO, TEAM, airflow_failure, config, tool_says

MINJI = Actor.person(TEAM, "U0MINJI")
ALERTS, INFRA = "C0ALERTS", "C0INFRA"
NOTHING_SAID = Fix()
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass
class Bench:
    """`app` never runs by itself: `deliver` does what is due, `pass_time` makes more due."""

    app: App
    clock: StoppedClock
    sandbox: RunningSandbox

    @property
    def minji(self) -> Person:
        return self.sandbox.person("U0MINJI")

    # What happens

    def alert(self, channel: str = ALERTS, **which: str) -> str:
        """Let Airflow's callback post about a failed task, now; return the incident's id."""
        taken = self.post(airflow_failure(**which)["text"], channel)
        assert taken is not None
        return taken

    def post(self, words: str, channel: str = ALERTS, tool: str = "B0AIRFLOW", thread: str | None = None) -> str | None:
        """Let a tool post something and Baton take it in; return the incident's id, if it belongs to one."""
        place = {"thread_ts": thread} if thread else {}
        ts = self.sandbox.post_alert(tool, channel, {"text": words} | place, settle=False)
        now = self.clock.now()
        said = tool_says(words, bot=tool) | {"ts": ts, "event_ts": f"{now.timestamp():.6f}", "channel": channel} | place
        message = read(said, team=TEAM, received_at=now)
        return self.app.store.write(
            lambda tx: self.app.desk.intake.receive(tx, f"Ev{ts}", message, triage(message, Own()), now)
        )

    def fails(self, day: str, dag_id: str = "orders_daily", task_id: str = "load_orders") -> dict[str, Any]:
        """Have a run of that day failed in Airflow; return what an alert says of it."""
        return self.airflow(
            "fail_run", dag_id=dag_id, task_id=task_id, message="RuntimeError", logical_date=f"{day}T18:00:00Z"
        )

    def airflow(self, verb: str, **body: Any) -> dict[str, Any]:
        answer = loopback.post(f"{self.sandbox.airflow_url}/_control/{verb}", json=body, timeout=5)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def want(self, incident_id: str) -> None:
        self.app.store.write(lambda tx: outbox.want_card(tx, service.ref(incident_id)))

    def acknowledge(self, incident_id: str) -> None:
        self.app.store.write(lambda tx: service.acknowledge(MINJI, tx, incident_id, self.clock.now(), lambda *_: None))

    def resolve(self, incident_id: str, said: Fix = NOTHING_SAID) -> None:
        self.app.store.write(
            lambda tx: service.resolve(MINJI, tx, incident_id, said, self.clock.now(), lambda *_: None)
        )

    def note(self, incident_id: str) -> None:
        """Have something posted once into the incident's thread."""

        def add(tx: Any) -> None:
            ref = service.ref(incident_id)
            place = outbox.thread_of(tx, ref)
            assert place is not None
            outbox.add_note(tx, ref, self.clock.now(), place, text("incident.note.reopened", after=MINUTE))

        self.app.store.write(add)

    def attach(self, incident_id: str, name: str) -> None:
        """Have a file put into the incident's thread."""

        def add(tx: Any) -> None:
            ref = service.ref(incident_id)
            place = outbox.thread_of(tx, ref)
            assert place is not None
            title = text("incident.note.reopened", after=MINUTE)
            outbox.add_file(tx, ref, self.clock.now(), place, name=name, title=title, content=b"PNG")

        self.app.store.write(add)

    # What Baton does

    def deliver(self) -> int:
        """Do all that is due now; return how many steps there were."""
        return sum(self.app.loop.once(kind) for kind in ("note", "card", "file"))

    def look(self) -> int:
        """Look at Airflow where it is time to; return how often."""
        return self.app.loop.once("occurrence")

    def pass_time(self, span: timedelta = MINUTE, step: timedelta = SECOND) -> None:
        """Let time pass and everything be done when it is due."""
        end = self.clock.now() + span
        while self.clock.now() < end:
            self.deliver()
            self.clock.advance(step)
        self.deliver()

    # What is seen

    def replies(self, incident_id: str) -> list[dict[str, Any]]:
        """Return what Baton has posted into the incident's thread."""
        row = self.row(cards, cards.c.ref == f"incident:{incident_id}")
        thread = self.minji.messages(row.channel, row.thread_ts)[1:]
        return [message for message in thread if message.get("bot_id") == "B0BATON"]

    def card(self, incident_id: str) -> str:
        ts = self.row(cards, cards.c.ref == f"incident:{incident_id}").ts
        [card] = [each for each in self.replies(incident_id) if each["ts"] == ts]
        return text_of(card)

    def row(self, table: Table, *where: Any) -> Row[Any]:
        return self.app.store.read(lambda tx: tx.execute(select(table).where(*where)).one())

    def calls(self, method: str) -> int:
        return len(self.sandbox.log.calls(method))

    def delete(self, message: dict[str, Any]) -> None:
        """Delete one of Baton's messages, as a person with the right to it does."""
        body = {"channel": message["channel"], "ts": message["ts"]}
        headers = {"Authorization": "Bearer sandbox-bot-token"}
        answer = loopback.post(f"{self.sandbox.slack_api_url}chat.delete", json=body, headers=headers, timeout=5)
        assert answer.json()["ok"], answer.text

    def lose_the_worker(self, table: Table) -> None:
        """Let the claims of a worker that was killed run out."""
        self.app.store.write(lambda tx: tx.execute(update(table).values(lease_until=self.clock.now())))
        self.clock.advance(SECOND)


@contextmanager
def bench(
    sandbox: RunningSandbox,
    database_url: str,
    directory: Path = DEMO,
    configure: Callable[[Config], Config] = lambda config: config,
) -> Iterator[Bench]:
    clock = StoppedClock(NOW)
    settings = config(database_url, directory, slack=sandbox.slack_api_url, airflow=sandbox.airflow_url)
    app = App(configure(settings), Clocks(clock, clock))
    people = list(app.vendors.slack.people())
    app.store.write(lambda tx: keep_people(tx, people, NOW))
    try:
        yield Bench(app, clock, sandbox)
    finally:
        app.stop()
