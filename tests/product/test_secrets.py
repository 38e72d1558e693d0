"""Secrets that tools post are nowhere on disk and in no log: not in the database, its write-ahead log, or stderr."""

import pytest
from sqlalchemy import select

from bot.store import Store
from bot.store.tables import incidents, messages
from tests import loopback
from tests.handlers.front_door import FrontDoor, airflow_failure, tool_says
from tests.product.web_process import WebProcess

pytestmark = pytest.mark.xdist_group("secrets")

BEARER = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlcGxhbnRlZA"
PEM = """-----BEGIN RSA PRIVATE KEY-----
MIIEowIBAAKCAQEAzHn4vPLANTEDKEY0a8sdf7QmZ1xw9
-----END RSA PRIVATE KEY-----"""
SECRETS = {  # how it stands in a message -> what must be found nowhere
    "postgresql://loader:hunter2-planted@db.internal:5432/dw": "hunter2-planted",
    "password=Tr0ub4dor-planted": "Tr0ub4dor-planted",
    f"Authorization: Bearer {BEARER}": "c2lnbmF0dXJlcGxhbnRlZA",
    'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="svc" '
    'password="jaas-planted-9";': "jaas-planted-9",
    "token xoxb-123456789012-123456789012-PLANTEDabcdefghijklmn12": "PLANTEDabcdefghijklmn12",
    "AWS key AKIAIOSFODNN7PLANTED": "AKIAIOSFODNN7PLANTED",
    "주민등록번호 900101-1234568": "900101-1234568",
    PEM: "PLANTEDKEY",
    "비밀번호: planted비번1234": "planted비번1234",
}


def everywhere(said, number):
    """Return events that carry the words wherever a message can carry words."""
    marked = {"type": "mrkdwn", "text": said}
    section = {"type": "section", "text": marked}
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": said}]}
    rich = {"type": "rich_text", "elements": [words]}
    yield airflow_failure() | {"text": airflow_failure()["text"] + "\n" + said}
    yield tool_says("ERROR: it failed", bot="B0SCRIPT", blocks=[section, {"type": "section", "fields": [marked]}])
    yield tool_says("ERROR: it failed", bot="B0SCRIPT", blocks=[rich, {**section, "block_id": said[:200]}])
    yield tool_says("", attachments=[{"color": "danger", "title": "failed", "text": said, "fallback": said}])
    field = {"title": "detail", "value": said}
    yield tool_says("", attachments=[{"title": "failed", "fields": [field], "footer": said}])
    yield tool_says("ERROR: it failed", username=f"etl {said}", unknown_field={"deep": [said]})
    edited = {"type": "message", "subtype": "message_changed", "channel": "C0ALERTS", "ts": f"1795000009.{number:06}"}
    yield edited | {"message": airflow_failure(), "previous_message": tool_says(f"ERROR failed {said}")}
    yield edited | {"message": tool_says(f"ERROR failed {said}"), "previous_message": airflow_failure()}
    yield {"type": "message", "channel": "C0ALERTS", "user": "U0MINJI", "ts": f"1795000010.{number:06}", "text": said}


@pytest.mark.timeout(180)
def test_a_planted_secret_is_found_nowhere(tmp_path):
    database, log = tmp_path / "baton.sqlite3", tmp_path / "log"
    with WebProcess(database, log) as server, loopback.Client(base_url=server.url, timeout=30) as http:
        door = FrontDoor(http)
        for number, said in enumerate(SECRETS):
            for event in everywhere(said, number):
                assert door.event(event).status_code == 200
        door.command("/clear-tasks", f"orders_daily {next(iter(SECRETS))}")
        door.submit(
            "incident.resolve", "unknown", dict.fromkeys(("cause", "remedy", "remark"), "password=Tr0ub4dor-planted")
        )
        assert {answer.status_code for answer in door.answers} == {200}
        found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}  # while it runs: the -wal is full
        server.kill()
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert any(name.endswith("-wal") for name in found)
    for name, content in [*found.items(), *left.items()]:
        assert [secret for secret in SECRETS.values() if secret.encode() in content] == [], name
    store = Store(f"sqlite:///{database}")
    kept = [len(store.read(lambda tx, t=t: tx.execute(select(t.c.id)).all())) for t in (messages, incidents)]
    store.close()
    assert kept[0] == len(SECRETS) * 9
    assert kept[1] >= 3
