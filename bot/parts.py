"""The real parts, chosen and joined: what one process knows, whom it asks, and what it does when it is told to."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from bot import outbox, timeline
from bot.access.book import Book
from bot.access.catalog import Access
from bot.access.front import Front
from bot.actor import Actor
from bot.clock import Clocks
from bot.config.load import Config
from bot.covers.answers import Answers
from bot.covers.service import Covers
from bot.delivery.readers import Readers
from bot.desk import Desk
from bot.first_shift.checks import Checks
from bot.first_shift.service import FirstShifts
from bot.handoff.front import Front as Handoffs
from bot.handoff.model import Scope
from bot.home.channels import Channels
from bot.identity import OwnIdentity
from bot.incidents import queries as incident_queries
from bot.incidents import storm_queries
from bot.incidents.intake import Intake
from bot.incidents.interpreter import Interpreter
from bot.incidents.mentions import Mentions
from bot.incidents.remedy import load_of
from bot.operations import queries as run_queries
from bot.operations.authority import Authority
from bot.operations.desk import Desk as Operations
from bot.operations.desk import Waits
from bot.operations.operation import Effect, Ports
from bot.operations.policy import Request as PolicyRequest
from bot.pages.pager import Sign
from bot.policy_watch import PolicyWatch
from bot.requests.desk import Desk as Requests
from bot.runbooks import Runbooks
from bot.silences.queries import Silences
from bot.store import Store, Tx
from bot.text import Text
from bot.vendors import Vendors
from bot.views.reader import Reader
from bot.wiring.hours import working_hours
from bot.wiring.loads import dag_facts_of, loads_of, providers_of, rerun_of
from bot.wiring.paging import destinations_of, pager_of, signature_of
from bot.wiring.people import EscalateTo, IsOnCall, identities_of
from bot.wiring.reports import handoff_desks_of, handoff_rules_of, scopes_of
from bot.wiring.requests import requests_of
from bot.wiring.routes import mentions_of, overrides_of, routes_of
from bot.wiring.schedules import channels_of, roster_of, rotas_of
from bot.wiring.team_rules import team_rules_of


class Parts:
    """Made when first asked for, from one configuration."""

    def __init__(self, config: Config, clocks: Clocks | None = None) -> None:
        self.config, self.clocks = config, clocks or Clocks()

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
            alerts=lambda: self.vendors.alerts,
            airflows=self.vendors.airflows,
            bigquery=self.vendors.bigquery,
            channels=tuple(dict.fromkeys((*self.config.baton.channels, *told))),
            datasets=tuple(self.config.datasets.datasets),
            fresh_for=self.config.baton.limits.facts_stale_after,
        )

    @cached_property
    def first_shifts(self) -> FirstShifts:
        return FirstShifts(self.covers, tuple(self._checks.all), self.runbooks.topics.__contains__)

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.covers)

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
    def sign(self) -> Sign:
        """As whom something is done at the on-call provider."""
        return signature_of(self.config.people)

    def _incident_card(self, tx: Any, incident_id: str) -> Any:
        card = incident_queries.card(tx, incident_id, self.runbooks.topics)
        load = load_of(card, self.ports.loads) if card else None
        return replace(card, load=load.name) if card and load else card
