"""The small kinds of values in configuration files. An error's type is the message id of its explanation."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from typing import Annotated, Any, TypeVar
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetJsonSchemaHandler,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from bot.config.durations import parse_duration, write_duration
from bot.days_off import region_of

T = TypeVar("T")


def wrong(msgid: str, **context: Any) -> PydanticCustomError:
    """Return the error that `bot.config.explain` turns into the text of that id."""
    return PydanticCustomError(msgid, "{msgid}", {"msgid": msgid, **context})


def written_as(parse: Callable[[str], T], msgid: str) -> Callable[[Any], T]:
    """Return a validator of written values; whatever `parse` refuses with ValueError gets the text `msgid`."""

    def validate(value: Any) -> T:
        if not isinstance(value, str):
            raise wrong(msgid, value=str(value))
        try:
            return parse(value)
        except ValueError:
            raise wrong(msgid, value=value) from None

    return validate


def _id(pattern: str, msgid: str) -> Any:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise wrong(msgid, value=value)
        return value

    return Annotated[str, AfterValidator(check), WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})]


SlackUser = _id(r"[UW][A-Z0-9]{2,20}", "config.bad_user")
SlackChannel = _id(r"[CG][A-Z0-9]{2,20}", "config.bad_channel")
SlackBot = _id(r"[AB][A-Z0-9]{2,20}", "config.bad_bot")
SourceName = _id(r"[a-z][a-z0-9_]{0,39}", "config.bad_source")
SlackGroup = _id(r"S[A-Z0-9]{2,20}", "config.bad_group")
SlackPlace = _id(r"[CGUW][A-Z0-9]{2,20}", "config.bad_place")
SlackResponder = _id(r"[UWS][A-Z0-9]{2,20}", "config.bad_responder")
Target = _id(r"(?:dag:[^\s/]+/\S+|(?:load|dataset|table|tag):\S+)", "config.bad_target")
Slug = _id(r"[a-z0-9][a-z0-9_-]{0,40}", "config.bad_name")
SecretPath = _id(r"/[A-Za-z0-9_-][A-Za-z0-9_/-]{7,199}", "config.bad_path")
Email = _id(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", "config.bad_email")
Domain = _id(r"[a-z0-9-]+(\.[a-z0-9-]+)+", "config.bad_domain")
GoogleProject = _id(r"(?:[a-z0-9.-]{1,62}:)?[a-z][a-z0-9-]{3,61}[a-z0-9]", "config.bad_project")
DatasetPattern = _id(r"[a-z0-9.:*-]+\.[A-Za-z0-9_*]+", "config.bad_dataset")

Duration = Annotated[
    timedelta,
    BeforeValidator(written_as(parse_duration, "config.bad_duration")),
    PlainSerializer(write_duration),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(\d+d)?(\d+h)?(\d+m)?(\d+s)?$", "examples": ["24h", "90m", "1h30m"]}
    ),
]


class _Off:
    """Lets editors know of the word `off`."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        either = handler(core)["anyOf"]
        return {"anyOf": [*(each for each in either if each != {"type": "null"}), {"const": "off"}]}


OrOff = Annotated[T | None, BeforeValidator(lambda written: None if written == "off" else written), _Off()]
"""A group of settings, or the word `off`, which is None."""


class _OrOne:
    """Lets editors know that one thing needs no list."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        several = handler(core)
        return {"anyOf": [several, several["items"]]}


Several = Annotated[
    tuple[T, ...],
    BeforeValidator(lambda written: written if isinstance(written, list | tuple) else [written]),
    _OrOne(),
]
"""One thing, or a list of them."""


def _zone(name: str) -> ZoneInfo:
    if name not in _zones():  # ZoneInfo itself would read any file under its folder
        raise ValueError(name)
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # a walk over some hundred files


Zone = Annotated[
    ZoneInfo,
    BeforeValidator(written_as(_zone, "config.bad_zone")),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "examples": ["Asia/Seoul", "Europe/Berlin", "UTC"]}),
]


def _region(written: str) -> str:
    region_of(written)
    return written


Region = Annotated[
    str,
    BeforeValidator(written_as(_region, "config.bad_region")),
    WithJsonSchema({"type": "string", "examples": ["KR", "DE-BY"]}),
]


def _time_of_day(written: str) -> time:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", written):
        raise ValueError(written)
    return time.fromisoformat(written)


TimeOfDay = Annotated[
    time,
    BeforeValidator(written_as(_time_of_day, "config.bad_time")),
    PlainSerializer(lambda at: f"{at:%H:%M}"),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "examples": ["09:00"]}),
]


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where an incident's card goes: into a channel of its own, or (None) into the thread of the first alert."""

    channel: str | None = None

    def __str__(self) -> str:
        return f"channel:{self.channel}" if self.channel else "thread_of_first_alert"


def _card_place(written: str) -> CardPlace:
    if written == "thread_of_first_alert":
        return CardPlace()
    match = re.fullmatch(r"channel:([CG][A-Z0-9]{2,20})", written)
    if match is None:
        raise ValueError(written)
    return CardPlace(match[1])


Card = Annotated[
    CardPlace,
    BeforeValidator(written_as(_card_place, "config.bad_card")),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^(thread_of_first_alert|channel:[CG][A-Z0-9]{2,20})$"}),
]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _expand(written: str, info: ValidationInfo) -> str:
    """Put in the values of `${NAME}` from the environment, which only URLs may ask for.

    Where nobody is called, `unset` of the context stands for what is not set.
    """
    context: Mapping[str, Any] = info.context or {}
    environ, unset = context.get("environ", {}), context.get("unset")
    values = {name: environ.get(name) or unset for name in _VARIABLE.findall(written)}
    if missing := next((name for name, value in values.items() if not value), None):
        raise wrong("config.unset_variable", name=missing)
    return _VARIABLE.sub(lambda match: str(values[match[1]]), written)


def _parts(url: str, msgid: str, written: str) -> SplitResult:
    """Return the parts of a URL. An error never repeats credentials that stand in it."""
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        raise wrong(msgid, value=written.rpartition("@")[2]) from None
    if not has_port or any(c.isspace() for c in url):
        raise wrong(msgid, value=written.rpartition("@")[2])
    return parts


def _url(written: str, info: ValidationInfo) -> str:
    url = _expand(written, info)
    parts = _parts(url, "config.bad_url", written)
    if parts.username or parts.password:
        raise wrong("config.secret_in_url")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise wrong("config.bad_url", value=written)
    return url


def _database_url(written: str, info: ValidationInfo) -> str:
    url = _expand(written, info)
    parts = _parts(url, "config.bad_database", written)
    if parts.password:
        raise wrong("config.secret_in_database")
    if parts.scheme.partition("+")[0] not in {"sqlite", "postgresql"} or "://" not in url:
        raise wrong("config.bad_database", value=written)
    return url


Url = Annotated[
    str, AfterValidator(_url), WithJsonSchema({"type": "string", "examples": ["https://airflow.example.com"]})
]
DatabaseUrl = Annotated[
    str,
    AfterValidator(_database_url),
    WithJsonSchema({"type": "string", "examples": ["sqlite:///.baton/baton.sqlite3", "postgresql://baton@db/baton"]}),
]
