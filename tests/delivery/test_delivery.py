"""What Baton shows arrives in its last state, once, whatever Slack does meanwhile."""

import pytest

from bot.store.claim import claim
from bot.store.tables import cards, files, notes, pace
from bot.store.upsert import upsert
from sandbox.person import text_of
from tests.delivery.bench import INFRA, MINJI, MINUTE, SECOND

POST, UPDATE = "/api/chat.postMessage", "/api/chat.update"


def test_many_changes_become_few_edits_and_the_last_state_arrives(desk):
    incident = desk.alert()
    desk.pass_time(3 * SECOND)
    before = desk.calls("chat.update")
    for number in range(50):
        desk.alert(day=f"2026-10-{1 + number % 28:02}")
        desk.deliver()
    desk.pass_time(10 * SECOND)

    assert "29 open failures" in desk.card(incident)
    assert desk.calls("chat.update") - before <= 3


def test_a_card_that_shows_the_newest_state_already_is_not_edited(desk):
    incident = desk.alert()
    desk.pass_time(3 * SECOND)
    before = desk.calls("chat.update")
    for _ in range(5):
        desk.want(incident)
        desk.pass_time(3 * SECOND)

    assert desk.calls("chat.update") == before


def test_a_state_that_changes_while_a_card_is_being_posted_is_shown_too(desk, sandbox):
    incident = desk.alert()
    sandbox.faults.add("slack", POST, status=503, times=2)
    desk.deliver()
    desk.acknowledge(incident)
    desk.pass_time()

    assert "Acknowledged by" in desk.card(incident)


def test_slack_is_left_alone_for_as_long_as_it_asks_and_only_in_that_channel(desk, sandbox):
    sandbox.faults.add("slack", POST, status=429, headers={"Retry-After": "20"})
    slow = desk.alert()
    desk.deliver()
    also_slow = desk.alert(dag_id="extract_orders")
    quick = desk.alert(channel=INFRA)
    desk.pass_time(15 * SECOND)
    meanwhile = len(desk.replies(slow)), len(desk.replies(also_slow)), len(desk.replies(quick))
    desk.acknowledge(slow)
    desk.pass_time(15 * SECOND)

    assert meanwhile == (0, 0, 1)
    assert len(desk.replies(also_slow)) == 1
    assert "Acknowledged by" in desk.card(slow)


def test_a_channel_gets_at_most_one_message_a_second(desk):
    incidents = [desk.alert(dag_id=f"dag_{number}") for number in range(5)]
    shown = []
    for _ in range(5):
        desk.deliver()
        shown.append(sum(len(desk.replies(each)) for each in incidents))
        desk.clock.advance(SECOND)

    assert shown == [1, 2, 3, 4, 5]


def test_a_new_card_is_posted_at_once_though_others_change_all_the_time(desk):
    def fail_again():
        for number in range(6):
            desk.alert(dag_id=f"busy_{number}")

    fail_again()
    desk.pass_time(2 * MINUTE)  # else one more would make it a storm
    for _ in range(5):
        fail_again()
        desk.pass_time(SECOND)
    fresh = desk.alert(dag_id="fresh")
    for _ in range(2):
        fail_again()
        desk.pass_time(SECOND)

    assert len(desk.replies(fresh)) == 1


def test_a_card_that_somebody_deleted_is_posted_again_at_the_next_change(desk):
    incident = desk.alert()
    desk.pass_time(3 * SECOND)
    desk.delete(desk.replies(incident)[0])
    desk.acknowledge(incident)
    desk.pass_time(5 * SECOND)

    assert "Acknowledged by" in desk.card(incident)
    assert len(desk.replies(incident)) == 1


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "before"}, {"status": 500, "body": "<html>oh no"}])
def test_while_slack_is_down_nothing_is_lost_and_afterwards_nothing_is_double(desk, sandbox, fault):
    incident = desk.alert()
    sandbox.faults.add("slack", "/api/*", times=None, **fault)
    desk.note(incident)
    desk.pass_time(150 * MINUTE, step=MINUTE)
    sandbox.faults.clear()
    desk.pass_time(12 * MINUTE, step=10 * SECOND)

    assert len(desk.replies(incident)) == 2, "the card and the note"
    assert "failed" in desk.card(incident)


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_card_whose_answer_was_lost_is_found_again(desk, sandbox, lost):
    incident = desk.alert()
    sandbox.faults.add("slack", POST, drop="after", times=1)
    sandbox.faults.add("slack", "/api/conversations.replies", drop="before", times=lost - 1) if lost > 1 else None
    desk.pass_time(5 * MINUTE)

    assert len(desk.replies(incident)) == 1


def test_a_picture_whose_answer_was_lost_is_not_uploaded_twice(desk, sandbox):
    incident = desk.alert()
    desk.pass_time(5 * SECOND)
    desk.attach(incident, "week.png")
    sandbox.faults.add("slack", "/api/files.completeUploadExternal", drop="after", times=1)
    desk.pass_time(5 * MINUTE)

    (shared,) = [each["files"] for each in desk.replies(incident) if each.get("files")]
    assert [each["id"] for each in shared] == [desk.row(files).file_id]


