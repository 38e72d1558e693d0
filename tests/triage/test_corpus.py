"""The development corpus, line by line, through the replay that teams use on their own exports."""

import io
import json
from collections import defaultdict

import pytest

from bot.replay import Setup, replay
from tests.triage.corpus import OWN, rows, same

IDS = [row["id"] for row in rows()]


@pytest.fixture(scope="module")
def results():
    out = io.StringIO()
    replay((json.dumps({"id": row["id"], "event": row["event"]}) for row in rows()), out, Setup(OWN))
    return {result["id"]: result for result in map(json.loads, out.getvalue().splitlines())}


@pytest.mark.parametrize("row", rows(), ids=IDS)
def test_a_line_is_read_as_it_is_meant(row, results):
    truth, found = row["expect"], results[row["id"]]

    assert found["kind"] in {truth["kind"], *truth.get("kind_alt", [])}
    if truth["kind"] == "noise":
        return
    assert found["source"] in {truth["source"], *truth.get("source_alt", [])}
    if truth["kind"] == "alert":
        assert found["severity"] in {truth["severity"], *truth.get("severity_alt", [])}
        assert found["runbook_topic"] in {truth["runbook_topic"], *truth.get("runbook_topic_alt", [])}
    assert found["resource"].keys() == truth["resource"].keys()
    assert all(same(found["resource"][key], value) for key, value in truth["resource"].items())


@pytest.mark.parametrize("row", [row for row in rows() if row["expect"]["must_redact"]], ids=lambda row: row["id"])
def test_no_secret_comes_out(row, results):
    said = json.dumps(results[row["id"]], ensure_ascii=False)

    assert not [secret for secret in row["expect"]["must_redact"] if secret in said]
    assert all(kept in results[row["id"]]["rendered"] for kept in row["expect"].get("must_keep", []))


@pytest.mark.parametrize("row", [r for r in rows() if r["expect"].get("must_neutralise")], ids=lambda row: row["id"])
def test_no_mention_is_live(row, results):
    rendered = results[row["id"]]["rendered"]

    assert rendered
    assert not [mention for mention in row["expect"]["must_neutralise"] if mention in rendered]


def test_lines_of_one_incident_stand_together_and_others_apart(results):
    truth, found = defaultdict(set), defaultdict(set)
    for row in rows():
        if row["expect"]["kind"] in {"alert", "resolved", "request"}:
            truth[row["expect"]["group"]].add(row["id"])
            found[results[row["id"]]["group"]].add(row["id"])

    assert sorted(map(sorted, found.values())) == sorted(map(sorted, truth.values()))
