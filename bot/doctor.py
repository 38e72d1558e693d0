"""What `baton doctor` asks, and what the answers mean."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.app import App
from bot.ports.airflow import Airflow
from bot.ports.bigquery import BigQuery, DatasetName
from bot.ports.errors import Forbidden, VendorError
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
    for project in app.bigquery.values():
        yield _asked(f"BigQuery {project.project}", lambda project=project: _bigquery(app, project))  # type: ignore[misc]


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


def _bigquery(app: App, project: BigQuery) -> Text:
    """Return what is there; raise Forbidden with the datasets whose access Baton could neither read nor change."""
    names = project.datasets()
    listed = [name for name in names if any(fnmatchcase(str(name), each) for each in app.config.datasets.datasets)]
    closed = [str(name) for name in listed if not _may_give_access(project, name)]
    if closed:
        raise Forbidden(f"BigQuery {project.project}", f"bigquery.datasets.setIamPolicy: {', '.join(closed)}")
    return text("doctor.bigquery", n=len(names), listed=len(listed))


def _may_give_access(project: BigQuery, name: DatasetName) -> bool:
    try:
        return project.may_set_acl(name)
    except Forbidden:
        return False
