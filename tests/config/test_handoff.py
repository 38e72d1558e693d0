"""The sections `handoff` and `digest`."""

from datetime import time, timedelta

import pytest

from bot.config.handoff import Digest, Handoff
from bot.config.hours import Weekday


def test_what_is_not_written_is_what_most_teams_want():
    told = Handoff()

    assert (told.draft_before, told.grace, told.covers_under) == tuple(timedelta(hours=n) for n in (1, 2, 24))
    assert told.canvas is False


def test_a_digest_goes_to_a_channel_or_a_person():
    written = Digest.model_validate({"to": "U0LEAD", "day": "fri", "at": "16:00", "zone": "Asia/Seoul"})

    assert (written.to, written.day, written.at, str(written.zone)) == ("U0LEAD", Weekday.FRI, time(16), "Asia/Seoul")


@pytest.mark.parametrize("to", ["S0ENG", "leads", "#leads"])
def test_a_digest_goes_nowhere_else(to):
    with pytest.raises(ValueError, match=r"config\.bad_place"):
        Digest.model_validate({"to": to})
