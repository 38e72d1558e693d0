"""What stands before every call: who calls, which site, the plan; and the envelopes, which are not Opsgenie's."""

from __future__ import annotations

import base64
import binascii
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.opsgenie.call import Call
from sandbox.opsgenie.refusals import Refused
from sandbox.opsgenie.server import Server

BASE: Final = "/jsm/ops/api/{cloudId}"
REACH: Final = 20_000  # offset + size


def endpoint(
    server: Server, method: str, path: str, handler: Callable[[Call], Any], *, status: int = 200, domain: str = "Alert"
) -> Route:
    """A route of the Operations API. What the handler returns is the whole body, None is none."""

    async def serve(request: Request) -> Response:
        started, request_id = time.perf_counter(), str(uuid.uuid4())
        try:
            server.check_rate(domain)
            check(server, request)
            own_path = request.url.path.partition(f"/{server.jsm.cloud_id}")[2]
            raw = await request.body()
            answer = handler(Call(server, request.path_params, request.query_params, "", raw, own_path))
        except Refused as refused:
            body: dict[str, Any] = {"message": refused.message, "took": round(time.perf_counter() - started, 3)}
            body |= {"code": refused.code} if refused.code else {}
            body |= {"errors": dict(refused.errors)} if refused.errors else {}
            pause = {"Retry-After": str(server.throttle.period_seconds)} if refused.status == 429 else {}
            return JSONResponse(body | {"requestId": request_id}, refused.status, pause)
        return Response(status_code=status) if answer is None else JSONResponse(answer, status)

    return Route(f"{BASE}{path}", serve, methods=[method])


def check(server: Server, request: Request) -> None:
    """Refuse strangers, other sites, and a plan without Operations."""
    if server.outage is not None:
        raise Refused(server.outage, "Internal Server Error")
    check_login(server, request)
    if request.path_params.get("cloudId") != server.jsm.cloud_id:
        raise Refused(404, "No site with this cloudId.")
    if not server.jsm.has_operations:
        raise Refused(403, "Account does not have access to Opsgenie.", code=40301)


def check_login(server: Server, request: Request) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        login = base64.b64decode(given, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        login = ""
    if scheme != "Basic" or login != f"{server.jsm.email}:{server.jsm.api_token}":
        raise Refused(401, "Unauthorized; scope does not match", code=401)


def page(call: Call, found: Sequence[Any], *, default: int = 20) -> dict[str, Any]:
    """One page in `values`; `links.next` is a path without host, cloudId or the way there."""
    size, offset = call.number("size", default, 1, 100), call.number("offset", 0, 0, REACH)
    if offset + size >= REACH:
        raise Refused(422, "Sum of offset and size should be lower than 20000.")
    shown: dict[str, Any] = {"values": list(found[offset : offset + size])}
    if offset + size < len(found):
        kept = {key: value for key, value in call.query.items() if key not in ("size", "offset")}
        rest = urlencode({**kept, "offset": offset + size, "size": size})
        shown["links"] = {"next": f"{call.own_path}?{rest}"}
    return shown
