"""Who is asked for a yes is written to directly, unless they are in the channel and see it there."""

from sqlalchemy import select

from bot import outbox
from bot.incidents import service
from bot.outbox import Recipient
from bot.store.tables import people, replies
from bot.text import Mention, text
from tests.delivery.bench import SECOND
from tests.handlers.front_door import TEAM

WORDS = text("run.invitation.there")


def invite(desk, user):
    to = Recipient(TEAM, user)
    desk.app.store.write(lambda tx: outbox.add_invitation(tx, to, desk.clock.now(), WORDS, unless_in="C0ALERTS"))
    desk.app.loop.once("reply")


def test_who_is_not_in_the_channel_is_written_to(desk):
    invite(desk, "U0SORA")

    assert desk.calls("conversations.open") == 1
    assert desk.calls("chat.postMessage") == 1


def test_who_is_in_the_channel_is_not_told_twice(desk):
    invite(desk, "U0DANA")

    assert desk.calls("chat.postMessage") == 0
    assert desk.row(replies).due_at is None


def test_where_slack_does_not_say_who_is_there_the_invitation_is_written(desk, sandbox):
    sandbox.faults.add("slack", "/api/conversations.members", body={"ok": False, "error": "missing_scope"}, times=None)
    invite(desk, "U0DANA")

    assert desk.calls("chat.postMessage") == 1


def test_a_note_that_names_somebody_leaves_the_writer_free(desk):
    """Names are looked up while a note is said, which must not happen on the connection that writes."""
    incident = desk.alert()
    ref = service.ref(incident)
    desk.pass_time(2 * SECOND)

    def add(tx):
        place = outbox.thread_of(tx, ref)
        outbox.add_note(tx, ref, desk.clock.now(), place, text("run.approved_by", by=Mention("U0DANA")))

    desk.app.store.write(add)
    desk.pass_time(3 * SECOND)
    there = desk.app.store.write(lambda tx: tx.execute(select(people.c.user)).first())

    assert there is not None
    assert "Dana Cho" in "".join(each["text"] for each in desk.replies(incident))
