"""The closing check: what the reports say, and which skips nobody has allowed."""

import pytest

from ci.results import Allowed, Skip, Suite, main, read_allowed, read_report, table, unlisted

REPORT = """<?xml version="1.0"?>
<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="2" tests="5" time="7.250">
  <testcase classname="tests.a.TestThing" name="test_good[1]" time="0.1"/>
  <testcase classname="tests.a" name="test_bad" time="0.1"><failure message="AssertionError">…</failure></testcase>
  <testcase classname="tests.a" name="test_broken" time="0.1"><error message="no fixture">…</error></testcase>
  <testcase classname="tests.a" name="test_left_out" time="0"><skipped message="no strace"/></testcase>
  <testcase classname="" name="tests.b" time="0"><skipped message="could not import 'b'"/></testcase>
</testsuite></testsuites>
"""


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "fast.xml"
    path.write_text(REPORT, "utf-8")
    return path


def test_a_report_is_counted(report):
    assert read_report(report) == Suite(
        "fast",
        passed=1,
        failed=2,
        skips=(Skip("tests.a.test_left_out", "no strace"), Skip("tests.b", "could not import 'b'")),
        seconds=7.25,
    )


@pytest.mark.parametrize(
    ("entry", "is_covered"),
    [
        pytest.param(Allowed("tests.a.test_left_out", "no strace"), True, id="the very test"),
        pytest.param(Allowed("tests.*", "strace"), True, id="many tests and a part of the words"),
        pytest.param(Allowed("tests.a.test_other", "no strace"), False, id="another test"),
        pytest.param(Allowed("tests.*", "no network"), False, id="another reason"),
    ],
)
def test_a_skip_needs_an_entry_for_its_test_and_its_reason(entry, is_covered):
    skip = Skip("tests.a.test_left_out", "no strace")

    assert unlisted([Suite("fast", 1, 0, (skip,), 1.0)], [entry]) == ([] if is_covered else [skip])


def test_allowed_skips_are_read_line_by_line():
    written = "# why\n\ntests.a.*: no strace\ntests.b: reason: with a colon\n"

    assert read_allowed(written) == (Allowed("tests.a.*", "no strace"), Allowed("tests.b", "reason: with a colon"))


@pytest.mark.parametrize("line", ["tests.a", "tests.a:", ": no strace"])
def test_an_entry_without_a_reason_or_tests_is_an_error(line):
    with pytest.raises(ValueError, match="line 2"):
        read_allowed(f"# why\n{line}\n")


def test_the_table_has_a_line_for_each_suite():
    lines = table([Suite("fast", 1200, 0, (), 31.04), Suite("airflow", 4, 1, (Skip("t", "r"),), 9)]).splitlines()

    assert [line.split() for line in lines] == [
        ["suite", "passed", "failed", "skipped", "seconds"],
        ["fast", "1200", "0", "0", "31.0"],
        ["airflow", "4", "1", "1", "9.0"],
    ]
    assert len({len(line) for line in lines}) == 1


def test_a_failure_and_an_unlisted_skip_each_fail_the_check(report, capsys):
    assert main(report.parent) == 1
    assert "tests.a.test_left_out: no strace" in capsys.readouterr().out


def test_reports_without_failures_and_skips_pass(report):
    report.write_text('<testsuite time="1"><testcase classname="a" name="b"/></testsuite>')

    assert main(report.parent) == 0


def test_no_report_at_all_fails_the_check(tmp_path):
    assert main(tmp_path) == 1
