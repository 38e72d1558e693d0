"""`python -m sandbox`: start the workspace, Airflow, Opsgenie and BigQuery, and print where they are."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from ruamel.yaml import YAML

from sandbox import world
from sandbox.server import Ports, Sandbox
from sandbox.slack.core import Settings


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8300, help="Slack and the page; Airflow, Opsgenie and BigQuery follow"
    )
    parser.add_argument("--app-url", help="request URL of the app, for example http://127.0.0.1:3000/slack/events")
    parser.add_argument("--mode", choices=["auto", "http", "socket"], default="auto", help="how the app is reached")
    parser.add_argument("--manifest", type=Path, help="app manifest (YAML or JSON): only what it lists exists")
    parser.add_argument("--world", type=Path, default=world.DEFAULT, help="the workplace")
    parser.add_argument("--play", metavar="STORY", help="play this story at once")
    parser.add_argument("--speed", type=float, default=1.0, help="how fast stories and Airflow's tasks run")
    return parser.parse_args(argv)


async def run(options: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    manifest = YAML(typ="safe").load(options.manifest.read_text("utf-8")) if options.manifest else {}
    settings = Settings(app_url=options.app_url, mode=options.mode, manifest=manifest)
    ports = Ports.following(options.port)
    sandbox = Sandbox(world.load(options.world), settings, ports, airflow_speed=options.speed)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await sandbox.start()
    _say(f"Slack     {sandbox.url('slack')}   (open this in a browser)")
    _say(f"Airflow   {sandbox.url('airflow')}")
    _say(f"Opsgenie  {sandbox.url('opsgenie')}")
    _say(f"BigQuery  {sandbox.url('bigquery')}   (who may read what now)")
    if options.play:
        await sandbox.stories.play(options.play, options.speed)
    await ended.wait()
    await sandbox.stop()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(arguments()))
