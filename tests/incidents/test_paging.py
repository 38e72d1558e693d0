"""Incidents that page: who is woken and once, who is called next, how both sides follow each other, no loop."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.config.paging import Webhook
from bot.incidents import alert_deeds
from bot.incidents.paging_rules import paged
from bot.incidents.service import Refused
from bot.incidents.storms import acknowledge_all
from bot.oncall.model import Held, Notify, Quiet, Why
from bot.pages import alerts
from bot.pages.deed import Deed
from bot.pages.deeds import Wish
from bot.store.tables import alerts as alert_rows
from bot.store.tables import escalations, incidents, interruptions, paged_alerts, pages, storms
from bot.text import text
from bot.triage.model import Severity
from tests import loopback
from tests.delivery.bench import ALERTS, INFRA, MINUTE
from tests.delivery.bench import MINJI as MINJI_HERSELF
from tests.delivery.bench import bench as benched
from tests.incidents.pager import KEY, MINJI, Pager, paging
from tests.incidents.test_mentions import NOON
from tests.incidents.test_silenced import silence

QUARTER = timedelta(minutes=15)
FOREIGN = "6cf5e1a5-0000-4000-8000-000000000000-1700000000000"


@pytest.fixture
def pager(vendors, sqlite_url):
    """A team whose routes page through Opsgenie."""
    vendors.reset()
    vendors.limits(enforce=False)
    with benched(vendors, sqlite_url, configure=paging(vendors.opsgenie_url, page_team="data")) as desk:
        yield Pager(desk)


def act(pager, incident, deed, key="1", **more):
    wish = Wish(deed, key, **more)
    now = pager.desk.clock.now()
    return pager.desk.app.store.write(
        lambda tx: alert_deeds.act(MINJI_HERSELF, tx, incident, wish, now, lambda *_: None)
    )


# Whom an incident wakes


def test_an_incident_pages_once_and_says_so_under_its_card(pager):
    incident = pager.alerts()
    pager.works()
    pager.alerts()
    pager.works()

    [alert] = pager.at_opsgenie()
    assert (alert["alias"], alert["count"], alert["priority"]) == (f"baton-incident:{incident}", 1, "P1")
    assert [each["type"] for each in alert["responders"]] == ["schedule"]
    assert "DiskFull" in alert["message"]
    assert "/archives/" in alert["description"]
    assert pager.called() == [("page.note.open", [])]
    assert "Opsgenie alert #1: not acknowledged" in pager.desk.card(incident).replace("*", "")


@pytest.mark.parametrize(("severity", "expected"), [("critical", "P1"), ("error", "P2"), ("warning", None)])
def test_only_severities_that_page_do(pager, severity, expected):
    pager.alerts(severity)
    pager.works()

    assert [each["priority"] for each in pager.at_opsgenie()] == ([expected] if expected else [])


def test_what_gets_worse_pages_then(pager):
    pager.alerts("warning")
    pager.works()
    before = pager.at_opsgenie()
    pager.desk.clock.advance(MINUTE)
    pager.alerts("critical")
    pager.works()

    assert (before, len(pager.at_opsgenie())) == ([], 1)


def test_its_end_closes_the_page_and_its_return_makes_another(pager):
    incident = pager.alerts()
    pager.works()
    pager.passes(2 * QUARTER)  # it mentions, and so pages, at most once in an hour
    pager.alerts(status="RESOLVED")
    pager.works()
    closed = [each["status"] for each in pager.at_opsgenie()]
    pager.passes(timedelta(minutes=35))
    pager.alerts()
    pager.works()

    assert closed == ["closed"]
    assert [each["alias"] for each in pager.at_opsgenie()] == [
        f"baton-incident:{incident}",
        f"baton-incident:{incident}-2",
    ]
    assert [each["status"] for each in pager.at_opsgenie()] == ["closed", "open"]


def test_an_alert_of_an_earlier_round_answers_for_nothing(pager):
    incident = pager.alerts()
    pager.works()
    pager.passes(2 * QUARTER)
    pager.somebody("acknowledge")
    pager.alerts(status="RESOLVED")
    pager.works()
    pager.passes(timedelta(minutes=35))
    pager.alerts()
    [first] = pager.at_opsgenie()
    forgotten = {"status": "open", "is_acknowledged": False}  # by a look that was under way while it was closed
    pager.desk.app.store.write(lambda tx: tx.execute(update(paged_alerts).values(**forgotten)))
    told(pager, first, "Acknowledge")
    pager.desk.app.loop.once("alert")
    before = pager.state(incident)[0], pager.paged(), pager.rows(escalations)[0].next_at is None
    pager.works()
    pager.desk.acknowledge(incident)
    pager.works()

    assert before == ("open", [("incident", True, "closed")], False)
    assert [(each["status"], each["owner"]) for each in pager.at_opsgenie()] == [
        ("closed", "junho@haneul.example"),
        ("open", "minji@haneul.example"),
    ]


def test_who_resolves_it_closes_the_alert_in_their_own_name(pager):
    incident = pager.alerts()
    pager.works()
    pager.desk.resolve(incident)
    pager.works()

    [alert] = pager.at_opsgenie()
    assert (alert["status"], alert["report"]["closedBy"]) == ("closed", "minji@haneul.example")
    assert pager.paged() == [("incident", False, "closed")]


def test_a_storm_has_one_page_beside_those_of_its_critical_incidents(pager):
    for number in range(30):
        pager.alerts("critical" if number == 20 else "error", at=str(number))
    pager.works(12)
    wanted = [kind for kind, is_wanted, _ in pager.paged() if is_wanted]

    assert sorted(wanted) == ["incident", "storm"]
    assert len(pager.at_opsgenie()) == 2


@pytest.mark.parametrize("where", ["here", "there"])
def test_a_storm_is_acknowledged_with_its_page_on_both_sides(pager, where):
    for number in range(12):
        pager.alerts("error", at=str(number))
    pager.works(12)
    [storm] = pager.rows(storms)
    if where == "here":
        now = pager.desk.clock.now()
        pager.desk.app.store.write(lambda tx: acknowledge_all(MINJI_HERSELF, tx, storm.id, now, lambda *_: None))
    else:
        pager.somebody("acknowledge", by="minji@haneul.example")
    pager.looks()
    pager.alerts("error", at="late")
    pager.works()
    shown = [each for each in pager.rows(incidents) if each.storm_id == storm.id]

    assert [(each["acknowledged"], each["owner"]) for each in pager.at_opsgenie()] == [(True, "minji@haneul.example")]
    assert {each.acknowledged_by for each in shown if each.state == "acknowledged"} == {str(MINJI_HERSELF)}
    assert sum(each.state == "acknowledged" for each in shown) == 12


def test_a_storm_that_is_acknowledged_before_its_alert_was_ever_looked_at_is_so_once(pager):
    for number in range(12):
        pager.alerts("error", at=str(number))
    [storm] = pager.rows(storms)
    now = pager.desk.clock.now()
    pager.desk.app.store.write(lambda tx: acknowledge_all(MINJI_HERSELF, tx, storm.id, now, lambda *_: None))
    for _ in range(8):
        pager.desk.app.loop.once("page")
        pager.desk.app.loop.once("page_deed")
        pager.desk.clock.advance(timedelta(seconds=1))

    assert pager.deeds() == [("acknowledge", "done")]


@pytest.mark.parametrize(
    ("decision", "severity", "expected"),
    [
        (Notify(("U0MINJI",)), Severity.CRITICAL, True),
        (Quiet(), Severity.CRITICAL, True),
        (Notify(("U0MINJI",)), Severity.INFO, False),
        *((Held(NOON, why), Severity.CRITICAL, False) for why in Why),
    ],
)
def test_what_is_held_pages_nobody_and_what_only_slack_is_spared_does(pager, decision, severity, expected):
    route = pager.desk.app.mentions.routes["core"]

    assert (paged(route, severity, decision) is not None) is expected


def test_a_silence_keeps_a_page_quiet(pager):
    silence(pager.desk)
    pager.alerts("error")
    pager.works()

    assert pager.at_opsgenie() == []


def test_a_silence_that_came_later_calls_nobody_else_until_its_end(pager):
    pager.alerts("error")
    pager.works()
    silence(pager.desk, span=timedelta(minutes=40))
    pager.passes(2 * QUARTER)
    before = pager.level()
    pager.passes(QUARTER)

    assert (before, pager.level()) == (0, 1)


# Whom nobody's answer calls next


def test_unanswered_it_calls_the_second_then_the_team_and_then_nobody(pager):
    pager.alerts()
    pager.works()
    for _ in range(4):
        pager.passes(QUARTER)

    assert pager.called() == [
        ("page.note.open", []),
        ("page.note.second", ["U0JUNHO"]),
        ("page.note.team", ["S0ENG"]),
    ]
    assert [each["type"] for each in pager.at_opsgenie()[0]["responders"]] == ["schedule", "user", "team"]
    assert pager.deeds() == [("call", "done"), ("call", "done")]
    assert [(each.user, each.kind) for each in sorted(pager.rows(interruptions), key=lambda each: each.at)][-3:] == [
        ("U0MINJI", "page"),
        ("U0JUNHO", "page"),
        ("S0ENG", "page"),
    ]


def test_without_a_second_the_team_is_called(pager):
    pager.alerts()
    pager.works()
    pager.staffed(MINJI)
    pager.desk.clock.advance(QUARTER)
    pager.staffed(MINJI)
    pager.desk.app.ticks._escalations()

    assert [each for each, _ in pager.called()] == ["page.note.open", "page.note.team"]


@pytest.mark.parametrize("how", ["acknowledge", "resolve"])
def test_an_answer_ends_the_calling(pager, how):
    incident = pager.alerts()
    pager.works()
    getattr(pager.desk, how)(incident)
    for _ in range(4):
        pager.passes(QUARTER)

    assert pager.level() == 0
    assert [each for each, _ in pager.called()] == ["page.note.open"]


# Both sides follow each other


def test_acknowledging_here_acknowledges_there_as_the_person(pager):
    incident = pager.alerts()
    pager.desk.acknowledge(incident)  # before the alert is even made
    pager.works(8)

    [alert] = pager.at_opsgenie()
    assert (alert["acknowledged"], alert["owner"]) == (True, "minji@haneul.example")
    assert pager.deeds() == [("acknowledge", "done")]


def test_acknowledging_there_acknowledges_here_with_the_name(pager):
    incident = pager.alerts()
    pager.works()
    pager.somebody("acknowledge", by="junho@haneul.example")
    pager.looks()

    assert pager.state(incident) == ("acknowledged", "person:T0HANEUL:U0JUNHO")
    assert pager.deeds() == []
    assert "acknowledged by junho@haneul.example" in pager.desk.card(incident)


def test_a_stranger_who_acknowledges_there_is_named_and_taken_for_nobody(pager):
    incident = pager.alerts()
    pager.works()
    pager.somebody("acknowledge", by="Contractor 7")
    pager.looks()

    assert pager.state(incident) == ("acknowledged", "seen_in:opsgenie")
    assert "Contractor 7" in pager.desk.card(incident)


def test_closing_there_ends_the_page_and_leaves_the_incident_open(pager):
    incident = pager.alerts()
    pager.works()
    pager.somebody("close")
    pager.looks()
    for _ in range(4):
        pager.passes(QUARTER)

    assert (pager.state(incident)[0], pager.paged()) == ("open", [("incident", False, "closed")])
    assert (pager.level(), len(pager.at_opsgenie())) == (0, 1)


def test_a_snoozed_alert_calls_nobody_until_it_is_over(pager):
    incident = pager.alerts()
    pager.works()
    act(pager, incident, Deed.SNOOZE, until=pager.desk.clock.now() + timedelta(minutes=40))
    pager.works()
    pager.passes(2 * QUARTER)
    before = pager.level()
    pager.passes(QUARTER)

    assert (before, pager.level(), pager.deeds()[0]) == (0, 1, ("snooze", "done"))


# Deeds from the card


def test_a_note_and_a_close_reach_the_alert_in_the_name_of_who_pressed(pager):
    incident = pager.alerts()
    pager.works()
    act(pager, incident, Deed.NOTE, note="the disk is being grown")
    pager.works()
    act(pager, incident, Deed.CLOSE)
    pager.works()

    [note] = pager.entries("notes")
    assert (note["note"], note["owner"]) == ("the disk is being grown", "minji@haneul.example")
    assert pager.deeds() == [("note", "done"), ("close", "done")]
    assert pager.paged() == [("incident", False, "closed")]
    assert pager.state(incident)[0] == "open"


def test_the_same_press_twice_is_one_deed(pager):
    incident = pager.alerts()
    pager.works()
    act(pager, incident, Deed.NOTE, note="once")
    act(pager, incident, Deed.NOTE, note="once")
    pager.works()

    assert len(pager.entries("notes")) == 1


def test_what_is_refused_there_is_told_to_who_asked(pager):
    incident = pager.alerts()
    pager.works()
    pager.somebody("close")
    act(pager, incident, Deed.SNOOZE, until=pager.desk.clock.now() + timedelta(hours=1))
    for _ in range(5):
        pager.desk.app.loop.once("page_deed")
        pager.desk.clock.advance(timedelta(seconds=1))

    assert pager.deeds() == [("snooze", "failed")]
    assert pager.called()[-1] == ("page.failed.snooze", ["U0MINJI"])


def test_nothing_is_asked_of_an_alert_that_is_not_there_or_by_whom_the_policy_forbids(pager):
    incident = pager.alerts("warning")
    now, wish = pager.desk.clock.now(), Wish(Deed.CLOSE, "1")
    store = pager.desk.app.store
    forbidden = store.write(
        lambda tx: alert_deeds.act(MINJI_HERSELF, tx, incident, wish, now, lambda *_: text("policy.needs_approval"))
    )

    assert act(pager, incident, Deed.CLOSE) == Refused(text("page.deed.nothing_open"))
    assert forbidden == Refused(text("policy.needs_approval"))
    assert pager.deeds() == []


# The provider's own posts


def test_its_own_posts_about_a_page_join_the_incident_and_nothing_goes_round(pager):
    pager.order("integrate", slack_channel=ALERTS)
    incident = pager.alerts()
    pager.works()
    taken = [pager.hears(each) for each in _posts(pager, 1)]
    pager.somebody("acknowledge")
    pager.looks()
    pager.desk.resolve(incident)
    pager.looks()
    taken += [pager.hears(each) for each in _posts(pager, 3)[1:]]
    pager.looks()

    assert taken == [incident] * 3
    assert len(pager.rows(incidents)) == 1
    assert pager.state(incident)[0] == "resolved"
    assert pager.rows(incidents)[0].alert_count == 1
    assert sorted(each.kind for each in pager.rows(alert_rows)) == ["alert", "noise", "noise", "noise"]
    assert [each["status"] for each in pager.at_opsgenie()] == ["closed"]


def test_a_post_that_comes_before_baton_knows_the_alert_joins_by_its_words(pager):
    pager.order("integrate", slack_channel=ALERTS)
    incident = pager.alerts()
    pager.desk.app.loop.once("page")
    pager.at_opsgenie()
    [post] = _posts(pager, 1)

    assert pager.hears(post) == incident


def test_a_post_about_somebody_elses_alert_is_an_incident_of_its_own_with_its_alert(pager):
    pager.alerts()
    other = pager.hears(post_about(FOREIGN, "81"))

    assert len(pager.rows(incidents)) == 2
    assert pager.desk.row(incidents, incidents.c.id == other).source == "opsgenie"
    assert [(each.alert_id, each.ref) for each in pager.rows(paged_alerts)] == [(FOREIGN, f"incident:{other}")]


def test_an_alert_of_another_account_that_has_the_number_of_a_known_one_is_an_incident_of_its_own(pager):
    incident = pager.alerts()
    pager.works()
    [known] = pager.rows(paged_alerts)
    other = pager.hears(post_about(FOREIGN, known.tiny_id))

    assert known.ref == f"incident:{incident}"
    assert other not in {None, incident}


def test_an_alert_whose_text_links_to_a_known_one_is_an_incident_of_its_own(pager):
    incident = pager.alerts()
    pager.works()
    [known] = pager.rows(paged_alerts)
    seen_too = f"https://haneul.app.opsgenie.com/alert/detail/{known.alert_id}/details"
    other = pager.hears(post_about(FOREIGN, f"{known.tiny_id}1", f"after <{seen_too}>"))
    about = {each.alert_id: each.ref for each in pager.rows(paged_alerts)}

    assert other not in {None, incident}
    assert about == {known.alert_id: f"incident:{incident}", FOREIGN: f"incident:{other}"}


def post_about(alert_id, number, text=""):
    """Return a post of the provider's integration about an alert that Baton did not make."""
    link = f"https://haneul.app.opsgenie.com/alert/detail/{alert_id}/details"
    return {
        "ts": "1.000100",
        "bot_id": "B0OPSGENIE",
        "bot_profile": {"id": "B0OPSGENIE", "name": "Opsgenie"},
        "text": f'New alert: #{number} "checkout is slow"',
        "attachments": [{"title": "x", "title_link": link, "text": text}],
    }


