"""Whom an incident mentions after it has opened: when it gets worse, and when what it waited for has ended."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.oncall import service as oncall
from bot.ports.paging import Nobody, Responder, Shift, Somebody, Unknown
from bot.store.tables import holds, incidents
from sandbox.person import text_of
from tests.delivery.bench import MINUTE, SECOND, Bench

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)  # a Tuesday, twelve o'clock in Seoul
NIGHT = datetime(2026, 11, 24, 15, tzinfo=UTC)  # midnight
MINJI = Responder("minji", "minji@haneul.example")


def says(severity: str, status: str = "FIRING") -> str:
    return f"[{status}:1] disk full on etl-7\nalertname=DiskFull instance=etl-7 severity={severity}"


@pytest.fixture
def night(desk: Bench) -> Bench:
    """Minji is on call, and it is midnight."""
    staff(desk, NIGHT)
    return desk


def staff(desk: Bench, at: datetime) -> None:
    desk.clock.at = at
    on_call, shift = Somebody((MINJI,), at, at + DAY), Shift((MINJI,), at, at + DAY)
    desk.app.store.write(lambda tx: oncall.keep(tx, "data-platform", on_call, (shift,), at))


def alert(desk: Bench, severity: str, status: str = "FIRING") -> str:
    incident = desk.post(says(severity, status), tool="B0GRAFANA")
    assert incident is not None
    return incident


def wait(desk: Bench, span: timedelta) -> None:
    """Let time pass with somebody looking at what waited long enough."""
    desk.clock.advance(span)
    desk.app.ticks._mentions()


def mentions(desk: Bench, incident: str) -> list[str]:
    """Return the messages in its thread that notify somebody."""
    desk.pass_time(5 * SECOND)
    posted = [each for each in desk.sandbox.log.calls("chat.postMessage") if "<@" in str(each["args"]["blocks"])]
    return [text_of(each["args"]) for each in posted]


def held(desk: Bench) -> list[str]:
    return desk.app.store.read(lambda tx: list(tx.execute(select(holds.c.why)).scalars()))


# It gets worse


def test_a_warning_at_night_that_becomes_critical_mentions_at_once(night):
    incident = alert(night, "warning")
    night.pass_time(5 * SECOND)
    quiet = night.card(incident)
    assert alert(night, "critical") == incident

    said = mentions(night, incident)
    assert "@김민지" in quiet
    assert "waits for the morning summary" in quiet
    assert ["now: critical" in each and "<@U0MINJI>" in each for each in said] == [True]
    assert held(night) == []
    assert "morning summary" not in night.card(incident)


def test_one_whose_card_is_still_to_come_is_mentioned_on_that_card_alone(night):
    incident = alert(night, "warning")
    alert(night, "critical")

    [said] = mentions(night, incident)
    assert "disk full" in said
    assert "now: critical" not in said


def test_one_that_was_mentioned_is_not_mentioned_again_for_the_same(night):
    incident = alert(night, "error")
    night.pass_time(5 * SECOND)
    for severity in ("error", "warning", "error"):
        night.clock.advance(2 * SECOND)
        alert(night, severity)

    assert len(mentions(night, incident)) == 1


def test_one_that_gets_worse_within_the_hour_mentions_when_the_hour_is_over(night):
    incident = alert(night, "error")
    wait(night, 10 * MINUTE)
    alert(night, "critical")
    at_once = mentions(night, incident)
    wait(night, 51 * MINUTE)

    assert len(at_once) == 1
    assert len(mentions(night, incident)) == 2


def test_an_older_message_that_comes_late_makes_nothing_worse(night):
    incident = alert(night, "warning")
    night.clock.advance(-MINUTE)
    alert(night, "critical")
    night.clock.advance(MINUTE)

    assert mentions(night, incident) == []


# It came back within the hour


def come_back(desk: Bench) -> str:
    incident = alert(desk, "error")
    desk.deliver()
    desk.clock.advance(10 * MINUTE)
    alert(desk, "error", "RESOLVED")
    desk.clock.advance(10 * MINUTE)
    assert alert(desk, "error") == incident
    return incident


def test_one_that_came_back_and_that_nobody_took_on_mentions_when_the_hour_is_over(night):
    incident = come_back(night)
    before = mentions(night, incident)
    says_why = night.card(incident)
    wait(night, 41 * MINUTE)
    after = mentions(night, incident)
    wait(night, 60 * MINUTE)

    assert "less than an hour ago" in says_why
    assert [len(before), len(after), len(mentions(night, incident))] == [1, 2, 2]
    assert "nobody has taken it on" in after[1]


@pytest.mark.parametrize("deed", ["acknowledge", "resolve"])
def test_one_that_came_back_and_that_somebody_took_on_mentions_nobody_again(night, deed):
    incident = come_back(night)
    getattr(night, deed)(incident)
    wait(night, 41 * MINUTE)

    assert len(mentions(night, incident)) == 1
    assert held(night) == []


def test_two_processes_that_end_a_hold_mention_once(night):
    incident = come_back(night)
    night.clock.advance(41 * MINUTE)
    for _ in range(2):
        night.app.store.write(lambda tx: night.app.mentions.end_hold(tx, incident, night.clock.now()))

    assert len(mentions(night, incident)) == 2


def test_a_hold_of_a_route_that_is_no_longer_configured_is_dropped(night):
    incident = come_back(night)
    night.app.store.write(lambda tx: tx.execute(incidents.update().values(route="gone")))
    wait(night, 41 * MINUTE)

    assert len(mentions(night, incident)) == 1
    assert held(night) == []


# Who is called


@pytest.mark.parametrize(
    ("answer", "says", "notifies"),
    [
        pytest.param(Nobody(NOON - DAY, NOON + DAY), "nobody, called instead", "<!subteam^S0ENG>", id="a gap"),
        pytest.param(Unknown("no answer"), "not known; fallback", "<!subteam^S0ENG>", id="never known"),
        pytest.param(
            Somebody((Responder("x", "x@elsewhere.example", "Kim"),), NOON, NOON + DAY),
            "Kim (no certain Slack user), called instead",
            "<!subteam^S0ENG>",
            id="no account",
        ),
    ],
)
def test_who_is_called_instead_is_never_shown_as_the_one_on_call(desk, answer, says, notifies):
    desk.clock.at = NOON
    desk.app.store.write(lambda tx: oncall.keep(tx, "data-platform", answer, (), NOON))
    incident = alert(desk, "error")
    desk.pass_time(5 * SECOND)

    assert says in desk.card(incident)
    assert notifies in desk.card(incident)


def test_when_the_answer_is_too_old_the_last_known_and_the_fallback_are_called_with_its_age(desk):
    staff(desk, NOON)
    desk.clock.advance(30 * MINUTE)
    incident = alert(desk, "error")
    desk.pass_time(5 * SECOND)

    said = desk.card(incident)
    assert "not known; last known today 12:00" in said
    assert "<@U0MINJI>" in said
    assert "<!subteam^S0ENG>" in said
