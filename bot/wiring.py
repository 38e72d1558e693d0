"""The configuration into the domain's own values, so that no domain module knows how a file is written."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

from bot.adapters.airflow import Credentials
from bot.adapters.calendar import Calendar
from bot.adapters.jsm import Account as JsmAccount
from bot.adapters.static_schedule import Override, Rotation
from bot.config.hours import Weekday
from bot.config.hours import WorkingHours as WorkingHoursConfig
from bot.config.load import Config
from bot.config.loads import Load as LoadConfig
from bot.config.model import AirflowAuth, AirflowServer, DagRule, Rerun
from bot.config.model import Route as RouteConfig
from bot.config.people import Person
from bot.config.schedules import CalendarSchedule, HostedSchedule, StaticSchedule
from bot.config.secrets import AirflowLogin
from bot.config.sources import Rule as RuleConfig
from bot.config.sources import Status
from bot.covers.model import Rota
from bot.days_off import DaysOff
from bot.directory.suggestions import PROVIDERS, Provider, named
from bot.handoff.digest import Told as DigestTold
from bot.handoff.life import Desk as HandoffDesk
from bot.handoff.life import Rules as HandoffRules
from bot.handoff.model import Scope
from bot.home.rules import is_on_call
from bot.incidents.mentions import Mentions
from bot.incidents.route import Route
from bot.incidents.rules import Windows
from bot.incidents.storm_rules import StormRules
from bot.loads import Evidence, Load, Loads
from bot.oncall.model import Covered, Identity, MentionRules, When, WorkingHours
from bot.oncall.queries import Roster
from bot.oncall.telling import Telling, UserGroup, Watch
from bot.operations.authority import Authorise, mail_identity
from bot.operations.facts import Answer
from bot.operations.operation import DagFacts
from bot.outbox import Place
from bot.ports.paging import Ability
from bot.requests.desk import Desk as RequestsDesk
from bot.requests.desk import Watched
from bot.requests.names import vocabulary_of
from bot.requests.rules import Promise
from bot.store import Tx
from bot.text import text
from bot.triage.identity import normal
from bot.triage.model import Kind, Severity
from bot.triage.patterns import pattern, template
from bot.triage.team import Match, Rule, TeamRules
from bot.views.reader import Reader
from bot.wiring_paging import page_rules_of

W = TypeVar("W", Severity, Status)
T = TypeVar("T", Severity, Kind)


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


def team_rules_of(config: Config) -> TeamRules:
    return TeamRules(tuple(_rule(name, rule) for name, rule in config.sources.sources.items()))


def _rule(name: str, rule: RuleConfig) -> Rule:
    says = {"aspect": rule.aspect, "title": rule.title, "error": rule.error, "owner": rule.owner}
    return Rule(
        name=name,
        match=Match(
            senders=tuple(normal(part) for part in rule.match.sender),
            bots=frozenset(rule.match.bot),
            channels=frozenset(rule.match.channel),
            patterns=tuple(pattern(written) for written in rule.match.text),
        ),
        ignore=rule.ignore,
        source=rule.source or "",
        resource={key: template(value) for key, value in rule.resource.items()} if rule.resource else None,
        says={key: template(value) for key, value in says.items() if value},
        severity=_words(rule.severity, lambda level: level),
        status=_words(rule.status, _KINDS.__getitem__),
        topic=rule.topic or "",
        route=rule.route or "",
    )


_KINDS = {Status.FIRING: Kind.ALERT, Status.RESOLVED: Kind.RESOLVED, Status.NOISE: Kind.NOISE}


def _words(written: W | Mapping[str, W] | None, meaning: Callable[[W], T]) -> T | Mapping[str, T] | None:
    """Return what words mean, the words as words are compared."""
    if isinstance(written, Mapping):
        return {normal(word): meaning(each) for word, each in written.items()}
    return None if written is None else meaning(written)


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


def loads_of(config: Config) -> Loads:
    return Loads({name: _load(name, each, config) for name, each in config.loads.loads.items()})


def _load(name: str, load: LoadConfig, config: Config) -> Load:
    seen = load.verify
    return Load(
        name=name,
        airflow=load.airflow,
        dag_id=load.dag,
        owner=load.owner,
        tasks=frozenset(load.tasks),
        depends_on=load.depends_on,
        dates=load.dates(config.zone),
        contact=load.contact,
        rerun=load.rerun or rerun_of(config.baton.airflow)(load.airflow, load.dag),
        when_missing=load.when_missing,
        lag=load.lag or timedelta(0),
        at_most=load.at_most,
        evidence=Evidence(seen.table, seen.column, seen.loaded_at) if seen else None,
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


def working_hours(config: Config, hours: WorkingHoursConfig | None = None) -> WorkingHours:
    """Return these working hours, or those of the install, in its zone."""
    hours, order = hours or config.baton.working_hours, list(Weekday)
    return WorkingHours(
        zone=config.zone,
        start=hours.from_,
        end=hours.to,
        days=frozenset(order.index(day) for day in hours.days),
        off=DaysOff(hours.holidays or "", frozenset(hours.days_off)),
    )


def roster_of(config: Config) -> Roster:
    fallbacks = {name: schedule.fallback for name, schedule in config.baton.schedules.items()}
    known = (person for person in config.people if person.provider_ids)
    identities = tuple(Identity(person.slack, person.provider_ids) for person in known)
    return Roster(fallbacks, identities)


def requests_of(config: Config, authorise: Authorise, reader_of: Callable[[Tx, str, str], Reader]) -> RequestsDesk:
    """Return how requests are treated; without a channel for them they are the first schedule's, and shown in its."""
    asked, first = config.baton.requests, next(iter(config.baton.schedules))
    hours = working_hours(config, asked.working_hours)
    return RequestsDesk(
        channels={
            channel: Watched(each.schedule, config.language(channel).value, each.recognise.value, frozenset(each.forms))
            for channel, each in asked.channels.items()
        },
        elsewhere=Watched(first, config.baton.language.value),
        hours=replace(hours, zone=asked.zone) if asked.zone else hours,
        duty=roster_of(config).duty_or_first,
        authorise=authorise,
        reader_of=reader_of,
        vocabulary=vocabulary_of(loads_of(config), tuple(config.datasets.datasets), IsOnCall(roster_of(config)).now),
        home=asked.home or config.baton.schedules[first].channel,
        promises={kind: Promise(each.answer, each.done) for kind, each in asked.promises.items()},
        nudge_before=asked.nudge_before,
        is_live=config.is_live,
    )


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


