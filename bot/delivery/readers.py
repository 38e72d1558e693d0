"""Who reads a delivered message: a channel in its language, or one person in theirs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.clock import Clocks
from bot.directory.queries import Names, reader_of, team_of
from bot.store import Tx
from bot.views.reader import LANGUAGES, Reader


@dataclass(frozen=True, slots=True)
class Readers:
    """`default` has the workspace's language and zone, and says whether mentions may notify."""

    default: Reader
    clocks: Clocks
    workspace_url: Callable[[], str]

    def of_channel(self, tx: Tx, language: str) -> Reader:
        locale = language if language in LANGUAGES else self.default.locale
        return replace(self._now(), locale=locale, names=Names(tx))

    def of_person(self, tx: Tx, team: str, user: str) -> Reader:
        present = self._now()
        return reader_of(tx, team, user, present.now, present)

    def of_user(self, tx: Tx, user: str) -> Reader:
        """Return a person of the install's own workspace as a reader."""
        return self.of_person(tx, team_of(tx, user), user)

    def _now(self) -> Reader:
        return replace(self.default, now=self.clocks.business.now(), workspace_url=self.workspace_url())
