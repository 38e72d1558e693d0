"""A walk through weeks of shifts with two replicas of Baton on one store, against the sandbox's Slack.

Time stands still but where the walk moves it: in steps of seconds around each moment at which something changes, in
steps of hours between. Whoever adds a duty of the shift names its ticks and reconcilers, and reads what was posted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bot.app import App
from bot.clock import Clocks, StoppedClock
from bot.config.load import Config
from bot.directory.service import keep_groups, keep_people
from bot.ports.errors import VendorError
from bot.ports.slack import SlackGroup
from bot.ticks import Scheduled
from sandbox.running import RunningSandbox
from tests.handlers.front_door import config
from tests.shift.rota import Rota

SCHEDULE, CHANNEL, GROUP = "data-platform", "C0ONCALL", "S0ONCALL"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
AROUND = tuple(timedelta(seconds=each) for each in (-90, -30, -10, 5, 25, 45, 60, 90, 150))
"""Where the walk stops around each change: before it, within a minute after it, and a little later."""
BETWEEN = timedelta(hours=8)


@dataclass
class Weeks:
    """`ticks` and `kinds` are the duties and reconcilers that both replicas do at each stop."""

    replicas: Sequence[App]
    clock: StoppedClock
    sandbox: RunningSandbox
    rota: Rota
    ticks: tuple[str, ...] = ("shifts",)
    kinds: tuple[str, ...] = ("group", "topic", "card", "note")
    around: Iterable[timedelta] = AROUND
    polled_at: datetime | None = field(default=None, init=False)

    def walk(self, end: datetime, see: Callable[[datetime], None] = lambda _: None) -> None:
        """Go on to `end`, and call `see` at each stop when everything due was done."""
        for moment in self._stops(self.clock.now(), end):
            self.clock.at = self.rota.now = moment
            self.stop()
            see(moment)

    def stop(self) -> None:
        """Let each replica do what is due now. The provider is asked once a minute, by both, as after a lost lease."""
        now = self.clock.now()
        is_polled = self.polled_at is None or now - self.polled_at >= MINUTE
        self._know_the_groups(now)
        for app in self.replicas:
            self._tick(app, (*self.ticks, *([f"on-call:{SCHEDULE}"] if is_polled else [])))
        self.polled_at = now if is_polled else self.polled_at
        while sum(app.loop.once(kind) for app in self.replicas for kind in self.kinds):
            pass

    def wait(self, span: timedelta) -> None:
        """Let time pass and do what is due then."""
        self.clock.advance(span)
        self.rota.now = self.clock.now()
        self.stop()

    def posted(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """Return what Baton has posted there, the oldest first."""
        found = self.sandbox.person("U0DANA").messages(channel)
        return [each for each in found if each.get("bot_id") == "B0BATON" and "subtype" not in each]

    def told_directly(self, user: str) -> list[dict[str, Any]]:
        """Return what Baton wrote to one person."""
        direct = self.replicas[0].vendors.slack.direct_channel(user)
        return self.sandbox.person(user).messages(direct)

    def members(self, group: str = GROUP) -> set[str]:
        return set(self.replicas[0].vendors.slack.group_members(group))

    def topic(self, channel: str = CHANNEL) -> str:
        return self.replicas[0].vendors.slack.topic_of(channel)

    def changes(self, start: datetime, end: datetime) -> list[datetime]:
        """Return when the people on call really changed in that time, by what was planned then or made at once."""
        inside = (moment for moment in sorted(self._moments()) if start < moment <= end)
        return [moment for moment in inside if self.rota.on_call(moment) != self.rota.on_call(moment - SECOND)]

    def _know_the_groups(self, now: datetime) -> None:
        store, groups = self.replicas[0].store, self._groups
        store.write(lambda tx: keep_groups(tx, groups, now))

    @cached_property
    def _groups(self) -> Sequence[SlackGroup]:
        return self.replicas[0].vendors.slack.groups()

    @staticmethod
    def _tick(app: App, names: tuple[str, ...]) -> None:
        for tick in app.ticks.all():
            if tick.name in names:
                try:
                    tick.do()
                except VendorError:
                    continue

    def _moments(self) -> set[datetime]:
        """Return when anything happens: shifts that begin or end, changes that are made, outages."""
        plans = [shift for known_at in self._known_at() for shift in self.rota.plan(known_at)]
        edges = {edge for shift in plans for edge in (shift.start_at, shift.end_at)}
        return edges | {edge for outage in self.rota.outages for edge in outage} | set(self._known_at())

    def _known_at(self) -> list[datetime]:
        return [self.rota.rotation.begins(0), *(change.made_at for change in self.rota.changes)]

    def _stops(self, start: datetime, end: datetime) -> Iterator[datetime]:
        near = {moment + offset for moment in self._moments() for offset in self.around}
        far = {start + n * BETWEEN for n in range(int((end - start) / BETWEEN) + 1)}
        yield from sorted(each for each in near | far if start <= each <= end)


@contextmanager
def weeks(
    sandbox: RunningSandbox,
    database_url: str,
    rota: Rota,
    start: datetime,
    configure: Callable[[Config], Config] = lambda config: config,
    **walk: Any,
) -> Iterator[Weeks]:
    """Have two replicas at the moment `start`, with everything known but the rota."""
    clock = StoppedClock(start)
    rota.now = start
    settings = configure(config(database_url, slack=sandbox.slack_api_url))
    replicas = [App(settings, Clocks(clock, clock)) for _ in range(2)]
    for app in replicas:
        app.vendors.__dict__["schedules"] = (Scheduled(SCHEDULE, SCHEDULE, rota),)
    app = replicas[0]
    people = list(app.vendors.slack.people())
    app.store.write(lambda tx: keep_people(tx, people, start))
    for each in replicas:
        each.ticks.prepare()
    try:
        yield Weeks(replicas, clock, sandbox, rota, **walk)
    finally:
        for each in replicas:
            each.stop()


def told(config: Config, **schedule: Any) -> Config:
    """Return the configuration with the schedule told otherwise."""
    changed = {SCHEDULE: config.baton.schedules[SCHEDULE].model_copy(update=schedule)}
    return replace(config, baton=config.baton.model_copy(update={"schedules": changed}))


def words(message: Mapping[str, Any]) -> str:
    """Return what a message says, as Slack's markup."""
    return "\n".join(block["text"]["text"] for block in message["blocks"] if block["type"] == "section")
