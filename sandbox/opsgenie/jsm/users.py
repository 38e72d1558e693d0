"""The site: which cloud it is, and Jira's users. An account may hide its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.opsgenie.jsm import wire
from sandbox.opsgenie.jsm.edge import check_login
from sandbox.opsgenie.refusals import Refused
from sandbox.opsgenie.server import Server

MOST = 200


def routes(server: Server) -> list[Route]:
    async def tenant_info(_: Request) -> Response:
        return JSONResponse({"cloudId": server.jsm.cloud_id})

    return [
        Route("/_edge/tenant_info", tenant_info),
        _jira(server, "/rest/api/3/user/bulk", bulk),
        _jira(server, "/rest/api/3/user/search", search),
    ]


def _jira(server: Server, path: str, handler: Callable[[Server, Request], Any]) -> Route:
    async def serve(request: Request) -> Response:
        try:
            check_login(server, request)
            return JSONResponse(handler(server, request))
        except Refused as refused:
            return JSONResponse({"errorMessages": [refused.message], "errors": {}}, refused.status)

    return Route(path, serve)


def bulk(server: Server, request: Request) -> dict[str, Any]:
    """Those of the accounts that exist; who does not is simply not among them."""
    wanted = request.query_params.getlist("accountId")
    if not 0 < len(wanted) <= MOST:
        raise Refused(400, "The accountId query parameter needs 1 to 200 values.")
    found = [_user(server, user) for user in server.users if wire.account_id(user.email) in wanted]
    return {"maxResults": 10, "startAt": 0, "total": len(found), "isLast": True, "values": found}


def search(server: Server, request: Request) -> list[dict[str, Any]]:
    """Whose name or visible address begins so."""
    wanted = request.query_params.get("query", "").lower()
    if not wanted:
        raise Refused(400, "A query is required.")
    users = [_user(server, user) for user in server.users]
    return [user for user in users if f"{user['emailAddress']}|{user['displayName']}".lower().find(wanted) >= 0]


def _user(server: Server, user: Any) -> dict[str, Any]:
    return wire.user(user, shows_email=user.email not in server.jsm.hidden)
