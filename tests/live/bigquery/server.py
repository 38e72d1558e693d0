"""local-bigquery as a running server."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.live.airflow.processes import alive, free_port, kill_tree, start, tail
from tests.live.bigquery import installed

PROJECT = "haneul-lab"
START_SECONDS = 60


@contextmanager
def running() -> Iterator[str]:
    """Start it, wait until it answers, yield its address, and end it afterwards."""
    home = installed.environment()
    with tempfile.TemporaryDirectory(prefix="baton-bigquery-", ignore_cleanup_errors=True) as directory:
        work = Path(directory)
        installed.provide_extensions(home, work)
        port, log = free_port(), work / "log"
        ports = ("--port", str(port), "--grpc-port", str(free_port()))
        command = [str(home / "bin" / "local-bigquery"), "serve", "--host", "127.0.0.1", *ports]
        command += ["--data-dir", str(work / "data"), "--project", PROJECT]
        (work / "data").mkdir()
        process = start(command, log=log, environment=os.environ | {"HOME": str(work)})
        try:
            yield _ready(f"http://127.0.0.1:{port}", process, log)
        finally:
            kill_tree(process)


def _ready(url, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and alive(process):
        try:
            if httpx.get(f"{url}/bigquery/v2/projects/{PROJECT}/datasets", timeout=5).is_success:
                return url
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"local-bigquery did not start:\n{tail(log)}")
