"""Schedules, rotations, who is on call now and next, and the timeline."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from starlette.routing import Route

from sandbox.opsgenie import wire
from sandbox.opsgenie.call import Answer, Call, endpoint
from sandbox.opsgenie.refusals import Refused
from sandbox.opsgenie.rota import Participant, Period, Rotation, Schedule, split_at, window
from sandbox.opsgenie.server import Server

SCHEDULES: Final = "/v2/schedules"
LAYERS: Final = ("base", "forwarding", "override")
FAR: Final = timedelta(days=370)


def routes(server: Server) -> list[Route]:
    one = f"{SCHEDULES}/{{identifier}}"
    on_call = "Schedule-oncalls"
    return [
        endpoint(server, "GET", SCHEDULES, list_schedules),
        endpoint(server, "GET", f"{SCHEDULES}/on-calls", all_on_calls, domain=on_call),
        endpoint(server, "GET", one, get_schedule),
        endpoint(server, "GET", f"{one}/timeline", timeline),
        endpoint(server, "GET", f"{one}/rotations", list_rotations),
        endpoint(server, "GET", f"{one}/rotations/{{id}}", get_rotation),
        endpoint(server, "GET", f"{one}/on-calls", on_calls, domain=on_call),
        endpoint(server, "GET", f"{one}/next-on-calls", next_on_calls, domain=on_call),
    ]


def named(call: Call, parameter: str) -> Schedule:
    """The schedule in the path. The parameter that says id or name differs between the endpoints."""
    kind = call.choice(parameter, ("id", "name"), "id")
    return call.server.schedule(call.path["identifier"], kind)


def list_schedules(call: Call) -> Answer:
    expand = call.query.get("expand", "").split(",")
    shown = [wire.schedule(found, rotations="rotation" in expand) for found in call.server.schedules]
    return Answer({"data": shown, "expandable": ["rotation"]})


def get_schedule(call: Call) -> Answer:
    return Answer({"data": wire.schedule(named(call, "identifierType"), rotations=True)})


def list_rotations(call: Call) -> Answer:
    found = named(call, "scheduleIdentifierType")
    return Answer({"data": [wire.rotation(one) for one in found.rotations]})


def get_rotation(call: Call) -> Answer:
    for rotation in named(call, "scheduleIdentifierType").rotations:
        if rotation.id == call.path["id"]:
            return Answer({"data": wire.rotation(rotation)})
    raise Refused(404, "No rotation found with given id")


def on_calls(call: Call) -> Answer:
    schedule = named(call, "scheduleIdentifierType")
    return Answer({"data": _on_call(schedule, call.moment("date"), flat=call.flag("flat"))})


def all_on_calls(call: Call) -> Answer:
    at, flat = call.moment("date"), call.flag("flat")
    return Answer({"data": [_on_call(schedule, at, flat=flat) for schedule in call.server.schedules]})


def _on_call(schedule: Schedule, at: datetime, *, flat: bool) -> dict[str, Any]:
    """All rotations together, each person once; it does not say whose rotation it is."""
    people = _distinct([schedule.on_call(rotation, at) for rotation in schedule.rotations])
    shown: dict[str, Any] = {"_parent": wire.parent(schedule)}
    if flat:
        shown["onCallRecipients"] = _usernames(people)
    else:
        shown["onCallParticipants"] = [wire.participant(person) for person in people]
    return shown


def next_on_calls(call: Call) -> Answer:
    """`next` is who follows in the rotation; `exactNext` who changes at the very next boundary."""
    schedule, at, flat = named(call, "scheduleIdentifierType"), call.moment("date"), call.flag("flat")
    following = [_following(schedule, rotation, at) for rotation in schedule.rotations]
    coming = _distinct([period.recipient for period in following if period])
    boundary = min((period.start for period in following if period), default=None)
    exact = _distinct([period.recipient for period in following if period and period.start == boundary])
    shown: dict[str, Any] = {"_parent": wire.parent(schedule)}
    if flat:
        shown["nextOnCallParticipants"] = _usernames(coming)
        shown["exactNextOnCallParticipants"] = _usernames(exact)
    else:
        shown["nextOnCallRecipients"] = [wire.participant(person) for person in coming]
        shown["exactNextOnCallRecipients"] = [wire.participant(person) for person in exact]
    return Answer({"data": shown})


def _following(schedule: Schedule, rotation: Rotation, at: datetime) -> Period | None:
    """The first period after `at` that belongs to somebody else than the one on call at `at`."""
    now = schedule.on_call(rotation, at)
    periods = schedule.final(rotation, at, at + FAR)
    return next((period for period in periods if period.start > at and period.recipient != now), None)


def _distinct(people: list[Participant | None]) -> list[Participant]:
    return list(dict.fromkeys(person for person in people if person is not None and person.type != "none"))


def _usernames(people: list[Participant]) -> list[str]:
    return list(dict.fromkeys(name for person in people for name in person.usernames()))


def timeline(call: Call) -> Answer:
    schedule = named(call, "identifierType")
    unit = call.choice("intervalUnit", ("days", "weeks", "months"), "weeks")
    start, end = window(schedule.timezone, call.moment("date"), call.number("interval", 1, 1, 100), unit)
    shown: dict[str, Any] = {
        "_parent": wire.parent(schedule),
        "startDate": wire.stamp(start),
        "endDate": wire.stamp(end),
        "finalTimeline": _layer(call, schedule, "final", start, end),
    }
    for layer in LAYERS:
        if layer in call.query.get("expand", "").split(","):
            shown[f"{layer}Timeline"] = _layer(call, schedule, layer, start, end)
    return Answer({"data": shown, "expandable": list(LAYERS)})


def _layer(call: Call, schedule: Schedule, layer: str, start: datetime, end: datetime) -> dict[str, Any]:
    rotations = []
    for order, rotation in enumerate(schedule.rotations, start=1):
        periods = _periods(schedule, rotation, layer, start, end)
        if layer == "final":
            periods = split_at(periods, call.server.clock.now())
        shown: dict[str, Any] = {"id": rotation.id, "name": rotation.name, "order": float(order)}
        if periods:  # a rotation without any is shown without the key
            shown["periods"] = [wire.period(period) for period in periods]
        rotations.append(shown)
    return {"rotations": rotations}


def _periods(schedule: Schedule, rotation: Rotation, layer: str, start: datetime, end: datetime) -> list[Period]:
    if layer == "base":
        return schedule.base(rotation, start, end)
    if layer == "override":
        return schedule.covers(rotation, start, end)
    if layer == "forwarding":
        return schedule.forwarded(schedule.base(rotation, start, end))
    return schedule.final(rotation, start, end)
