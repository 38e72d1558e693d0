"""Overrides of a schedule: create, list, read, change, delete."""

from __future__ import annotations

import uuid
from typing import Final

from starlette.routing import Route

from sandbox.opsgenie import wire
from sandbox.opsgenie.bodies import OverrideBody, Recipient, RotationRef
from sandbox.opsgenie.call import Answer, Call, endpoint
from sandbox.opsgenie.refusals import Refused, invalid
from sandbox.opsgenie.rota import Override, Participant, Schedule
from sandbox.opsgenie.routes.schedules import named
from sandbox.opsgenie.seed import user_id
from sandbox.opsgenie.server import Server

OVERRIDES: Final = "/v2/schedules/{identifier}/overrides"
KIND: Final = "scheduleIdentifierType"


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "POST", OVERRIDES, create),
        endpoint(server, "GET", OVERRIDES, list_overrides),
        endpoint(server, "GET", f"{OVERRIDES}/{{alias}}", get),
        endpoint(server, "PUT", f"{OVERRIDES}/{{alias}}", update),
        endpoint(server, "DELETE", f"{OVERRIDES}/{{alias}}", delete),
    ]


def create(call: Call) -> Answer:
    schedule, wanted = named(call, KIND), call.body(OverrideBody)
    made = override_of(call.server, schedule, wanted, wanted.alias or str(uuid.uuid4()))
    if any(other.alias == made.alias for other in schedule.overrides):
        raise Refused(409, "An override with the given alias already exists")
    schedule.overrides.append(made)
    return Answer({"result": "Created", "data": {"alias": made.alias}}, 201)


def override_of(server: Server, schedule: Schedule, wanted: OverrideBody, alias: str) -> Override:
    return Override(
        alias=alias,
        user=_user(server, wanted.user),
        start=wanted.startDate,
        end=wanted.endDate,
        rotations=tuple(_rotation_id(schedule, reference) for reference in wanted.rotations),
    )


def _user(server: Server, wanted: Recipient) -> Participant:
    for user in server.users:
        if wanted.type == "user" and (wanted.username == user.email or wanted.id == user_id(user.email)):
            return Participant("user", user_id(user.email), user.email)
    raise invalid("user", "No user found with the given id or username")


def _rotation_id(schedule: Schedule, reference: RotationRef) -> str:
    for rotation in schedule.rotations:
        if rotation.id == reference.id or (reference.id is None and rotation.name == reference.name):
            return rotation.id
    raise invalid("rotations", "No rotation found with the given id or name")


def list_overrides(call: Call) -> Answer:
    schedule = named(call, KIND)
    return Answer({"data": [wire.override(schedule, made) for made in schedule.overrides]})


def get(call: Call) -> Answer:
    schedule = named(call, KIND)
    return Answer({"data": wire.override(schedule, _found(call, schedule))})


def update(call: Call) -> Answer:
    schedule = named(call, KIND)
    old = _found(call, schedule)
    new = override_of(call.server, schedule, call.body(OverrideBody), old.alias)
    schedule.overrides[schedule.overrides.index(old)] = new
    return Answer({"result": "Updated", "data": {"alias": new.alias}})


def delete(call: Call) -> Answer:
    schedule = named(call, KIND)
    schedule.overrides.remove(_found(call, schedule))
    return Answer({"result": "Deleted"})


def _found(call: Call, schedule: Schedule) -> Override:
    for made in schedule.overrides:
        if made.alias == call.path["alias"]:
            return made
    raise Refused(404, "No schedule override found with given alias")
