"""`baton web`, killed at random moments under a stream of events: what was answered 200 is on disk, once."""

import json
import random
import threading
import time
from collections import Counter

import httpx
import pytest
from sqlalchemy import select

from bot.ref import Ref
from bot.store import Store
from bot.store.tables import alerts, cards, incidents, messages, occurrences
from tests import loopback
from tests.handlers.front_door import airflow_failure, envelope, signed
from tests.product.web_process import WebProcess

pytestmark = [pytest.mark.xdist_group("killed-web"), pytest.mark.timeout(180)]

KILLS = 3
ENOUGH = 60  # events answered between one kill and the next, at most
PATIENCE_S = 60


class Sender(threading.Thread):
    """Sends one event after the other, each again and again with a retry header until it is answered, as Slack does."""

    def __init__(self, url, letter):
        super().__init__(daemon=True)
        self.url, self.letter = url, letter
        self.answered, self.ended = [], threading.Event()

    def run(self):
        with loopback.Client(timeout=5) as http:
            while not self.ended.is_set():
                self._send(http, f"Ev{self.letter}{len(self.answered):05}")

    def _send(self, http, event_id):
        number = len(self.answered)
        body = envelope(airflow_failure(dag_id=f"dag_{self.letter}_{number % 7}"), event_id=event_id)
        raw = json.dumps(body).encode()
        for attempt in range(10_000):
            try:
                headers = signed(raw) | ({"X-Slack-Retry-Num": str(attempt)} if attempt else {})
                if http.post(f"{self.url}/slack/events", content=raw, headers=headers).status_code == 200:
                    self.answered.append(event_id)
                    return
            except httpx.TransportError:
                pass
            if self.ended.wait(0.02):
                return


def test_every_event_that_was_answered_200_is_on_disk_exactly_once(tmp_path):
    database = tmp_path / "baton.sqlite3"
    chance = random.Random()
    with WebProcess(database, tmp_path / "log") as server:
        senders = [Sender(server.url, name) for name in ("a", "b", "c")]
        for sender in senders:
            sender.start()
        for _ in range(KILLS):
            _until_more_are_answered(senders, chance.randrange(3, ENOUGH))
            threading.Event().wait(chance.random() * 0.05)
            server.kill()
            server.start()
        _until_more_are_answered(senders, 10)
        for sender in senders:
            sender.ended.set()
            sender.join()

    answered = [event_id for sender in senders for event_id in sender.answered]
    store = Store(f"sqlite:///{database}")
    kept = Counter(_column(store, messages.c.event_id))
    try:
        assert set(answered) <= set(kept)
        assert set(kept.values()) == {1}
        _nothing_is_half_written(store)
    finally:
        store.close()
    assert "Traceback" not in (tmp_path / "log").read_text()


def _nothing_is_half_written(store):
    """Each message has its alert, and each incident its alerts, its failure and its card."""
    told = Counter(_column(store, alerts.c.incident_id))
    counted = {row.id: row.alert_count for row in store.read(lambda tx: tx.execute(select(incidents)).all())}

    assert set(_column(store, alerts.c.message_id)) == set(_column(store, messages.c.id))
    assert told == counted
    assert set(_column(store, occurrences.c.incident_id)) == set(counted)
    refs = [Ref.parse(ref) for ref in _column(store, cards.c.ref)]
    assert {ref.id for ref in refs if ref.kind == "incident"} == set(counted)


def _column(store, column):
    return store.read(lambda tx: tx.execute(select(column)).scalars().all())


def _until_more_are_answered(senders, n):
    goal = sum(len(sender.answered) for sender in senders) + n
    deadline = time.monotonic() + PATIENCE_S
    while sum(len(sender.answered) for sender in senders) < goal:
        assert time.monotonic() < deadline, "no answers any more"
        threading.Event().wait(0.005)
