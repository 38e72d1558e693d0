"""`baton run`, `baton web`, `baton worker`, `baton doctor`"""

import gc
import signal
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigDir, load_app, words
from bot.clock import Clocks

if TYPE_CHECKING:
    from bot.app import App

Host = Annotated[str, typer.Option(envvar="HOST", help="The address to listen on.")]
Port = Annotated[int, typer.Option(envvar="PORT", help="The port to listen on.")]
FollowedUrl = Annotated[
    str, typer.Option("--clock", hidden=True, help="Where the demo tells the time of its made-up workplace.")
]

SWITCH_INTERVAL_S = 0.001  # the loop and the writer take turns often: Python's 5 ms would be felt in every answer


def run(
    config: ConfigDir = DEFAULT_CONFIG, host: Host = "127.0.0.1", port: Port = 3000, clock: FollowedUrl = ""
) -> None:
    """Serve Slack and reconcile, in one process."""
    _serve(config, host, port, reconcile=True, clock=clock)


def web(config: ConfigDir = DEFAULT_CONFIG, host: Host = "127.0.0.1", port: Port = 3000) -> None:
    """Serve Slack only; `baton worker` does the rest."""
    _serve(config, host, port, reconcile=False)


def worker(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Reconcile only: post cards, follow runs, watch Airflow, keep the duties."""
    app = load_app(config)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    app.start_reconciling()
    _read_again_on_hangup(app)
    ended.wait()
    app.stop()


def doctor(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Ask every system that Baton needs, and say what works and what does not."""
    from bot.doctor import examine  # noqa: PLC0415

    findings = list(examine(load_app(config)))
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.ok else 'FAIL'} {finding.what}: {words(finding.words)}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _serve(config: ConfigDir, host: str, port: int, *, reconcile: bool, clock: str = "") -> None:
    import uvicorn  # noqa: PLC0415

    sys.setswitchinterval(SWITCH_INTERVAL_S)
    app = _in_the_demo(config, clock) if clock else load_app(config)
    served = app.web()
    if reconcile:
        app.start_reconciling()
    app.policy.start()
    _read_again_on_hangup(app)
    gc.collect()
    gc.freeze()  # what is loaded now stays: looking through it again and again would be felt in answers
    uvicorn.run(served, host=host, port=port, log_config=None, access_log=False)


def _read_again_on_hangup(app: "App") -> None:
    """Have SIGHUP look at policy.yaml at once; it is looked at every few seconds in any case."""
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: app.policy.wake())


def _in_the_demo(config: ConfigDir, clock: str) -> "App":
    """Return the application of which business time is that of the demo's page."""
    from bot.adapters.followed_clock import FollowedClock  # noqa: PLC0415

    followed = FollowedClock(clock)
    app = load_app(config, Clocks(business=followed))
    followed.on_move = app.ticks.hurry
    return app


def add_to(app: typer.Typer) -> None:
    for command in (run, web, worker, doctor):
        app.command()(command)
