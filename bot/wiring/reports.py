"""Handoffs and digests: what they are about, where and when they are told."""

from collections.abc import Mapping

from bot.config.hours import Weekday
from bot.config.load import Config
from bot.config.requests import Recognise
from bot.handoff.digest import Told as DigestTold
from bot.handoff.life import Desk as HandoffDesk
from bot.handoff.life import Rules as HandoffRules
from bot.handoff.model import Scope
from bot.wiring.hours import working_hours
from bot.wiring.routes import overrides_of, routes_of


def scopes_of(config: Config, topics_with_a_page: frozenset[str]) -> Mapping[str, Scope]:
    """Return by schedule what its reports are about."""
    heard = [*routes_of(config).items(), *((at, route) for (at, _), route in overrides_of(config).items())]
    treated = {route.name: route for _, route in heard}
    return {
        name: Scope(
            name,
            frozenset(route.name for route in treated.values() if route.schedule == name),
            working_hours(config),
            topics_with_a_page,
            frozenset(route.airflow for route in treated.values() if route.schedule == name and route.airflow),
            frozenset(channel for channel, route in heard if route.schedule == name),
            _asked(config, name),
        )
        for name in config.baton.schedules
    }


def _asked(config: Config, schedule: str) -> frozenset[str]:
    """Return the schedule's channels in which messages become requests, by their words or as forms."""
    asked = config.baton.requests.channels.items()
    return frozenset(
        channel
        for channel, each in asked
        if each.schedule == schedule and (each.forms or each.recognise is not Recognise.OFF)
    )


def handoff_desks_of(config: Config) -> Mapping[str, HandoffDesk]:
    """Return by schedule where its handoffs are posted; without a channel there are none."""
    return {
        name: HandoffDesk(name, each.channel, config.language(each.channel).value, each.fallback)
        for name, each in config.baton.schedules.items()
        if each.channel
    }


def handoff_rules_of(config: Config) -> HandoffRules:
    told = config.baton.handoff
    return HandoffRules(told.draft_before, told.grace, told.covers_under, told.remind_after, told.canvas)


def digest_of(config: Config) -> DigestTold | None:
    """Return when and where the digest is told."""
    told = config.baton.digest
    if told is None:
        return None
    language = config.language(told.to).value
    return DigestTold(told.to, list(Weekday).index(told.day), told.at, told.zone or config.zone, language)
