"""Whoever changes the record is found, at the position where they did; who erases what is personal breaks nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.audit.chain import ERASED, Broken, Entry, Fine, Head, Record, check, hash_of
from bot.audit.personal import Piece, erased
from tests.audit.chains import DEEDS, chain, same, sealed

PATIENT = settings(deadline=None)
SOME = st.lists(DEEDS, min_size=1, max_size=6)
EDITS = {
    "actor": lambda value: value + "x",
    "deed": lambda value: value + "x",
    "ref": lambda value: value + "x",
    "body": lambda value: {**value, "added": 1},
    "at": lambda value: value + timedelta(microseconds=1),
    "previous": lambda value: "f" * 64 if value != "f" * 64 else "e" * 64,
    "hash": lambda value: "f" * 64 if value != "f" * 64 else "e" * 64,
}
EDITED = st.sampled_from(sorted(EDITS))


def edit(entry: Entry, name: str) -> Entry:
    return replace(entry, **{name: EDITS[name](getattr(entry, name))})


def position_of(result: Fine | Broken) -> int:
    assert isinstance(result, Broken), result
    return result.position


@PATIENT
@given(st.lists(DEEDS, max_size=6))
def test_what_was_written_is_whole(deeds):
    assert check(*chain(deeds)) == Fine(len(deeds))


@PATIENT
@given(SOME, EDITED, st.data())
def test_an_edit_is_found_where_it_was_made(deeds, name, data):
    records, head = chain(deeds)
    index = data.draw(st.integers(0, len(records) - 1))
    records[index] = replace(records[index], entry=edit(records[index].entry, name))

    assert position_of(check(records, head)) == index + 1


@PATIENT
@given(SOME, EDITED, st.data())
def test_an_edit_with_a_new_hash_no_longer_fits_what_comes_after_it(deeds, name, data):
    records, head = chain(deeds)
    assume(name not in {"hash", "previous"})
    index = data.draw(st.integers(0, len(records) - 1))
    changed = edit(records[index].entry, name)
    records[index] = replace(records[index], entry=replace(changed, hash=hash_of(changed)))

    assert position_of(check(records, head)) == min(index + 2, len(records))


@PATIENT
@given(SOME, st.data())
def test_a_removal_is_found_where_the_entry_was(deeds, data):
    records, head = chain(deeds)
    index = data.draw(st.integers(0, len(records) - 1))
    del records[index]

    assert position_of(check(records, head)) == index + 1


@PATIENT
@given(SOME, st.data())
def test_entries_in_another_order_are_found_at_the_first_of_them(deeds, data):
    records, head = chain(deeds)
    new = data.draw(st.permutations(range(len(records))))
    assume(new != list(range(len(records))))
    first = next(position for position, old in enumerate(new) if position != old) + 1
    moved = [records[old] for old in new]
    renumbered = [
        replace(each, entry=replace(each.entry, position=position)) for position, each in enumerate(moved, start=1)
    ]

    assert position_of(check(moved, head)) == first
    assert position_of(check(renumbered, head)) == first


@PATIENT
@given(SOME, st.data())
def test_a_cut_end_is_found_by_the_head_and_without_it_by_an_exported_one(deeds, data):
    records, head = chain(deeds)
    kept = data.draw(st.integers(0, len(records) - 1))
    left = records[:kept]
    forged = Head(kept, left[-1].entry.hash) if left else Head()

    assert position_of(check(left, head)) == kept + 1
    assert check(left, forged) == Fine(kept)
    assert position_of(check(left, forged, [head])) == kept + 1


@PATIENT
@given(SOME, SOME, st.data())
def test_a_record_that_was_written_anew_is_found_by_an_exported_head(deeds, others, data):
    records, _ = chain(deeds)
    exported = [Head(each.entry.position, each.entry.hash) for each in records]
    rewritten, head = chain(others)
    differs = [old.entry.hash != new.entry.hash for old, new in zip(records, rewritten, strict=False)]
    assume(any(differs) or len(records) > len(rewritten))
    first = differs.index(True) + 1 if any(differs) else len(rewritten) + 1

    assert check(rewritten, head) == Fine(len(others))
    assert position_of(check(rewritten, head, exported)) == first


@PATIENT
@given(SOME, st.data())
def test_a_personal_part_cannot_be_changed(deeds, data):
    records, head = chain(deeds)
    index, piece = data.draw(st.sampled_from(_pieces(records) or [(0, None)]))
    assume(piece is not None)
    other = data.draw(st.text(max_size=8).filter(lambda value: not same(value, piece.value)))
    forged = replace(piece, **data.draw(st.sampled_from([{"value": other}, {"salt": "0" * 32}, {"place": "/x"}])))
    pieces = tuple(forged if each is piece else each for each in records[index].pieces)
    records[index] = replace(records[index], pieces=pieces)

    assert position_of(check(records, head)) == index + 1


@PATIENT
@given(SOME, st.data())
def test_what_is_erased_by_an_entry_breaks_nothing_and_what_vanishes_without_one_is_found(deeds, data):
    records, head = chain(deeds)
    chosen = [each for each in _pieces(records) if data.draw(st.booleans())]
    assume(chosen)
    row_is_gone = data.draw(st.booleans())
    left = [_without(record, [p for i, p in chosen if i == n], row_is_gone) for n, record in enumerate(records)]
    said = {"pieces": [[index + 1, piece.place] for index, piece in chosen]}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    saying = sealed(Entry(head.position + 1, at, "cli:dpo@host", ERASED, "audit.log", said, head.hash))

    assert position_of(check(left, head)) == min(index for index, _ in chosen) + 1
    whole = check([*left, saying], Head(saying.entry.position, saying.entry.hash))
    assert whole == Fine(len(records) + 1, erased=len(chosen))


@PATIENT
@given(SOME)
def test_the_body_is_given_back_as_it_was_written(deeds):
    records, _ = chain(deeds)

    assert all(same(record.body, deed[3]) for record, deed in zip(records, deeds, strict=True))


def _pieces(records) -> list[tuple[int, Piece]]:
    return [(index, piece) for index, record in enumerate(records) for piece in record.pieces]


def _without(record: Record, chosen, row_is_gone) -> Record:
    left = [None if row_is_gone else erased(each) for each in chosen]
    others = [each for each in record.pieces if each not in chosen]
    return replace(record, pieces=(*others, *(each for each in left if each)))
