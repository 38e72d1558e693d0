"""Overrides: made for account ids and rotation ids, named by the server, listed until they are over."""

from __future__ import annotations

import uuid
from typing import Any, Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator
from starlette.routing import Route

from sandbox.opsgenie.call import Call
from sandbox.opsgenie.jsm import wire
from sandbox.opsgenie.jsm.edge import endpoint, page
from sandbox.opsgenie.jsm.schedules import ONE, named
from sandbox.opsgenie.refusals import Refused, invalid
from sandbox.opsgenie.rota import Override, Participant, Schedule
from sandbox.opsgenie.seed import user_id
from sandbox.opsgenie.server import Server

OVERRIDES: Final = f"{ONE}/overrides"


class Responder(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: Literal["user"]
    id: str


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")
    responder: Responder
    startDate: AwareDatetime  # noqa: N815  # the API's key
    endDate: AwareDatetime  # noqa: N815  # the API's key
    rotationIds: list[str] = []  # noqa: N815  # the API's key

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.endDate <= self.startDate:
            raise ValueError("endDate must be after startDate")
        return self


def routes(server: Server) -> list[Route]:
    domain = "Configuration"
    return [
        endpoint(server, "GET", OVERRIDES, list_overrides, domain=domain),
        endpoint(server, "POST", OVERRIDES, create, status=201, domain=domain),
        endpoint(server, "GET", f"{OVERRIDES}/{{alias}}", get, domain=domain),
        endpoint(server, "DELETE", f"{OVERRIDES}/{{alias}}", delete, status=204, domain=domain),
    ]


def list_overrides(call: Call) -> dict[str, Any]:
    schedule, now = named(call), call.server.clock.now()
    seen = [made for made in schedule.overrides if made.end > now] if call.server.jsm.is_member else []
    return page(call, [wire.override(schedule, made) for made in seen])


def create(call: Call) -> dict[str, Any]:
    schedule, wanted = named(call), call.body(Wanted)
    known = {rotation.id for rotation in schedule.rotations}
    if not set(wanted.rotationIds) <= known:
        raise invalid("rotationIds", "No rotation found with the given id")
    user = _user(call, wanted.responder.id)
    made = Override(str(uuid.uuid4()), user, wanted.startDate, wanted.endDate, tuple(wanted.rotationIds))
    schedule.overrides.append(made)
    return wire.override(schedule, made)


def _user(call: Call, account: str) -> Participant:
    for user in call.server.users:
        if wire.account_id(user.email) == account:
            return Participant("user", user_id(user.email), user.email)
    raise invalid("responder", "No user found with the given id")


def get(call: Call) -> dict[str, Any]:
    schedule = named(call)
    return wire.override(schedule, _found(call, schedule))


def delete(call: Call) -> None:
    schedule = named(call)
    schedule.overrides.remove(_found(call, schedule))


def _found(call: Call, schedule: Schedule) -> Override:
    for made in schedule.overrides:
        if made.alias == call.path["alias"]:
            return made
    raise Refused(404, "Override not found.", code=40401)
