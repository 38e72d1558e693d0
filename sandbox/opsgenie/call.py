"""One API call and the envelope that every answer has; keys, rate limits and outages come before it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.opsgenie.refusals import Refused, invalid
from sandbox.opsgenie.server import Server

Model = TypeVar("Model", bound=BaseModel)
AWARE: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` or `result` with whatever stands beside it."""

    fields: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Call:
    server: Server
    path: Mapping[str, str]
    query: QueryParams
    base_url: str
    raw: bytes
    own_path: str = ""

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        given = self.query.get(key, default)
        if given not in allowed:
            raise invalid(key, f"must be one of {', '.join(allowed)}")
        return given

    def flag(self, key: str) -> bool:
        return self.choice(key, ("true", "false"), "false") == "true"

    def number(self, key: str, default: int, low: int, high: int) -> int:
        given = self.query.get(key)
        if given is None:
            return default
        if not given.lstrip("-").isdigit() or not low <= int(given) <= high:
            raise invalid(key, f"must be a number from {low} to {high}")
        return int(given)

    def moment(self, key: str) -> datetime:
        """The given time, or now on the business clock."""
        given = self.query.get(key)
        if given is None:
            return self.server.clock.now()
        try:
            return AWARE.validate_python(given)
        except ValidationError as error:
            raise invalid(key, "must be a date-time with an offset, URL-encoded") from error

    def body(self, model: type[Model]) -> Model:
        try:
            given = json.loads(self.raw) if self.raw else {}
        except ValueError as error:
            raise Refused(400, "Could not parse JSON body.") from error
        if not isinstance(given, dict):
            raise Refused(400, "Could not parse JSON body.")
        try:
            return model.model_validate(given)
        except ValidationError as error:
            errors = {".".join(map(str, one["loc"])) or "body": one["msg"] for one in error.errors()}
            raise Refused(422, "Request body is not processable. Please check the errors.", errors=errors) from error


def endpoint(
    server: Server, method: str, path: str, handler: Callable[[Call], Answer], *, domain: str = "Configuration"
) -> Route:
    """A route behind the API key, in its rate-limit domain, with Opsgenie's envelope and headers."""

    async def serve(request: Request) -> Response:
        started = time.perf_counter()
        request_id = str(uuid.uuid4())
        headers = {"X-RateLimit-State": "OK", "X-Request-Id": request_id}
        try:
            server.check_rate(domain)
            server.check_key(request.headers.get("authorization"))
            raw = await request.body()
            call = Call(server, request.path_params, request.query_params, str(request.base_url), raw)
            answer = handler(call)
            fields, status = dict(answer.fields), answer.status
        except Refused as refused:
            fields, status = _problem(refused), refused.status
            headers |= refused.headers
        took = round(time.perf_counter() - started, 3)
        headers["X-Response-Time"] = str(took)
        return JSONResponse({**fields, "took": took, "requestId": fields.get("requestId", request_id)}, status, headers)

    return Route(path, serve, methods=[method])


def _problem(refused: Refused) -> dict[str, Any]:
    fields: dict[str, Any] = {"message": refused.message}
    if refused.code is not None:
        fields["code"] = refused.code
    if refused.errors is not None:
        fields["errors"] = dict(refused.errors)
    return fields
