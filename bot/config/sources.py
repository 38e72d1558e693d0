"""`sources.yaml`: what the messages of a team's own tools mean, told without code. The file may be absent."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, StrictBool, Tag

from bot.config.kinds import SlackBot, SlackChannel, Slug, SourceName, wrong
from bot.config.strict import Strict
from bot.triage.model import Severity
from bot.triage.patterns import WrongPattern, name_taken_twice, pattern, template


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _pattern(written: str) -> str:
    if twice := name_taken_twice(written):
        raise wrong("config.capture_twice", value=twice)
    try:
        pattern(written)
    except WrongPattern as error:
        raise wrong("config.bad_pattern", detail=str(error)) from None
    return written


def _template(written: str) -> str:
    try:
        template(written)
    except WrongPattern:
        raise wrong("config.bad_template", value=written) from None
    return written


PatternText = Annotated[str, Field(min_length=1), AfterValidator(_pattern)]
TemplateText = Annotated[str, Field(min_length=1), AfterValidator(_template)]
Part = Annotated[str, Field(min_length=1)]


class Status(StrEnum):
    FIRING = "firing"
    RESOLVED = "resolved"
    NOISE = "noise"


def _word_or_map(value: Any) -> str:
    return "map" if isinstance(value, Mapping) else "word"


SeverityRule = Annotated[
    Annotated[Severity, Tag("word")] | Annotated[Mapping[str, Severity], Tag("map")], Discriminator(_word_or_map)
]
StatusRule = Annotated[
    Annotated[Status, Tag("word")] | Annotated[Mapping[str, Status], Tag("map")], Discriminator(_word_or_map)
]


class Match(Strict):
    """Which messages: every condition that is given must fit. People's messages are never matched."""

    sender: Annotated[tuple[Part, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])] = ()
    """A part of the sender's name, in any case; of several one is enough."""
    bot: Annotated[tuple[SlackBot, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])] = ()
    """The id of the bot (B…) or app (A…), for webhooks without a name; of several one is enough."""
    channel: Annotated[tuple[SlackChannel, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])] = ()
    """The channel's id; of several one is enough."""
    text: Annotated[tuple[PatternText, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])] = ()
    """RE2 patterns, each of which must be found in the text. `(?P<table>\\S+)` captures what it names."""


class Rule(Strict):
    """What is said of those messages. Whatever a rule leaves out is read as without it."""

    match: Match
    ignore: StrictBool = False
    """`true`: these messages are noise."""
    source: SourceName | None = None
    """The tool, as cards name it: `nightly_loader`."""
    resource: Annotated[Mapping[str, TemplateText] | None, Field(min_length=1)] = None
    """What names the broken thing, `{capture}` in it; without this every capture of a name is part of it."""
    aspect: TemplateText | None = None
    """Where one thing breaks in ways that end apart, such as late and failed."""
    severity: SeverityRule | None = None
    """A level, or which level each captured `severity` means; `*` is every other word."""
    status: StatusRule | None = None
    """firing, resolved or noise, or what each captured `status` means; `*` is every other word."""
    topic: Slug | None = None
    """The runbook topic."""
    title: TemplateText | None = None
    error: TemplateText | None = None
    owner: TemplateText | None = None
    route: Slug | None = None
    """Treats it by this route instead of its channel's."""


def _none_yet(value: Any) -> Any:
    return {} if value is None else value


class Sources(Strict):
    sources: Annotated[
        Mapping[Slug, Rule], BeforeValidator(_none_yet, json_schema_input_type=dict[Slug, Rule] | None)
    ] = {}
    """By name, in the order in which they are tried; the first that matches decides."""
