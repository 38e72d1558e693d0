"""What a silence does to incidents: they open, stay and show why nobody was told; its end tells what is still open."""

import pytest

from bot import timeline
from bot.actor import Actor
from bot.incidents import service as incident_service
from bot.outbox import Place
from bot.silences import ageing, service
from bot.silences.model import Matcher, Wish
from bot.store.tables import holds, incidents
from tests.delivery.bench import MINUTE, SECOND
from tests.incidents.test_mentions import DAY, NOON, alert, mentions, staff

HOUR = 60 * MINUTE
MINJI, ALEX = Actor.person("T0HANEUL", "U0MINJI"), Actor.person("T0HANEUL", "U0ALEX")
ETL, DISK = (Matcher("scope", "*etl-*"),), (Matcher("alertname", "disk"),)
BY_ALEX = "🔕 Silenced until today 14:00 by @Alex Rivera: a new disk comes at two"


@pytest.fixture
def noon(desk):
    """Minji is on call, and it is noon."""
    staff(desk, NOON)
    return desk


def silence(desk, span=2 * HOUR, matchers=ETL):
    wish = Wish(matchers, desk.clock.now() + span, "a new disk comes at two")
    made = desk.app.store.write(
        lambda tx: service.create(ALEX, tx, wish, Place("C0HELP"), desk.clock.now(), lambda *_: None)
    )
    assert isinstance(made, service.Done), made
    return made.silence


def do(desk, deed, actor, silence_id, *more):
    return desk.app.store.write(lambda tx: deed(actor, tx, silence_id, *more, desk.clock.now(), lambda *_: None))


def wait(desk, span):
    """Let time pass with its duties done."""
    desk.clock.advance(span)
    desk.app.store.write(lambda tx: ageing.let_time_pass(tx, desk.clock.now()))
    desk.app.ticks._mentions()


def state(desk, incident):
    return desk.row(incidents, incidents.c.id == incident).state


def test_an_incident_that_a_silence_covers_opens_quietly_and_its_card_says_why(noon):
    found = silence(noon)
    incident = alert(noon, "error")

    assert mentions(noon, incident) == []
    assert state(noon, incident) == "open"
    assert BY_ALEX in noon.card(incident)
    moments = noon.app.store.read(lambda tx: timeline.history(tx, incident_service.ref(incident)))
    assert "silence.moment.muted" in [each.body.msgid for each in moments]
    muted = noon.app.store.read(lambda tx: noon.app.catalog["silence"].load(tx, found.id)).muted
    assert (muted.incidents, muted.alerts) == (1, 1)


def test_what_it_does_not_cover_is_told_as_ever(noon):
    silence(noon, matchers=(Matcher("scope", "full on etl-8"),))

    assert len(mentions(noon, alert(noon, "error"))) == 1


def test_a_critical_alert_is_told_unless_the_silence_says_so(noon):
    silence(noon)
    assert len(mentions(noon, alert(noon, "critical"))) == 1


def test_one_that_gets_critical_under_a_silence_is_told(noon):
    silence(noon)
    incident = alert(noon, "error")
    quiet = mentions(noon, incident)
    noon.clock.advance(MINUTE)
    alert(noon, "critical")

    assert quiet == []
    assert len(mentions(noon, incident)) == 1
    assert "Silenced" not in noon.card(incident)


def test_critical_alerts_are_muted_once_a_second_person_agreed(noon):
    found = silence(noon, matchers=(Matcher("scope", "full on etl-7"), Matcher("severity", "*")))
    do(noon, service.confirm, MINJI, found.id)

    assert mentions(noon, alert(noon, "critical")) == []


def test_a_silence_survives_that_the_incident_is_resolved_and_comes_back(noon):
    silence(noon)
    incident = alert(noon, "error")
    for _ in range(2):
        noon.clock.advance(5 * MINUTE)
        alert(noon, "error", "RESOLVED")
        noon.clock.advance(5 * MINUTE)
        assert alert(noon, "error") == incident
    noon.clock.advance(5 * MINUTE)
    alert(noon, "error", "RESOLVED")
    noon.pass_time(5 * SECOND)
    resolved = noon.card(incident)
    noon.clock.advance(61 * MINUTE)
    recurring = alert(noon, "error")

    assert recurring != incident
    assert mentions(noon, recurring) == []
    assert "Silenced" not in resolved
    assert BY_ALEX in noon.card(recurring)


