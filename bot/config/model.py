"""`baton.yaml`: channels, routes, schedules and the systems that Baton talks to. Frozen; unknown keys are errors."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, StrictInt, model_validator

from bot.config.handoff import Digest, Handoff
from bot.config.hours import WorkingHours
from bot.config.kinds import (
    Card,
    CardPlace,
    DatabaseUrl,
    Duration,
    GoogleProject,
    OrOff,
    SlackChannel,
    SlackGroup,
    Slug,
    Url,
    Zone,
    wrong,
)
from bot.config.paging import Paging
from bot.config.requests import Requests
from bot.config.schedules import Group, Jsm, Opsgenie, Schedule
from bot.config.strict import Strict
from bot.config.who import WrittenOwner
from bot.triage.model import Severity


class Mode(StrEnum):
    SHADOW = "shadow"
    LIVE = "live"


class Language(StrEnum):
    ENGLISH = "en"
    KOREAN = "ko"


class Transport(StrEnum):
    HTTP = "http"
    SOCKET = "socket"


class When(StrEnum):
    ALWAYS = "always"
    WORKING_HOURS = "working_hours"
    SUMMARY = "summary"
    NEVER = "never"


class Rerun(StrEnum):
    """Whether a task may simply run again: appending to a table twice may not."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    UNKNOWN = "unknown"


class Slack(Strict):
    transport: Transport = Transport.HTTP
    """`http`: Slack calls Baton's URL. `socket`: Baton calls Slack, for installs behind a firewall."""
    review_channel: SlackChannel | None = None
    """The one channel that Baton posts to in shadow mode."""
    api_url: Url = "https://slack.com/api/"


class Database(Strict):
    url: DatabaseUrl = "sqlite:///.baton/baton.sqlite3"
    """SQLite for one process, `postgresql://` for several. With a password, set BATON_DATABASE_URL instead."""


class Channel(Strict):
    route: str
    language: Language | None = None
    """The language of cards in this channel, where it is not the default one."""


class MentionRule(Strict):
    """When the person on call is mentioned as an incident opens, by severity.

    `working_hours`: outside them it waits for the morning summary. `summary`: it always does.
    """

    critical: When = When.ALWAYS
    error: When = When.ALWAYS
    warning: When = When.WORKING_HOURS
    info: When = When.SUMMARY

    def when(self, severity: Severity) -> When:
        rules = {
            Severity.CRITICAL: self.critical,
            Severity.ERROR: self.error,
            Severity.WARNING: self.warning,
            Severity.INFO: self.info,
        }
        return rules[severity]


class Storm(Strict):
    """When many new incidents of one channel become one card that lists them."""

    threshold: Annotated[StrictInt, Field(ge=1, le=1000)] = 6
    """So many new incidents in the window still have a card each; with one more the storm begins."""
    window: Duration = timedelta(minutes=1)
    quiet: Duration = timedelta(minutes=10)
    """The storm is over when no new incident came for so long."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.quiet < self.window:
            raise wrong("config.storm_too_short")
        return self


class Route(Paging):
    """What happens to the alerts of the channels that name this route."""

    schedule: str
    airflow: str | None = None
    """The Airflow, by its name under `airflow`, that these alerts are about; the first one if absent."""
    card: Card = CardPlace()
    mention: MentionRule = MentionRule()
    hold_while_retrying: bool = False
    """A failure that Airflow retries by itself mentions nobody until it has given up. Critical ones never wait."""
    hold_at_most: Duration = timedelta(minutes=30)
    """How long that may take; then it mentions all the same."""
    reopen_within: Duration = timedelta(minutes=60)
    """An alert so soon after its resolve reopens the incident; a later one is a new incident."""
    stale_after: Duration = timedelta(hours=24)
    """An open incident that nothing repeats for so long goes stale. Stale never counts as resolved."""
    working_hours: WorkingHours | None = None
    storm: OrOff[Storm] = Storm()
    """`off`: one card for each incident, however many come."""


class DagRule(Strict):
    rerun: Rerun = Rerun.UNKNOWN
    owners: tuple[WrittenOwner, ...] = ()
    """Whom a policy means by `owners` of these DAGs."""
    tags: tuple[str, ...] = ()
    """Words by which a policy may speak of these DAGs: `tag:billing`."""


class AirflowApi(StrEnum):
    V1 = "v1"
    V2 = "v2"


class AirflowAuth(StrEnum):
    LOGIN = "login"
    GOOGLE = "google"


class AirflowServer(Strict):
    url: Url
    external_url: Url | None = None
    """Where people open it, if that differs from where Baton reaches it."""
    api: AirflowApi | None = None
    """The REST API to speak: `v2` of Airflow 3 or `v1` of Airflow 2. Found out if absent."""
    auth: AirflowAuth = AirflowAuth.LOGIN
    """`login`: the user name and password, or the token, of the environment. `google`: the Google account of this
    machine, for Cloud Composer."""
    audience: str | None = None
    """With `auth: google` behind Identity-Aware Proxy: the client id that its identity tokens are made for."""
    dags: Mapping[str, DagRule] = {}
    """By DAG id; `*` stands for any characters. The first pattern that fits decides."""

    @model_validator(mode="after")
    def _audience_is_googles(self) -> Self:
        if self.audience and self.auth is not AirflowAuth.GOOGLE:
            raise wrong("config.audience_without_google")
        return self

    @property
    def links(self) -> str:
        return self.external_url or self.url


class BigQueryProject(Strict):
    """How Baton reaches BigQuery in one project: by Google's application default credentials unless told otherwise."""

    key_file: str | None = None
    """The path of a service account's key. Better none: an attached identity, or GOOGLE_APPLICATION_CREDENTIALS."""
    endpoint: Url | None = None
    """Another address of the API, for private networks and emulators."""
    anonymous: bool = False
    """No credentials at all: for emulators."""

    @model_validator(mode="after")
    def _anonymous_nowhere(self) -> Self:
        if self.anonymous and (self.key_file or not self.endpoint):
            raise wrong("config.anonymous")
        return self


