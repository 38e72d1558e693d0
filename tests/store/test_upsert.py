"""Inserting once: the answer says whether the row was new, on both databases."""

from functools import partial

from sqlalchemy import select

from bot.store.tables import ticks
from bot.store.upsert import insert_if_new, upsert

ROW = {"name": "groups", "attempts": 0, "version": 0}


def test_a_row_is_new_once(any_store):
    insert = partial(insert_if_new, table=ticks, row=ROW, key=["name"])

    assert [any_store.write(insert), any_store.write(insert)] == [True, False]


def test_an_upsert_changes_what_is_there(any_store):
    for attempts in (1, 2):
        rows = [ROW | {"attempts": attempts}]
        any_store.write(partial(upsert, table=ticks, rows=rows, key=["name"], change=["attempts"]))

    assert any_store.read(lambda tx: tx.execute(select(ticks.c.attempts)).scalars().all()) == [2]
