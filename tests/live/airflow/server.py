"""A real Airflow on this machine: PostgreSQL, web server and scheduler, with the DAGs of `dags/`."""

import hashlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.adapters.airflow import AirflowServer, Credentials, connect
from bot.ports.errors import VendorError
from tests.live.airflow import installed, postgres, settings
from tests.live.airflow.processes import alive, free_port, kill_tree, start, tail

DAG_COUNT = 7
START_SECONDS = 180  # on a busy machine; 9 to 25 on an idle one


@dataclass(frozen=True, slots=True)
class Running:
    """Where the server answers and where its DAGs look for markers."""

    version: str
    url: str
    work: Path
    web: psutil.Popen
    scheduler: psutil.Popen
    database: postgres.Postgres

    @property
    def markers(self) -> Path:
        return self.work / "markers"

    @property
    def processes(self) -> tuple[psutil.Popen, ...]:
        return self.web, self.scheduler


@contextmanager
def running(release: installed.Release) -> Iterator[Running]:
    """Start Airflow, wait until it is ready, and end every process of it afterwards."""
    home = installed.environment(release)
    with ExitStack() as afterwards:
        work = Path(tempfile.mkdtemp(prefix="baton-airflow-"))
        afterwards.callback(shutil.rmtree, work, ignore_errors=True)
        work.chmod(0o755)  # PostgreSQL runs under an account of its own
        database = _database(release, home, work)
        afterwards.callback(database.stop)
        server = _start(release, home, work, database)
        for process in server.processes:
            afterwards.callback(kill_tree, process)
        _wait_until_ready(server)
        yield server


def _database(release: installed.Release, home: Path, work: Path) -> postgres.Postgres:
    """Return a migrated database that knows the DAGs; the first run leaves it as a template for the later ones."""
    template = installed.cache() / f"airflow-{release.version}" / f"database-{_template_key(release)}"
    data = work / "database" / "data"
    data.parent.mkdir()
    if template.exists():
        postgres.copy(template, data)
    else:
        _migrate(release, home, work, data)
        fresh = template.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(data, fresh)
        fresh.rename(template)
    return postgres.run(data)


def _migrate(release: installed.Release, home: Path, work: Path, data: Path) -> None:
    postgres.create(data)
    server = postgres.run(data)
    try:
        environment = settings.environment(release, work, server.url, port=0)
        for command in settings.preparation(release):
            _airflow(home, environment, *command)
    finally:
        server.stop()


def _template_key(release: installed.Release) -> str:
    ingredients = [release.fingerprint, str(settings.DAGS), str(postgres.binaries())]
    ingredients += [path.read_text() for path in sorted(settings.DAGS.glob("*.py"))]
    return hashlib.sha256("\0".join(ingredients).encode()).hexdigest()[:12]


def _start(release: installed.Release, home: Path, work: Path, database: postgres.Postgres) -> Running:
    port = free_port()
    environment = settings.environment(release, work, database.url, port)
    web, scheduler = (
        start([str(home / "bin" / "airflow"), *command], log=work / f"{name}.log", environment=environment)
        for name, command in (("web", settings.web(release)), ("scheduler", ("scheduler", "--skip-serve-logs")))
    )
    return Running(release.version, f"http://127.0.0.1:{port}", work, web, scheduler, database)


def _wait_until_ready(server: Running) -> None:
    airflow = connect("test", server.url, Credentials("admin", "admin"))
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(airflow):
        dead = [process for process in server.processes if not alive(process)]
        if dead or time.monotonic() > deadline:
            logs = "\n".join(tail(server.work / f"{name}.log") for name in ("web", "scheduler"))
            raise RuntimeError(f"Airflow {server.version} did not start:\n{logs}")
        time.sleep(0.1)
    airflow.close()


def _is_ready(airflow: AirflowServer) -> bool:
    try:
        return airflow.health().scheduler == "healthy" and len(airflow.dags()) >= DAG_COUNT
    except VendorError:
        return False


def _airflow(home: Path, environment: dict[str, str], *arguments: str) -> None:
    command = [str(home / "bin" / "airflow"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"airflow {' '.join(arguments)}: {(done.stdout + done.stderr)[-3000:]}")
