"""The composition root: the only place that chooses real parts and joins them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette

import handlers
from bot import outbox, timeline
from bot.access.book import Book
from bot.access.catalog import Access
from bot.access.front import Front
from bot.access.keeper import Keeper
from bot.actor import Actor
from bot.audit.heads import Heads
from bot.clock import Clocks
from bot.config.load import Config
from bot.config.model import Transport
from bot.covers.answers import Answers
from bot.covers.keeper import Keeper as CoverKeeper
from bot.covers.service import Covers
from bot.delivery.cards import Cards
from bot.delivery.catalog import CardKind, Catalog, Pages
from bot.delivery.groups import Groups
from bot.delivery.homes import Homes
from bot.delivery.notes import Notes
from bot.delivery.pages import PageWords
from bot.delivery.place import Modes
from bot.delivery.readers import Readers
from bot.delivery.replies import Replies
from bot.delivery.topics import Topics
from bot.desk import Desk
from bot.first_shift.checks import Checks
from bot.first_shift.keeper import Keeper as CheckKeeper
from bot.first_shift.service import FirstShifts
from bot.handoff import digests
from bot.handoff.canvases import Canvases
from bot.handoff.digests import Digests
from bot.handoff.front import Front as Handoffs
from bot.handoff.keeper import Keeper as HandoffKeeper
from bot.handoff.line import Rota
from bot.handoff.model import Scope
from bot.handoff.pictures import Pictures
from bot.health import Health
from bot.home.channels import Channels
from bot.home.loader import Loader
from bot.identity import OwnIdentity
from bot.incidents import alerts_seen, asking, mornings, storm_queries
from bot.incidents import queries as incident_queries
from bot.incidents.alerts_seen import AlertsSeen
from bot.incidents.catch_up import CatchUp
from bot.incidents.foreign_alerts import ForeignAlerts
from bot.incidents.intake import Intake
from bot.incidents.interpreter import Interpreter
from bot.incidents.mentions import Mentions
from bot.incidents.remedy import load_of
from bot.incidents.storm_keeper import StormKeeper
from bot.incidents.watch import Watch
from bot.operations import queries as run_queries
from bot.operations.authority import Authority
from bot.operations.card import card as run_card
from bot.operations.desk import Desk as Operations
from bot.operations.desk import Waits
from bot.operations.executor import Executor
from bot.operations.operation import Effect, Ports
from bot.operations.policy import Request as PolicyRequest
from bot.operations.turn import Patience
from bot.operations.waiting import Waiting
from bot.outbox import Place
from bot.pages.alerts import Watcher
from bot.pages.doer import Doer
from bot.pages.pager import Pager, Sign
from bot.policy_watch import PolicyWatch
from bot.ports.paging import Ability
from bot.reconcile import Lane, Loop, Reconciler
from bot.requests import card as request_cards
from bot.requests import hearing, telling
from bot.requests import pages as request_pages_of
from bot.requests.ageing import Ageing as RequestsAgeing
from bot.requests.desk import Desk as Requests
from bot.runbooks import Runbooks
from bot.silences import queries as silence_queries
from bot.silences.queries import Silences
from bot.store import Store, Tx
from bot.store.tables import (
    access_lists,
    cards,
    covers,
    files,
    first_shifts,
    homes,
    notes,
    occurrences,
    page_deeds,
    paged_alerts,
    pages,
    replies,
    runs,
    storms,
    synced_groups,
    ticks,
    topics,
)
from bot.text import Text
from bot.ticks import Ticks
from bot.vendors import Vendors
from bot.views import access as access_view
from bot.views import cover as cover_view
from bot.views import digest as digest_view
from bot.views import first_shift as first_shift_view
from bot.views import handoff_card as handoff_view
from bot.views import incident as incident_view
from bot.views import morning as morning_view
from bot.views import operations as run_view
from bot.views import requests as request_view
from bot.views import silence as silence_view
from bot.views import storm as storm_view
from bot.views.reader import Reader
from bot.web import Express, Hook, bolt_app, web_app
from bot.wiring import (
    EscalateTo,
    IsOnCall,
    channels_of,
    dag_facts_of,
    digest_of,
    handoff_desks_of,
    handoff_rules_of,
    identities_of,
    loads_of,
    mentions_of,
    overrides_of,
    providers_of,
    requests_of,
    rerun_of,
    roster_of,
    rotas_of,
    routes_of,
    scopes_of,
    storm_rules_of,
    team_rules_of,
    watch_of,
    working_hours,
)
from bot.wiring_paging import alert_channels_of, destinations_of, pager_of, signature_of, webhooks_of

LANES = (Lane("slack", 6), Lane("airflow", 4), Lane("bigquery", 4), Lane("paging", 2), Lane("duties", 2))
HEARTBEAT_S = 1  # how soon a row is seen that another process wrote


class App:
    """Everything that one process runs, made when first asked for, from one configuration."""

    def __init__(self, config: Config, clocks: Clocks | None = None) -> None:
        self.config, self.clocks = config, clocks or Clocks()

    # What it knows and whom it asks

    @cached_property
    def store(self) -> Store:
        return Store(self.config.database_url)

    @cached_property
    def vendors(self) -> Vendors:
        return Vendors(self.config)

    @cached_property
    def identity(self) -> OwnIdentity:
        return OwnIdentity(self.vendors.slack)

    @cached_property
    def runbooks(self) -> Runbooks:
        return Runbooks.load(Path(self.config.baton.runbooks.directory))

    @cached_property
    def access(self) -> Access:
        named = self.config.baton.access.page
        return Access(self.config.datasets, page=destinations_of(self.config).get(named) if named else None)

    @cached_property
    def ports(self) -> Ports:
        google = {person.slack: person.google for person in self.config.people if person.google}
        fresh_for = self.config.baton.limits.facts_stale_after
        return Ports(
            self.vendors.airflows,
            rerun_of(self.config.baton.airflow),
            dag=dag_facts_of(self.config.baton.airflow),
            bigquery=self.vendors.bigquery,
            loads=loads_of(self.config),
            grants=Book(self.store, self.clocks, self.access, self.authority.why_none_of, google, fresh_for),
        )

    # What it does

    @cached_property
    def policy(self) -> PolicyWatch:
        return PolicyWatch(self.config, self.store, self.clocks)

    @cached_property
    def authority(self) -> Authority:
        is_on_call = IsOnCall(roster_of(self.config))
        return Authority(
            policy=self.policy.current,
            is_on_call=is_on_call,
            fresh_for=self.config.baton.limits.facts_stale_after,
            shadow=not self.config.is_live,
            on_call_now=is_on_call.now,
            identities=identities_of(self.config.people),
        )

    @cached_property
    def operations(self) -> Operations:
        limits = self.config.baton.limits
        waits = Waits(limits.approval_nudge_after, limits.approval_escalate_after, limits.approval_expires_after)
        escalate_to = EscalateTo(roster_of(self.config), routes_of(self.config))
        return Operations(self.authority, self.ports, waits=waits, escalate_to=escalate_to)

    @cached_property
    def front(self) -> Front:
        return Front(self.access, self.authority.why_none_of, self.clocks)

    @cached_property
    def covers(self) -> Covers:
        rotas = rotas_of(self.config, {each.name: each.provider.abilities for each in self.vendors.schedules})
        return Covers(roster_of(self.config), rotas, is_live=self.config.is_live)

    @cached_property
    def _checks(self) -> Checks:
        told = (schedule.channel for schedule in self.config.baton.schedules.values() if schedule.channel)
        return Checks(
            store=self.store,
            clock=self.clocks.business,
            slack=self.vendors.slack,
            covers=self.covers,
            authority=self.authority,
            doors={each.name: each.provider for each in self.vendors.schedules},
            airflows=self.vendors.airflows,
            bigquery=self.vendors.bigquery,
            channels=tuple(dict.fromkeys((*self.config.baton.channels, *told))),
            datasets=tuple(self.config.datasets.datasets),
            fresh_for=self.config.baton.limits.facts_stale_after,
        )

    @cached_property
    def first_shifts(self) -> FirstShifts:
        return FirstShifts(self.covers, tuple(self._checks.all), self.runbooks.topics.__contains__)

    def _first_shift_card(self, tx: Any, key: str) -> Any:
        return self.first_shifts.card(tx, key, self.clocks.business.now())

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.covers)

    @cached_property
    def _cover_keeper(self) -> CoverKeeper:
        doors = {each.name: each.provider for each in self.vendors.schedules}
        return CoverKeeper(self.store, self.clocks, self.covers.rotas, doors, is_live=self.config.is_live)

    @cached_property
    def reports(self) -> Mapping[str, Scope]:
        return scopes_of(self.config, frozenset(self.runbooks.topics))

    @cached_property
    def handoffs(self) -> Handoffs:
        return Handoffs(
            desks=handoff_desks_of(self.config),
            scopes=self.reports,
            rules=handoff_rules_of(self.config),
            why_none_of=self.authority.why_none_of,
            now=self.clocks.business.now,
        )

    @property
    def _handoff_keeper(self) -> HandoffKeeper:
        rota = Rota(roster_of(self.config))
        return HandoffKeeper(self.store, rota, tuple(self.handoffs.desks.values()), self.handoffs.rules)

    @property
    def _canvases(self) -> Canvases | None:
        if not self.config.is_live or not self.config.baton.handoff.canvas:
            return None
        return Canvases(self.store, self.handoffs, self.vendors.slack, self.identity.ask, self.readers.of_channel)

    @property
    def _digests(self) -> Digests | None:
        told = digest_of(self.config)
        return Digests(self.store, told, self.reports, self.readers.of_channel) if told else None

    @cached_property
    def requests(self) -> Requests:
        def authorise(tx: Tx, actor: Actor, deed: str) -> Text | None:
            asked = PolicyRequest(deed, Effect.KEEPS_RECORDS)
            return self.authority.why_not(tx, actor, asked, self.clocks.business.now())

        return requests_of(self.config, authorise, self.readers.of_person)

    @cached_property
    def mentions(self) -> Mentions:
        return mentions_of(self.config)

    @cached_property
    def interpreter(self) -> Interpreter:
        return Interpreter(team_rules_of(self.config))

    @cached_property
    def desk(self) -> Desk:
        roster = roster_of(self.config)
        return Desk(
            store=self.store,
            clocks=self.clocks,
            interpreter=self.interpreter,
            intake=Intake(routes_of(self.config), self.mentions, overrides_of(self.config), pager_of(self.config)),
            operations=self.operations,
            roster=roster,
            silences=Silences(working_hours(self.config)),
            runbooks=self.runbooks,
            runbook_url=self.config.baton.runbooks.base_url,
            reader_of=self.readers.of_person,
            card_of=self._incident_card,
            storm_of=storm_queries.card,
            bot_id=self.identity.bot_id,
            run_of=run_queries.load,
            history=timeline.history,
            thread_of=outbox.thread_of,
            access=self.front,
            covers=self.covers,
            requests=self.requests,
            home_channel=Channels(roster, channels_of(self.config), self.clocks.business),
            handoffs=self.handoffs,
            reports=self.reports,
            answers=self.answers,
            first_shifts=self.first_shifts,
            suggestions={**providers_of(self.config), **self.front.providers},
            hidden=frozenset({"airflow"} if len(self.vendors.airflows) == 1 else ()),
            language=self.config.baton.language.value,
        )

    @cached_property
    def readers(self) -> Readers:
        zone, language = self.config.zone, self.config.baton.language.value
        default = Reader(language, zone, self.clocks.business.now(), may_notify=self.config.is_live)
        return Readers(default, self.clocks, self.identity.workspace_url)

    @cached_property
    def homes(self) -> Homes:
        load = Loader(roster_of(self.config), self.operations, self.clocks.business, self.handoffs.desks)
        return Homes(self.store, self.vendors.slack, self.clocks, load, self.readers)

    @cached_property
    def catalog(self) -> Catalog:
        return {
            "incident": CardKind(self._incident_card, incident_view.render),
            "storm": CardKind(storm_queries.card, storm_view.render),
            "run": CardKind(self._run_card, run_view.run_card),
            "morning": CardKind(mornings.card, morning_view.render),
            "silence": CardKind(silence_queries.card, silence_view.render),
            "grant": CardKind(self.front.card, access_view.render),
            "request": CardKind(request_cards.card, request_view.render),
            "cover": CardKind(self.covers.card, cover_view.render),
            "first_shift": CardKind(self._first_shift_card, first_shift_view.render),
            "digest": CardKind(digests.load, digest_view.render),
            "handoff": CardKind(self.handoffs.card, handoff_view.render),
            "handoff-draft": CardKind(self.handoffs.card, handoff_view.render_draft),
        }

    @cached_property
    def pages(self) -> Pages:
        """Return the answers to one person that are made when they are shown."""
        return {
            "incidents": asking.turned,
            "oncall": self.answers.turned,
            "requests": request_pages_of.queue,
            hearing.ASKING: request_pages_of.asking,
            telling.QUESTION: request_pages_of.question,
        }

    def _run_card(self, tx: Any, run_id: str) -> Any:
        return run_card(tx, self.operations, run_id, self.clocks.business.now())

    def _incident_card(self, tx: Any, incident_id: str) -> Any:
        card = incident_queries.card(tx, incident_id, self.runbooks.topics)
        load = load_of(card, self.ports.loads) if card else None
        return replace(card, load=load.name) if card and load else card

    @cached_property
    def reconcilers(self) -> tuple[Reconciler, ...]:
        modes = Modes(None if self.config.is_live else self.config.baton.slack.review_channel)
        showing = Cards(self.store, self.vendors.slack, self.clocks, self.catalog, self.readers, modes)
        posting = Notes(self.store, self.vendors.slack, self.clocks, self.readers, modes)
        answering = Replies(self.store, self.vendors.slack, self.clocks, self.readers, self.pages)
        watching = Watch(self.store, self.vendors.airflows, self.clocks, self.mentions)
        testing = CheckKeeper(self.store, self.clocks, self._checks)
        keeping = StormKeeper(self.store, self.clocks, storm_rules_of(self.config))
        return (
            Reconciler("reply", replies, "slack", answering.step),
            Reconciler("home", homes, "slack", self.homes.step),
            Reconciler("note", notes, "slack", posting.note),
            Reconciler("card", cards, "slack", showing.step),
            Reconciler("file", files, "slack", posting.file),
            Reconciler("run", runs, "airflow", self.executor.step, lease=self.executor.patience.lease),
            Reconciler(
                "access",
                access_lists,
                "bigquery",
                Keeper(self.store, self.clocks, self.vendors.bigquery, self.access).step,
            ),
            Reconciler("page", pages, "paging", self._pager.step),
            Reconciler("cover", covers, "paging", self._cover_keeper.step),
            Reconciler("first_shift", first_shifts, "duties", testing.step),
            Reconciler("page_deed", page_deeds, "paging", self._doer.step),
            Reconciler("alert", paged_alerts, "paging", self._alert_watcher.step),
            Reconciler("occurrence", occurrences, "airflow", watching.step),
            Reconciler("group", synced_groups, "slack", self._groups.step),
            Reconciler("topic", topics, "slack", self._topics.step),
            Reconciler("storm", storms, "duties", keeping.step),
            Reconciler("tick", ticks, "duties", self.ticks.step),
        )

    @property
    def _groups(self) -> Groups:
        fresh_for, watch = self.config.baton.limits.facts_stale_after, watch_of(self.config)
        slack, editor = self.vendors.slack, self.vendors.slack_groups
        return Groups(self.store, slack, editor, self.clocks, watch, fresh_for, self.config.is_live)

    @property
    def _topics(self) -> Topics:
        watch = watch_of(self.config)
        return Topics(self.store, self.vendors.slack, self.clocks, self.readers, watch, self.config.is_live)

    @cached_property
    def sign(self) -> Sign:
        """As whom something is done at the on-call provider."""
        return signature_of(self.config.people)

    @cached_property
    def _pager(self) -> Pager:
        instead = EscalateTo(roster_of(self.config), routes_of(self.config)).of_schedule
        words = PageWords(self.readers)
        return Pager(
            self.store, self.clocks, self.vendors.alerts, words, instead, self.sign, is_live=self.config.is_live
        )

    @cached_property
    def _doer(self) -> Doer:
        live = self.config.is_live
        return Doer(self.store, self.clocks, self.vendors.alerts, self.sign, alerts_seen.done, is_live=live)

    @cached_property
    def _alert_watcher(self) -> Watcher:
        seen = AlertsSeen(roster_of(self.config).identities, self._foreign_alerts.open)
        return Watcher(self.store, self.clocks, self.vendors.alerts, seen)

    @cached_property
    def _foreign_alerts(self) -> ForeignAlerts:
        return ForeignAlerts(self.interpreter, self.desk.intake, alert_channels_of(self.config))

    @cached_property
    def executor(self) -> Executor:
        limits = self.config.baton.limits
        return Executor(
            store=self.store,
            clocks=self.clocks,
            ports=self.ports,
            authority=self.authority,
            patience=Patience(limits.plan_valid_for, limits.follow_for),
            revisions=self.runbooks.revisions,
        )

    @cached_property
    def ticks(self) -> Ticks:
        stale_after: dict[str, timedelta] = {name: r.stale_after for name, r in self.config.baton.routes.items()}
        airflows = tuple(self.vendors.airflows.values())
        channels = tuple(self.config.baton.channels)
        return Ticks(
            store=self.store,
            clocks=self.clocks,
            slack=self.vendors.slack,
            airflows=airflows,
            schedules=self.vendors.schedules,
            stale_after=stale_after,
            catch_up=self.catch_up,
            channels=channels,
            mentions=self.mentions,
            identity=self.identity.ask,
            export_head=self._heads.export,
            bigquery=tuple(self.vendors.bigquery.values()),
            access=self.access,
            waiting=Waiting(self.store, self.operations),
            watch=watch_of(self.config),
            handoffs=self._handoff_keeper,
            pictures=Pictures(self.store, self.handoffs, self.readers.of_channel),
            canvases=self._canvases,
            digests=self._digests,
            callers=frozenset(n for n, each in self.vendors.alerts.items() if Ability.RESPONDERS in each.abilities),
            requests=RequestsAgeing(self.store, self.requests),
        )

    @property
    def _heads(self) -> Heads:
        told = self.config.baton.audit
        place = Place(told.head_channel, language=self.config.baton.language.value) if told.head_channel else None
        return Heads(self.store, self.clocks.business, Path(told.head_file) if told.head_file else None, place)

    @cached_property
    def catch_up(self) -> CatchUp:
        reach = self.config.baton.limits.catch_up_for
        return CatchUp(
            self.store, self.vendors.slack, self.identity.ask, self.interpreter, self.desk.intake, self.clocks, reach
        )

    @cached_property
    def loop(self) -> Loop:
        return Loop(self.store, self.clocks, self.reconcilers, LANES)

    @cached_property
    def health(self) -> Health:
        return Health(self.store, self.clocks, self.loop, self.interpreter.faults, self.policy.report)

    # How it runs

    def start_reconciling(self) -> None:
        """Begin to act on what is due, in threads of this process."""
        self.ticks.prepare()
        self.policy.start()
        self.store.on_commit = self.loop.wake
        self.loop.start()
        self._heartbeat.start()

    def stop(self) -> None:
        """Let running steps end and close the store and the connections; what is due stays due."""
        self.policy.stop()
        if self._heartbeat.running:
            self._heartbeat.shutdown(wait=False)
            self.loop.stop()
        self.vendors.close()
        self.store.close()

    @cached_property
    def _heartbeat(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(timezone="UTC")
        scheduler.add_job(
            self.loop.wake, "interval", seconds=HEARTBEAT_S, misfire_grace_time=None, coalesce=True, max_instances=1
        )
        return scheduler

    @cached_property
    def bolt(self) -> AsyncApp:
        slack, secrets = self.config.baton.slack, self.config.secrets
        over_http = slack.transport is Transport.HTTP
        secret = secrets.slack_signing_secret
        app = bolt_app(
            token=self.vendors.bot_token,
            signing_secret=secret.get_secret_value() if secret and over_http else None,
            api_url=slack.api_url,
        )
        handlers.register(app, self.desk)
        return app

    def web(self) -> Starlette:
        """Return the ASGI application that takes Slack in."""
        return web_app(
            self.bolt,
            self.health.report,
            express=self._express(),
            hooks=self._hooks(),
            socket=self._socket(),
            on_stop=self.stop,
        )

    def _hooks(self) -> dict[str, Hook]:
        """Return the webhooks of the on-call providers that are configured, by path."""
        return {
            hook.path: handlers.ProviderHook(self.desk, provider, hook.header, hook.secret).take
            for provider, hook in webhooks_of(self.config).items()
        }

    def _express(self) -> Express | None:
        secret = self.config.secrets.slack_signing_secret
        return handlers.Express(self.desk, secret.get_secret_value()).take if secret else None

    def _socket(self) -> Any:
        from bot.socket import SocketMode  # noqa: PLC0415 - aiohttp is needed by Socket Mode alone

        token = self.config.secrets.slack_app_token
        if self.config.baton.slack.transport is not Transport.SOCKET or token is None:
            return None
        return SocketMode(self.bolt, token.get_secret_value(), self.config.baton.slack.api_url)
