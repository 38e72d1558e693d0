"""What colleagues asked while nothing was heard: it is read afterwards, or told as unseen until it is."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot import outages
from bot.clock import Clocks
from bot.ports.errors import Unavailable
from bot.ports.slack import Identity
from bot.requests.catch_up import CatchUp
from tests.requests.book import HELP, HOUR, MINUTE, MONDAY, TEAM

DAY = timedelta(days=1)
WISH = "orders 테이블 11월 20일 데이터 재적재 부탁드립니다"


@dataclass
class History:
    """Slack's history of the channel; None: it refuses."""

    said: list | None = field(default_factory=list)

    def history(self, _channel, since, until):
        if self.said is None:
            raise Unavailable("Slack", "internal_error")
        return iter([each for each in self.said if since.timestamp() <= float(each["ts"]) < until.timestamp()])


class Hearing:
    """The channel of a book as it is read at moments that a test chooses."""

    def __init__(self, book):
        self.book, self.slack = book, History()

    def read(self, at):
        self.book.now = at
        clocks = Clocks(self, self)
        mine = Identity(TEAM, "B0BATON", "U0BATON", "A0BATON")
        CatchUp(self.book.store, self.slack, lambda: mine, self.book.desk, clocks, DAY).read(HELP)

    def now(self):
        return self.book.now

    def refused(self, at):
        said, self.slack.said = self.slack.said, None
        with pytest.raises(Unavailable):
            self.read(at)
        self.slack.said = said

    def says(self, at):
        self.slack.said.append({"type": "message", "user": "U0SORA", "ts": f"{at.timestamp():.6f}", "text": WISH})

    def holes(self):
        """Return since and until when, counted from Monday, the channel was not seen, as far as next week knows."""
        end = MONDAY + 7 * DAY
        found = self.book.store.read(lambda tx: outages.between(tx, frozenset({f"asked:{HELP}"}), MONDAY - DAY, end))
        return [(each.since - MONDAY, each.until - MONDAY) for each in found]


@pytest.fixture
def unread(book):
    """A channel whose history was never read."""
    return Hearing(book)


@pytest.fixture
def hearing(unread):
    unread.read(MONDAY + MINUTE)  # up to Monday
    return unread


def test_what_was_asked_too_long_ago_to_be_read_is_written_down_as_unseen(hearing):
    hearing.says(MONDAY + HOUR)
    for _ in range(2):
        hearing.read(MONDAY + 3 * DAY + MINUTE)

    assert hearing.holes() == [(timedelta(0), 2 * DAY)]
    assert hearing.book.open() == ()


def test_what_could_be_read_afterwards_is_no_hole(hearing):
    hearing.says(MONDAY + HOUR)
    hearing.read(MONDAY + DAY)

    assert hearing.holes() == []
    assert [each.words for each in hearing.book.open()] == [WISH]


def test_while_slack_refuses_its_history_the_unread_time_is_a_hole_that_ends_when_it_was_read(hearing):
    hearing.says(MONDAY + HOUR)
    for hours in (2, 3):
        hearing.refused(MONDAY + hours * HOUR)
    assert hearing.holes() == [(timedelta(0), 7 * DAY)]

    hearing.read(MONDAY + 4 * HOUR)
    assert hearing.holes() == []
    assert [each.words for each in hearing.book.open()] == [WISH]


def test_of_what_was_refused_for_too_long_the_part_that_nobody_will_read_stays_a_hole(hearing):
    hearing.refused(MONDAY + HOUR)
    hearing.read(MONDAY + 2 * DAY + MINUTE)

    assert hearing.holes() == [(timedelta(0), DAY)]


def test_a_refusal_of_a_moment_is_no_hole(hearing):
    hearing.refused(MONDAY + 5 * MINUTE)

    assert hearing.holes() == []


def test_a_history_that_is_refused_from_the_first_day_is_unseen_from_then_on(unread):
    for minutes in (1, 3, 60):
        unread.refused(MONDAY + minutes * MINUTE)

    assert unread.holes() == [(timedelta(0), 7 * DAY)]
