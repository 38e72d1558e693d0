"""Pages at the provider: made once, followed, closed, whatever goes wrong on the way."""

from datetime import timedelta

import pytest

from bot.pages.rules import LATE_ARRIVAL, TRIES
from bot.ports.errors import Forbidden, NotAuthenticated, RateLimited, Unavailable
from bot.ports.paging import Priority
from tests.pages.provider import Fault

DOWN = Unavailable("Opsgenie", "503")


def test_a_page_is_made_and_closed(bench):
    bench.want()
    bench.work()
    opened, state = bench.provider.open(), bench.state
    bench.close()
    bench.work()

    assert ([each.alias for each in opened], state) == (["baton-incident:i1"], "open")
    assert (bench.provider.open(), bench.state) == ([], "closed")
    assert bench.history() == ["page.moment.open", "page.moment.closed"]
    assert bench.said() == [("page.note.open", [])]
    assert (bench.provider.written[0].priority, bench.provider.written[0].recipients[0].name) == (
        Priority.HIGH,
        "data-platform",
    )


def test_wanting_it_twice_makes_one_page(bench):
    bench.want()
    bench.want()
    bench.work()
    bench.want()
    bench.work()

    assert [each.count for each in bench.provider.made] == [1]


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.KILLED_AFTER, Fault.LOST_BEFORE, Fault.KILLED_BEFORE, DOWN])
def test_one_alert_stands_whatever_happens_while_it_is_made(bench, fault):
    bench.provider.faults = [fault]
    bench.want()
    bench.work()

    assert [each.count for each in bench.provider.open()] == [1]
    assert (bench.state, bench.history()) == ("open", ["page.moment.open"])


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.KILLED_AFTER, Fault.LOST_BEFORE, Fault.KILLED_BEFORE, DOWN])
def test_it_is_closed_whatever_happens_while_it_is_closed(bench, fault):
    bench.want()
    bench.work()
    bench.provider.faults = [fault]
    bench.close()
    bench.work()

    assert (bench.provider.open(), bench.state) == ([], "closed")


def test_an_alert_that_was_made_and_closed_by_somebody_while_nobody_knew_is_not_made_again(bench):
    bench.provider.faults = [Fault.LOST_AFTER]
    bench.want()
    bench.once()
    bench.provider.somebody_closes()
    bench.work()

    assert (len(bench.provider.made), bench.state) == (1, "closed")


def test_a_pending_request_is_followed_until_it_is_done(bench):
    bench.provider.pending = 3
    bench.want()
    bench.work(within=timedelta(seconds=10))

    assert (bench.state, len(bench.provider.written)) == ("open", 1)


def test_what_the_provider_forgot_after_accepting_it_is_made_again(bench):
    bench.provider.faults = [Fault.FORGOTTEN]
    bench.want()
    bench.work()

    assert (bench.state, len(bench.provider.written), len(bench.provider.open())) == ("open", 2, 1)


def test_a_lost_request_is_not_repeated_while_it_may_still_arrive(bench):
    bench.provider.faults = [Fault.LOST_BEFORE]
    bench.want()
    bench.work(within=LATE_ARRIVAL - timedelta(seconds=3))

    assert (bench.state, len(bench.provider.written)) == ("requested", 1)


def test_a_request_that_fails_at_the_provider_is_said_aloud_with_who_is_called_instead(bench):
    bench.provider.refusing = "no such schedule"
    bench.want()
    bench.work()

    assert (bench.state, bench.history()) == ("failed", ["page.moment.failed"])
    assert bench.said() == [("page.note.failed", ["U0MINJI"])]


@pytest.mark.parametrize("error", [NotAuthenticated("Opsgenie", "401"), Forbidden("Opsgenie", "403")])
def test_what_will_not_pass_is_said_at_once(bench, error):
    bench.provider.faults = [error]
    bench.want()
    bench.work(within=timedelta(0))

    assert (bench.state, bench.said()) == ("failed", [("page.note.failed", ["U0MINJI"])])


