"""Lengths of time as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.durations import parse_duration, write_duration


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("24h", timedelta(hours=24)),
        ("90m", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        ("1h30m", timedelta(minutes=90)),
        ("45s", timedelta(seconds=45)),
        (" 2D ", timedelta(days=2)),
    ],
)
def test_a_duration_is_whole_numbers_with_units(written, length):
    assert parse_duration(written) == length


@pytest.mark.parametrize(
    "written", ["", "h", "90", "1.5h", "-1h", "1h 30m", "30m1h", "1w", "0h", "99999d", "9" * 50 + "d", "١h"]
)
def test_anything_else_is_refused(written):
    with pytest.raises(ValueError, match="duration"):
        parse_duration(written)


@given(st.integers(min_value=1, max_value=3660 * 86400).map(lambda seconds: timedelta(seconds=seconds)))
def test_what_is_written_is_read_back(length):
    assert parse_duration(write_duration(length)) == length
