"""Every decision about one message, with its reason."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.incidents.model import Incident, IncidentState
from bot.incidents.rules import Ignore, Placement, place
from bot.oncall.model import Held, Notify
from bot.replay.memory import Memory, Reading
from bot.replay.setup import Setup
from bot.triage import labels
from bot.triage.escape import shorten
from bot.triage.identity import fingerprint, has_name, volatile
from bot.triage.model import Alert, Kind, Message, Occurrence
from bot.triage.secrets.marker import CLOSE, OPEN
from bot.triage.severity import stated
from bot.triage.source import Source
from bot.triage.sources import SOURCES
from bot.triage.triage import candidates, unspoken

_MARK = re.compile(re.escape(OPEN) + r"([^\s›]{1,60})" + re.escape(CLOSE))
_LEFT_OUT = 8  # parts of a message that are listed as left out of its identity
_SHOWN = 60  # characters of each


def explain(event: Mapping[str, Any], setup: Setup) -> list[str]:
    """Return every decision about one event with its reason, a line each."""
    reading = Memory(setup).take(event)
    message, alert = reading.message, reading.alert
    return [
        f"sender: {message.sender or 'no name'} ({_who(message)}), in {message.channel or 'no channel'}",
        f"redacted: {_redacted(message)}",
        *_readers(message, setup),
        *(f"because: {reason}" for reason in alert.explanation),
        f"kind: {alert.kind}",
        f"source: {alert.source or 'none'}",
        f"severity: {_severity(message, alert, setup)}",
        f"names: {_named(alert)}",
        *_identity(message, alert),
        *(f"occurrence: {_said(occurrence)}" for occurrence in alert.occurrences),
        f"runbook topic: {alert.topic or 'none'}",
        f"owner: {alert.owner or 'not named'}",
        f"route: {_route(reading, setup)}",
        *_consequences(reading),
    ]


def _who(message: Message) -> str:
    return f"bot {message.bot_id}" if message.bot_id else "person"


def _redacted(message: Message) -> str:
    found = Counter(_MARK.findall(message.text))
    return ", ".join(f"{count} × {kind}" for kind, count in found.most_common()) or "nothing"


def _readers(message: Message, setup: Setup) -> Iterator[str]:
    """Yield who was asked what the message means, up to the one that knew it."""
    if unspoken(message, setup.own):
        return
    if not message.bot_id:
        yield "read as a person's message: team rules and parsers are for bots"
        return
    for rule, why in setup.team.looked(message):
        yield f"team rule {rule.name}: " + (f"passed over, {why}" if why else "matches")
        if not why and rule.ignore:
            return
    yield from _parsers(message)


def _parsers(message: Message) -> Iterator[str]:
    tried = 0
    for source, how in candidates(message):
        tried += 1
        outcome = _outcome(source, message)
        yield f"parser {source.name}: its {how} fits, {outcome}"
        if outcome == "chosen":
            yield f"{len(SOURCES) - tried} other parsers: not asked"
            return
    yield f"{len(SOURCES) - tried} other parsers: neither sender, links nor text are theirs"
    yield "generic reader: chosen, since no parser was"


def _outcome(source: Source, message: Message) -> str:
    try:
        return "chosen" if source.read(message) is not None else "but the message has not its form"
    except Exception as error:  # noqa: BLE001 - as in triage: the next one is asked
        return f"but it failed: {type(error).__name__}"


def _severity(message: Message, alert: Alert, setup: Setup) -> str:
    if alert.severity is None:
        return "none, only alerts have one"
    rule = next((rule for rule, why in setup.team.looked(message) if not why), None)
    if rule is not None and rule.severity is not None:
        return f"{alert.severity}, by the team rule {rule.name}"
    said = stated(message, labels.labels(message))
    return f"{alert.severity}, " + (
        "stated in the message" if said is alert.severity else "derived from what it reports"
    )


def _named(alert: Alert) -> str:
    return ", ".join(f"{key}={value}" for key, value in alert.resource.items()) or "nothing"


def _identity(message: Message, alert: Alert) -> Iterator[str]:
    if alert.kind not in {Kind.ALERT, Kind.RESOLVED}:
        return
    if message.thread_ts and message.thread_ts != message.ts:
        yield "in a thread: where this names nothing else than the same tool's message above, that one counts"
    parts = list(dict.fromkeys(volatile(message.text)))
    if not has_name(alert):
        yield "no name in it: the masked title is its identity"
    if parts:
        shown = ", ".join(f"{shorten(part, _SHOWN)} {mask}" for part, mask in parts[:_LEFT_OUT])
        more = f" and {len(parts) - _LEFT_OUT} more" if len(parts) > _LEFT_OUT else ""
        yield f"no part of the identity, since it changes: {shown}{more}"
    if alert.aspect:
        yield f"aspect: {alert.aspect}"
    yield f"fingerprint: {fingerprint(alert)}"


def _route(reading: Reading, setup: Setup) -> str:
    channel = reading.message.channel
    if reading.alert.route:
        return f"{reading.route.name}, by the team rule"
    if not setup.channels:
        return "none, without a configuration (--config)"
    if channel not in setup.channels:
        return f"none: {channel or 'no channel'} is not watched, so Baton would not read this message"
    return f"{reading.route.name}, that of {channel}"


def _consequences(reading: Reading) -> Iterator[str]:
    """Say what follows, with no incident of this fingerprint before it and with an open one."""
    message, alert, route = reading.message, reading.alert, reading.route
    if alert.kind not in {Kind.ALERT, Kind.RESOLVED}:
        yield "incident: none, a request is a card of its own" if alert.kind is Kind.REQUEST else "incident: none"
        return
    print_ = fingerprint(alert)
    open_one = Incident("", route.name, print_, IncidentState.OPEN, message.at, message.at)
    for case, known in (("none is known", None), ("one is open", open_one)):
        yield f"incident, if {case}: {_placed(place(alert, known, message.at, route.windows))}"
    match reading.mention:
        case Notify():
            yield "mention: at once"
        case Held(until, why):
            yield f"mention: held until {until:%Y-%m-%d %H:%M %Z} ({why})"
        case _ if alert.kind is Kind.ALERT:
            yield f"mention: none, the route says so of {alert.severity}"


def _placed(decision: Placement) -> str:
    if isinstance(decision, Ignore):
        return f"ignored, {decision.reason}"
    return {"Open": "opens one", "Repeat": "one more alert of it", "Resolve": "ends it"}[type(decision).__name__]


def _said(occurrence: Occurrence) -> str:
    named = {
        "dag": occurrence.dag_id,
        "task": occurrence.task_id,
        "run": occurrence.dag_run_id,
        "logical date": occurrence.logical_at.isoformat() if occurrence.logical_at else None,
        "map index": occurrence.map_index if occurrence.map_index >= 0 else None,
        "try": occurrence.try_number,
    }
    return ", ".join(f"{key} {value}" for key, value in named.items() if value is not None)
