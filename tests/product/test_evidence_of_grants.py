"""Who was given access can be proved: on whose word, what was written at Google, and what Google itself was told."""

import json

import pytest

from bot.access.model import GrantState
from bot.operations.collecting import collect
from bot.store.tables import grants
from bot.views.evidence import bundle
from bot.views.reader import default_reader
from sandbox.person import elements_in
from tests import loopback

pytestmark = pytest.mark.xdist_group("evidence-of-grants")

HERE, PATIENCE_S = "C0HELP", 60
REASON = "월말 결산, sora@haneul.example"


@pytest.fixture(scope="module")
def story(workplace):
    """Sora asks, Minji, the owner, agrees; Sora gives it back. Returns the run's id."""
    sora, minji = workplace.people["sora"], workplace.people["minji"]
    since = max(each["ts"] for each in minji.messages(HERE)) if minji.messages(HERE) else "0"

    def press(person, action_id):
        def offered():
            posted = [each for each in minji.messages(HERE) if each["ts"] > since]
            shown = [message for each in posted for message in (each, *minji.thread(each))]
            return [each for each in shown if any(e["action_id"] == action_id for _, e in elements_in(each))]

        assert person.click(workplace.until(offered, PATIENCE_S)[-1], action_id)["ok"]

    def state():
        row = workplace.baton.app.store.read(lambda tx: tx.execute(grants.select()).first())
        return row and row.state

    sora.command(f'/grant-access haneul-prod.orders 2h reason="{REASON}"', HERE)
    press(sora, "run.confirm")
    press(minji, "run.approve")
    workplace.until(lambda: state() == GrantState.ACTIVE, PATIENCE_S)
    press(sora, "grant.end")
    workplace.until(lambda: state() == GrantState.ENDED, PATIENCE_S)
    return workplace.baton.app.store.read(lambda tx: tx.execute(grants.select()).one().run_id)


@pytest.fixture(scope="module")
def files(workplace, story):
    found = workplace.baton.app.store.read(lambda tx: collect(None, tx, story, workplace.sandbox.clock.now(), _anybody))
    return bundle(found, (), default_reader(found.at))


def _anybody(_tx, _actor, _deed):
    return None


def test_the_bundle_tells_who_decided_and_what_was_written_at_google(files):
    decisions, steps = json.loads(files["decisions.json"]), json.loads(files["steps.json"])
    people = {(each["deed"], each["actor"].rpartition(":")[2]) for each in decisions}

    assert {("run.requested", "U0SORA"), ("run.approved", "U0MINJI")} <= people
    written = [each for each in steps if each["deed"] == "access.written"]
    assert [(bool(each["added"]), bool(each["removed"])) for each in written] == [(True, False), (False, True)]
    assert json.loads(files["run.json"])["reason"] == REASON


def test_what_is_personal_is_not_in_the_hashed_entries(files):
    entries = [json.loads(line) for line in files["audit.jsonl"].splitlines()]

    assert any(entry["personal"] for entry in entries)
    assert not any("sora@haneul.example" in json.dumps(entry["body"]) for entry in entries)


def test_google_is_told_who_asked_and_in_which_run(workplace, story):
    asked = loopback.get(f"{workplace.sandbox.bigquery_url}/_control/requests", timeout=5).json()
    requests = asked["requests"] if isinstance(asked, dict) else asked
    reasons = [each["headers"].get("x-goog-request-reason", "") for each in requests if each["method"] == "PATCH"]

    assert reasons
    assert all(story in reason and "U0SORA" in reason for reason in reasons)
