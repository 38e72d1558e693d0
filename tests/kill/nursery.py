"""Gives birth to Baton quickly: it has imported everything once, and forks a process for each `baton run`.

Starting Python and importing takes longer than the life that a test lets a process have. Apart from that the child is
what `python -m bot run` is. Commands are lines of JSON on standard input; each is answered by the child's process id.
"""

import json
import os
import signal
import sys
from typing import Any

import airflow_client.client  # noqa: F401 - imported late by Baton; here once for all of them
import alembic.command  # noqa: F401 - as above
import google.cloud.bigquery  # noqa: F401 - as above
import uvicorn  # noqa: F401 - as above

import bot.app  # noqa: F401 - as above
from bot.__main__ import app


def main() -> None:
    signal.signal(signal.SIGCHLD, _reap)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _become_baton(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _reap(*_: Any) -> None:
    """Take note of children that ended: until then their process ids look alive."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _become_baton(order: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    out = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["cwd"])
    app(order["arguments"])


if __name__ == "__main__":
    main()
