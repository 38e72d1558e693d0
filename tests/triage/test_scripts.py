"""Home-made scripts and tools by hearsay: the generic reader."""

import pytest

from bot.triage.identity import fingerprint
from tests.triage.slack import says, webhook


def script(text, name="watcher", **more):
    return webhook(name, text, **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "[CRITICAL] freshness dw.a lag=02:10:31 at=2026-11-20T06:30:00",
            "[WARN] freshness dw.a lag=05:00:02 at=2026-11-21T07:00:00",
        ),
        ("Job x_y failed after 12m (attempt 1)", "Job x_y failed after 3m (attempt 2)"),
        ("Something odd happened 14 times at 10:00", "Something odd happened 15 times at 11:30"),
        (
            "Upload error: request 0f8fad5b-d9cd-469f-a165-70867728950e",
            "Upload error: request 7c9e6679-7425-40de-944b-e07fc1f90ae7",
        ),
        ("테이블 `주문` 적재 실패", "테이블 `주문` 적재 실패"),
    ],
)
def test_what_changes_from_alert_to_alert_is_not_identity(one, other):
    assert fingerprint(says(script(one))) == fingerprint(says(script(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("freshness dw.a is late", "freshness dw.a_v2 is late"),
        ("Job x_y failed", "Job x_y_dr failed"),
        ("lag on group=a env=prod", "lag on group=a env=staging"),
    ],
)
def test_what_names_another_thing_is_another_identity(one, other):
    assert fingerprint(says(script(one))) != fingerprint(says(script(other)))


def test_two_scripts_about_one_table_are_two_incidents():
    late = says(script("[WARN] dw.orders is late", "freshness"))
    failed = says(script("load failed for dw.orders", "loader"))

    assert late.resource == failed.resource == {"table": "dw.orders"}
    assert fingerprint(late) != fingerprint(failed)
