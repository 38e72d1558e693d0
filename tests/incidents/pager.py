"""A team whose route pages through the sandbox's Opsgenie: Baton's reconcilers by hand, clocks that move together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.config.load import Config
from bot.oncall import service as oncall
from bot.ports.paging import Responder, Shift, Somebody
from bot.store.tables import escalations, incidents, notes, page_deeds, pages
from bot.triage.model import Own, Severity
from tests import loopback
from tests.delivery.bench import ALERTS, SECOND, Bench
from tests.handlers.front_door import TEAM

MINJI, JUNHO = Responder("minji", "minji@haneul.example"), Responder("junho", "junho@haneul.example")
DAY = timedelta(days=1)
KEY = {"Authorization": "GenieKey sandbox-opsgenie-key"}


def paging(opsgenie_url: str, **route: Any) -> Callable[[Config], Config]:
    """Return what has every route page through this Opsgenie, with these settings."""

    def configure(config: Config) -> Config:
        said = {"page": "opsgenie", "page_for": (Severity.CRITICAL, Severity.ERROR)} | route
        routes = {name: each.model_copy(update=said) for name, each in config.baton.routes.items()}
        provider = config.baton.opsgenie.model_copy(update={"url": opsgenie_url})
        return replace(config, baton=config.baton.model_copy(update={"routes": routes, "opsgenie": provider}))

    return configure


class Pager:
    """The desk of a team that is paged: `works` does what is due, here and at Opsgenie."""

    def __init__(self, desk: Bench) -> None:
        self.desk, self.sandbox = desk, desk.sandbox
        self.sandbox.clock.set(desk.clock.now())
        desk.app.identity.ask()
        self.order("queue", delay_seconds=0)
        self.staffed()

    # What happens

    def staffed(self, *responders: Responder) -> None:
        """Have these on call: Minji first and Junho second."""
        at, who = self.desk.clock.now(), responders or (MINJI, JUNHO)
        on_call, shift = Somebody(who, at, at + DAY), Shift(who, at, at + DAY)
        self.desk.app.store.write(lambda tx: oncall.keep(tx, "data-platform", on_call, (shift,), at))

    def alerts(self, severity: str = "critical", name: str = "DiskFull", status: str = "FIRING", at: str = "7") -> str:
        words = f"[{status}:1] {name} on etl-{at}\nalertname={name} instance=etl-{at} severity={severity}"
        incident = self.desk.post(words, tool="B0GRAFANA")
        assert incident is not None
        return incident

    def passes(self, span: timedelta) -> None:
        """Let time pass with somebody looking at what is not answered, and at the schedule."""
        self.desk.clock.advance(span)
        self.sandbox.clock.set(self.desk.clock.now())
        self.staffed()
        self.desk.app.ticks._escalations()
        self.works()

    def works(self, times: int = 6) -> None:
        for _ in range(times):
            for kind in ("page", "page_deed", "alert", "note", "card"):
                self.desk.app.loop.once(kind)
            self.desk.clock.advance(SECOND)

    def somebody(self, action: str, by: str = "junho@haneul.example", alert: int = 0, **body: Any) -> None:
        """Have somebody do this in Opsgenie itself."""
        one = self.at_opsgenie()[alert]["id"]
        url = f"{self.sandbox.opsgenie_url}/v2/alerts/{one}/{action}"
        loopback.post(url, json={"user": by} | body, headers=KEY).raise_for_status()

    def looks(self) -> None:
        """Let the time come at which alerts are looked at again."""
        self.passes(timedelta(seconds=30))

    def hears(self, post: dict[str, Any], channel: str = ALERTS) -> str | None:
        """Have Baton take in a message of the channel as Slack tells it; return the incident that it belongs to."""
        now, event = self.desk.clock.now(), post | {"channel": channel, "type": "message"}
        event["event_ts"] = f"{now.timestamp():.6f}"
        message, alert = self.desk.app.interpreter.understand(event, Own(), team=TEAM, received_at=now)
        intake = self.desk.app.desk.intake
        return self.desk.app.store.write(lambda tx: intake.receive(tx, f"Ev{post['ts']}", message, alert, now))

    def order(self, name: str, **body: Any) -> None:
        loopback.post(f"{self.sandbox.opsgenie_url}/_control/{name}", json=body).raise_for_status()

    # What is seen

    def at_opsgenie(self) -> list[dict[str, Any]]:
        """Return the alerts there, oldest first."""
        url = f"{self.sandbox.opsgenie_url}/v2/alerts"
        listed = loopback.get(url, headers=KEY, params={"order": "asc"}).raise_for_status().json()["data"]
        return [loopback.get(f"{url}/{each['id']}", headers=KEY).json()["data"] for each in listed]

    def entries(self, what: str, alert: int = 0) -> list[dict[str, Any]]:
        url = f"{self.sandbox.opsgenie_url}/v2/alerts/{self.at_opsgenie()[alert]['id']}/{what}"
        found: list[dict[str, Any]] = loopback.get(url, headers=KEY).json()["data"]
        return found

    def state(self, incident: str) -> tuple[str, str | None]:
        row = self.desk.row(incidents, incidents.c.id == incident)
        return row.state, row.acknowledged_by

    def rows(self, table: Any) -> list[Any]:
        return list(self.desk.app.store.read(lambda tx: tx.execute(select(table)).all()))

    def paged(self) -> list[tuple[str, bool, str]]:
        return sorted((each.ref.partition(":")[0], each.is_wanted, each.state) for each in self.rows(pages))

    def deeds(self) -> list[tuple[str, str]]:
        found = sorted(self.rows(page_deeds), key=lambda each: each.id)
        return [(each.deed, each.state) for each in found]

    def level(self) -> int:
        [row] = self.rows(escalations)
        return int(row.level)

    def called(self) -> list[tuple[str, list[str]]]:
        """Return what was said about pages in threads, and who was called by it."""
        found = sorted(self.rows(notes), key=lambda each: each.id)
        said = [(each.body["text"]["$text"], [one["$mention"] for one in each.body["mention"]]) for each in found]
        return [each for each in said if each[0].startswith("page.")]
