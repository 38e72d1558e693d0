"""Users of the account: one by id or username, and all of them in pages."""

from __future__ import annotations

from starlette.routing import Route

from sandbox.opsgenie import wire
from sandbox.opsgenie.call import Answer, Call, endpoint
from sandbox.opsgenie.refusals import Refused
from sandbox.opsgenie.seed import user_id
from sandbox.opsgenie.server import Server


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "GET", "/v2/users", list_users, domain="Search"),
        endpoint(server, "GET", "/v2/users/{identifier}", get_user),
    ]


def list_users(call: Call) -> Answer:
    limit, offset = call.number("limit", 100, 1, 100), call.number("offset", 0, 0, 20_000)
    users = sorted(call.server.users, key=lambda user: user.email)
    page = [wire.user(user, call.server.started_at) for user in users[offset : offset + limit]]
    return Answer({"totalCount": len(users), "data": page, "paging": {}})


def get_user(call: Call) -> Answer:
    wanted = call.path["identifier"]
    for user in call.server.users:
        if wanted in (user.email, user_id(user.email)):
            return Answer({"data": wire.user(user, call.server.started_at), "expandable": ["contact"]})
    raise Refused(404, "No user exists with given id or username")
