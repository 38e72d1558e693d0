"""The Web API endpoint: token, scope, rate limit, method, answer."""

import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.slack.args import Args, parse_body
from sandbox.slack.caller import Caller, caller_of
from sandbox.slack.core import Slack
from sandbox.slack.errors import RateLimitedError, SlackError
from sandbox.slack.methods import METHODS, Method
from sandbox.slack.people import Json

OPEN_TO_ALL = {"api.test"}
APP_LEVEL = {"apps.connections.open", "auth.test", "api.test"}


async def call(request: Request) -> Response:
    """Answer `/api/{method}`: always HTTP 200 with ok true or false, except 429 when too often."""
    slack: Slack = request.app.state.slack
    name = request.path_params["method"]
    started = time.monotonic()
    given: Json = {}
    headers: dict[str, str] = {}
    try:
        body = parse_body(request.headers.get("content-type", ""), await request.body())
        given = {**request.query_params, **body}
        status, answer = 200, {"ok": True, **_run(slack, name, request, given)}
    except SlackError as error:
        status, answer = 200, error.answer()
    except RateLimitedError as limited:
        status, answer = 429, {"ok": False, "error": "ratelimited"}
        headers["Retry-After"] = str(limited.retry_after_s)
    milliseconds = round((time.monotonic() - started) * 1000, 1)
    slack.log.add("api", name, given, answer, status=status, ms=milliseconds)
    return JSONResponse(answer, status, headers=headers)


def _run(slack: Slack, name: str, request: Request, given: Json) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    token = bearer or str(given.get("token") or "")
    caller = Caller("", None, "app") if name in OPEN_TO_ALL and not token else caller_of(token, slack.world)
    if caller.kind == "app" and name not in APP_LEVEL:
        raise SlackError("not_allowed_token_type")
    _check_scope(slack, method)
    if method.tier:
        slack.pace.count_call(name, method.tier)
    return method.run(slack, caller, Args(given))


def _check_scope(slack: Slack, method: Method) -> None:
    """With a manifest, the bot has the scopes that it lists and no others."""
    scopes = slack.settings.manifest.get("oauth_config", {}).get("scopes", {}).get("bot")
    if scopes is not None and method.scope and method.scope not in scopes:
        raise SlackError("missing_scope", needed=method.scope, provided=",".join(scopes))
