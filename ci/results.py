"""What the test suites did, read from their JUnit reports, and which of their skips nobody has allowed.

`python ci/results.py FOLDER` prints a line for each report and ends with status 1 on a failure or on a skip that
`ci/allowed-skips` does not list.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from xml.etree import ElementTree as ET

ALLOWED = Path(__file__).with_name("allowed-skips")


@dataclass(frozen=True, slots=True)
class Skip:
    test: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suite:
    """One pytest run. What is expected to fail counts as skipped: it proves nothing either."""

    name: str
    passed: int
    failed: int
    skips: tuple[Skip, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Allowed:
    """Skips of these tests (`*` stands for anything) whose words contain the reason."""

    tests: str
    reason: str

    def covers(self, skip: Skip) -> bool:
        return fnmatchcase(skip.test, self.tests) and self.reason in skip.reason


def read_report(path: Path) -> Suite:
    """Return what a JUnit report tells; its suite is named as the file."""
    root = ET.parse(path).getroot()  # noqa: S314 - pytest wrote it a moment ago
    cases = list(root.iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skips = tuple(_skip(case) for case in cases if case.find("skipped") is not None)
    seconds = sum(float(suite.get("time", 0)) for suite in root.iter("testsuite"))
    return Suite(path.stem, len(cases) - len(failed) - len(skips), len(failed), skips, seconds)


def _skip(case: ET.Element) -> Skip:
    skipped = case.find("skipped")
    reason = "" if skipped is None else skipped.get("message") or ""
    return Skip(".".join(part for part in (case.get("classname"), case.get("name")) if part), reason)


def read_allowed(text: str) -> tuple[Allowed, ...]:
    """Return the entries of `allowed-skips`: one `TESTS: REASON` a line. ValueError names a line that is neither."""
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        tests, colon, reason = (part.strip() for part in line.partition(":"))
        if not (tests and colon and reason):
            raise ValueError(f"allowed-skips, line {number}: write TESTS: REASON")
        entries.append(Allowed(tests, reason))
    return tuple(entries)


def unlisted(suites: Iterable[Suite], allowed: Sequence[Allowed]) -> list[Skip]:
    """Return the skips that no entry covers."""
    skips = [skip for suite in suites for skip in suite.skips]
    return [skip for skip in skips if not any(entry.covers(skip) for entry in allowed)]


def table(suites: Sequence[Suite]) -> str:
    """Return one line a suite, aligned."""
    width = max([len("suite"), *(len(suite.name) for suite in suites)])
    lines = [f"{'suite':{width}}  passed  failed  skipped  seconds"]
    lines += [
        f"{suite.name:{width}}  {suite.passed:6}  {suite.failed:6}  {len(suite.skips):7}  {suite.seconds:7.1f}"
        for suite in suites
    ]
    return "\n".join(lines)


def judge(suites: Sequence[Suite]) -> bool:
    """Print the table and what is wrong; return whether nothing is."""
    bad = unlisted(suites, read_allowed(ALLOWED.read_text("utf-8")))
    say(table(suites))
    for skip in bad:
        say(f"skipped, and ci/allowed-skips does not say why: {skip.test}: {skip.reason}")
    return not bad and not any(suite.failed for suite in suites)


def say(words: str) -> None:
    """Print at once: the lines of a suite that runs after it must not overtake it."""
    print(words, flush=True)  # noqa: T201 - it runs in a terminal


def main(folder: Path) -> int:
    reports = sorted(folder.glob("*.xml"))
    if not reports:
        say(f"no reports in {folder}")
        return 1
    return 0 if judge([read_report(report) for report in reports]) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
