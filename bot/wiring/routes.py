"""How the alerts of each channel are treated."""

from collections.abc import Mapping
from datetime import timedelta

from bot.config.load import Config
from bot.config.model import Route as RouteConfig
from bot.incidents.mentions import Mentions
from bot.incidents.route import Route
from bot.incidents.rules import Windows
from bot.incidents.storm_rules import StormRules
from bot.oncall.model import MentionRules, When, WorkingHours
from bot.triage.model import Severity
from bot.wiring.hours import working_hours
from bot.wiring.loads import loads_of
from bot.wiring.paging import page_rules_of
from bot.wiring.schedules import roster_of


def routes_of(config: Config) -> Mapping[str, Route]:
    """Return by channel id how its alerts are treated."""
    baton = config.baton
    return {
        channel: _route(config, watched.route, baton.routes[watched.route], config.language(channel).value)
        for channel, watched in baton.channels.items()
    }


def mentions_of(config: Config) -> Mentions:
    treated = (*routes_of(config).values(), *overrides_of(config).values())
    routes = {route.name: route for route in treated}
    return Mentions(routes, roster_of(config).duty)


def overrides_of(config: Config) -> Mapping[tuple[str, str], Route]:
    """Return by channel id and route name how alerts are treated that a team rule sends to that route."""
    baton = config.baton
    named = {rule.route for rule in config.sources.sources.values() if rule.route}
    return {
        (channel, name): _route(config, name, baton.routes[name], config.language(channel).value)
        for channel in baton.channels
        for name in named
    }


def _route(config: Config, name: str, route: RouteConfig, language: str) -> Route:
    return Route(
        name=name,
        schedule=route.schedule,
        language=language,
        windows=Windows(route.reopen_within, route.stale_after),
        mentions=_mention_rules(route),
        hours=_hours(config, route),
        card_channel=route.card.channel,
        airflow=route.airflow or next(iter(config.baton.airflow), ""),
        storm=_storm_rules(route),
        loads=loads_of(config),
        paging=page_rules_of(config, route),
    )


def storm_rules_of(config: Config) -> Mapping[str, StormRules | None]:
    """Return by route what a storm is there, None where each incident has a card however many come."""
    return {name: _storm_rules(route) for name, route in config.baton.routes.items()}


def _storm_rules(route: RouteConfig) -> StormRules | None:
    return StormRules(route.storm.threshold, route.storm.window, route.storm.quiet) if route.storm else None


def _mention_rules(route: RouteConfig) -> MentionRules:
    when = {each: When(route.mention.when(each).value) for each in Severity}
    patience = route.hold_at_most if route.hold_while_retrying else timedelta(0)
    return MentionRules(when, while_retrying=patience)


def _hours(config: Config, route: RouteConfig) -> WorkingHours:
    return working_hours(config, config.working_hours(route))
