"""What handlers may ask for: the services of the product, bound to one store and one clock."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.access.front import Front
from bot.actor import Actor
from bot.clock import Clocks
from bot.config.who import Who, WhoKind
from bot.covers.answers import Answers
from bot.covers.service import Covers
from bot.directory.suggestions import Provider
from bot.first_shift.service import FirstShifts
from bot.handoff.front import Front as Handoffs
from bot.handoff.model import Scope
from bot.incidents.card import IncidentCard
from bot.incidents.intake import Intake
from bot.incidents.interpreter import Interpreter
from bot.incidents.storm_card import StormCard
from bot.moment import Moment
from bot.oncall.queries import Roster
from bot.operations.desk import Desk as Operations
from bot.operations.model import Run
from bot.operations.operation import Effect
from bot.operations.policy import Request
from bot.outbox import Place
from bot.ref import Ref
from bot.requests.desk import Desk as Requests
from bot.requests.hearing import hear
from bot.runbooks import Runbooks
from bot.silences.queries import Silences
from bot.store import Store, Tx
from bot.text import Text
from bot.triage.envelope import read
from bot.triage.model import Own
from bot.views.reader import Reader

__all__ = ["Desk", "Tx"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """The one object that listeners hold. `write` and `read` cross from the event loop to the store, once each.

    `hidden` are the fields that no form asks for, such as which Airflow where there is only one.
    """

    store: Store
    clocks: Clocks
    interpreter: Interpreter
    intake: Intake
    operations: Operations
    roster: Roster
    silences: Silences
    runbooks: Runbooks
    runbook_url: str | None
    reader_of: Callable[[Tx, str, str], Reader]
    card_of: Callable[[Tx, str], IncidentCard | None]
    storm_of: Callable[[Tx, str], StormCard | None]
    bot_id: Callable[[], str]
    run_of: Callable[[Tx, str], Run | None]
    history: Callable[[Tx, Ref], list[Moment]]
    thread_of: Callable[[Tx, Ref], Place | None]
    access: Front
    covers: Covers
    handoffs: Handoffs
    reports: Mapping[str, Scope]
    answers: Answers
    first_shifts: FirstShifts
    requests: Requests
    suggestions: Mapping[str, Provider]
    home_channel: Callable[[Tx, Actor], str]
    hidden: frozenset[str] = frozenset()
    language: str = "en"

    async def write(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` in the writer's next commit and return after that commit."""
        return await self.store.write_soon(fn)

    async def read(self, fn: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self.store.read, fn)

    def now(self) -> datetime:
        return self.clocks.business.now()

    def watches(self, channel: object) -> bool:
        return channel in self.intake.routes

    def hears(self, channel: str, event: Mapping[str, Any]) -> bool:
        """Return whether a message may ask for something, or answer: in a channel for that, or in a person's thread."""
        is_said_below = bool(event.get("thread_ts")) and bool(event.get("user")) and not event.get("bot_id")
        return channel in self.requests.channels or is_said_below

    async def hear(self, body: Mapping[str, Any]) -> None:
        """Have a message understood as colleagues mean it: what it asks for, or answers."""
        now = self.now()
        message, own = read(body["event"], team=str(body.get("team_id") or ""), received_at=now), self.own(body)
        if message.bot_id != own.bot_id or not own.bot_id:
            await self.write(lambda tx: hear(tx, self.requests, message, own.user, now))

    async def receive(self, body: Mapping[str, Any]) -> None:
        """Have a message event understood and on disk. `body` is Slack's whole event payload."""
        event, now = body["event"], self.now()
        team = str(body.get("team_id") or "")
        message, alert = self.interpreter.understand(event, self.own(body), team=team, received_at=now)
        event_id = str(body.get("event_id") or f"{message.channel}:{message.ts}")
        await self.write(lambda tx: self.intake.receive(tx, event_id, message, alert, now))

    def own(self, body: Mapping[str, Any]) -> Own:
        """Return Baton's own ids, which Slack names in each event; the bot id is known after the first look."""
        authorizations = body.get("authorizations") or [{}]
        user = str(authorizations[0].get("user_id") or "") if isinstance(authorizations[0], dict) else ""
        return Own(bot_id=self.bot_id(), user=user, app_id=str(body.get("api_app_id") or ""))

    def authorise(self, tx: Tx, actor: Actor, operation: str) -> Text | None:
        """Return why this actor may not do this to Baton's own records, or None where they may."""
        request = Request(operation, Effect.KEEPS_RECORDS)
        return self.operations.authority.why_not(tx, actor, request, self.now())

    def why_no_member(self, tx: Tx, actor: Actor) -> Text | None:
        """Return why this actor may not read what members may, or None where they may."""
        return self.operations.authority.why_none_of(tx, actor, (Who(WhoKind.MEMBER),), self.now())

    def place_for(self, channel: str) -> Place:
        """Return where a run that was asked for in a channel is shown."""
        route = self.intake.routes.get(channel)
        return Place(channel, language=route.language if route else self.language)
