"""Start a process so that it and everything that it starts can be ended."""

import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil


def start(
    command: Sequence[str], *, log: Path, environment: Mapping[str, str], user: str | None = None
) -> psutil.Popen:
    """Start `command` in its own session, its output in `log`, as `user` if we are root and one is named."""
    identity = {"user": user, "group": user, "extra_groups": []} if user else {}
    with log.open("ab") as output:
        return psutil.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
            **identity,
        )


def alive(process: psutil.Popen) -> bool:
    """Tell a running process from one that ended, also where nobody has reaped it yet."""
    return process.poll() is None and process.status() != psutil.STATUS_ZOMBIE


def kill_tree(process: psutil.Popen) -> None:
    """End the process and its descendants at once: a task of Airflow has its own process group."""
    try:
        family = [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=10)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_root() -> bool:
    return os.geteuid() == 0


def tail(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no output)"
