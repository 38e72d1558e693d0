"""What one process does by itself: rows that are due, things that are shown, and duties by the clock."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from bot import addressed
from bot.access.keeper import Keeper
from bot.audit.heads import Heads
from bot.covers.keeper import Keeper as CoverKeeper
from bot.delivery.cards import Cards
from bot.delivery.catalog import CardKind, Catalog, Pages
from bot.delivery.groups import Groups
from bot.delivery.homes import Homes
from bot.delivery.notes import Notes
from bot.delivery.pages import PageWords
from bot.delivery.place import Modes
from bot.delivery.replies import Replies
from bot.delivery.topics import Topics
from bot.first_shift.keeper import Keeper as CheckKeeper
from bot.handoff import digests
from bot.handoff.canvases import Canvases
from bot.handoff.digests import Digests
from bot.handoff.keeper import Keeper as HandoffKeeper
from bot.handoff.line import Rota
from bot.handoff.pictures import Pictures
from bot.health import Health
from bot.home.loader import Loader
from bot.incidents import alerts_seen, asking, mornings, storm_queries
from bot.incidents.alerts_seen import AlertsSeen
from bot.incidents.catch_up import CatchUp
from bot.incidents.foreign_alerts import ForeignAlerts
from bot.incidents.storm_keeper import StormKeeper
from bot.incidents.watch import Watch
from bot.operations.card import card as run_card
from bot.operations.executor import Executor
from bot.operations.turn import Patience
from bot.operations.waiting import Waiting
from bot.outbox import Place
from bot.pages.alerts import Watcher
from bot.pages.doer import Doer
from bot.pages.pager import Pager
from bot.parts import Parts
from bot.ports.paging import Ability
from bot.reconcile import Lane, Loop, Reconciler
from bot.requests import card as request_cards
from bot.requests import hearing, telling
from bot.requests import pages as request_pages_of
from bot.requests.ageing import Ageing as RequestsAgeing
from bot.requests.catch_up import CatchUp as RequestsCatchUp
from bot.silences import queries as silence_queries
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
from bot.ticks import Ticks
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
from bot.wiring.paging import alert_channels_of
from bot.wiring.people import EscalateTo
from bot.wiring.reports import digest_of
from bot.wiring.routes import routes_of, storm_rules_of
from bot.wiring.schedules import roster_of, watch_of

LANES = (Lane("slack", 6), Lane("airflow", 4), Lane("bigquery", 4), Lane("paging", 2), Lane("duties", 2))


class Duties(Parts):
    """The reconcilers and all that they need."""

    def _first_shift_card(self, tx: Any, key: str) -> Any:
        return self.first_shifts.card(tx, key, self.clocks.business.now())

    @cached_property
    def _cover_keeper(self) -> CoverKeeper:
        doors = {each.name: each.provider for each in self.vendors.schedules}
        return CoverKeeper(self.store, self.clocks, self.covers.rotas, doors, is_live=self.config.is_live)

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
            addressed.FORM: addressed.form_offered,
            "incidents": asking.turned,
            "oncall": self.answers.turned,
            "requests": request_pages_of.queue,
            hearing.ASKING: request_pages_of.asking,
            telling.QUESTION: request_pages_of.question,
        }

    def _run_card(self, tx: Any, run_id: str) -> Any:
        return run_card(tx, self.operations, run_id, self.clocks.business.now())

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
            hearing=self.requests_catch_up,
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
    def requests_catch_up(self) -> RequestsCatchUp:
        reach = self.config.baton.limits.catch_up_for
        return RequestsCatchUp(self.store, self.vendors.slack, self.identity.ask, self.requests, self.clocks, reach)

    @cached_property
    def loop(self) -> Loop:
        return Loop(self.store, self.clocks, self.reconcilers, LANES)

    @cached_property
    def health(self) -> Health:
        return Health(self.store, self.clocks, self.loop, self.interpreter.faults, self.policy.report)
