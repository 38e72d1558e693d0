"""What `baton doctor` asks, and what the answers mean."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from bot.adapters import opsgenie
from bot.app import App
from bot.handoff import rows as handoffs
from bot.oncall import mirrors
from bot.ports.airflow import Airflow, Right
from bot.ports.bigquery import BigQuery, DatasetName
from bot.ports.errors import Forbidden, VendorError
from bot.text import Text, text
from bot.ticks import Scheduled

CLOCK_LEEWAY = timedelta(seconds=10)
"""How far clocks may differ before tokens are refused as expired, or as not yet good: Airflow's own leeway."""


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    words: Text


def examine(app: App) -> Iterator[Finding]:
    """Yield one finding for each system; each is asked whatever the others say."""
    yield _asked("database", lambda: _database(app))
    yield _asked("Slack", lambda: _slack(app))
    for schedule in app.vendors.schedules:
        yield _asked(f"on-call {schedule.name}", lambda schedule=schedule: _schedule(app, schedule))  # type: ignore[misc]
    if any(schedule.provider.name == opsgenie.NAME for schedule in app.vendors.schedules):
        yield _opsgenie_ends(app)
    if app.config.baton.handoff.canvas:
        yield _canvas(app)
    for group in app.config.baton.groups:
        yield _asked(f"user group {group}", lambda group=group: _group(app, group))  # type: ignore[misc]
    for airflow in app.vendors.airflows.values():
        yield _asked(f"Airflow {airflow.name}", lambda airflow=airflow: _airflow(app, airflow))  # type: ignore[misc]
    for project in app.vendors.bigquery.values():
        yield _asked(f"BigQuery {project.project}", lambda project=project: _bigquery(app, project))  # type: ignore[misc]


def _asked(what: str, ask: Callable[[], Text | Finding]) -> Finding:
    try:
        answer = ask()
        return answer if isinstance(answer, Finding) else Finding(what, ok=True, words=answer)
    except VendorError as error:
        return Finding(what, ok=False, words=error.words)


def _database(app: App) -> Text:
    report = app.health.report()
    return text("doctor.database", kind=app.store.engine.dialect.name, waiting=sum(report["waiting"].values()))


def _slack(app: App) -> Text:
    me = app.vendors.slack.identity()
    return text("doctor.slack", user=me.user, team=me.team)


def _schedule(app: App, schedule: Scheduled) -> Text:
    answer = schedule.provider.current(schedule.key, app.clocks.business.now())
    return text(f"doctor.on_call.{type(answer).__name__.lower()}")


def _canvas(app: App) -> Finding:
    """Say why the last handoff is no canvas, where it should be one."""
    problem = app.store.read(handoffs.canvas_problem)
    words = text("doctor.canvas_lacking", why=problem) if problem else text("doctor.canvas")
    return Finding("canvas", ok=problem is None, words=words)


def _group(app: App, group: str) -> Finding:
    """Say who is in a user group, and what keeps Baton from having it follow who is on call."""
    members = app.vendors.slack.group_members(group)
    problem = app.store.read(lambda tx: mirrors.problem_of(tx, group))
    words = problem or text("doctor.group", n=len(members))
    return Finding(f"user group {group}", ok=problem is None, words=words)


def _opsgenie_ends(app: App) -> Finding:
    """Say how long there will be an Opsgenie. Accounts that were migrated end sooner than the product."""
    left = (opsgenie.LAST_DAY - app.clocks.business.now().date()).days
    words = text("doctor.opsgenie_ends", day=opsgenie.LAST_DAY.isoformat(), n=left)
    return Finding("Opsgenie", ok=left > 0, words=words if left > 0 else text("doctor.opsgenie_ended"))


def _airflow(app: App, airflow: Airflow) -> Finding:
    """Say who answers and what we may do. In live mode a right that is lacking is found now, not at night."""
    asked_at = app.clocks.system.now()
    seen, health = airflow.introduction(), airflow.health()
    off = _off(seen.said_at, asked_at, app.clocks.system.now()) if seen.said_at else None
    lacks = [right for right, may in seen.rights.items() if may is False]
    is_right = off is None or off <= CLOCK_LEEWAY
    words = text(
        "doctor.airflow",
        version=seen.version,
        api=seen.api,
        auth=text(f"doctor.airflow.auth.{seen.auth}"),
        rights=_rights(seen.rights),
        clock=_clock(off),
        scheduler=health.scheduler,
        n=len(airflow.dags()) if seen.rights[Right.READ] else 0,
    )
    needed = set(Right) if app.config.is_live else {Right.READ}
    return Finding(f"Airflow {airflow.name}", ok=is_right and not needed & set(lacks), words=words)


def _rights(rights: Mapping[Right, bool | None]) -> Text:
    may, may_not = (
        tuple(text(f"doctor.airflow.right.{right}") for right, answer in rights.items() if answer is wanted)
        for wanted in (True, False)
    )
    if may_not:
        return text("doctor.airflow.rights_lacking", may=may or "–", may_not=may_not)
    return text("doctor.airflow.rights", may=may)


def _off(said_at: datetime, asked_at: datetime, answered_at: datetime) -> timedelta:
    """Return how far the server's clock is from ours at least: it spoke at some time while it was asked."""
    return max(asked_at - said_at, said_at - answered_at, timedelta(0))


def _clock(off: timedelta | None) -> Text:
    if off is None:
        return text("doctor.airflow.clock_unknown")
    if off <= CLOCK_LEEWAY:
        return text("doctor.airflow.clock_right")
    return text("doctor.airflow.clock_off", by=off)


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
