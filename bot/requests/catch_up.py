"""Reads in Slack's own history what colleagues said and no event told; what was heard before is nothing new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.clock import Clocks
from bot.gaps import History, reading
from bot.ports.errors import VendorError
from bot.ports.slack import Identity, Slack
from bot.requests import queries
from bot.requests.desk import Desk
from bot.requests.hearing import hear
from bot.requests.model import Awaited
from bot.store import Store
from bot.triage.envelope import read

log = structlog.get_logger()

THREADS = 20  # in which an answer is awaited, that are read each time


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

        Returns how many messages there were. What could not be read is written down as unseen.

        Killed half-way it begins anew, and takes nothing twice.
        """
        history, now = History.of_requests(channel), self.clocks.system.now()
        with reading(self.store, history, now, self.reach) as gap:
            said = sorted(self.slack.history(channel, gap.since, gap.until), key=_said_at)
            for each in said:
                self._hear({**each, "channel": channel})
        return len(said)

    def read_answers(self) -> None:
        """Hear what requesters answered in threads, which the history of a channel does not show.

        Only what was said after they were asked counts, and the first answer ends the waiting: each is taken once.
        """
        for asked in self.store.read(lambda tx: queries.awaited_answers(tx, THREADS)):
            try:
                self._read_thread(asked)
            except VendorError as error:  # of one channel that is closed the others know nothing
                log.warning("answers not read afterwards", channel=asked.channel, error=str(error))

    def _read_thread(self, asked: Awaited) -> None:
        now = self.clocks.business.now()
        since = max(asked.since, now - self.reach)
        for each in sorted(self.slack.replies(asked.channel, asked.thread_ts, since, now), key=_said_at):
            self._hear({**each, "channel": asked.channel})

    def _hear(self, event: Mapping[str, Any]) -> None:
        now, mine = self.clocks.business.now(), self.identity()
        message = read(event, team=mine.team, received_at=now)
        if message.bot_id != mine.bot_id:
            self.store.write(lambda tx: hear(tx, self.desk, message, mine.user, now))


def _said_at(message: Mapping[str, Any]) -> float:
    return float(message["ts"])