class AccessSettings(Strict):
    """What happens around grants of access, whatever the dataset."""

    page: str | None = None
    """The schedule that is paged where a grant cannot be taken away; without it only the owner is called in Slack."""


class Runbooks(Strict):
    directory: str = "runbooks"
    """Relative to the working directory of the process."""
    base_url: Url | None = None
    """Where the pages are read outside Slack; a page's own `url` wins."""


class Audit(Strict):
    """Where the newest entry's number and hash are told each hour, besides the log, so that a cut end is noticed."""

    head_file: str | None = None
    """A file that only grows, on another disk than the database: `baton audit verify --head FILE` reads it."""
    head_channel: SlackChannel | None = None


class Limits(Strict):
    facts_stale_after: Duration = timedelta(hours=6)
    """People and groups that were fetched longer ago count as unknown. For who is on call it is always 10 minutes."""
    plan_valid_for: Duration = timedelta(minutes=30)
    """A plan that nobody has confirmed for so long expires."""
    approval_nudge_after: Duration = timedelta(minutes=30)
    """When nobody has decided on a run for so long, those who can are reminded. Likewise of a run that is paused."""
    approval_escalate_after: Duration = timedelta(hours=2)
    """When nobody has decided for so long, the person on call and the fallback of the schedule are called."""
    approval_expires_after: Duration = timedelta(hours=24)
    """A run that nobody has decided on for so long expires."""
    catch_up_for: Duration = timedelta(hours=24)
    """How far back the alert channels are read for what was posted while Baton was not there."""
    follow_for: Duration = timedelta(hours=12)
    """A rerun that has not ended after this time is reported as unverified."""


class Baton(Strict):
    """The main file of an install."""

    mode: Mode = Mode.SHADOW
    language: Language = Language.ENGLISH
    zone: Zone = ZoneInfo("UTC")
    slack: Slack = Slack()
    database: Database = Database()
    working_hours: WorkingHours = WorkingHours()
    channels: Mapping[SlackChannel, Channel]
    routes: Mapping[Slug, Route]
    schedules: Mapping[Slug, Schedule]
    groups: Mapping[SlackGroup, Group] = {}
    """User groups of Slack, by id, that hold whoever is on call."""
    handoff: Handoff = Handoff()
    digest: Digest | None = None
    airflow: Mapping[Slug, AirflowServer] = {}
    bigquery: Mapping[GoogleProject, BigQueryProject] = {}
    """By the id of the project."""
    access: AccessSettings = AccessSettings()
    requests: Requests = Requests()
    opsgenie: Opsgenie = Opsgenie()
    jsm: Jsm | None = None
    runbooks: Runbooks = Runbooks()
    limits: Limits = Limits()
    audit: Audit = Audit()

    @model_validator(mode="after")
    def _jsm_is_told(self) -> Self:
        if self.jsm is None and any(schedule.provider == "jsm" for schedule in self.schedules.values()):
            raise wrong("config.jsm_missing")
        return self
