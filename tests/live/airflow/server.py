"""A real Airflow on this machine: PostgreSQL, api-server and scheduler, with the DAGs of `dags/`."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tests.live.airflow import installed, postgres
from tests.live.airflow.processes import alive, free_port, kill_tree, start, tail

DAGS = Path(__file__).with_name("dags")
DAG_COUNT = 5
START_SECONDS = 120
USERS = {"admin": "admin", "op": "op", "viewer": "viewer"}  # name: role; each name is its own password


@dataclass(frozen=True, slots=True)
class Running:
    """Where the server answers and where its DAGs look for markers."""

    version: str
    url: str
    work: Path
    api_server: psutil.Popen
    scheduler: psutil.Popen
    database: postgres.Postgres

    @property
    def markers(self) -> Path:
        return self.work / "markers"

    @property
    def processes(self) -> tuple[psutil.Popen, ...]:
        return self.api_server, self.scheduler


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
        _migrate(home, work, data)
        fresh = template.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(data, fresh)
        fresh.rename(template)
    return postgres.run(data)


def _migrate(home: Path, work: Path, data: Path) -> None:
    postgres.create(data)
    server = postgres.run(data)
    try:
        environment = _environment(work, server.url, port=0)
        _airflow(home, environment, "db", "migrate")
        _airflow(home, environment, "dags", "reserialize")
    finally:
        server.stop()


def _template_key(release: installed.Release) -> str:
    ingredients = [release.fingerprint, str(DAGS), str(postgres.binaries())]
    ingredients += [path.read_text() for path in sorted(DAGS.glob("*.py"))]
    return hashlib.sha256("\0".join(ingredients).encode()).hexdigest()[:12]


def _start(release: installed.Release, home: Path, work: Path, database: postgres.Postgres) -> Running:
    port = free_port()
    environment = _environment(work, database.url, port)
    program = str(home / "bin" / "airflow")
    api_server, scheduler = (
        start([program, *arguments], log=work / f"{arguments[0]}.log", environment=environment)
        for arguments in (["api-server"], ["scheduler", "--skip-serve-logs"])
    )
    return Running(release.version, f"http://127.0.0.1:{port}", work, api_server, scheduler, database)


def _wait_until_ready(server: Running) -> None:
    deadline = time.monotonic() + START_SECONDS
    with httpx.Client(base_url=server.url, timeout=5) as client:
        while not (_healthy(client) and _knows_the_dags(client)):
            dead = [process for process in server.processes if not alive(process)]
            if dead or time.monotonic() > deadline:
                logs = "\n".join(tail(server.work / f"{name}.log") for name in ("api-server", "scheduler"))
                raise RuntimeError(f"Airflow {server.version} did not start:\n{logs}")
            time.sleep(0.1)


def _healthy(client: httpx.Client) -> bool:
    try:
        answer = client.get("/api/v2/monitor/health")
    except httpx.HTTPError:
        return False
    return answer.status_code == 200 and answer.json()["scheduler"]["status"] == "healthy"


def _knows_the_dags(client: httpx.Client) -> bool:
    token = client.post("/auth/token", json={"username": "admin", "password": "admin"}).json()["access_token"]
    dags = client.get("/api/v2/dags", params={"limit": 1}, headers={"Authorization": f"Bearer {token}"})
    return bool(dags.json()["total_entries"] >= DAG_COUNT)


def _airflow(home: Path, environment: dict[str, str], *arguments: str) -> None:
    command = [str(home / "bin" / "airflow"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"airflow {' '.join(arguments)}: {(done.stdout + done.stderr)[-3000:]}")


def _environment(work: Path, database: str, port: int) -> dict[str, str]:
    url = f"http://127.0.0.1:{port}"
    (work / "markers").mkdir(exist_ok=True)
    passwords = work / "passwords.json"
    passwords.write_text(json.dumps({name: name for name in USERS}))
    settings = {
        "CORE__DAGS_FOLDER": str(DAGS),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": "4",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{name}:{role}" for name, role in USERS.items()),
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",  # else tasks report to port 8080 and never finish
        "CORE__FERNET_KEY": "A" * 43 + "=",
        "API__HOST": "127.0.0.1",
        "API__PORT": str(port),
        "API__BASE_URL": url,
        "API__WORKERS": "1",
        "API__SECRET_KEY": "test-only",
        "API_AUTH__JWT_SECRET": "a-fixed-secret-so-that-tokens-survive-a-restart-and-at-least-64-bytes",
        "SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",  # a failing task ends in a second, not in five
        "DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "USAGE_DATA_COLLECTION__ENABLED": "False",
        "DATABASE__SQL_ALCHEMY_CONN": database,
    }
    inherited = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
    own = {"AIRFLOW_HOME": str(work / "home"), "BATON_MARKERS": str(work / "markers"), "NO_COLOR": "1"}
    return inherited | own | {f"AIRFLOW__{name}": value for name, value in settings.items()}
