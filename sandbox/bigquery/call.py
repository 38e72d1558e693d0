"""One API call, the wrapper that every endpoint shares, and what is recorded of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bigquery.errors import ApiError, invalid
from sandbox.bigquery.model import Recorded
from sandbox.bigquery.server import Server
from sandbox.bigquery.state import State

PROJECT = "/bigquery/v2/projects/{project}"
KEPT_HEADERS = ("if-match", "x-goog-request-reason", "x-server-timeout", "authorization")


@dataclass(frozen=True, slots=True)
class Call:
    server: Server
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    json: Any

    @property
    def state(self) -> State:
        return self.server.state

    @property
    def if_match(self) -> str | None:
        return self.headers.get("if-match")

    def body(self) -> dict[str, Any]:
        if not isinstance(self.json, dict):
            raise ApiError(400, "parseError", "Parse Error: a JSON object is required")
        return self.json

    def page(self, rows: list[Any], default: int = 50) -> tuple[list[Any], dict[str, str]]:
        """One page of a list, and the token of the next one."""
        size, start = self._number("maxResults", default), self._number("pageToken", 0)
        more = {"nextPageToken": str(start + size)} if start + size < len(rows) else {}
        return rows[start : start + size], more

    def _number(self, key: str, default: int) -> int:
        given = self.query.get(key, str(default))
        if not given.isdigit():
            raise invalid(f"Invalid value for: {key} is not a valid value")
        return int(given)


def endpoint(server: Server, method: str, path: str, handler: Callable[[Call], Any]) -> Route:
    """A route of the API; each request is recorded with what came of it."""

    async def serve(request: Request) -> Response:
        raw = await request.body()
        status, answer = 200, None
        try:
            given = _loaded(raw)
            answer = handler(Call(server, request.path_params, dict(request.query_params), request.headers, given))
        except ApiError as error:
            status, answer = error.status, error.body
        record(server, request, raw, status)
        return Response(status_code=204) if answer is None else JSONResponse(answer, status)

    return Route(path, serve, methods=[method])


def record(server: Server, request: Request, raw: bytes, status: int) -> None:
    """Keep what was asked, for whoever wants to know later."""
    try:
        body = _loaded(raw)
    except ApiError:
        body = None
    headers = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
    seen = Recorded(server.now(), request.method, request.url.path, dict(request.query_params), headers, body, status)
    server.state.record(seen)


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError as error:
        raise ApiError(400, "parseError", "Parse Error") from error
