"""Reads in the history of a channel for requests what no event told; what was heard before is nothing new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.clock import Clocks
from bot.incidents.catch_up import compared, gap
from bot.ports.slack import Identity, Slack
from bot.requests.desk import Desk
from bot.requests.hearing import hear
from bot.store import Store
from bot.triage.envelope import read


@dataclass(frozen=True, slots=True)
class CatchUp:
    """`reach` is how far back a history is read at most."""

    store: Store
    slack: Slack
    identity: Callable[[], Identity]
    desk: Desk
    clocks: Clocks
    reach: timedelta

    def read(self, channel: str) -> int:
        """Hear what was said in the channel since it was last compared, the oldest first. May raise VendorError.

        Returns how many messages there were. Killed half-way it begins anew, and takes nothing twice.
        """
        name = f"asked:{channel}"
        since, until = gap(self.store, name, self.clocks.system.now(), self.reach)
        said = sorted(self.slack.history(channel, since, until), key=lambda each: float(each["ts"]))
        for each in said:
            self._hear({**each, "channel": channel})
        compared(self.store, name, max(since, until))
        return len(said)

    def _hear(self, event: Mapping[str, Any]) -> None:
        now, mine = self.clocks.business.now(), self.identity()
        message = read(event, team=mine.team, received_at=now)
        if message.bot_id != mine.bot_id:
            self.store.write(lambda tx: hear(tx, self.desk, message, mine.user, now))