def providers_of(config: Config) -> Mapping[str, Provider]:
    """Return what menus suggest: what the directory knows, and what the configuration names."""
    return {**PROVIDERS, "loads": named(config.loads.loads)}


def calendars_of(config: Config) -> Mapping[str, Calendar]:
    """Return the calendars that are schedules."""
    return {
        name: Calendar(schedule.zone or config.zone, schedule.url, Path(schedule.file) if schedule.file else None)
        for name, schedule in config.baton.schedules.items()
        if isinstance(schedule, CalendarSchedule)
    }


class IsOnCall:
    """Whether somebody is on call on any schedule now: yes, no, or not known."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def __call__(self, tx: Tx, user: str, now: datetime) -> Answer:
        return is_on_call(self._roster.duties(tx, now), user)

    def now(self, tx: Tx, now: datetime) -> tuple[str, ...]:
        """Return the Slack users who certainly are on call, first responders first."""
        covering = (duty.now for duty in self._roster.duties(tx, now))
        engineers = (each for who in covering if isinstance(who, Covered) for each in who.engineers)
        return tuple(dict.fromkeys(each.user for each in engineers if each.user))


class EscalateTo:
    """Whom to call where nobody decides: who is on call for a channel's schedule, and its fallback."""

    def __init__(self, roster: Roster, routes: Mapping[str, Route]) -> None:
        self._roster, self._routes = roster, routes

    def __call__(self, tx: Tx, channel: str, now: datetime) -> tuple[str, ...]:
        route = self._routes.get(channel)
        names = (route.schedule,) if route else tuple(self._roster.fallbacks)
        return tuple(dict.fromkeys(user for name in names for user in self._of(tx, name, now)))

    def of_schedule(self, tx: Tx, schedule: str, now: datetime) -> tuple[str, ...]:
        """Return whom to call for a schedule; for one that is no longer configured, those of all."""
        names = (schedule,) if schedule in self._roster.fallbacks else tuple(self._roster.fallbacks)
        return tuple(dict.fromkeys(user for name in names for user in self._of(tx, name, now)))

    def _of(self, tx: Tx, schedule: str, now: datetime) -> tuple[str, ...]:
        duty = self._roster.duty(tx, schedule, now)
        engineers = duty.now.engineers if isinstance(duty.now, Covered) else ()
        return (*(each.user for each in engineers if each.user), duty.fallback)


