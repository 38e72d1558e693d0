"""The section `requests` of `baton.yaml`: where colleagues ask, and what they are promised."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from bot.config.hours import WorkingHours
from bot.config.kinds import Duration, SlackBot, SlackChannel, Slug, Zone, wrong
from bot.config.strict import Strict
from bot.requests.kind import Kind


class Recognise(StrEnum):
    """What Baton does with plain messages that look like a request."""

    OFF = "off"
    ASK = "ask"
    OPEN = "open"


class Promise(Strict):
    """How soon somebody answers, and how soon it is done, in working time."""

    answer: Duration = timedelta(hours=1)
    done: Duration = timedelta(hours=8)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not timedelta(0) < self.answer <= self.done:
            raise wrong("config.promise_backwards")
        return self


class RequestChannel(Strict):
    """A channel in which colleagues ask."""

    schedule: Slug
    """Whose turn it is to answer here."""
    recognise: Recognise = Recognise.ASK
    """`open`: what surely is a request becomes one, and Baton asks about the rest. `ask`: it always asks the author
    first. `off`: only commands, forms and the message shortcut make requests."""
    forms: tuple[SlackBot, ...] = ()
    """The bots whose posts here are request forms of Workflow Builder; no others are believed."""


class Requests(Strict):
    channels: Mapping[SlackChannel, RequestChannel] = {}
    channel: SlackChannel | None = None
    """Where requests are shown that were asked in no such channel; if absent the first of `channels`, or that of the
    first schedule."""
    promises: Mapping[Kind, Promise] = {}
    """By kind: rerun, access, question, incident, other. An hour and eight hours of working time where absent."""
    working_hours: WorkingHours | None = None
    """When the time of a promise passes; those of the install if absent."""
    zone: Zone | None = None
    """The zone of these hours; that of the install if absent."""
    nudge_before: Duration = timedelta(minutes=30)
    """So much working time before a promise breaks, who has the request is reminded."""
    unanswered_after: Duration = timedelta(hours=40)
    """For so much working time a requester's answer is awaited, who is asked again after half of it; then the promise
    counts again."""

    def promise(self, kind: Kind) -> Promise:
        return self.promises.get(kind, Promise())

    @property
    def home(self) -> str | None:
        return self.channel or next(iter(self.channels), None)
