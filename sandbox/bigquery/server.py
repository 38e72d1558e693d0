"""The fake server's parts, put together once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.bigquery.rules import Pace
from sandbox.bigquery.seed import state_of
from sandbox.bigquery.state import State
from sandbox.clock import Clock
from sandbox.world import World


class Server:
    """State, limits and the business clock, by which conditions end."""

    def __init__(self, world: World, clock: Clock, *, limits: bool = True) -> None:
        self.clock = clock
        self._section = world.bigquery
        self.zone = ZoneInfo(world.bigquery.get("zone", "UTC"))  # of business dates
        self._limits = limits
        self.reset()

    def reset(self) -> None:
        """Back to the first moment: the world's datasets, no jobs, nothing recorded, the limits of the start."""
        self.state: State = state_of(self._section, self.now().astimezone(self.zone))
        self.pace = Pace(is_enforced=self._limits)

    def now(self) -> datetime:
        return self.clock.now()

    def load(self, table: str, key: str, rows: int | None = None) -> None:
        """Write one partition of `project.dataset.table` as a load does; without rows, as many as ever."""
        found = self.state.table(*table.rsplit(".", 2))
        found.write(key if found.grain else "", self.now(), rows)
        found.etag = self.state.next_etag()

    def load_of(self, table: str, moment: datetime, rows: int | None = None) -> None:
        """Write the partition that holds this moment of business time."""
        self.load(table, self.state.table(*table.rsplit(".", 2)).key_of(moment), rows)

    def days_ago(self, days: int) -> datetime:
        """The business date so many days before today."""
        return self.now().astimezone(self.zone) - timedelta(days=days)

    def ends(self, seconds: float) -> datetime:
        """When a question that takes so long is answered."""
        return self.now() + timedelta(seconds=seconds)
