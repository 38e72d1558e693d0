"""The schedules of `baton.yaml`, each with the provider that knows who is on call, and the providers' own sections."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from bot.config.kinds import (
    Duration,
    Email,
    Several,
    SlackChannel,
    SlackResponder,
    SlackUser,
    Slug,
    TimeOfDay,
    Url,
    Zone,
    wrong,
)
from bot.config.paging import Webhook
from bot.config.strict import Strict

PAGING = frozenset({"opsgenie", "jsm"})
"""The providers that have alerts."""


class Told(Strict):
    """Whom every schedule falls back on, and what Baton says of its shifts to whom."""

    fallback: SlackResponder
    """Who is mentioned when nobody is on call, and beside the last known person when the provider does not answer."""
    channel: SlackChannel | None = None
    """Where changes of shift and the handoff are told. Without it nothing is posted about them."""
    topic: bool = False
    """Keep who is on call in a marked part of that channel's topic; what people wrote beside it stays."""
    remind_before: Several[Duration] = (timedelta(days=1),)
    """How long before a shift its people are reminded of it; `[]`: never."""

    @model_validator(mode="after")
    def _topic_of_what(self) -> Self:
        if self.topic and self.channel is None:
            raise wrong("config.topic_without_channel")
        return self


class HostedSchedule(Told):
    """A schedule of a provider that Baton asks: by its id, or by its name."""

    provider: Literal["opsgenie", "jsm"]
    id: str | None = None
    name: str | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.id is None) == (self.name is None):
            raise wrong("config.id_or_name")
        return self

    @property
    def key(self) -> str:
        return self.id or self.name or ""


class StaticOverride(Strict):
    from_: datetime = Field(alias="from")
    to: datetime
    who: SlackUser

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if (self.from_.tzinfo is None) != (self.to.tzinfo is None) or self.from_ >= self.to:
            raise wrong("config.override_backwards")
        return self


class StaticSchedule(Told):
    """A rotation without any provider: the participants in turn, from `starts_on` at `handover`."""

    provider: Literal["static"]
    participants: Annotated[tuple[SlackUser, ...], Field(min_length=1)]
    starts_on: date
    handover: TimeOfDay = time(10)
    every_days: Annotated[StrictInt, Field(ge=1, le=366)] = 7
    zone: Zone | None = None
    """Where the handover time is meant; the default zone if absent. Override times without an offset mean it too."""
    overrides: tuple[StaticOverride, ...] = ()


class CalendarSchedule(Told):
    """A calendar (iCal) whose events are shifts: of their attendees, else of whom their title names."""

    provider: Literal["ical"]
    url: Url | None = None
    """Whoever knows the secret address of a calendar can read it: write `${NAME}` and set NAME in the environment."""
    file: str | None = None
    """Relative to the working directory of the process."""
    zone: Zone | None = None
    """Where events without a zone and all-day events are meant; the default zone if absent."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.url is None) == (self.file is None):
            raise wrong("config.url_or_file")
        return self


Schedule = Annotated[HostedSchedule | StaticSchedule | CalendarSchedule, Field(discriminator="provider")]


class Group(Strict):
    """A user group of Slack in which Baton keeps whoever is on call."""

    schedules: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Everybody who is on call for one of these is in it."""
    permanent: tuple[SlackUser, ...] = ()
    """Who is in it besides, whoever is on call."""
    dry_run: bool = False
    """Only say what would change."""


class Opsgenie(Strict):
    url: Url = "https://api.opsgenie.com"
    """`https://api.eu.opsgenie.com` for accounts in the EU."""
    webhook: Webhook | None = None
    """Its outgoing webhook, so that Baton hears at once of what happens; secret: BATON_OPSGENIE_WEBHOOK_SECRET."""


class Jsm(Strict):
    """Jira Service Management: whose eyes Baton sees it with. The API token is BATON_JSM_API_TOKEN."""

    site: Url
    """Like `https://example.atlassian.net`."""
    email: Email
    """A person with a licence, in the teams of the schedules; service accounts cannot call the Operations API."""
    cloud_id: str | None = None
    """Asked at the site if absent."""
    url: Url = "https://api.atlassian.com"
    webhook: Webhook | None = None
    """Its outgoing webhook; the secret: BATON_JSM_WEBHOOK_SECRET."""
