"""`make test-live`: every suite that needs a real server, each in a pytest of its own; then what was skipped.

python ci/live.py [SUITE …]
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from machine import ROOT, NotReady, prepare
from results import judge, read_report, say

REPORTS = ROOT / ".baton" / "reports"
NOTHING_COLLECTED = 5  # pytest's status


@dataclass(frozen=True, slots=True)
class Live:
    """A suite, where its tests are, and what else pytest is told."""

    name: str
    paths: tuple[str, ...]
    options: tuple[str, ...] = ("-n", "0")


SUITES = (
    Live("live-airflow", ("tests/live/airflow",)),
    Live("live-main-story", ("tests/live/test_main_story.py",)),
    Live("live-processes", ("tests/live/test_processes.py",)),
    Live("live-slack", ("tests/live/slack",)),
    Live("live-browser", ("tests/browser",), ("-n", "2")),
)
THE_REST = Live("live-rest", ("tests",), tuple(f"--ignore={path}" for suite in SUITES for path in suite.paths))


def main(names: Sequence[str]) -> int:
    try:
        prepare()
    except NotReady as error:
        say(f"not ready: {error}")
        return 1
    chosen = [suite for suite in (*SUITES, THE_REST) if not names or suite.name in names]
    REPORTS.mkdir(parents=True, exist_ok=True)
    broken = [suite.name for suite in chosen if not run(suite)]
    is_well = judge([read_report(report(suite)) for suite in chosen if report(suite).exists()])
    for name in broken:
        say(f"failed: {name}")
    return 0 if is_well and chosen and not broken else 1


def run(suite: Live) -> bool:
    """Run the suite before our eyes; return whether all is well."""
    report(suite).unlink(missing_ok=True)
    say(f"\n{suite.name}")
    pytest = [sys.executable, "-m", "pytest", *suite.paths, "-m", "live", *suite.options, f"--junitxml={report(suite)}"]
    status = subprocess.run(pytest, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - our own
    return status == 0 or (suite is THE_REST and status == NOTHING_COLLECTED)


def report(suite: Live) -> Path:
    return REPORTS / f"{suite.name}.xml"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
