"""Words for people, before anybody knows who reads them: a message id and its parameters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Mention:
    """A Slack user (`U…`), user group (`S…`) or channel (`C…`). Live only where the writer decides to notify."""

    id: str
    notify: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: "Param"


@dataclass(frozen=True, slots=True)
class MessageLink:
    """A message in Slack, by its channel and ts; `thread_ts` where it is a reply."""

    channel: str
    ts: str
    label: "Param"
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A name or value shown as code, never parsed."""

    value: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Several things, one under another."""

    items: tuple["Param", ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One message of the catalogs (`bot/views/locales`) with its parameters.

    A parameter named `n` chooses the plural form. Parameters may be texts themselves.
    """

    msgid: str
    params: Mapping[str, "Param"] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted(self.params))))


Param = (
    str | int | float | datetime | timedelta | Mention | Link | MessageLink | Code | Lines | Text | tuple["Param", ...]
)


def text(msgid: str, /, **params: Param) -> Text:
    """Say `text("incident.acknowledged", by=Mention("U1"))`."""
    return Text(msgid, params)


def mentioned(value: Param) -> Iterator[str]:
    """Yield the users and groups who are named somewhere in it."""
    match value:
        case Mention():
            yield value.id
        case Text():
            yield from mentioned(tuple(value.params.values()))
        case Lines():
            yield from mentioned(value.items)
        case Link() | MessageLink():
            yield from mentioned(value.label)
        case tuple():
            for each in value:
                yield from mentioned(each)


def to_json(value: Param) -> Any:
    """Return what `from_json` reads back, for the store."""
    match value:
        case Text():
            return {"$text": value.msgid, "params": {k: to_json(v) for k, v in value.params.items()}}
        case Mention():
            return {"$mention": value.id, "notify": value.notify}
        case Link():
            return {"$link": value.url, "label": to_json(value.label)}
        case MessageLink():
            place = {"channel": value.channel, "thread_ts": value.thread_ts}
            return {"$message": value.ts, "label": to_json(value.label), **place}
        case Code():
            return {"$code": value.value}
        case Lines():
            return {"$lines": [to_json(item) for item in value.items]}
        case datetime():
            return {"$at": value.isoformat()}
        case timedelta():
            return {"$for": value.total_seconds()}
        case tuple():
            return [to_json(item) for item in value]
        case _:
            return value


def from_json(data: Any) -> Param:
    """Return the parameter that `to_json` wrote."""
    match data:
        case list():
            return tuple(from_json(item) for item in data)
        case {"$text": msgid, "params": params}:
            return Text(msgid, {key: from_json(value) for key, value in params.items()})
        case {"$mention": user, "notify": notify}:
            return Mention(user, notify=notify)
        case {"$link": url, "label": label}:
            return Link(url, from_json(label))
        case {"$message": ts, "label": label, "channel": channel, "thread_ts": thread_ts}:
            return MessageLink(channel, ts, from_json(label), thread_ts)
        case {"$code": value}:
            return Code(value)
        case {"$lines": items}:
            return Lines(tuple(from_json(item) for item in items))
        case {"$at": moment}:
            return datetime.fromisoformat(moment)
        case {"$for": seconds}:
            return timedelta(seconds=seconds)
        case str() | int() | float():
            return data
        case _:
            raise TypeError(f"not a parameter of a text: {data!r}")


def text_from_json(data: Any) -> Text:
    value = from_json(data)
    if not isinstance(value, Text):
        raise TypeError(f"not a text: {data!r}")
    return value