@pytest.mark.parametrize("is_note", [False, True], ids=["a card", "a note"])
def test_what_may_have_been_posted_is_looked_for_though_it_had_to_wait_for_its_turn(desk, sandbox, is_note):
    """Waiting is no attempt: it once made the row forget that it may have been posted already."""
    incident = desk.alert()
    if is_note:
        desk.pass_time(5 * SECOND)
        desk.note(incident)
    sandbox.faults.add("slack", POST, drop="after", times=1)
    desk.deliver()
    desk.clock.advance(3 * SECOND)
    taken = {"channel": "C0ALERTS", "next_post_at": desk.clock.now() + SECOND}  # somebody else was quicker
    desk.app.store.write(lambda tx: upsert(tx, pace, [taken], key=["channel"]))
    desk.deliver()
    desk.pass_time(10 * SECOND)

    assert len(desk.replies(incident)) == (2 if is_note else 1)


@pytest.mark.parametrize("table", [cards, notes], ids=["a card", "a note"])
def test_what_a_killed_worker_posted_without_writing_it_down_is_not_posted_again(desk, table):
    incident = desk.alert()
    if table is notes:
        desk.pass_time(5 * SECOND)
        desk.note(incident)
    [taken] = desk.app.store.write(lambda tx: claim(tx, table, 1, owner="killed", now=desk.clock.now(), lease=MINUTE))
    thread = desk.row(cards, cards.c.ref == f"incident:{incident}").thread_ts
    key = taken.row.id if table is notes else taken.row.ref
    desk.app.vendors.slack.post("C0ALERTS", "posted by the one who was killed then", [], thread_ts=thread, key=key)
    desk.lose_the_worker(table)
    desk.pass_time(10 * SECOND)

    assert len(desk.replies(incident)) == (2 if table is notes else 1)


def test_a_channel_that_baton_is_not_in_gets_everything_after_the_invitation(desk, sandbox):
    incident = desk.alert()
    sandbox.faults.add("slack", POST, body={"ok": False, "error": "not_in_channel"}, times=None)
    desk.note(incident)
    desk.pass_time(2 * MINUTE)
    problem = desk.row(cards, cards.c.ref == f"incident:{incident}").problem
    sandbox.faults.clear()
    desk.pass_time(10 * MINUTE, step=10 * SECOND)

    assert "not_in_channel" in problem
    assert len(desk.replies(incident)) == 2, "the card and the note"
    assert desk.row(cards, cards.c.ref == f"incident:{incident}").problem is None


def test_a_note_into_a_channel_that_refuses_is_kept_until_it_is_taken(desk, sandbox):
    incident = desk.alert()
    desk.pass_time(5 * SECOND)
    sandbox.faults.add("slack", POST, body={"ok": False, "error": "is_archived"}, times=None)
    desk.note(incident)
    desk.pass_time(2 * MINUTE)
    problem = desk.row(notes).problem
    sandbox.faults.clear()
    desk.pass_time(10 * MINUTE, step=10 * SECOND)

    assert "is_archived" in problem
    assert len(desk.replies(incident)) == 2


def test_a_card_that_slack_finds_wrong_is_tried_again_only_when_it_has_changed(desk, sandbox):
    incident = desk.alert()
    sandbox.faults.add("slack", POST, body={"ok": False, "error": "invalid_blocks"}, times=None)
    desk.pass_time(30 * MINUTE, step=10 * SECOND)
    [refused] = sandbox.faults.list()
    sandbox.faults.clear()
    desk.acknowledge(incident)
    desk.pass_time(5 * SECOND)

    assert refused["used"] == 1
    assert "Acknowledged by" in desk.card(incident)


def test_the_reaction_on_the_tools_message_is_that_of_the_state(desk):
    incident = desk.alert()
    desk.pass_time(5 * SECOND)
    opened = reactions(desk, incident)
    desk.acknowledge(incident)
    desk.pass_time(5 * SECOND)

    assert opened == ["rotating_light"]
    assert reactions(desk, incident) == ["eyes"]


def reactions(desk, incident):
    row = desk.row(cards, cards.c.ref == f"incident:{incident}")
    [alert] = [each for each in desk.minji.messages(row.channel) if each["ts"] == row.state_on_ts]
    return [each["name"] for each in alert.get("reactions", [])]


def test_a_card_in_somebodys_direct_messages_is_in_their_language_whatever_the_channels_is(desk):
    begin = desk.app.first_shifts.begin
    desk.app.store.write(lambda tx: begin(MINJI, tx, "en", desk.clock.now(), lambda _tx, _actor: None))
    desk.deliver()
    direct = next(each["id"] for each in desk.minji.state()["channels"] if each["id"].startswith("D"))

    assert "당직" in text_of(desk.minji.messages(direct)[0])