def test_when_it_is_over_what_is_still_open_is_told(noon):
    silence(noon)
    incident = alert(noon, "error")
    before = mentions(noon, incident)
    wait(noon, 2 * HOUR)

    [said] = mentions(noon, incident)
    assert before == []
    assert "<@U0MINJI>" in said
    assert "The silence is over" in said
    assert "Silenced" not in noon.card(incident)


@pytest.mark.parametrize("settle", ["acknowledge", "resolve"])
def test_when_it_is_over_what_somebody_took_on_is_not_told(noon, settle):
    silence(noon)
    incident = alert(noon, "error")
    getattr(noon, settle)(incident)
    wait(noon, 2 * HOUR)

    assert mentions(noon, incident) == []


def test_when_somebody_ends_it_what_is_still_open_is_told_at_once_and_undone_it_is_quiet_again(noon):
    found = silence(noon)
    incident = alert(noon, "error")
    noon.pass_time(5 * SECOND)
    do(noon, service.end, MINJI, found.id)
    do(noon, service.undo, MINJI, found.id)
    wait(noon, MINUTE)
    undone = mentions(noon, incident)
    do(noon, service.end, MINJI, found.id)
    wait(noon, MINUTE)

    assert undone == []
    assert len(mentions(noon, incident)) == 1


def test_when_it_is_extended_what_it_covers_waits_longer(noon):
    found = silence(noon)
    incident = alert(noon, "error")
    do(noon, service.change, ALEX, found.id, NOON + 5 * HOUR)
    wait(noon, 3 * HOUR)
    between = mentions(noon, incident)
    wait(noon, 2 * HOUR)

    assert between == []
    assert len(mentions(noon, incident)) == 1


def test_a_shorter_silence_that_ends_first_leaves_it_to_the_longer_one(noon):
    silence(noon, HOUR)
    incident = alert(noon, "error")
    silence(noon, 3 * HOUR, DISK)
    wait(noon, 2 * HOUR)
    between = mentions(noon, incident)
    wait(noon, HOUR)

    assert between == []
    assert len(mentions(noon, incident)) == 1


def test_what_waits_for_the_morning_when_the_silence_ends_goes_on_waiting(noon):
    staff(noon, NOON.replace(hour=15))  # midnight in Seoul
    silence(noon)
    incident = alert(noon, "warning")
    wait(noon, 2 * HOUR)

    assert mentions(noon, incident) == []
    assert noon.row(holds, holds.c.incident_id == incident).why == "morning"


def test_what_waited_for_the_morning_is_not_in_its_summary_but_told_when_the_silence_is_over(noon):
    staff(noon, NOON.replace(hour=15))  # midnight in Seoul; work begins at nine
    incident = alert(noon, "warning")
    found = silence(noon, 10 * HOUR)
    waits = noon.row(holds, holds.c.incident_id == incident).why
    staff(noon, NOON.replace(hour=15) + 9.5 * HOUR)
    wait(noon, MINUTE)
    morning = mentions(noon, incident)
    wait(noon, HOUR)

    assert (waits, morning) == ("silenced", [])
    assert len(mentions(noon, incident)) == 1
    assert noon.app.store.read(lambda tx: noon.app.catalog["silence"].load(tx, found.id)).muted.incidents == 1


def test_an_incident_that_is_already_open_shows_the_silence_and_its_end(noon):
    incident = alert(noon, "error")
    noon.pass_time(5 * SECOND)
    found = silence(noon)
    noon.pass_time(5 * SECOND)
    silenced = noon.card(incident)
    do(noon, service.end, ALEX, found.id)
    noon.pass_time(5 * SECOND)

    assert BY_ALEX in silenced
    assert "Silenced" not in noon.card(incident)


def test_a_silence_that_nobody_agreed_to_is_not_on_the_card(noon):
    silence(noon, 2 * DAY)
    incident = alert(noon, "error")

    assert len(mentions(noon, incident)) == 1
    assert "Silenced" not in noon.card(incident)


def test_the_silence_of_one_route_leaves_another_alone(noon):
    silence(noon, matchers=(Matcher("scope", "full on etl-7"), Matcher("route", "infra")))

    assert len(mentions(noon, alert(noon, "error"))) == 1