@pytest.mark.parametrize("fault", [DOWN, Fault.LOST_BEFORE, Fault.FORGOTTEN])
def test_it_is_given_up_after_some_tries_and_said_once(bench, fault):
    bench.provider.faults = [fault] * 100
    bench.want()
    bench.work()

    assert (bench.state, len(bench.provider.written)) == ("failed", TRIES)
    assert bench.said() == [("page.note.failed", ["U0MINJI"])]


def test_a_provider_that_asks_to_slow_down_is_given_its_time(bench):
    bench.provider.faults = [RateLimited("Opsgenie", "429", retry_after=60)]
    bench.want()
    bench.work(within=timedelta(seconds=50))
    before = bench.state
    bench.work()

    assert (before, bench.state) == ("wanted", "open")


def test_a_failed_page_is_made_when_it_is_wanted_again(bench):
    bench.provider.faults = [Forbidden("Opsgenie", "403")]
    bench.want()
    bench.work()
    bench.want()
    bench.work()

    assert (bench.state, len(bench.provider.open())) == ("open", 1)


def test_what_is_wanted_again_after_its_end_is_another_alert(bench):
    for _ in range(2):
        bench.want()
        bench.work()
        bench.close()
        bench.work()

    assert [each.alias for each in bench.provider.made] == ["baton-incident:i1", "baton-incident:i1-2"]
    assert bench.provider.open() == []


def test_what_is_wanted_again_while_it_is_being_closed_is_another_alert(bench):
    bench.want()
    bench.work()
    bench.close()
    bench.once()
    bench.want()
    bench.work()

    assert [each.alias for each in bench.provider.made] == ["baton-incident:i1", "baton-incident:i1-2"]
    assert ([each.alias for each in bench.provider.open()], bench.state) == (["baton-incident:i1-2"], "open")


def test_what_is_no_longer_wanted_before_it_was_sent_is_never_sent(bench):
    bench.want()
    bench.close()
    bench.work()

    assert (bench.provider.calls, bench.state) == (0, "closed")


def test_what_is_no_longer_wanted_while_it_is_made_is_closed(bench):
    bench.want()
    bench.once()
    bench.close()
    bench.work()

    assert (bench.provider.open(), len(bench.provider.made), bench.state) == ([], 1, "closed")


def test_what_failed_and_is_no_longer_wanted_ends_without_a_word(bench):
    bench.provider.refusing = "no such schedule"
    bench.want()
    bench.once()
    bench.close()
    bench.work()

    assert (bench.state, bench.said()) == ("closed", [])


def test_what_cannot_be_closed_is_said(bench):
    bench.want()
    bench.work()
    bench.provider.faults = [Forbidden("Opsgenie", "403")]
    bench.close()
    bench.work()

    assert ("page.note.not_closed", ["U0MINJI"]) in bench.said()
    assert "page.moment.not_closed" in bench.history()


def test_a_page_that_cannot_be_looked_for_is_tried_again(bench):
    bench.provider.faults, bench.provider.reads = [Fault.LOST_AFTER], [DOWN, DOWN]
    bench.want()
    bench.work()

    assert (bench.state, len(bench.provider.written)) == ("open", 1)


def test_in_shadow_mode_nobody_is_paged(bench):
    bench.is_live = False
    bench.want()
    bench.work()

    assert (bench.provider.calls, bench.said(), bench.history()) == (0, [], [])


def test_a_provider_that_is_no_longer_configured_is_said(bench):
    bench.want()
    bench.store.write(lambda tx: tx.exec_driver_sql("UPDATE pages SET provider = 'jsm'"))
    bench.work()

    assert (bench.provider.calls, bench.said()) == (0, [("page.note.failed", ["U0MINJI"])])


def test_closing_what_was_never_wanted_does_nothing(bench):
    bench.close()
    bench.work()

    assert (bench.state, bench.provider.calls) == ("none", 0)
