"""Whatever people write, reading it raises nothing, ends soon, and keeps its promises."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dates.written import read
from bot.requests.reading import Certainty, recognise
from tests.requests.reading.scores import cases
from tests.requests.reading.words import NOW, WORDS, ZONE

_PARTS = st.sampled_from(
    [
        "orders", "orders_mart", "haneul-prod.", "재적재", "부탁드립니다", "20일", "11/18", "~", "-", "부터", "까지",
        "please", "rerun", "?", "\n", "```", '"', "<@U1>", "<https://x|y>", "3일치", "the 20th", "feb 30", "99월 99일",
        "9999-99-99",
        "\ud800", "\x00", "\u202e", "ㅋㅋ", "👍🏽", "０", "٣일", "지난주", "2주간", ".", "_", "and", "오늘", ",",
    ]
)  # fmt: skip


def _keeps_its_promises(message):
    found = recognise(message, WORDS, NOW, ZONE)

    assert (found.kind is None) == (found.certainty is Certainty.NO)
    assert found.language in {"ko", "en"}
    assert found.kind is not None or not found.fields
    assert set(found.fields) <= {"load", "dates", "dag_id", "dataset", "tables", "role", "lasts"}
    assert all(found.fields.values())
    assert "dates" not in found.fields or read(found.fields["dates"])


@given(st.text(st.characters(codec=None), max_size=300))
@settings(deadline=None, max_examples=200)
def test_any_text_at_all(message):
    _keeps_its_promises(message)


@given(st.lists(_PARTS, max_size=40), st.sampled_from(["", " "]))
@settings(deadline=None, max_examples=300)
def test_any_mixture_of_what_means_something(parts, between):
    _keeps_its_promises(between.join(parts))


@given(_PARTS, _PARTS)
@settings(deadline=1000, max_examples=25)
def test_a_huge_message_takes_no_second(one, other):
    _keeps_its_promises(f"{one} {other}" * 20_000)


@pytest.mark.parametrize("seed", range(5))
def test_messages_with_letters_lost_or_doubled(seed):
    chance = random.Random(seed)
    for case in cases("seen")[seed::5]:
        written = case.row["text"]
        at = chance.randrange(len(written))
        _keeps_its_promises(written[:at] + written[at + 1 :])
        _keeps_its_promises(written[:at] + written[at] * 2 + written[at:])
