"""How fast Baton answers Slack, against a bare slack-bolt app that only answers. Prints one JSON object.

The same signed requests go to (a) an AsyncApp with `process_before_response=True` whose listeners do nothing and
(b) Baton with redaction, triage and its durable write, each in a process of its own, in short turns, with the same
load generator. `--seconds` is how long each server is loaded in each case.
"""

import argparse
import asyncio
import hashlib
import hmac
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import httpx

ROOT = Path(__file__).parents[1]
SECRET = "sandbox-signing-secret"
CONCURRENCY = (1, 16)
SLICES = 8
BATON = ("-m", "bot", "web", "--config", "config/demo")


def floor() -> None:
    """Serve the bare app: verify, parse, answer."""
    import re

    import uvicorn
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult
    from starlette.applications import Starlette
    from starlette.routing import Route

    async def authorize(**_):
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="x")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    @app.event(re.compile(".*"))
    async def event():
        pass

    @app.command(re.compile(".*"))
    async def command(ack):
        await ack()

    handler = AsyncSlackRequestHandler(app)

    async def slack(request):
        return await handler.handle(request)

    async def healthz(_):
        from starlette.responses import JSONResponse

        return JSONResponse({"ok": True})

    routes = [Route("/slack/events", slack, methods=["POST"]), Route("/healthz", healthz)]
    uvicorn.run(Starlette(routes=routes), port=int(os.environ["PORT"]), log_config=None, access_log=False)


def signed(body: bytes, kind: str) -> dict[str, str]:
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}


def slash(number: int) -> tuple[bytes, dict[str, str]]:
    """Return a signed `/oncall`."""
    fields = {
        "command": "/oncall",
        "text": "",
        "team_id": "T0HANEUL",
        "user_id": "U0MINJI",
        "channel_id": "C0ONCALL",
        "api_app_id": "A0BATON",
        "trigger_id": f"{number}.1",
        "response_url": f"http://127.0.0.1:9/{number}",
    }
    body = urlencode(fields).encode()
    return body, signed(body, "application/x-www-form-urlencoded")


def message(number: int) -> tuple[bytes, dict[str, str]]:
    """Return a signed alert of one of 50 tasks, no two alike."""
    task, stamp = number % 50, time.time()
    event = {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B0AIRFLOW",
        "username": "airflow",
        "channel": "C0ALERTS",
        "channel_type": "channel",
        "ts": f"{stamp:.6f}",
        "event_ts": f"{stamp:.6f}",
        "text": (
            f":red_circle: Task Failed.\n*Task*: load_{task}\n*Dag*: dag_{task}\n"
            f"*Execution Time*: 2026-11-21T03:{number % 60:02}:00+00:00\n"
            "*Exception*: psycopg2.OperationalError: could not connect to postgresql://etl:secret@db:5432/dw\n"
            f"*Log Url*: <http://airflow.example/dags/dag_{task}/runs/manual__{number}/tasks/load_{task}?try_number=1|log>"
        ),
    }
    body = json.dumps(
        {
            "type": "event_callback",
            "team_id": "T0HANEUL",
            "api_app_id": "A0BATON",
            "event_id": f"Ev{os.getpid()}{number}",
            "event_time": int(stamp),
            "authorizations": [{"team_id": "T0HANEUL", "user_id": "U0BATON", "is_bot": True}],
            "event": event,
        }
    ).encode()
    return body, signed(body, "application/json")


@dataclass
class Measured:
    """What one server answered over all its slices: seconds of each request, and seconds of all slices."""

    times: list[float] = field(default_factory=list)
    took: float = 0.0

    @property
    def rps(self) -> float:
        return len(self.times) / self.took

    @property
    def p99_ms(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.99)] * 1000


async def load(url: str, make, concurrency: int, seconds: float, numbers, into: Measured) -> None:
    """Send requests for so long, each client its next when the last was answered; every answer must be 200."""
    ends_at = time.perf_counter() + seconds

    async def client(session):
        while time.perf_counter() < ends_at:
            body, headers = make(next(numbers))
            began = time.perf_counter()
            async with session.post(f"{url}/slack/events", data=body, headers=headers) as answer:
                await answer.read()
                assert answer.status == 200, f"{answer.status} {await answer.text()}"
            into.times.append(time.perf_counter() - began)

    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        await asyncio.gather(*(client(session) for _ in range(concurrency)))
        into.took += time.perf_counter() - began


def compare(ports: dict[str, int], make, concurrency: int, seconds: float, numbers) -> dict[str, float]:
    """Load both servers in short turns, since a machine is not equally quick from one second to the next."""
    found = {server: Measured() for server in ports}
    for turn in range(-1, SLICES):
        for server, port in ports.items():
            into = found[server] if turn >= 0 else Measured()  # the first turn warms up
            asyncio.run(load(f"http://127.0.0.1:{port}", make, concurrency, seconds / SLICES, numbers, into))
    case = {}
    for server, measured in found.items():
        case |= {f"{server}_rps": round(measured.rps, 1), f"{server}_p99_ms": round(measured.p99_ms, 2)}
    return case | {"ratio_rps": round(found["baton"].rps / found["floor"].rps, 3)}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def start(command: list[str], environ: dict[str, str], port: int, path: str = "/healthz") -> subprocess.Popen:
    process = subprocess.Popen(command, env=os.environ | environ | {"PORT": str(port)}, cwd=ROOT)
    for _ in range(300):
        try:
            if httpx.get(f"http://127.0.0.1:{port}{path}", timeout=1).is_success:
                return process
        except httpx.TransportError:
            time.sleep(0.1)
    process.kill()
    raise SystemExit(f"{command} did not start")


def baton_environment(scratch: str) -> dict[str, str]:
    from bot.cli.demo import WORLD_SECRETS

    nowhere = "http://127.0.0.1:9"
    return WORLD_SECRETS | {
        "BATON_DATABASE_URL": f"sqlite:///{scratch}/baton.sqlite3",
        "BATON_DEMO_SLACK_URL": f"{nowhere}/api/",
        "BATON_DEMO_AIRFLOW_URL": nowhere,
        "BATON_DEMO_OPSGENIE_URL": nowhere,
        "BATON_DEMO_BIGQUERY_URL": nowhere,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--floor", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.floor:
        floor()
        return
    results = {}
    with tempfile.TemporaryDirectory() as scratch:
        ports = {"floor": free_port(), "baton": free_port()}
        servers = [
            start([sys.executable, __file__, "--floor"], {}, ports["floor"]),
            start([sys.executable, *BATON], baton_environment(scratch), ports["baton"]),
        ]
        try:
            numbers = itertools.count()
            for name, make in (("slash", slash), ("message", message)):
                for concurrency in CONCURRENCY:
                    results[f"{name}_c{concurrency}"] = compare(ports, make, concurrency, options.seconds, numbers)
        finally:
            for server in servers:
                server.terminate()
                server.wait(10)
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
