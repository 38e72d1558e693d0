"""Runs one suite in a pytest of its own, before our eyes, and keeps its report."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from results import Suite, judge, read_report, say

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / ".baton" / "reports"
NOTHING_COLLECTED = 5  # pytest's status


@dataclass(frozen=True, slots=True)
class Command:
    """A suite by its name, and what pytest is told."""

    name: str
    options: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: bool = False

    @property
    def report(self) -> Path:
        return REPORTS / f"{self.name}.xml"


def run(suite: Command) -> bool:
    """Return whether pytest is content."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    suite.report.unlink(missing_ok=True)
    say(f"\n{suite.name}")
    pytest = [sys.executable, "-m", "pytest", *suite.options, f"--junitxml={suite.report}"]
    environ = os.environ | suite.environ
    status = subprocess.run(pytest, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - our own command
    return status == 0 or (suite.may_be_empty and status == NOTHING_COLLECTED)


def run_all(suites: Sequence[Command]) -> tuple[list[Suite], bool]:
    """Run one after the other; return what they told, and whether all is well: no failure, no skip that is unlisted."""
    broken = [suite.name for suite in suites if not run(suite)]
    told = [read_report(suite.report) for suite in suites if suite.report.exists()]
    is_well = judge(told)
    for name in broken:
        say(f"failed: {name}")
    return told, is_well and bool(suites) and not broken
