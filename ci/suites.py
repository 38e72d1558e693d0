"""Runs each suite in a pytest of its own, and keeps its report."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
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


def run(suite: Command, *, is_alone: bool) -> bool:
    """Return whether pytest is content. What a suite says that is not alone is shown when it is over."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    suite.report.unlink(missing_ok=True)
    if is_alone:
        say(f"\n{suite.name}")
    pytest = [sys.executable, "-m", "pytest", *suite.options, f"--junitxml={suite.report}"]
    environ, shown = os.environ | suite.environ, None if is_alone else subprocess.PIPE
    done = subprocess.run(  # noqa: S603 - our own command
        pytest,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=shown,
        stderr=shown and subprocess.STDOUT,
        check=False,
    )
    if not is_alone:
        say(f"\n{suite.name}\n{done.stdout.decode(errors='replace')}")
    return done.returncode == 0 or (suite.may_be_empty and done.returncode == NOTHING_COLLECTED)


def run_all(suites: Sequence[Command], at_once: int = 1) -> tuple[list[Suite], bool]:
    """Run them in this order, so many at once; return what they told, and whether all is well.

    That is: no failure, and no skip that is unlisted.
    """
    with ThreadPoolExecutor(at_once) as lanes:
        content = list(lanes.map(partial(run, is_alone=min(at_once, len(suites)) == 1), suites))
    broken = [suite.name for suite, is_content in zip(suites, content, strict=True) if not is_content]
    told = [read_report(suite.report) for suite in suites if suite.report.exists()]
    is_well = judge(told)
    for name in broken:
        say(f"failed: {name}")
    return told, is_well and bool(suites) and not broken
