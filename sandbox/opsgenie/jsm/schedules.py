"""Schedules by id alone, who is on call, and the timeline. Who is in no team sees empty lists, not refusals."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from starlette.routing import Route

from sandbox.opsgenie import wire as stamps
from sandbox.opsgenie.call import Call
from sandbox.opsgenie.jsm import wire
from sandbox.opsgenie.jsm.edge import endpoint, page
from sandbox.opsgenie.refusals import Refused
from sandbox.opsgenie.rota import Participant, Schedule, split_at, window
from sandbox.opsgenie.server import Server

SCHEDULES: Final = "/v1/schedules"
ONE: Final = f"{SCHEDULES}/{{scheduleId}}"
PAST, FUTURE = timedelta(days=366), timedelta(days=2 * 366)


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "GET", SCHEDULES, list_schedules, domain="Configuration"),
        endpoint(server, "GET", ONE, get_schedule, domain="Configuration"),
        endpoint(server, "GET", f"{ONE}/rotations", list_rotations, domain="Configuration"),
        endpoint(server, "GET", f"{ONE}/timeline", timeline, domain="Configuration"),
        endpoint(server, "GET", f"{ONE}/on-calls", on_calls, domain="Schedule-oncalls"),
    ]


def named(call: Call) -> Schedule:
    """The schedule of this id; its name, or the id of a team, is not found."""
    for found in call.server.schedules:
        if found.id == call.path["scheduleId"]:
            return found
    raise Refused(404, "Schedule not found.", code=40401)


def list_schedules(call: Call) -> dict[str, Any]:
    wanted = call.query.get("query", "").lower()
    seen = call.server.schedules if call.server.jsm.is_member else []
    return page(call, [wire.schedule(found) for found in seen if wanted in found.name.lower()])


def get_schedule(call: Call) -> dict[str, Any]:
    return wire.schedule(named(call))


def list_rotations(call: Call) -> dict[str, Any]:
    found = named(call).rotations if call.server.jsm.is_member else []
    return page(call, [{"id": one.id, "name": one.name, "type": one.type, "length": one.length} for one in found])


def on_calls(call: Call) -> dict[str, Any]:
    schedule, at, flat = named(call), call.moment("date"), call.flag("flat")
    people = list(dict.fromkeys(_on_call(schedule, at))) if call.server.jsm.is_member else []
    if flat:
        names = dict.fromkeys(name for person in people for name in person.usernames())
        return {"onCallUsers": [wire.account_id(name) for name in names]}
    return {"onCallParticipants": [wire.participant(person) for person in people]}


def _on_call(schedule: Schedule, at: datetime) -> list[Participant]:
    found = (schedule.on_call(rotation, at) for rotation in schedule.rotations)
    return [person for person in found if person is not None and person.type != "none"]


def timeline(call: Call) -> dict[str, Any]:
    schedule, now = named(call), call.server.clock.now()
    unit = call.choice("intervalUnit", ("days", "weeks", "months"), "weeks")
    start, end = window(schedule.timezone, call.moment("date"), call.number("interval", 1, 1, 100), unit)
    if start < now - PAST or end > now + FUTURE:
        raise Refused(422, "The timeline reaches from one year ago to two years ahead.")
    rotations = [_rotation(schedule, place, start, end, now) for place in range(len(schedule.rotations))]
    shown = rotations if call.server.jsm.is_member else []
    return {"startDate": stamps.stamp(start), "endDate": stamps.stamp(end), "finalTimeline": {"rotations": shown}}


def _rotation(schedule: Schedule, place: int, start: datetime, end: datetime, now: datetime) -> dict[str, Any]:
    rotation = schedule.rotations[place]
    periods = split_at(schedule.final(rotation, start, end), now)
    shown: dict[str, Any] = {"id": rotation.id, "name": rotation.name, "order": float(place + 1)}
    return shown | ({"periods": [wire.period(period) for period in periods]} if periods else {})
