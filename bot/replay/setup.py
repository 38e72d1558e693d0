"""What a replay decides by: rules, routes and windows, of one configuration or of none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.incidents.route import Route
from bot.incidents.rules import Windows
from bot.oncall.model import MentionRules, WorkingHours
from bot.triage.model import Own
from bot.triage.team import NO_RULES, TeamRules

NO_ROUTE = Route(
    name="",
    schedule="",
    language="en",
    windows=Windows(),
    mentions=MentionRules(),
    hours=WorkingHours(ZoneInfo("UTC")),
)
"""By which a message is decided whose channel no route watches."""


@dataclass(frozen=True, slots=True)
class Setup:
    """`channels` by channel id; `routes` by name, to which team rules send alerts."""

    own: Own = field(default_factory=Own)
    team: TeamRules = NO_RULES
    channels: Mapping[str, Route] = field(default_factory=dict)
    routes: Mapping[str, Route] = field(default_factory=dict)

    def route(self, channel: str, override: str = "") -> Route:
        return self.routes.get(override) or self.channels.get(channel, NO_ROUTE)

    @property
    def longest_reopen(self) -> float:
        """Return the seconds after which no incident that ended comes back on any route."""
        every = (NO_ROUTE, *self.channels.values(), *self.routes.values())
        return max(route.windows.reopen.total_seconds() for route in every)
