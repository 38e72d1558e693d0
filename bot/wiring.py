"""The configuration into the domain's own values, so that no domain module knows how a file is written."""

from collections.abc import Callable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase

from bot.adapters.static_schedule import Override, Rotation
from bot.config.load import Config
from bot.config.model import AirflowServer, Rerun, StaticSchedule, Weekday
from bot.config.model import Route as RouteConfig
from bot.incidents.mentions import Mentions
from bot.incidents.route import Route
from bot.incidents.rules import Windows
from bot.oncall.model import Identity, MentionRules, When, WorkingHours
from bot.oncall.queries import Roster
from bot.operations.policy import Answer
from bot.store import Tx
from bot.triage.model import Severity


def routes_of(config: Config) -> Mapping[str, Route]:
    """Return by channel id how its alerts are treated."""
    baton = config.baton
    return {
        channel: _route(config, watched.route, baton.routes[watched.route], config.language(channel).value)
        for channel, watched in baton.channels.items()
    }


def mentions_of(config: Config) -> Mentions:
    routes = {route.name: route for route in routes_of(config).values()}
    return Mentions(routes, roster_of(config).duty)


def _route(config: Config, name: str, route: RouteConfig, language: str) -> Route:
    return Route(
        name=name,
        schedule=route.schedule,
        language=language,
        windows=Windows(route.reopen_within, route.stale_after),
        mentions=MentionRules({each: When(route.mention.when(each).value) for each in Severity}),
        hours=_hours(config, route),
        card_channel=route.card.channel,
        airflow=next(iter(config.baton.airflow), ""),
    )


def _hours(config: Config, route: RouteConfig) -> WorkingHours:
    hours, order = config.working_hours(route), list(Weekday)
    return WorkingHours(config.zone, hours.from_, hours.to, frozenset(order.index(day) for day in hours.days))


def roster_of(config: Config) -> Roster:
    fallbacks = {name: schedule.fallback for name, schedule in config.baton.schedules.items()}
    identities = tuple(Identity(person.slack, (person.opsgenie,)) for person in config.people if person.opsgenie)
    return Roster(fallbacks, identities)


def rotations_of(config: Config) -> Mapping[str, Rotation]:
    """Return the rotations that the configuration itself holds."""
    return {
        name: Rotation(
            zone=schedule.zone or config.zone,
            handover=schedule.handover,
            starts_on=schedule.starts_on,
            participants=schedule.participants,
            overrides=tuple(Override(each.from_, each.to, each.who) for each in schedule.overrides),
            every_days=schedule.every_days,
        )
        for name, schedule in config.baton.schedules.items()
        if isinstance(schedule, StaticSchedule)
    }


class IsOnCall:
    """Whether somebody is on call on any schedule now: yes, no, or not known."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def __call__(self, tx: Tx, user: str, now: datetime) -> Answer:
        found = {duty.includes(user) for duty in self._roster.duties(tx, now)}
        if True in found:
            return Answer.YES
        return Answer.UNKNOWN if None in found else Answer.NO


def rerun_of(airflow: Mapping[str, AirflowServer]) -> Callable[[str, str], Rerun]:
    """Return who tells whether the tasks of a DAG may simply run again: the first pattern that fits decides."""

    def rerun(name: str, dag_id: str) -> Rerun:
        rules = airflow[name].dags if name in airflow else {}
        return next((rule.rerun for pattern, rule in rules.items() if fnmatchcase(dag_id, pattern)), Rerun.UNKNOWN)

    return rerun
