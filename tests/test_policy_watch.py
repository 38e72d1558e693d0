"""policy.yaml while Baton runs: a right change counts, a wrong one leaves the old in force and is told loudly."""

import os
import signal
import threading
import time

import pytest
from sqlalchemy import select

from bot.audit import service as audit
from bot.config.load import load
from bot.policy_watch import PolicyWatch
from bot.store.tables import notes
from bot.text import text_from_json
from tests.config.test_config import BATON, ENVIRON, OPERATIONS, PEOPLE, POLICY

TOLD = POLICY + "channel: C0OPS\n"
STRICTER = TOLD.replace("size_at_most: 20", "size_at_most: 5")
BROKEN = TOLD.replace("size_at_most", "size_at_mots")


@pytest.fixture
def directory(tmp_path):
    for name, content in (("baton", BATON), ("people", PEOPLE), ("policy", TOLD)):
        (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def watch(store, directory, clocks):
    watching = PolicyWatch(load(directory, ENVIRON, OPERATIONS), store, clocks)
    yield watching
    watching.stop()


def soon(look, seconds=10):
    """Return whether it becomes true; the thread looks by itself."""
    ends_at = time.monotonic() + seconds
    while not look() and time.monotonic() < ends_at:
        threading.Event().wait(0.01)
    return look()


def written(directory, content):
    (directory / "policy.yaml").write_text(content, encoding="utf-8")


def most(watch):
    return watch.current().rules[0].size_at_most


def told(store):
    rows = store.read(lambda tx: tx.execute(select(notes.c.body, notes.c.channel).order_by(notes.c.id)).all())
    return [(row.channel, text_from_json(row.body["text"]).msgid) for row in rows]


def deeds(store):
    return store.read(lambda tx: [record.entry.deed for record in audit.records(tx)])


def test_a_changed_file_counts_and_is_told(watch, directory, store):
    written(directory, STRICTER)

    assert watch.look()
    assert most(watch) == 5
    assert told(store) == [("C0OPS", "policy.loaded")]
    assert deeds(store) == ["policy.loaded"]
    assert watch.report() == {"in_force": True, "problems": []}


def test_what_did_not_change_is_not_read_again(watch, store):
    assert not watch.look()
    assert told(store) == []


@pytest.mark.parametrize(
    "content", [BROKEN, "rules: [", "", TOLD.replace("clear-tasks", "clear-task")], ids=["key", "yaml", "empty", "name"]
)
def test_a_wrong_file_leaves_the_old_one_in_force_and_is_told(watch, directory, store, content):
    written(directory, content)

    assert not watch.look()
    assert most(watch) == 20
    assert told(store) == [("C0OPS", "policy.broken")]
    assert deeds(store) == ["policy.broken"]
    assert not watch.report()["in_force"]
    assert "policy.yaml" in watch.report()["problems"][0]


def test_a_file_that_is_gone_leaves_the_old_one_in_force(watch, directory, store):
    (directory / "policy.yaml").unlink()

    assert not watch.look()
    assert most(watch) == 20
    assert told(store) == [("C0OPS", "policy.broken")]


def test_what_is_put_right_counts_again(watch, directory, store):
    written(directory, BROKEN)
    watch.look()
    written(directory, TOLD)

    assert watch.look()
    assert watch.report()["in_force"]
    assert sorted(words for _, words in told(store)) == ["policy.broken", "policy.loaded"]


def test_processes_that_see_the_same_change_tell_it_once(watch, directory, store):
    other = PolicyWatch(watch.config, store, watch.clocks)
    written(directory, BROKEN)
    watch.look()
    other.look()

    assert len(told(store)) == 1


def test_the_same_slip_made_again_is_told_again(watch, directory, store):
    for content in (BROKEN, TOLD, BROKEN):
        written(directory, content)
        watch.look()

    assert sorted(words for _, words in told(store)) == ["policy.broken", "policy.broken", "policy.loaded"]


def test_what_could_not_be_told_is_told_at_the_next_look(watch, directory, store, monkeypatch):
    written(directory, BROKEN)
    with monkeypatch.context() as disk:
        disk.setattr("bot.policy_watch.add_note", lambda *_: (_ for _ in ()).throw(OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            watch.look()
    watch.look()

    assert told(store) == [("C0OPS", "policy.broken")]


def test_a_running_process_notices_a_change_when_it_is_woken(watch, directory):
    watch.start()
    written(directory, STRICTER)
    watch.wake()

    assert soon(lambda: most(watch) == 5)


@pytest.fixture
def hangup(watch):
    before = signal.signal(signal.SIGHUP, lambda *_: watch.wake())
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hangup")
def test_a_hangup_wakes_it(watch, directory):
    watch.start()
    written(directory, STRICTER)
    os.kill(os.getpid(), signal.SIGHUP)

    assert soon(lambda: most(watch) == 5)
