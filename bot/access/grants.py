"""Grants as an operation sees them: what is allowed, whom Google knows as whom, what is given now."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from bot.access.catalog import Access
from bot.access.model import Grant, Grantee, Resource, Wish
from bot.actor import Actor
from bot.config.who import Who
from bot.text import Text


class Grants(Protocol):
    """What planning asks about grants, and what a run has done about them. Everything is local, nothing waits."""

    @property
    def access(self) -> Access: ...

    def why_not_ask(self, actor: Actor, who: Sequence[Who]) -> Text | None:
        """Return why this actor may not ask, where only these may."""
        ...

    def person(self, team: str, user: str) -> Grantee | Text:
        """Return who a Slack account is at Google, or why that is not certain."""
        ...

    def open_on(self, resource: Resource) -> tuple[Grant, ...]:
        """Return every grant on that list which has not ended."""
        ...

    def begin(self, wish: Wish) -> tuple[Grant, ...]:
        """Write down what an agreed run gives; twice does no harm."""
        ...

    def extend(self, grant_id: str, run_id: str, lasts: timedelta, by: Actor) -> Grant | None:
        """Have it end so long after now; None where it is ending already. Twice does no harm."""
        ...

    def of_run(self, run_id: str) -> tuple[Grant, ...]:
        """Return what a run has given or made longer."""
        ...
