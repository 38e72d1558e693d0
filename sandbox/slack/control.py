"""What tests and demos steer by: clock, faults, log, limits, reset (`/control/*`)."""

import asyncio
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Fault
from sandbox.slack.core import Slack
from sandbox.slack.socket import WARNING_SECONDS


async def clock(request: Request) -> Response:
    """GET tells the business time; POST `{advance_s}` or `{set: ISO time}` moves it."""
    slack = _slack(request)
    if request.method == "POST":
        body = await request.json()
        if "set" in body:
            slack.clock.set(datetime.fromisoformat(body["set"]))
        else:
            slack.clock.advance(timedelta(seconds=float(body["advance_s"])))
    return JSONResponse(slack.clock_json())


async def faults(request: Request) -> Response:
    """GET lists the rules, POST adds one, DELETE removes all."""
    rules = _slack(request).faults
    if request.method == "POST":
        return JSONResponse({"id": rules.add(Fault.model_validate(await request.json()))}, 201)
    if request.method == "DELETE":
        rules.clear()
    return JSONResponse({"faults": rules.list()})


async def log(request: Request) -> Response:
    return JSONResponse(_slack(request).log.since(int(request.query_params.get("since", "0"))))


async def limits(request: Request) -> Response:
    slack = _slack(request)
    slack.pace.enforce = bool((await request.json())["enforce"])
    slack.pace.reset()
    return JSONResponse({"enforce": slack.pace.enforce})


async def app_url(request: Request) -> Response:
    """GET or set (`{url}`) the app's request URL."""
    slack = _slack(request)
    if request.method == "POST":
        slack.deliver.app_url = (await request.json())["url"]
    return JSONResponse({"url": slack.deliver.app_url, "mode": slack.deliver.mode, "sockets": slack.sockets.connected})


async def disconnect(request: Request) -> Response:
    """End the Socket Mode connections: `{reason: warning|refresh_requested|link_disabled, after_s}`."""
    body = await request.json() if await request.body() else {}
    slack = _slack(request)
    if body.get("reason") is None:
        ended = slack.sockets.connected
        await slack.sockets.close()
    else:
        ended = await slack.sockets.disconnect(body["reason"], float(body.get("after_s", WARNING_SECONDS)))
    return JSONResponse({"ended": ended})


async def idle(request: Request) -> Response:
    """Answers as soon as everything sent to the app has its first outcome, 504 after `timeout` seconds."""
    try:
        async with asyncio.timeout(float(request.query_params.get("timeout", "10"))):
            await _slack(request).deliver.idle()
    except TimeoutError:
        return JSONResponse({"idle": False}, 504)
    return JSONResponse({"idle": True})


async def reset(request: Request) -> Response:
    slack = _slack(request)
    await slack.reset()
    return JSONResponse({"ok": True})


ROUTES = [
    Route("/control/app", app_url, methods=["GET", "POST"]),
    Route("/control/clock", clock, methods=["GET", "POST"]),
    Route("/control/disconnect", disconnect, methods=["POST"]),
    Route("/control/faults", faults, methods=["GET", "POST", "DELETE"]),
    Route("/control/idle", idle),
    Route("/control/limits", limits, methods=["POST"]),
    Route("/control/log", log),
    Route("/control/reset", reset, methods=["POST"]),
]


def _slack(request: Request) -> Slack:
    slack: Slack = request.app.state.slack
    return slack
