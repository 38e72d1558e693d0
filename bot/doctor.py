"""What `baton doctor` asks, and what the answers mean."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.app import App
from bot.ports.airflow import Airflow
from bot.ports.errors import VendorError
from bot.text import Text, text
from bot.ticks import Scheduled


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    words: Text


def examine(app: App) -> Iterator[Finding]:
    """Yield one finding for each system; each is asked whatever the others say."""
    yield _asked("database", lambda: _database(app))
    yield _asked("Slack", lambda: _slack(app))
    for schedule in app.schedules:
        yield _asked(f"on-call {schedule.name}", lambda schedule=schedule: _schedule(app, schedule))  # type: ignore[misc]
    for airflow in app.airflows.values():
        yield _asked(f"Airflow {airflow.name}", lambda airflow=airflow: _airflow(airflow))  # type: ignore[misc]


def _asked(what: str, ask: Callable[[], Text]) -> Finding:
    try:
        return Finding(what, ok=True, words=ask())
    except VendorError as error:
        return Finding(what, ok=False, words=error.words)


def _database(app: App) -> Text:
    report = app.health.report()
    return text("doctor.database", kind=app.store.engine.dialect.name, waiting=sum(report["waiting"].values()))


def _slack(app: App) -> Text:
    me = app.slack.identity()
    return text("doctor.slack", user=me.user, team=me.team)


def _schedule(app: App, schedule: Scheduled) -> Text:
    answer = schedule.provider.current(schedule.key, app.clocks.business.now())
    return text(f"doctor.on_call.{type(answer).__name__.lower()}")


def _airflow(airflow: Airflow) -> Text:
    version, health = airflow.version(), airflow.health()
    return text("doctor.airflow", version=version, scheduler=health.scheduler, n=len(airflow.dags()))
