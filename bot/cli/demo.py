"""`baton demo`: a made-up workplace on this machine with Baton in it. No account, no network."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, known_operations
from bot.config.load import load

PATIENCE_S = 60
BATON = 4  # its port, after the page, Airflow, Opsgenie and BigQuery
WORLD_SECRETS = {  # of sandbox/world.yaml: public, and worth nothing
    "BATON_SLACK_BOT_TOKEN": "sandbox-bot-token",
    "BATON_SLACK_APP_TOKEN": "sandbox-app-token",
    "BATON_SLACK_SIGNING_SECRET": "sandbox-signing-secret",
    "BATON_OPSGENIE_API_KEY": "sandbox-opsgenie-key",
    "BATON_AIRFLOW_PROD_USERNAME": "baton",
    "BATON_AIRFLOW_PROD_PASSWORD": "baton",
}


def demo(
    port: Annotated[int, typer.Option(help="Of the page; the next four are used too.")] = 8300,
    story: Annotated[str, typer.Option(help="The story to begin with; empty for none.")] = "night",
    seconds: Annotated[float, typer.Option(help="End by itself after so long; 0 for never.", hidden=True)] = 0,
) -> None:
    """Start a Slack, an Airflow, an Opsgenie and a BigQuery on this machine, with Baton in it, and tell a story."""
    _refuse_taken_ports(port)
    with tempfile.TemporaryDirectory(prefix="baton-demo-") as scratch:
        environ = demo_environment(port, Path(scratch))
        workplace = _sandbox(port, environ, _manifest(port, environ, Path(scratch)))
        baton = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "bot", "run", *_options(port)],
            env=environ,
        )
        try:
            _wait_until_well(port, workplace, baton)
            if story:
                _play(port, story)
            typer.echo(f"\n  Baton is in its demo workplace: http://127.0.0.1:{port}\n\n  Press Ctrl+C to end it.\n")
            _until_ended(seconds, workplace, baton)
        finally:
            for process in (baton, workplace):
                process.terminate()
            for process in (baton, workplace):
                process.wait(10)


def _options(port: int) -> list[str]:
    """Return how Baton is run: on its own port, and by the clock that people move on the page."""
    clock = f"http://127.0.0.1:{port}/control/clock"
    return ["--config", str(DEFAULT_CONFIG / "demo"), "--port", str(port + BATON), "--clock", clock]


def demo_environment(port: int, scratch: Path) -> Mapping[str, str]:
    """Return the environment of a Baton that works in the sandbox at `port`."""
    return (
        os.environ
        | WORLD_SECRETS
        | {
            "BATON_DATABASE_URL": f"sqlite:///{scratch / 'baton.sqlite3'}",
            "BATON_DEMO_SLACK_URL": f"http://127.0.0.1:{port}/api/",
            "BATON_DEMO_AIRFLOW_URL": f"http://127.0.0.1:{port + 1}",
            "BATON_DEMO_OPSGENIE_URL": f"http://127.0.0.1:{port + 2}",
            "BATON_DEMO_BIGQUERY_URL": f"http://127.0.0.1:{port + 3}",
        }
    )


def _manifest(port: int, environ: Mapping[str, str], scratch: Path) -> Path:
    """Write down what the workplace's Slack knows of Baton: its commands, shortcuts, events."""
    from bot.manifest import manifest  # noqa: PLC0415

    config = load(DEFAULT_CONFIG / "demo", environ, known_operations())
    written = scratch / "manifest.json"
    app_url = f"http://127.0.0.1:{port + BATON}"
    written.write_text(json.dumps(manifest(config, app_url=app_url, socket=False)), encoding="utf-8")
    return written


def _sandbox(port: int, environ: Mapping[str, str], known: Path) -> "subprocess.Popen[bytes]":
    app_url = f"http://127.0.0.1:{port + BATON}/slack/events"
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--app-url", app_url, "--manifest", str(known)]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command


def _refuse_taken_ports(port: int) -> None:
    """End here rather than join what another demo runs on these ports."""
    for number in range(port, port + BATON + 1):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", number))
            except OSError:
                typer.echo(
                    f"Port {number} is in use, perhaps by another demo. "
                    f"The demo needs {port} to {port + BATON}: end the other one, or try --port {port + 100}.",
                    err=True,
                )
                raise typer.Exit(1) from None


def _wait_until_well(port: int, *processes: "subprocess.Popen[bytes]") -> None:
    import httpx  # noqa: PLC0415

    deadline = time.monotonic() + PATIENCE_S
    page, health = f"http://127.0.0.1:{port}/ui/state?user=U0MINJI", f"http://127.0.0.1:{port + BATON}/healthz"
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        try:
            is_there, found = httpx.get(page, timeout=2).is_success, httpx.get(health, timeout=2)
            if is_there and found.is_success and not found.json()["starting"]:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    typer.echo(f"The demo did not start on the ports {port} to {port + BATON}; its last words stand above.", err=True)
    raise typer.Exit(1)


def _play(port: int, story: str) -> None:
    import httpx  # noqa: PLC0415

    httpx.post(f"http://127.0.0.1:{port}/ui/stories/{story}/play", json={"speed": 1}, timeout=5).raise_for_status()


def _until_ended(seconds: float, *processes: "subprocess.Popen[bytes]") -> None:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    deadline = time.monotonic() + seconds if seconds else float("inf")
    while not ended.wait(0.5) and time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            typer.echo("A part of the demo has ended by itself; its last words stand above.", err=True)
            raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
