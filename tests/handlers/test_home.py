"""The Home over the wire: who sees what of it, in which language, and what pressing there does."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.actor import Actor
from bot.home.model import Shown
from bot.oncall import service as oncall
from bot.ports.paging import Nobody, Responder, Shift, Somebody
from bot.store.tables import grants, handoffs, homes, incidents, requests, runs, silences
from tests.conftest import NOW
from tests.handlers.colleagues import REFUSED, incident, told
from tests.handlers.front_door import ALERTS, TEAM, airflow_failure
from tests.handlers.homes import MINJI, SORA, buttons, counted, incident_row, many_open, opens, presses, sees, view

MOST_STATEMENTS = 25
MINUTE = timedelta(minutes=1)


def test_whoever_is_on_call_sees_in_their_language_and_zone_what_is_open_and_until_when_they_are(staffed):
    shown = opens(staffed)

    assert "당직 중입니다" in shown
    assert "data-platform*  @u0minji, 11월 25일 (수) 12:00 KST까지" in shown
    assert "*열린 인시던트* · 1건" in shown
    assert "orders_daily" in shown
    assert "아직 담당자 없음" in shown


def test_a_colleague_sees_who_is_on_call_and_what_they_have_themselves(staffed):
    shown = opens(staffed, SORA)

    assert "Your Home" in shown
    assert "data-platform*  @u0minji until" in shown
    assert "You have no access through Baton." in shown
    assert "orders_daily" not in shown


@pytest.mark.parametrize(("who", "why"), REFUSED)
def test_who_is_no_member_sees_only_why_there_is_no_home(staffed, who, why):
    user, team = who.get("user"), who.get("team", TEAM)
    opened = {"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"}
    staffed.event(opened, team_id=team)

    for row in staffed.rows(homes):
        shown = staffed.app.store.read(lambda tx, row=row: staffed.app.homes.render(tx, row.team, row.user, Shown()))
        assert [block["type"] for block in shown["blocks"]] == ["section"]
        assert why in shown["blocks"][0]["text"]["text"]
    assert staffed.count(homes) == (1 if user else 0)


def test_the_tab_of_messages_is_not_a_home(staffed):
    staffed.event({"type": "app_home_opened", "user": MINJI, "channel": "D1", "tab": "messages"})

    assert staffed.count(homes) == 0


def test_an_incident_is_taken_on_from_the_home_and_its_button_is_gone(staffed):
    opens(staffed)
    assert "incident.acknowledge" in buttons(view(staffed))

    presses(staffed, "incident.acknowledge", incident(staffed).id)

    assert "@u0minji 님이 확인 중" in sees(staffed)
    assert "incident.acknowledge" not in buttons(view(staffed))


def test_a_press_on_the_home_has_it_shown_anew_at_once_and_one_elsewhere_does_not(staffed):
    opens(staffed)
    staffed.write(lambda tx: tx.execute(update(homes).values(due_at=None)))

    staffed.press("incident.acknowledge", incident(staffed).id)
    assert staffed.rows(homes)[0].due_at is None
    presses(staffed, "incident.acknowledge", incident(staffed).id)

    assert staffed.rows(homes)[0].due_at is not None


def test_a_guest_who_forges_a_press_of_the_home_changes_nothing(staffed):
    presses(staffed, "incident.acknowledge", incident(staffed).id, user="U0GUEST")

    assert incident(staffed).state == "open"
    assert "may not" in told(staffed)[0]


def test_the_most_urgent_comes_first_and_what_nobody_has_taken_on_before_the_rest(staffed):
    [old, *_] = many_open(staffed, 3)
    staffed.write(lambda tx: tx.execute(update(incidents).values(severity="error")))
    staffed.write(_set, old, severity="critical", state="acknowledged", acknowledged_by=f"person:{TEAM}:{SORA}")
    staffed.write(lambda tx: tx.execute(insert(incidents), [incident_row(7) | {"severity": "critical"}]))

    shown = opens(staffed)

    names = ["dag_0007", "orders_daily", "dag_0001", "dag_0002", "dag_0000"]
    assert sorted(names, key=shown.index) == names


def test_what_follows_from_another_incident_is_counted_with_it(staffed):
    root = incident(staffed).id
    many_open(staffed, 2, root_id=root)

    shown = opens(staffed)

    assert "*열린 인시던트* · 1건" in shown
    assert "이어진 인시던트 2건" in shown


def test_a_thousand_open_incidents_fit_and_are_turned_page_by_page(staffed):
    staffed.write(_set, incident(staffed).id, state="resolved")
    many_open(staffed, 1200)

    assert "*열린 인시던트* · 1,000건 이상" in opens(staffed)
    presses(staffed, "home.turn:incidents", "incidents")
    first = sees(staffed)
    presses(staffed, "home.turn:older", "older")
    second = sees(staffed)
    presses(staffed, "home.turn:newer", "newer")

    assert ("dag_0000" in first, "dag_0014" in first, "dag_0015" in first) == (True, True, False)
    assert ("dag_0014" in second, "dag_0015" in second, "dag_0029" in second) == (False, True, True)
    assert sees(staffed) == first


def test_the_last_page_is_shown_where_the_list_has_become_shorter(staffed):
    many_open(staffed, 20)
    opens(staffed)
    presses(staffed, "home.turn:incidents", "incidents")
    presses(staffed, "home.turn:older", "older")
    staffed.write(lambda tx: tx.execute(update(incidents).values(state="resolved", open_key=None)))

    assert "열린 인시던트가 없습니다" in sees(staffed)


def test_a_forged_word_turns_nothing(staffed):
    before = opens(staffed)

    presses(staffed, "home.turn:older", "'; drop table homes")

    assert sees(staffed) == before


def test_who_comes_back_after_a_quarter_of_an_hour_begins_with_the_overview(staffed):
    opens(staffed)
    presses(staffed, "home.turn:incidents", "incidents")
    staffed.app.clocks.business.advance(10 * MINUTE)
    assert "← 처음 화면" in opens(staffed)

    staffed.app.clocks.business.advance(15 * MINUTE)

    assert "← 처음 화면" not in opens(staffed)


def test_it_takes_the_same_few_statements_whatever_is_open(staffed):
    def add(numbers):
        staffed.write(lambda tx: tx.execute(insert(incidents), [incident_row(n) for n in numbers]))
        staffed.write(lambda tx: tx.execute(insert(silences), [_silence(n) for n in numbers]))
        staffed.write(lambda tx: tx.execute(insert(runs), [_waiting_run(n) for n in numbers]))
        staffed.write(lambda tx: tx.execute(insert(requests), [_request(n, None) for n in numbers]))

    add(range(1))
    opens(staffed)
    with counted(staffed) as few:
        view(staffed)
    add(range(1, 1000))

    with counted(staffed) as many:
        shown = view(staffed)

    assert len(shown["blocks"]) < 100
    assert len(many) == len(few) <= MOST_STATEMENTS


def test_what_nobody_knows_of_who_is_on_call_is_never_shown_as_nobody(staffed):
    staffed.app.clocks.business.advance(11 * MINUTE)

    theirs, minjis = opens(staffed, SORA), opens(staffed)

    assert "it is not known who is on call; last known: @u0minji" in theirs
    assert "nobody" not in theirs
    assert "당직일 수 있습니다" in minjis


def test_a_gap_says_who_is_called_instead(staffed):
    staffed.write(oncall.keep, "data-platform", Nobody(NOW, NOW + 60 * MINUTE), (), NOW)

    shown = opens(staffed, SORA)

    assert "nobody is on call; @S0ENG is called instead" in shown


def test_who_takes_over_sees_at_once_what_is_theirs_then(staffed):
    sora = (Responder("sora", "sora@haneul.example", "", SORA),)
    before = opens(staffed, SORA)
    staffed.write(oncall.keep, "data-platform", Somebody(sora, NOW, None), (Shift(sora, NOW, NOW + 600 * MINUTE),), NOW)

    assert "Your Home" in before
    assert "You are on call" in sees(staffed, SORA)


@pytest.mark.parametrize(
    ("state", "words", "button"),
    [
        pytest.param("planned", "그 전에 인계서 작성을 부탁드립니다", None, id="planned"),
        pytest.param("drafted", "인계서를 작성하고 서명해 주세요", "handoff.write", id="asked for"),
        pytest.param("signed", "인계서 서명 완료", None, id="signed"),
        pytest.param("unsigned", "인계서에 서명하지 않았습니다", "handoff.write", id="over and unsigned"),
        pytest.param("posted", "인수할 인계서가 있습니다", "handoff.accept", id="posted to the next"),
    ],
)
def test_who_has_to_write_or_to_accept_a_handoff_sees_how_far_it_is(staffed, state, words, button):
    staffed.write(lambda tx: tx.execute(insert(handoffs), [_handoff(state)]))

    shown = opens(staffed)

    assert words in shown
    assert {each for each in buttons(view(staffed)) if each.startswith("handoff.")} == ({button} if button else set())


def test_requests_are_listed_by_what_was_promised_next_and_taken_from_the_home(staffed):
    rows = [_request(1, NOW + 90 * MINUTE), _request(2, NOW + 30 * MINUTE), _request(3, None)]
    staffed.write(lambda tx: tx.execute(insert(requests), rows))

    shown = opens(staffed)
    presses(staffed, "request.take", "request2")

    assert "*요청* · 3건" in shown
    assert shown.index("wish 2") < shown.index("wish 1") < shown.index("wish 3")
    assert "*담당*  @u0minji" in sees(staffed)


def test_a_colleague_sees_what_they_asked_for_and_asks_for_more(staffed):
    staffed.write(lambda tx: tx.execute(insert(requests), [_request(1, NOW, requester=f"person:{TEAM}:{SORA}")]))

    shown = opens(staffed, SORA)

    assert "wish 1" in shown
    assert "Ask the data team…" in shown
    assert "wish 1" not in opens(staffed, MINJI).partition("내 요청")[2]


def test_somebody_with_access_to_very_much_sees_what_ends_first_and_the_way_on(staffed):
    staffed.write(lambda tx: tx.execute(insert(runs), [_waiting_run(1) | {"state": "succeeded"}]))
    staffed.write(lambda tx: tx.execute(insert(grants), [_grant(n) for n in range(60)]))

    shown = opens(staffed, SORA)

    assert ("lab-data.d00" in shown, "lab-data.d59" in shown) == (True, False)
    assert "/my-access" in shown
    assert "renews itself" in shown
    assert "home.turn:on_call" in buttons(view(staffed, SORA))


def test_a_silence_that_ends_soon_can_be_changed_from_the_home(staffed):
    staffed.write(lambda tx: tx.execute(insert(silences), [_silence(1)]))

    shown = opens(staffed)

    assert "*하루 안에 끝나는 것* · 1건" in shown
    assert "silence.change" in buttons(view(staffed))


def test_names_and_words_of_others_stay_words(staffed):
    staffed.event(airflow_failure(dag_id="a_<!channel>_*b*"))

    opens(staffed)

    view(staffed)  # the checker finds nothing live in it


def test_what_is_begun_on_the_home_is_told_where_those_on_call_work(staffed):
    def channel_for(user):
        return staffed.app.store.read(lambda tx: staffed.app.desk.home_channel(tx, Actor.person(TEAM, user)))

    schedule = staffed.app.config.baton.schedules["data-platform"]

    assert channel_for(MINJI) == channel_for(SORA) == (schedule.channel or ALERTS)


def _set(tx, incident_id, **values):
    tx.execute(update(incidents).where(incidents.c.id == incident_id).values(**values))


def _silence(number):
    return {
        "id": f"silence{number:02}",
        "open_key": f"{number}",
        "state": "active",
        "matchers": [["dag", f"dag_{number}"]],
        "until": NOW + 60 * MINUTE,
        "reason": "migration",
        "ticket": "",
        "created_by": f"person:{TEAM}:{SORA}",
        "created_at": NOW,
    }


def _grant(number):
    return {
        "id": f"grant{number:02}",
        "run_id": "run01",
        "resource": f"lab-data.d{number:02}",
        "member": "user:sora@example.com",
        "person": f"person:{TEAM}:{SORA}",
        "role": "READER",
        "state": "active",
        "expires_at": NOW + (60 + number) * MINUTE,
        "self_expiring": False,
        "reason": "analysis",
        "asked_by": f"person:{TEAM}:{SORA}",
        "created_at": NOW,
    }


def _handoff(state):
    minji = [{"name": "민지", "user": MINJI, "doubt": None}]
    return {
        "id": "handoff1",
        "schedule": "data-platform",
        "shift_start": NOW,
        "since": NOW - 600 * MINUTE,
        "boundary_at": NOW,
        "posted_at": NOW if state == "posted" else None,
        "state": state,
        "outgoing": minji if state != "posted" else [],
        "incoming": minji if state == "posted" else [],
        "said": {},
        "first": "minji",
    }


def _request(number, due_at, **more):
    return {
        "id": f"request{number}",
        "team": TEAM,
        "key": f"message:{number}",
        "kind": "question",
        "state": "new",
        "words": f"wish {number}",
        "fields": {},
        "requester": f"person:{TEAM}:U0GUEST",
        "registered_by": f"person:{TEAM}:U0GUEST",
        "way": "message",
        "channel": "C0HELP",
        "language": "ko",
        "schedule": "data-platform",
        "opened_at": NOW,
        "called": {"ids": [MINJI], "certainty": "somebody", "name": "", "known_at": None},
        "answer_due_at": due_at,
    } | more


def _waiting_run(number):
    return {
        "id": f"run{number:02}",
        "operation": "grant-access",
        "arguments": {"dataset": "p.d", "people": [f"U{number:03}"], "role": "reader", "duration": "1h"},
        "state": "awaiting_approval",
        "requester": f"person:{TEAM}:U{number:03}",
        "created_at": NOW,
        "waiting_since": NOW,
        "version": 0,
        "attempts": 0,
    }
