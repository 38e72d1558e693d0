import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.actor import Actor
from bot.audit import service as audit
from bot.audit.chain import Broken, Entry, Fine, Head, check, hash_of
from bot.ref import Ref
from bot.store import Store, tables
from tests.conftest import NOW

MINA, RUN = Actor.person("T1", "U0MINA"), Ref("run", "r1")
TEXTS = st.text(max_size=8)
BODIES = st.dictionaries(TEXTS, TEXTS | st.integers() | st.none() | st.lists(TEXTS, max_size=2), max_size=3)
DEEDS = st.tuples(TEXTS, TEXTS, TEXTS, BODIES, st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1)))  # noqa: DTZ001 - hypothesis adds the zone


def chain(deeds):
    entries: list[Entry] = []
    head = Head()
    for actor, deed, ref, body, at in deeds:
        bare = Entry(head.position + 1, at, actor, deed, ref, body, head.hash)
        entry = replace(bare, hash=hash_of(bare))
        entries.append(entry)
        head = Head(entry.position, entry.hash)
    return entries, head


@given(st.lists(DEEDS, max_size=6))
def test_what_was_written_is_whole(deeds):
    assert check(*chain(deeds)) == Fine(len(deeds))


EDITS = {
    "actor": lambda value: value + "x",
    "deed": lambda value: value + "x",
    "ref": lambda value: value + "x",
    "body": lambda value: {**value, "added": 1},
    "at": lambda value: value + timedelta(microseconds=1),
    "position": lambda value: value + 1,
    "previous": lambda value: "f" * 64 if value != "f" * 64 else "e" * 64,
    "hash": lambda value: "f" * 64 if value != "f" * 64 else "e" * 64,
}


@given(st.lists(DEEDS, min_size=1, max_size=6), st.data())
def test_any_edit_breaks_it(deeds, data):
    entries, head = chain(deeds)
    index = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from(sorted(EDITS)))
    edited = replace(entries[index], **{name: EDITS[name](getattr(entries[index], name))})
    rehashed = data.draw(st.booleans()) and name != "hash"
    entries[index] = replace(edited, hash=hash_of(edited)) if rehashed else edited

    assert isinstance(check(entries, head), Broken)


@given(st.lists(DEEDS, min_size=1, max_size=6), st.data())
def test_any_removal_breaks_it(deeds, data):
    entries, head = chain(deeds)
    del entries[data.draw(st.integers(0, len(entries) - 1))]

    assert isinstance(check(entries, head), Broken)


def test_the_record_in_the_database_is_whole_until_somebody_edits_it(any_store):
    for n in range(3):
        any_store.write(lambda tx, n=n: audit.append(tx, NOW, MINA, "run.planned", RUN, {"n": n, "말": "한국어"}))
    assert any_store.read(audit.verify) == Fine(3)

    any_store.write(
        lambda tx: tx.execute(update(tables.audit).where(tables.audit.c.position == 2).values(actor="baton"))
    )
    broken = any_store.read(audit.verify)
    assert isinstance(broken, Broken)
    assert broken.position == 2


def test_an_empty_record_is_whole(store):
    assert store.read(audit.verify) == Fine(0)


def test_an_entry_is_not_kept_when_what_it_records_was_not_done(store):
    def fails(tx):
        audit.append(tx, NOW, MINA, "run.planned", RUN, {})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.write(fails)
    assert store.read(audit.verify) == Fine(0)


def test_writers_of_several_processes_make_one_chain(database_url):
    stores = [Store(database_url) for _ in range(3)]

    def work(store):
        for n in range(8):
            store.write(lambda tx, n=n: audit.append(tx, NOW, MINA, "run.planned", RUN, {"n": n}))

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result = stores[0].read(audit.verify)
    for store in stores:
        store.close()

    assert result == Fine(24)
