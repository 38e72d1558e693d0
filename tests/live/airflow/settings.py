"""How a real Airflow of each generation is set up: settings by environment, what makes its database, its web server."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.live.airflow.installed import Release

DAGS = Path(__file__).with_name("dags")
USERS = {"admin": "admin", "op": "op", "viewer": "viewer"}  # name: role; each name is its own password
HOUR = "3600"


def environment(release: Release, work: Path, database: str, port: int) -> dict[str, str]:
    """Return the environment of every process of the server, and write the files that it names."""
    (work / "markers").mkdir(exist_ok=True)
    chosen = _common(database) | (_of_2(work, port) if release.is_2 else _of_3(work, port))
    inherited = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
    own = {"AIRFLOW_HOME": str(work / "home"), "BATON_MARKERS": str(work / "markers"), "NO_COLOR": "1"}
    return inherited | own | {f"AIRFLOW__{name}": value for name, value in chosen.items()}


def preparation(release: Release) -> Sequence[Sequence[str]]:
    """Return the commands that make an empty database one that knows the DAGs and the users."""
    commands = [("db", "migrate"), ("dags", "reserialize")]
    return [*commands, ("sync-perm",), *map(_user, USERS)] if release.is_2 else commands


def web(release: Release) -> Sequence[str]:
    return ("webserver",) if release.is_2 else ("api-server",)


def _common(database: str) -> Mapping[str, str]:
    return {
        "CORE__DAGS_FOLDER": str(DAGS),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": "4",
        "CORE__FERNET_KEY": "A" * 43 + "=",
        "SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "USAGE_DATA_COLLECTION__ENABLED": "False",
        "DATABASE__SQL_ALCHEMY_CONN": database,
    }


def _of_3(work: Path, port: int) -> Mapping[str, str]:
    url = f"http://127.0.0.1:{port}"
    passwords = work / "passwords.json"
    passwords.write_text(json.dumps({name: name for name in USERS}))
    return {
        "CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{name}:{role}" for name, role in USERS.items()),
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",  # else tasks report to port 8080 and never finish
        "API__HOST": "127.0.0.1",
        "API__PORT": str(port),
        "API__BASE_URL": url,
        "API__WORKERS": "1",
        "API__SECRET_KEY": "test-only",
        "API_AUTH__JWT_SECRET": "a-fixed-secret-so-that-tokens-survive-a-restart-and-at-least-64-bytes",
        "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",  # a failing task ends in a second, not in five
        "DAG_PROCESSOR__PARSING_PROCESSES": "1",
    }


def _of_2(work: Path, port: int) -> Mapping[str, str]:
    config = work / "webserver_config.py"
    config.write_text('FAB_PASSWORD_HASH_METHOD = "pbkdf2:sha256:1"\n')  # else each request hashes for 130 ms
    return {
        "CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "API__AUTH_BACKENDS": "airflow.providers.fab.auth_manager.api.auth.backend.basic_auth",
        "WEBSERVER__WEB_SERVER_HOST": "127.0.0.1",
        "WEBSERVER__WEB_SERVER_PORT": str(port),
        "WEBSERVER__BASE_URL": f"http://127.0.0.1:{port}",
        "WEBSERVER__WORKERS": "1",
        "WEBSERVER__SECRET_KEY": "test-only",
        "WEBSERVER__CONFIG_FILE": str(config),
        "SCHEDULER__JOB_HEARTBEAT_SEC": "1",
        "SCHEDULER__LOCAL_TASK_JOB_HEARTBEAT_SEC": "1",  # else a cleared task runs on for up to five minutes
        # The database knows the DAGs already, and no test edits them.
        "SCHEDULER__PARSING_PROCESSES": "1",
        "SCHEDULER__MIN_FILE_PROCESS_INTERVAL": HOUR,
        "SCHEDULER__DAG_DIR_LIST_INTERVAL": HOUR,
    }


def _user(name: str) -> Sequence[str]:
    role = USERS[name].capitalize()
    about = {"username": name, "password": name, "role": role, "email": f"{name}@baton.example"}
    given = (part for key, value in about.items() for part in (f"--{key}", value))
    return ["users", "create", *given, "-f", name, "-l", name]
