"""The fake server's parts, put together once."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.opsgenie.alerts import Alerts
from sandbox.opsgenie.integrations import Integrations
from sandbox.opsgenie.refusals import Refused
from sandbox.opsgenie.rota import Schedule
from sandbox.opsgenie.seed import schedule
from sandbox.world import World


@dataclass(slots=True)
class Throttle:
    """How many more requests of a domain are refused, and the period that the answer names."""

    domain: str | None = None  # None = every domain
    requests: int = 0
    period_seconds: int = 60
    reason: str = "ACCOUNT"


@dataclass(slots=True)
class Jsm:
    """The same account after its move to Jira Service Management, and what is special about who calls."""

    cloud_id: str
    email: str
    api_token: str
    has_operations: bool = True  # without: a plan that lacks it
    is_member: bool = True  # of the teams; without: empty lists instead of refusals
    hidden: list[str] = field(default_factory=list)  # the e-mail addresses that their owners do not show


class Server:
    """Schedules, alerts, the key, and what is wrong with the service at the moment."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.clock = clock
        self.started_at = clock.now()
        self.users = world.users
        self._world = world
        self.integrations = Integrations()
        self._key: str = world.opsgenie["api_key"]
        self.reset()

    def reset(self) -> None:
        """Back to the first moment: the world's schedules as they began, no alerts, nothing wrong."""
        self.schedules: list[Schedule] = [
            schedule(entry, self.started_at) for entry in self._world.opsgenie.get("schedules", ())
        ]
        self.integrations.channel, self.integrations.webhook = None, None
        self.alerts = Alerts(self.clock, tell=self.integrations.tell)
        self.throttle = Throttle()
        self.outage: int | None = None
        self.jsm = Jsm(**self._world.opsgenie["jsm"])

    def check_key(self, authorization: str | None) -> None:
        if self.outage is not None:
            raise Refused(self.outage, "Internal Server Error")
        scheme, _, key = (authorization or "").partition(" ")
        if scheme != "GenieKey" or not hmac.compare_digest(key.encode(), self._key.encode()):
            raise Refused(401, "Could not authenticate", code=40101)

    def check_rate(self, domain: str) -> None:
        """Refuse with 429 and its headers while a limit of this domain is in force."""
        limit = self.throttle
        if limit.requests <= 0 or limit.domain not in (None, domain):
            return
        limit.requests -= 1
        headers = {
            "X-RateLimit-State": "THROTTLED",
            "X-RateLimit-Reason": limit.reason,
            "X-RateLimit-Period-In-Sec": str(limit.period_seconds),
        }
        raise Refused(429, "You are making too many requests!", headers=headers)

    def schedule(self, identifier: str, kind: str) -> Schedule:
        """A schedule that is not there is answered like one that the key may not see."""
        for found in self.schedules:
            if identifier == (found.name if kind == "name" else found.id):
                return found
        raise Refused(403, "Api Key is not authorized to access the schedule.", code=40301)
