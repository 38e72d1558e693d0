"""The sections `handoff` and `digest`."""

from datetime import time, timedelta

import pytest

from bot.config.handoff import Digest, Handoff
from bot.config.hours import Weekday
from bot.wiring.reports import scopes_of
from tests.config.test_shifts import examined


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


def test_a_schedules_report_doubts_the_channels_where_its_requests_are_heard_and_no_other(tmp_path):
    asked = (
        "requests:\n  channels:\n"
        "    C0HELP: {schedule: data, recognise: ask}\n"
        "    C0FORMS: {schedule: data, recognise: off, forms: [B0FORM]}\n"
        "    C0QUIET: {schedule: data, recognise: off}\n"
    )
    config = examined(tmp_path, groups=asked).config

    assert scopes_of(config, frozenset())["data"].asked == {"C0HELP", "C0FORMS"}
