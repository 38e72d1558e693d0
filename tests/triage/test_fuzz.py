"""Events that nobody has seen: nothing fails, no secret survives, no mention is live, and time grows as the text."""

import json
import time
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.replay.lines import rendered
from bot.triage import envelope
from bot.triage.identity import fingerprint
from bot.triage.mend import mended
from bot.triage.triage import triage
from tests.triage.attacks import attacks, patterns
from tests.triage.corpus import OWN, all_events
from tests.triage.mutation import SECRETS, mutated, plant
from tests.triage.test_escape import LIVE, looked_at

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EVENTS = all_events()
MANY = 100_000


def everything_said(event):
    """Return what is kept and shown of an event, as one text, and what is posted of it."""
    message = envelope.read(mended(event), team="T1", received_at=NOW)
    alert = triage(message, OWN)
    assert len(fingerprint(alert)) == 32
    kept = json.dumps([message.payload, message.text, message.sender, message.links], ensure_ascii=False)
    posted = rendered(alert)
    return "\n".join((kept, repr(message.parts), repr(alert), posted)), posted


def check(event, planted, chance):
    said, posted = everything_said(plant(mutated(event, chance), planted, chance))

    assert SECRETS[planted] not in said, planted
    assert not LIVE.search(looked_at(posted))


@given(st.sampled_from(EVENTS), st.sampled_from(list(SECRETS)), st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_no_secret_survives_in_any_event(event, planted, seed):
    check(event, planted, Random(seed))


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_no_secret_survives_in_100_000_events():
    failed = {}
    for number in range(MANY):
        chance = Random(number)
        try:
            check(chance.choice(EVENTS), chance.choice(list(SECRETS)), chance)
        except Exception as error:  # noqa: BLE001 - all that fail are told at the end
            failed[number] = repr(error)

    assert failed == {}


def seconds(text):
    """Return the processor time of reading a text as a tool's message, the least of three."""
    event = {"type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "etl", "text": text}
    taken = []
    for _ in range(3):
        began = time.process_time()
        everything_said(event)
        taken.append(time.process_time() - began)
    return min(taken)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_time_grows_as_the_text_does():
    """Ten times the text takes about ten times as long, also of texts that are made against the patterns."""
    made = {before + pumped for pattern in patterns().values() for before, pumped, _ in attacks(pattern)}
    said = {event["text"] for event in EVENTS if isinstance(event.get("text"), str)}
    grown = {}
    for text in filter(None, made | said | set(SECRETS)):
        short, long = (seconds((text * (length // len(text) + 1))[:length]) for length in (4_000, 40_000))
        grown[text] = long / max(short, 0.002)

    assert {text: growth for text, growth in grown.items() if growth > 25} == {}
