"""What people do with silences, and what time does, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import timeline
from bot.actor import Actor
from bot.audit import service as audit
from bot.outbox import Place
from bot.silences import ageing, muting, queries, rules, service
from bot.silences.model import Muted, SilenceState
from bot.silences.service import Done, Refused
from bot.store.tables import incidents, notes, silences
from bot.text import text
from tests.conftest import NOW
from tests.silences.made import ALEX, DAY, HOUR, MINJI, matchers, subject, wish

MINUTE = timedelta(minutes=1)
HERE = Place("C0HELP")
ORDERS = {"dag_id": "orders_daily", "task_id": "load_orders"}


class Book:
    """The silences of one store, at a time that passes."""

    def __init__(self, store):
        self.store, self.now, self.refusing = store, NOW, ()

    def authorise(self, tx, actor, deed):
        return text("policy.not_a_person") if deed in self.refusing else None

    def do(self, deed, actor, *what):
        return self.store.write(lambda tx: deed(actor, tx, *what, self.now, self.authorise))

    def create(self, actor=MINJI, **asked):
        return self.do(service.create, actor, wish(**asked), HERE)

    def silence(self, **asked):
        """Return a silence that was made just now."""
        made = self.create(**asked)
        assert isinstance(made, Done), made
        return made.silence

    def row(self, silence_id):
        return self.store.read(lambda tx: queries.load(tx, silence_id))

    def pass_time(self, span):
        self.now += span
        return self.store.write(lambda tx: ageing.let_time_pass(tx, self.now))

    def muting(self, **what):
        return self.store.read(lambda tx: queries.muting(tx, subject(**what), self.now))

    def deeds(self):
        return [each.entry.deed for each in self.store.read(lambda tx: list(audit.records(tx)))]

    def moments(self, ref):
        return [each.body.msgid for each in self.store.read(lambda tx: timeline.history(tx, ref))]

    def incident(self, name, resource=ORDERS, opened_at=NOW, **more):
        row = {
            "id": name,
            "route": "core",
            "fingerprint": name,
            "source": "airflow",
            "resource": resource,
            "title": name,
            "error": "",
            "severity": "error",
            "owner": "",
            "links": {},
            "state": "open",
            "team": "T",
            "channel": "C",
            "message_ts": "1.2",
            "opened_at": opened_at,
            "raised_at": opened_at,
            "last_alert_at": opened_at,
            "alert_count": 3,
            "called": {},
        }
        self.store.write(lambda tx: tx.execute(incidents.insert(), row | more))


@pytest.fixture
def book(any_store):
    return Book(any_store)


def test_a_short_silence_is_in_force_at_once(book):
    made = book.create()

    assert made.said.msgid == "silence.you_created"
    assert book.muting() == made.silence
    assert book.deeds() == ["silence.create"]
    assert book.moments(made.silence.ref) == ["silence.moment.created"]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"until": NOW + DAY + MINUTE}, id="longer than a day"),
        pytest.param({"dag_id": "orders_daily", "severity": "*"}, id="critical alerts too"),
    ],
)
def test_what_needs_a_second_person_mutes_nothing_before_that_one_agrees(book, asked):
    asked_for = book.silence(**asked)
    before = book.muting()
    own = book.do(service.confirm, MINJI, asked_for.id)
    agreed = book.do(service.confirm, ALEX, asked_for.id)
    again = book.do(service.confirm, ALEX, asked_for.id)

    assert (asked_for.state, before) == (SilenceState.PENDING, None)
    assert own == Refused(text("silence.not_your_own"))
    assert agreed.silence.confirmed_by == ALEX
    assert book.muting() == agreed.silence
    assert again.why.msgid == "silence.now.active"
    assert book.deeds() == ["silence.create", "silence.confirmed"]


def test_the_second_person_may_say_no_and_the_first_may_take_it_back(book):
    denied = book.silence(until=NOW + 2 * DAY)
    book.do(service.deny, ALEX, denied.id)
    withdrawn = book.silence(until=NOW + 2 * DAY)
    book.refusing = ("silence.confirm",)
    book.do(service.deny, MINJI, withdrawn.id)

    assert (book.row(denied.id).state, book.row(denied.id).ended_by) == (SilenceState.DENIED, ALEX)
    assert (book.row(withdrawn.id).state, book.row(withdrawn.id).ended_by) == (SilenceState.DENIED, MINJI)
    assert isinstance(book.do(service.confirm, ALEX, denied.id), Refused)


@pytest.mark.parametrize(
    ("deed", "right", "more"),
    [
        pytest.param(service.confirm, "silence.confirm", (), id="agree"),
        pytest.param(service.deny, "silence.confirm", (), id="deny"),
    ],
)
def test_a_second_person_needs_the_right_to_agree(book, deed, right, more):
    pending = book.silence(until=NOW + 2 * DAY)
    book.refusing = (right,)

    assert book.do(deed, ALEX, pending.id, *more) == Refused(text("policy.not_a_person"))
    assert book.row(pending.id) == pending


@pytest.mark.parametrize(
    ("deed", "right", "more"),
    [
        pytest.param(service.end, "silence.end", (), id="end"),
        pytest.param(service.change, "silence.create", (NOW + 3 * HOUR,), id="extend"),
        pytest.param(service.change, "silence.end", (NOW + HOUR,), id="shorten"),
    ],
)
def test_whoever_changes_a_silence_needs_the_right_to(book, deed, right, more):
    found = book.silence()
    book.refusing = (right,)

    assert book.do(deed, ALEX, found.id, *more) == Refused(text("policy.not_a_person"))
    assert book.row(found.id) == found


def test_who_may_not_silence_makes_nothing(book):
    book.refusing = ("silence.create",)

    assert book.create() == Refused(text("policy.not_a_person"))
    assert book.store.read(lambda tx: tx.execute(select(silences)).all()) == []


def test_what_is_wrong_is_refused_with_its_fields(book):
    refused = book.create(reason=" ", source="airflow")

    assert {field for field, _ in refused.problems} == {"matchers", "reason"}


def test_of_the_same_conditions_in_any_order_only_one_silence_stands(book):
    first = book.silence(dag_id="a", task_id="b")
    second = book.create(ALEX, task_id="b", dag_id="a")
    book.do(service.end, MINJI, first.id)
    third = book.create(ALEX, task_id="b", dag_id="a")

    assert second.why.msgid == "silence.already.active"
    assert isinstance(third, Done)
    assert book.do(service.undo, MINJI, first.id).why.msgid == "silence.already.active"


def test_two_people_who_silence_the_same_at_once_make_one(book):
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(book.create, (MINJI, ALEX)))

    assert sorted(type(each).__name__ for each in answers) == ["Done", "Refused"]
    assert len(book.store.read(lambda tx: tx.execute(select(silences)).all())) == 1


def test_two_people_who_agree_at_once_agree_once(book):
    pending, dana = book.silence(until=NOW + 2 * DAY), Actor.person("T0HANEUL", "U0DANA")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda actor: book.do(service.confirm, actor, pending.id), (ALEX, dana)))

    assert sorted(type(each).__name__ for each in answers) == ["Done", "Refused"]
    assert book.deeds().count("silence.confirmed") == 1


def test_it_is_shortened_and_extended_up_to_a_day_in_all_by_one_person(book):
    found = book.silence(until=NOW + 20 * HOUR)
    book.now += 10 * HOUR
    shorter = book.do(service.change, ALEX, found.id, NOW + 12 * HOUR)
    longer = book.do(service.change, ALEX, found.id, NOW + DAY)
    past = book.do(service.change, ALEX, found.id, NOW + HOUR)
    week = book.do(service.change, ALEX, found.id, NOW + 8 * DAY)

    assert (shorter.silence.until, longer.silence.until) == (NOW + 12 * HOUR, NOW + DAY)
    assert [past.problems[0][1].msgid, week.problems[0][1].msgid] == ["silence.wrong.past", "silence.wrong.too_long"]
    assert book.row(found.id).until == NOW + DAY


def test_longer_than_a_day_in_all_a_second_person_must_agree_and_the_old_end_stays_until_then(book):
    found = book.silence(until=NOW + 20 * HOUR)
    book.now += 10 * HOUR
    asked = book.do(service.change, MINJI, found.id, NOW + 30 * HOUR)
    own = book.do(service.confirm, MINJI, found.id)
    agreed = book.do(service.confirm, ALEX, found.id)

    assert (asked.silence.until, asked.silence.asked_until) == (NOW + 20 * HOUR, NOW + 30 * HOUR)
    assert own.why.msgid == "silence.not_your_own"
    assert (agreed.silence.until, agreed.silence.asked_until) == (NOW + 30 * HOUR, None)


def test_a_later_end_that_is_denied_leaves_the_silence_as_it_was(book):
    found = book.silence(until=NOW + 20 * HOUR)
    book.do(service.change, MINJI, found.id, NOW + 30 * HOUR)
    denied = book.do(service.deny, ALEX, found.id)

    assert replace(denied.silence, version=0) == found


def test_an_end_is_undone_for_a_while(book):
    found = book.silence()
    book.do(service.end, ALEX, found.id)
    quiet = book.muting()
    back = book.do(service.undo, ALEX, found.id)
    book.do(service.end, ALEX, found.id)
    book.now += rules.UNDO_WITHIN
    late = book.do(service.undo, ALEX, found.id)

    assert (quiet, back.silence.state) == (None, SilenceState.ACTIVE)
    assert (back.silence.ended_by, back.silence.ended_at) == (None, None)
    assert late.why.msgid == "silence.now.ended"
    assert book.deeds() == ["silence.create", "silence.ended", "silence.undone", "silence.ended"]


def test_undoing_needs_the_right_to_silence(book):
    found = book.silence()
    book.do(service.end, ALEX, found.id)
    book.refusing = ("silence.create",)

    assert isinstance(book.do(service.undo, ALEX, found.id), Refused)
    assert book.muting() is None


def test_it_ends_by_itself_and_says_so(book):
    found = book.silence(until=NOW + HOUR)
    early = book.pass_time(HOUR - MINUTE)
    late = book.pass_time(MINUTE)

    assert (early, late) == (0, 1)
    assert book.row(found.id).state is SilenceState.EXPIRED
    assert book.row(found.id).ended_at == NOW + HOUR
    assert book.moments(found.ref)[-1] == "silence.moment.expired"
    for deed, more in ((service.end, ()), (service.change, (NOW + DAY,)), (service.undo, ()), (service.confirm, ())):
        assert book.do(deed, ALEX, found.id, *more).why.msgid == "silence.now.expired"


def test_after_its_end_it_mutes_nothing_and_takes_no_change_though_time_was_not_looked_at(book):
    found = book.silence(until=NOW + HOUR)
    book.now += HOUR

    assert book.muting() is None
    assert isinstance(book.do(service.change, ALEX, found.id, NOW + 3 * HOUR), Refused)
    assert isinstance(book.do(service.end, ALEX, found.id), Refused)


def test_what_nobody_agreed_to_in_time_is_over_without_ever_having_been(book):
    pending = book.silence(until=NOW + 2 * DAY)
    book.now += 2 * DAY
    late = book.do(service.confirm, ALEX, pending.id)
    book.pass_time(MINUTE)

    assert late.why.msgid == "silence.too_late"
    assert rules.was_never_in_force(book.row(pending.id))
    assert book.moments(pending.ref)[-1] == "silence.moment.never_confirmed"


def test_an_unknown_silence_is_named_as_such(book):
    for deed, more in ((service.confirm, ()), (service.deny, ()), (service.end, ()), (service.change, (NOW + DAY,))):
        assert book.do(deed, ALEX, "nothing", *more) == Refused(text("silence.unknown"))


def keep_quiet(book, silence, incident):
    book.store.write(lambda tx: muting.keep_quiet(tx, silence, incident, book.now))


def test_its_creator_is_told_before_it_ends_once_and_only_if_it_kept_something_quiet(book):
    found, idle = book.silence(), book.silence(dag_id="users_daily")
    book.incident("i1")
    keep_quiet(book, found, "i1")
    book.pass_time(2 * HOUR - 16 * MINUTE)
    before = count_notes(book)
    book.pass_time(2 * MINUTE)
    book.pass_time(MINUTE)

    [note] = count_notes(book)
    assert (before, note.ref) == ([], str(found.ref))
    assert note.body["mention"][0] == {"$mention": "U0MINJI", "notify": True}
    assert note.body["buttons"][0]["action_id"] == "silence.change"
    assert book.row(idle.id).reminded_at is None


def test_after_an_extension_its_creator_is_told_again(book):
    found = book.silence()
    book.incident("i1")
    keep_quiet(book, found, "i1")
    book.pass_time(2 * HOUR - 10 * MINUTE)
    book.do(service.change, MINJI, found.id, NOW + 3 * HOUR)
    between = len(count_notes(book))
    book.pass_time(HOUR)

    assert (between, len(count_notes(book))) == (1, 2)


def count_notes(book):
    return book.store.read(lambda tx: tx.execute(select(notes)).all())


def test_what_it_kept_quiet_is_counted_once_for_each_incident(book):
    found = book.silence()
    book.incident("i1")
    book.incident("i2", {"dag_id": "orders_daily"})
    for incident in ("i1", "i2", "i1"):
        keep_quiet(book, found, incident)

    muted = book.store.read(lambda tx: queries.muted(tx, found))
    assert (muted.incidents, muted.names) == (2, ("orders_daily.load_orders", "orders_daily"))


def test_the_preview_counts_the_incidents_of_the_last_week_that_fit(book):
    for name, dag, age in (("a", "orders_daily", 1), ("b", "orders_daily", 6), ("c", "orders_daily", 8), ("d", "x", 1)):
        book.incident(name, {"dag_id": dag}, NOW - age * DAY)

    found = book.store.read(lambda tx: queries.would_have_muted(tx, matchers(dag_id="orders_*"), NOW))
    assert found == Muted(2, 6, ("orders_daily",))


def test_the_list_has_what_stands_by_its_end_then_what_ended_lately(book):
    late, soon = book.silence(until=NOW + 9 * HOUR, dag_id="a"), book.silence(until=NOW + HOUR, dag_id="b")
    over = book.silence(dag_id="c")
    book.do(service.end, ALEX, over.id)
    waits = book.silence(until=NOW + 3 * DAY, dag_id="d")
    book.now += 30 * MINUTE
    listed = book.store.read(lambda tx: queries.listed(tx, book.now))
    book.now += DAY
    next_day = book.store.read(lambda tx: queries.listed(tx, book.now))

    assert [card.silence.id for card in listed] == [soon.id, late.id, waits.id, over.id]
    assert over.id not in [card.silence.id for card in next_day]


def test_the_longest_of_several_silences_counts(book):
    book.silence(until=NOW + HOUR, dag_id="orders_daily")
    longest = book.silence(until=NOW + 3 * HOUR, dag_id="orders_*")
    book.silence(until=NOW + 4 * HOUR, dag_id="users_*")

    assert book.muting() == longest
    assert book.store.read(lambda tx: queries.covering(tx, subject())) == longest


def test_the_command_line_is_an_actor_like_any_other(book):
    cli = Actor.cli("deploy@host")
    found = book.silence(until=NOW + 2 * DAY)

    assert book.do(service.confirm, cli, found.id).silence.confirmed_by == cli
