"""Runs each suite in a pytest of its own, before our eyes, and keeps its report."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from results import Suite, judge, read_report, say

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / ".baton" / "reports"
NOTHING_COLLECTED = 5  # pytest's status


@dataclass(frozen=True, slots=True)
class Command:
    """A suite by its name, and what pytest is told. One `beside` the others runs while they do, and is shown after it.

    It should wait for a server most of the time.
    """

    name: str
    options: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: bool = False
    beside: bool = False

    @property
    def report(self) -> Path:
        return REPORTS / f"{self.name}.xml"


def run(suite: Command) -> bool:
    """Return whether pytest is content."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    suite.report.unlink(missing_ok=True)
    if not suite.beside:
        say(f"\n{suite.name}")
    pytest = [sys.executable, "-m", "pytest", *suite.options, f"--junitxml={suite.report}"]
    environ, shown = os.environ | suite.environ, subprocess.PIPE if suite.beside else None
    done = subprocess.run(  # noqa: S603 - our own command
        pytest,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=shown,
        stderr=shown and subprocess.STDOUT,
        check=False,
    )
    if suite.beside:
        say(f"\n{suite.name}\n{done.stdout.decode(errors='replace')}")
    return done.returncode == 0 or (suite.may_be_empty and done.returncode == NOTHING_COLLECTED)


def run_all(suites: Sequence[Command]) -> tuple[list[Suite], bool]:
    """Run one after the other; return what they told, and whether all is well: no failure, no skip that is unlisted."""
    with ThreadPoolExecutor(1) as lane:
        beside = {suite.name: lane.submit(run, suite) for suite in suites if suite.beside}
        content = {suite.name: run(suite) for suite in suites if not suite.beside}
        content |= {name: each.result() for name, each in beside.items()}
    broken = [name for name, is_content in content.items() if not is_content]
    told = [read_report(suite.report) for suite in suites if suite.report.exists()]
    is_well = judge(told)
    for name in broken:
        say(f"failed: {name}")
    return told, is_well and bool(suites) and not broken
