"""Schedules: who answers for them, where their shifts are told, which groups follow them."""

from collections.abc import Collection, Mapping
from pathlib import Path

from bot.adapters.calendar import Calendar
from bot.adapters.static_schedule import Override, Rotation
from bot.config.load import Config
from bot.config.schedules import CalendarSchedule, HostedSchedule, StaticSchedule
from bot.covers.model import Rota
from bot.oncall.model import Identity
from bot.oncall.queries import Roster
from bot.oncall.telling import Telling, UserGroup, Watch
from bot.outbox import Place
from bot.ports.paging import Ability
from bot.text import text


def roster_of(config: Config) -> Roster:
    fallbacks = {name: schedule.fallback for name, schedule in config.baton.schedules.items()}
    known = (person for person in config.people if person.provider_ids)
    identities = tuple(Identity(person.slack, person.provider_ids) for person in known)
    return Roster(fallbacks, identities)


def rotas_of(config: Config, abilities: Mapping[str, Collection[Ability]]) -> Mapping[str, Rota]:
    """Return by name what a cover needs to know of each schedule; `abilities` are those of its provider."""
    return {
        name: Rota(
            name=name,
            key=schedule.key if isinstance(schedule, HostedSchedule) else name,
            provider=schedule.provider,
            channel=schedule.channel,
            accounts=_accounts(config, schedule.provider),
            by_hand=None if Ability.COVER in abilities[name] else text(f"cover.by_hand.{schedule.provider}"),
        )
        for name, schedule in config.baton.schedules.items()
    }


def _accounts(config: Config, provider: str) -> Mapping[str, str]:
    """Return how people.yaml says that a provider names Slack users."""
    named = [(person, {"opsgenie": person.opsgenie, "jsm": person.jsm}.get(provider)) for person in config.people]
    return {user: name for person, name in named if name for user in person.accounts}


def watch_of(config: Config) -> Watch:
    """Return what is told about shifts and which user groups follow them."""
    tellings = {
        name: Telling(
            Place(each.channel, language=config.language(each.channel).value) if each.channel else None,
            topic=each.topic,
            remind_before=each.remind_before,
        )
        for name, each in config.baton.schedules.items()
    }
    groups = tuple(
        UserGroup(group, each.schedules, each.permanent, each.dry_run) for group, each in config.baton.groups.items()
    )
    return Watch(roster_of(config), tellings, groups)


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


def calendars_of(config: Config) -> Mapping[str, Calendar]:
    """Return the calendars that are schedules."""
    return {
        name: Calendar(schedule.zone or config.zone, schedule.url, Path(schedule.file) if schedule.file else None)
        for name, schedule in config.baton.schedules.items()
        if isinstance(schedule, CalendarSchedule)
    }


def channels_of(config: Config) -> Mapping[str, str]:
    """Return by schedule where those on it work: where its shifts are told, else the first channel that calls it."""
    watched = ((config.baton.routes[each.route].schedule, channel) for channel, each in config.baton.channels.items())
    called = dict(reversed(list(watched)))
    named = ((name, schedule.channel or called.get(name)) for name, schedule in config.baton.schedules.items())
    return {name: channel for name, channel in named if channel}
