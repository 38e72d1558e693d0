"""The head is told outside the database each hour; a record that lost what was told is noticed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from bot.actor import Actor
from bot.audit import service as audit
from bot.audit.chain import Broken, Fine
from bot.audit.heads import Heads, NotAHead, read_heads
from bot.outbox import Place
from bot.ref import Ref
from bot.store import tables
from bot.text import text_from_json
from tests.conftest import NOW

MINA, RUN, CHANNEL = Actor.person("T1", "U0MINA"), Ref("run", "r1"), Place("C0AUDIT")


@pytest.fixture
def heads(any_store, clock, tmp_path):
    return Heads(any_store, clock, tmp_path / "logs" / "heads.jsonl", CHANNEL)


def write(store, times=1):
    for _ in range(times):
        store.write(lambda tx: audit.append(tx, NOW, MINA, "run.planned", RUN, {}))


def an_hour_later(heads):
    heads.clock.advance(timedelta(hours=1))
    heads.export()


def told(store):
    rows = store.read(lambda tx: tx.execute(select(tables.notes).order_by(tables.notes.c.id)).all())
    return [text_from_json(row.body["text"]) for row in rows]


def cut(store, position):
    """Set the record back, as the owner of the database can."""
    on = " ON {}" if store.engine.dialect.name == "postgresql" else ""

    def change(tx):
        tx.execute(text("DROP TRIGGER audit_no_delete" + on.format("audit")))
        tx.execute(tables.audit.delete().where(tables.audit.c.position > position))
        newest = tx.execute(select(tables.audit.c.hash).where(tables.audit.c.position == position)).scalar_one()
        tx.execute(update(tables.audit_head).values(position=position, hash=newest))

    store.write(change)


def test_each_export_is_a_line_of_the_file_and_the_channel_hears_of_what_is_new(heads, any_store):
    an_hour_later(heads)
    write(any_store)
    an_hour_later(heads)
    an_hour_later(heads)
    write(any_store)
    an_hour_later(heads)

    newest = any_store.read(audit.head)
    assert [head.position for head in read_heads([str(heads.file)])] == [1, 1, 2]
    assert read_heads([str(heads.file)])[-1] == newest
    assert [(each.msgid, each.params["position"]) for each in told(any_store)] == [
        ("audit.head.is", 1),
        ("audit.head.is", 2),
    ]


def test_a_cut_end_is_told_once_and_found_by_the_file(heads, any_store):
    write(any_store, times=3)
    an_hour_later(heads)
    cut(any_store, 1)
    an_hour_later(heads)
    write(any_store)
    an_hour_later(heads)

    assert [each.msgid for each in told(any_store)] == ["audit.head.is", "audit.head.lost", "audit.head.is"]
    assert any_store.read(audit.verify) == Fine(2)
    found = any_store.read(lambda tx: audit.verify(tx, read_heads([str(heads.file)])))
    assert isinstance(found, Broken)


def test_heads_are_read_from_a_file_or_as_they_were_told(heads, any_store):
    write(any_store)
    an_hour_later(heads)
    head = any_store.read(audit.head)

    assert read_heads([str(heads.file), f"1:{head.hash}"]) == [head, head]


@pytest.mark.parametrize("written", ["", "[]", '{"position": "x", "hash": ""}', '{"position": 1}'])
def test_a_file_that_holds_no_heads_is_told_by_its_line(tmp_path, written):
    file = tmp_path / "heads.jsonl"
    file.write_text(f'{{"position": 1, "hash": "a"}}\n{written}\n', "utf-8")

    with pytest.raises(NotAHead, match=r"heads.jsonl:2"):
        read_heads([str(file)])