def channels_of(config: Config) -> Mapping[str, str]:
    """Return by schedule where those on it work: where its shifts are told, else the first channel that calls it."""
    watched = ((config.baton.routes[each.route].schedule, channel) for channel, each in config.baton.channels.items())
    called = dict(reversed(list(watched)))
    named = ((name, schedule.channel or called.get(name)) for name, schedule in config.baton.schedules.items())
    return {name: channel for name, channel in named if channel}


def identities_of(people: tuple[Person, ...]) -> Mapping[str, frozenset[str]]:
    """Return what people.yaml knows of accounts and terminals: one entry is one person, and so is one mailbox."""
    found: dict[str, frozenset[str]] = {}
    for number, person in enumerate(people):
        mails = {mail_identity(mail) for mail in (person.google, person.opsgenie) if mail and "@" in mail}
        identity = frozenset({f"entry:{number}", *mails})
        accounts = (*(f"user:{user}" for user in person.accounts), *(f"cli:{each}" for each in person.cli))
        found |= dict.fromkeys(accounts, identity)
    return found


def dag_facts_of(airflow: Mapping[str, AirflowServer]) -> Callable[[str, str], DagFacts]:
    """Return who tells what the configuration says of a DAG."""

    def facts(name: str, dag_id: str) -> DagFacts:
        rule = dag_rule(airflow, name, dag_id)
        return DagFacts(rule.owners, frozenset(rule.tags))

    return facts


def jsm_account(config: Config) -> JsmAccount:
    """Return as whom Baton calls Jira Service Management."""
    told, token = config.baton.jsm, config.secrets.jsm_api_token
    assert told is not None, "the configuration asks for the site of a schedule there"
    assert token is not None, "the configuration asks for the token of a schedule there"
    return JsmAccount(told.site, told.email, token.get_secret_value(), told.cloud_id, told.url)


def airflow_credentials(server: AirflowServer, login: AirflowLogin) -> Credentials:
    """Return how Baton proves who it is to this Airflow: Google's word where the file says so, else the secrets."""
    if server.auth is AirflowAuth.GOOGLE:
        return Credentials(google=True, audience=server.audience)
    password, token = (secret.get_secret_value() if secret else None for secret in (login.password, login.token))
    return Credentials(login.username, password, token)


def rerun_of(airflow: Mapping[str, AirflowServer]) -> Callable[[str, str], Rerun]:
    """Return who tells whether the tasks of a DAG may simply run again: the first pattern that fits decides."""

    def rerun(name: str, dag_id: str) -> Rerun:
        return dag_rule(airflow, name, dag_id).rerun

    return rerun


def dag_rule(airflow: Mapping[str, AirflowServer], name: str, dag_id: str) -> DagRule:
    """Return what the configuration says of a DAG: the first pattern that fits, or nothing."""
    rules = airflow[name].dags if name in airflow else {}
    return next((rule for pattern, rule in rules.items() if fnmatchcase(dag_id, pattern)), DagRule())


def scopes_of(config: Config, topics_with_a_page: frozenset[str]) -> Mapping[str, Scope]:
    """Return by schedule what its reports are about."""
    treated = {route.name: route for route in (*routes_of(config).values(), *overrides_of(config).values())}
    return {
        name: Scope(
            name,
            frozenset(route.name for route in treated.values() if route.schedule == name),
            working_hours(config),
            topics_with_a_page,
            frozenset(route.airflow for route in treated.values() if route.schedule == name and route.airflow),
        )
        for name in config.baton.schedules
    }


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
