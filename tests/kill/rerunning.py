"""Ten business dates of a load are loaded again: each by one run, once, whatever happens to Baton meanwhile."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.person import text_of
from tests import loopback
from tests.kill.office import Effects, Office, offering

LOADED_BY_NOW = timedelta(days=3)  # wherever it is midnight
DAG, DATES, TASKS_PER_DATE = "orders_daily", 10, 4


@dataclass
class Rerunning:
    office: Office
    number: int
    since: str = field(init=False)

    def begin(self) -> None:
        self.since = self.office.newest()
        self.tries = self._tries()
        last = self.office.sandbox.clock.now().date() - LOADED_BY_NOW
        self.dates = f"{last - timedelta(days=DATES - 1)}..{last}"

    def press(self) -> None:
        """Ask for it until there is a card, then start it; a second card came of asking twice and is taken back."""
        told = self.office.told(self.since)
        cards = offering(told, "run.runbook")
        if not cards:
            self.office.command(f"/rerun-load orders {self.dates}", by=self.office.person)
        for extra in offering(cards[1:], "run.cancel"):
            self.office.click(extra, "run.cancel")
        for action_id in ("run.confirm", "run.replan", "run.recheck"):
            if offering(cards[:1], action_id):
                self.office.click(cards[0], action_id)

    def seen(self) -> str:
        return "\n".join(text_of(each) for each in self.office.told(self.since))

    def is_over(self) -> bool:
        return f"{DATES} dates: their tasks ran again and their data changed" in self.seen()

    def check(self) -> Effects:
        """Each date has one run, and each of its tasks ran once more than before."""
        after = self._tries()
        grown = {key: tries - self.tries[key] for key, tries in after.items() if tries != self.tries[key]}
        by_run = Counter(run_id for run_id, _ in grown)
        assert len(by_run) == DATES, f"not one run for each date: {sorted(by_run)}"
        assert set(grown.values()) == {1}, f"not once each: {grown}"
        return Effects(wanted=DATES * TASKS_PER_DATE, seen=sum(grown.values()))

    def _tries(self) -> Counter[tuple[str, str]]:
        """Return how often each task of each run of the DAG was tried, as Airflow counts."""
        found = self._get(f"dags/{DAG}/dagRuns/~/taskInstances?limit=1000")["task_instances"]
        return Counter({(each["dag_run_id"], each["task_id"]): each["try_number"] for each in found})

    def _get(self, path: str) -> dict[str, Any]:
        url, login = self.office.sandbox.airflow_url, {"username": "baton", "password": "baton"}
        token = loopback.post(f"{url}/auth/token", json=login, timeout=30).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = loopback.get(f"{url}/api/v2/{path}", headers=headers, timeout=30).raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
