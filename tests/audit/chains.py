"""Makes records of the audit in memory, as `bot.audit.service` writes them."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.audit.chain import Entry, Head, Record, hash_of
from bot.audit.personal import part

TEXTS = st.text(max_size=8) | st.sampled_from(["ana@haneul.example", "by Ana <Ana@Haneul.example>"])
KEYS = st.sampled_from(["reason", "steps", "target", "ana@haneul.example", "steps/0", "~"]) | st.text(max_size=8)
JSON = st.recursive(
    TEXTS | st.integers() | st.none(), lambda it: st.lists(it, max_size=2) | st.dictionaries(KEYS, it, max_size=2)
)
BODIES = st.dictionaries(KEYS, JSON, max_size=3)
DEEDS = st.tuples(TEXTS, TEXTS, TEXTS, BODIES, st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1)))  # noqa: DTZ001 - hypothesis adds the zone


def chain(deeds) -> tuple[list[Record], Head]:
    """Return the records of these deeds in order, and their head."""
    records: list[Record] = []
    head = Head()
    for actor, deed, ref, body, at in deeds:
        public, pieces = part(body, actor)
        record = sealed(Entry(head.position + 1, at, actor, deed, ref, public, head.hash), pieces)
        records.append(record)
        head = Head(record.entry.position, record.entry.hash)
    return records, head


def sealed(entry: Entry, pieces=()) -> Record:
    return Record(replace(entry, hash=hash_of(entry)), tuple(pieces))


def same(one, other) -> bool:
    """Whether two values are the same JSON: True is not 1 there."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