def _posts(pager, count):
    def posted():
        found = [each for each in pager.desk.minji.messages(ALERTS) if each.get("bot_id") == "B0OPSGENIE"]
        return found if len(found) >= count else None

    return pager.sandbox.until(posted)


# Time and configuration


def test_what_no_longer_pages_is_called_for_no_more(pager):
    pager.alerts()
    pager.works()
    pager.desk.app.store.write(lambda tx: tx.execute(update(escalations).values(route="gone")))
    pager.passes(QUARTER)

    assert pager.rows(escalations)[0].next_at is None
    assert len(pager.rows(pages)) == 1


# What a webhook tells


def told(pager, alert, action="Create", at="1"):
    now = pager.desk.clock.now()
    pager.desk.app.store.write(lambda tx: alerts.told(tx, "opsgenie", alert["id"], action, at, now))


def made_by_others(pager, **more):
    url = f"{pager.sandbox.opsgenie_url}/v2/alerts"
    loopback.post(url, json={"message": "checkout is slow", "priority": "P2"} | more, headers=KEY).raise_for_status()
    return pager.at_opsgenie()[-1]


def test_a_webhook_brings_an_acknowledgement_at_once_and_once(pager):
    incident = pager.alerts()
    pager.works()
    pager.somebody("acknowledge")
    for _ in range(2):
        told(pager, pager.at_opsgenie()[0], "Acknowledge")
    pager.desk.app.loop.once("alert")

    assert pager.state(incident) == ("acknowledged", "person:T0HANEUL:U0JUNHO")


