"""One API call: who asks, for what, with which parameters; and the wrapper that every endpoint shares."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.airflow.auth import User
from sandbox.airflow.bodies import SINCE
from sandbox.airflow.errors import ApiError, Crash, invalid
from sandbox.airflow.query import Query

if TYPE_CHECKING:
    from sandbox.airflow.server import Server

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[["Call"], Any]


@dataclass(frozen=True, slots=True)
class Call:
    server: Server
    user: User
    path: Mapping[str, str]
    query: Query
    headers: Mapping[str, str]
    raw: bytes

    def map_index(self) -> int | None:
        """The map index in the path, None where the path has none."""
        given = self.path.get("map_index")
        if given is None:
            return None
        try:
            return int(given)
        except ValueError as error:
            message = "Input should be a valid integer, unable to parse string as an integer"
            raise invalid(["path", "map_index"], "int_parsing", message, given) from error

    def body(self, model: type[Model]) -> Model:
        """The JSON body as this model, or the server's refusal of it."""
        given = self._json()
        if given is None:
            raise invalid(["body"], "missing", "Field required", None)
        if not isinstance(given, dict):
            raise Crash("the validators expect an object")
        for key, since in SINCE.get(model, {}).items():
            if key in given and self.server.state.minor < since:
                raise invalid(["body", key], "extra_forbidden", "Extra inputs are not permitted", given[key])
        try:
            return model.model_validate(given)
        except ValidationError as error:
            raise self._refusal(error) from error

    def _json(self) -> Any:
        try:
            return json.loads(self.raw) if self.raw else None
        except ValueError as error:
            raise invalid(["body", 0], "json_invalid", "JSON decode error", {}) from error

    def _refusal(self, error: ValidationError) -> Exception:
        entries = json.loads(error.json(include_url=False))
        combination = any(entry["loc"] == [] for entry in entries)
        if combination and self.server.state.minor < 3:
            return Crash("before 3.3 a refused combination of keys was a server error")
        for entry in entries:
            entry["loc"] = ["body", *entry["loc"]]
        return ApiError(422, entries)


def endpoint(
    server: Server, method: str, path: str, handler: Handler, *, writes: bool = False, event: str | None = None
) -> Route:
    """A route behind the login. Writes need more than the viewer role; an `event` goes to the audit log."""

    async def serve(request: Request) -> Response:
        server.scheduler.catch_up()
        user = server.auth.user_of(request.headers.get("authorization"), server.clock.system_now())
        if writes and not user.may_write:
            raise ApiError(403, "Forbidden")
        call = Call(
            server, user, request.path_params, Query(request.query_params), request.headers, await request.body()
        )
        if event is not None:
            server.state.record(server.time.now(), event, user.username, call.path, _loaded(call.raw))
        answer = handler(call)
        server.scheduler.catch_up()
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    return Route(path, serve, methods=[method])


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
