"""The evidence of a run, also where parts of it were erased."""

import json
from dataclasses import replace

import pytest

from bot.actor import Actor
from bot.audit.chain import Head
from bot.audit.personal import erased
from bot.operations.evidence import Evidence
from bot.operations.lifecycle import State
from bot.runbooks import FrontMatter, Page
from bot.text import Mention, text, to_json
from bot.views.evidence import bundle, summary
from tests.audit.chains import chain
from tests.conftest import NOW
from tests.operations.test_views import IN_BOTH, READERS, a_run
from tests.views.checker import assert_valid_view

JUN = str(Actor.person("T1", "U0JUN"))
DENIED = to_json(text("run.denied_because", by=Mention("U0JUN"), reason="not before the month is closed"))
BODIES = (
    ("run.requested", {"reason": "late source", "operation": "clear-tasks"}),
    ("run.planned", {"runbook": {"page.md": "0" * 64}}),
    ("run.denied", {"why": DENIED, "digest": "0f" * 32}),
)


@pytest.fixture
def evidence() -> Evidence:
    records, head = chain([(JUN, deed, "run:r1", body, NOW) for deed, body in BODIES])
    return Evidence(a_run(State.DENIED), tuple(records), head, NOW)


def forgotten(evidence: Evidence) -> Evidence:
    """The same after everything personal in it was erased."""
    gone = (replace(each, pieces=tuple(map(erased, each.pieces))) for each in evidence.records)
    return replace(evidence, records=tuple(gone))


@IN_BOTH
def test_the_summary_is_a_valid_modal_and_says_why_it_was_denied(evidence, reader):
    view = summary(evidence, reader)

    assert_valid_view(view)
    assert "not before the month is closed" in json.dumps(view)
    assert "late source" in json.dumps(view)


@IN_BOTH
def test_what_was_erased_is_said_to_be_and_nothing_breaks(evidence, reader):
    left = forgotten(evidence)
    files = bundle(left, (), reader)

    assert_valid_view(summary(left, reader))
    assert b"month is closed" not in b"".join(files.values())
    assert left.is_unchanged
    words = {"en": "(erased)", "ko": "(삭제됨)"}[reader.locale]
    assert words in files["decisions.json"].decode()


def test_what_was_erased_from_the_record_is_not_told_by_the_run(evidence):
    why = replace(evidence.run.why, reason="late source")
    left = forgotten(replace(evidence, run=replace(evidence.run, why=why)))
    files = bundle(left, (), READERS[0])

    assert json.loads(files["run.json"])["reason"] == "(erased)"
    assert b"late source" not in b"".join(files.values())


def test_an_edited_entry_is_said_to_be(evidence):
    edited = replace(evidence.records[0].entry, deed="run.approved")
    changed = replace(evidence, records=(replace(evidence.records[0], entry=edited), *evidence.records[1:]))

    assert "was changed afterwards" in json.dumps(summary(changed, READERS[0]))
    assert "was changed afterwards" in bundle(changed, (), READERS[0])["README.md"].decode()


def test_a_page_that_has_changed_since_is_named_and_left_out(evidence, tmp_path):
    front = FrontMatter(title="T", owner="o")
    page = Page("page", "en", front, "other words", tmp_path / "page.md", content="other words")
    files = bundle(evidence, (page,), READERS[0])

    assert "runbook/page.md" not in files
    assert "has been changed or removed since" in files["README.md"].decode()


def test_secrets_that_somebody_typed_are_not_in_the_bundle(evidence):
    body = {"reason": "it needs password=Tr0ub4dor&3xyz"}
    records, _ = chain([(JUN, "run.requested", "run:r1", body, NOW)])
    files = bundle(Evidence(evidence.run, tuple(records), Head(), NOW), (), READERS[0])

    assert b"Tr0ub4dor" not in b"".join(files.values())
    assert json.loads(files["audit.jsonl"])["redacted"] is True