def test_webhook_calls_that_do_not_say_when_are_each_looked_into(pager):
    incident = pager.alerts()
    pager.works()
    told(pager, pager.at_opsgenie()[0], "Acknowledge", "0")
    pager.works()
    pager.somebody("acknowledge")
    told(pager, pager.at_opsgenie()[0], "Acknowledge", "0")
    pager.desk.app.loop.once("alert")

    assert pager.state(incident)[0] == "acknowledged"


def test_what_a_webhook_says_is_not_believed(pager):
    incident = pager.alerts()
    pager.works()
    told(pager, pager.at_opsgenie()[0], "Acknowledge")
    told(pager, {"id": FOREIGN}, "Create")
    pager.works()

    assert (pager.state(incident)[0], len(pager.rows(incidents))) == ("open", 1)


def test_somebody_elses_alert_is_nothing_to_baton_unless_a_channel_is_named(pager):
    told(pager, made_by_others(pager))
    pager.works()

    assert pager.rows(incidents) == []
    assert [(each.ref, each.due_at) for each in pager.rows(paged_alerts)] == [(None, None)]


def test_somebody_elses_alert_opens_an_incident_where_configured_and_ends_with_it(vendors, sqlite_url):
    vendors.reset()
    vendors.limits(enforce=False)
    with benched(vendors, sqlite_url, configure=partial(hearing, vendors.opsgenie_url)) as desk:
        pager = Pager(desk)
        pager.order("integrate", slack_channel=ALERTS)
        alert = made_by_others(pager)
        told(pager, alert)
        pager.works()
        [opened] = pager.rows(incidents)
        joined = pager.hears(_posts(pager, 1)[0])
        act(pager, opened.id, Deed.ACKNOWLEDGE)
        pager.works()
        there = pager.at_opsgenie()[0]
        pager.somebody("close")
        told(pager, alert, "Close", "2")
        pager.works()
        ended = pager.state(opened.id)

    assert ended[0] == "resolved"
    assert (opened.source, opened.severity, joined) == ("opsgenie", "error", opened.id)
    assert (there["acknowledged"], there["owner"]) == (True, "minji@haneul.example")


