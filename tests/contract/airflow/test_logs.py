"""The one line that says what went wrong, from the logs of every 3.x."""

import pytest

from bot.adapters.airflow.logs import exception_line, last_words

NOT_FOUND = "google.api_core.exceptions.NotFound: 404 Not found: Table orders"
TRACED = [
    "[2026-01-01T00:00:00.000+0000] {taskinstance.py:1} INFO - Exporting env vars",
    "Traceback (most recent call last):",
    '  File "/opt/airflow/dags/daily.py", line 9, in load',
    "    raise KeyError('first')",
    "KeyError: 'first'",
    "",
    "During handling of the above exception, another exception occurred:",
    "",
    "Traceback (most recent call last):",
    '  File "/opt/airflow/dags/daily.py", line 11, in load',
    "    raise google.api_core.exceptions.NotFound(table)",
    NOT_FOUND,
    "",
    "Location: US",
]


def detailed(kind, value, *causes):
    detail = [{"exc_type": kind, "exc_value": value}, *causes]
    return {"event": "Task failed with exception", "level": "error", "error_detail": detail}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param([detailed("ValueError", "no rows")], "ValueError: no rows", id="structured"),
        pytest.param([detailed("KeyError", "")], "KeyError", id="an exception without words"),
        pytest.param([detailed("NotFound", "404 Table\n\nLocation: US")], "NotFound: 404 Table", id="several lines"),
        pytest.param([detailed("Old", "1"), detailed("New", "2")], "New: 2", id="the last of several"),
        pytest.param(
            [detailed("Outer", "1", {"exc_type": "Cause", "exc_value": "2", "is_cause": True})],
            "Outer: 1",
            id="what was raised, not its cause",
        ),
        pytest.param(TRACED, NOT_FOUND, id="lines of text"),
        pytest.param(["\n".join(TRACED)], NOT_FOUND, id="one text"),
        pytest.param([{"event": line} for line in TRACED], NOT_FOUND, id="text in items"),
        pytest.param(
            [{"event": "Process terminated by signal. Likely out of memory error (OOM).", "level": "critical"}],
            "Process terminated by signal. Likely out of memory error (OOM).",
            id="killed without an exception",
        ),
        pytest.param(
            ["[2026-01-01T00:00:00] {job.py:2} ERROR - Received SIGTERM. Terminating subprocesses"],
            "Received SIGTERM. Terminating subprocesses",
            id="an error line of text",
        ),
        pytest.param([{"event": "all good", "level": "info"}, {"event": None}], "", id="no error"),
        pytest.param([], "", id="empty"),
        pytest.param(None, "", id="null"),
    ],
)
def test_the_exception_line_is_found(content, line):
    assert exception_line({"content": content}) == line


def test_the_line_holds_no_secret_and_is_short():
    line = exception_line({"content": [detailed("OperationalError", "password=hunter2-hunter2 " + "x" * 1000)]})

    assert "hunter2" not in line
    assert len(line) <= 300


def test_the_last_words_skip_the_group_markers():
    content = [
        {"event": "::group::Sources"},
        "Task did not run because upstream task(s) failed.",
        {"event": "::endgroup::"},
    ]

    assert last_words({"content": content}) == "Task did not run because upstream task(s) failed."
    assert last_words({"content": ["Error fetching the logs. Try number 0 is invalid."]}) == ""
    assert last_words({"content": None}) == ""
