"""What went wrong is shown, the rows that failed are not."""

import pytest

from bot.triage.errors import LIMIT, error_in, short

ROWS = "| ana@corp.io | 010-1234-5678 |\n| 김민지 | 900101 |"


@pytest.mark.parametrize(
    "label",
    [
        "*Test Results Sample*",
        "Sample rows:",
        "Sample of failing rows:",
        "*Failed rows:*",
        "Unexpected values:",
        "failing_rows =",
        "partial_unexpected_list:",
        "샘플 데이터:",
        "실패 행 목록:",
    ],
)
@pytest.mark.parametrize("form", ["{label}\n{rows}", "{label}\n```{rows}```\nLog: x", "{label} [{rows}]\nOwner: ana"])
def test_sample_rows_are_left_out(label, form):
    text = f"Error: 2 rows break the rule\n{form.format(label=label, rows=ROWS)}"

    for shown in (error_in(text), short(text)):
        assert shown.startswith(("2 rows break the rule", "Error: 2 rows break the rule"))
        assert "ana@corp.io" not in shown
        assert "김민지" not in shown


def test_what_stands_behind_the_sample_stays():
    assert short(f"failed\n*Sample rows:*\n```{ROWS}```\nThe check ran twice") == "failed\nThe check ran twice"


@pytest.mark.parametrize(
    "text",
    [
        "Failed rows: 12",
        "unexpected values: 3 of 120",
        "The sample was too small",
        "load sample data\nTimeoutError: x",
        "샘플 건수: 3",
    ],
)
def test_counts_and_prose_stay(text):
    assert short(text) == text


def test_many_samples_are_left_out_without_end():
    assert len(short("*Sample*\n```x```\n" * 5_000)) <= LIMIT