def test_somebody_elses_alert_that_is_posted_in_another_channel_too_stays_one_incident_while_it_lasts(
    vendors, sqlite_url
):
    vendors.reset()
    vendors.limits(enforce=False)
    with benched(vendors, sqlite_url, configure=partial(hearing, vendors.opsgenie_url)) as desk:
        pager = Pager(desk)
        pager.order("integrate", slack_channel=ALERTS)
        told(pager, made_by_others(pager))
        pager.works()
        [opened] = pager.rows(incidents)
        [post] = _posts(pager, 1)
        joined = pager.hears(post, channel=INFRA)
        desk.resolve(opened.id)
        again = pager.hears(post | {"ts": "9.000100"}, channel=INFRA)

    assert joined == opened.id
    assert again not in {None, opened.id}


def test_a_page_of_another_baton_opens_nothing(vendors, sqlite_url):
    vendors.reset()
    vendors.limits(enforce=False)
    with benched(vendors, sqlite_url, configure=partial(hearing, vendors.opsgenie_url)) as desk:
        pager = Pager(desk)
        told(pager, made_by_others(pager, alias=f"baton-incident:{'a' * 24}"))
        pager.works()

        assert pager.rows(incidents) == []


def hearing(opsgenie_url, config):
    """Return the configuration with a webhook whose alerts open incidents in the alert channel."""
    hook = Webhook(path="/hooks/opsgenie-5d1f0c", channel=ALERTS)
    opsgenie = config.baton.opsgenie.model_copy(update={"url": opsgenie_url, "webhook": hook})
    secrets = replace(config.secrets, opsgenie_webhook_secret=SecretStr("a-long-random-secret"))
    return replace(config, baton=config.baton.model_copy(update={"opsgenie": opsgenie}), secrets=secrets)
