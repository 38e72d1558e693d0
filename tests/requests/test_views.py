"""Every card, page and form of requests is one that Slack takes, in both languages, whatever stands in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.moment import Moment
from bot.oncall.model import Calling, Certainty
from bot.operations.catalog import CATALOG
from bot.ref import Ref
from bot.requests.kind import Kind
from bot.requests.model import (
    Asking,
    Follower,
    Origin,
    Promised,
    QueuePage,
    Request,
    RequestCard,
    Standing,
    State,
    Way,
    Work,
)
from bot.requests.prefill import values_for, why_for
from bot.requests.rules import operation_for
from bot.text import MessageLink, text
from bot.views import forms, request_forms, request_pages, requests
from bot.views.reader import Reader
from tests.requests.book import DANA, MINJI, SORA
from tests.views.checker import assert_valid_message, assert_valid_view

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NASTY = "<!channel> <@U0EVIL> *bold* `code` & <http://evil.example|click> " + "x" * 5000
FIELDS = {
    "load": "orders",
    "dates": "2026-11-20",
    "dataset": "haneul.mart",
    "tables": "a, b",
    "role": "reader",
    "lasts": "30d",
    "dag_id": "orders_daily",
    "tasks": "load_orders",
    "people": "<@U0SORA>",
}


def made(state=State.NEW, **more):
    values = {
        "id": "1" * 24,
        "team": "T0HANEUL",
        "kind": Kind.RERUN,
        "state": state,
        "words": "reload orders",
        "fields": FIELDS,
        "requester": SORA,
        "registered_by": SORA,
        "way": Way.MESSAGE,
        "origin": Origin("C0HELP", "1.1"),
        "language": "ko",
        "schedule": "data",
        "opened_at": NOW,
        "called": Calling(("U0MINJI",)),
        "promised": Promised(NOW + timedelta(hours=1), NOW + timedelta(hours=8)),
    }
    if state not in {State.NEW, State.IN_PROGRESS, State.WAITING}:
        values |= {"ended_at": NOW, "ended_by": MINJI, "outcome": NASTY, "evidence": Ref("run", "2" * 24)}
    return Request(**(values | more))


@pytest.fixture(params=["en", "ko"])
def reader(request):
    return Reader(request.param, ZoneInfo("Asia/Seoul"), NOW + timedelta(hours=2), workspace_url="https://x.slack.com")


def card(request, **more):
    works = tuple(
        Work(str(n), "rerun-load", state, MINJI, True, False) for n, state in enumerate(("failed", "planned"))
    )
    return RequestCard(request, (Follower(DANA, NOW),), works, operation_for(request.kind, request.fields), **more)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("words", ["reload orders", NASTY])
def test_cards(reader, state, words):
    waits = {"waits_for_requester": True, "waits_for": NASTY} if state is State.WAITING else {}
    request = made(state, words=words, why=words[:300], needed_by=words[:300], is_urgent=True, **waits)
    shown = requests.render(card(request, original=made()), reader)

    assert_valid_message(shown.blocks)
    assert "<!channel>" not in str(shown.blocks)


@pytest.mark.parametrize("certainty", Certainty)
def test_unknown_is_not_nobody(reader, certainty):
    called = Calling(("S0ENG",), certainty, name="Min")
    shown = requests.render(card(made(called=called)), reader)

    assert_valid_message(shown.blocks)


@pytest.mark.parametrize("kind", Kind)
def test_the_button_that_does_it_is_there_where_an_operation_fits(reader, kind):
    shown = requests.render(card(made(kind=kind, fields={"dataset": "haneul.mart"})), reader)

    ids = {each.get("action_id") for block in shown.blocks for each in block.get("elements", [])}
    assert ("request.do" in ids) == (kind in {Kind.RERUN, Kind.ACCESS})


@pytest.mark.parametrize(("of", "number"), [(0, 0), (1, 0), (30, 0), (30, 1), (30, 3), (501, 0)])
@pytest.mark.parametrize("mine", [True, False])
def test_pages_of_the_queue(reader, of, number, mine):
    listed = tuple(made(words=NASTY, id=f"{n:024}") for n in range(min(8, max(0, of - number * 8))))
    shown = request_pages.queue(QueuePage(listed, number, of, mine), reader)

    assert_valid_message(shown.blocks)


@pytest.mark.parametrize("standing", Standing)
def test_the_question_to_an_author(reader, standing):
    asking = Asking("1" * 24, standing, Origin("C0HELP", "1.1"), SORA, NASTY, Kind.OTHER, {})
    shown = request_pages.asking(asking, reader)

    assert_valid_message(shown.blocks)


@pytest.mark.parametrize("waits", [True, False])
def test_the_question_to_a_requester(reader, waits):
    request = made(State.WAITING, waits_for_requester=waits, waits_for=NASTY[:3000], assignee=MINJI, words=NASTY)

    assert_valid_message(request_pages.question(card(request), reader).blocks)


def test_what_happened_is_said_in_sentences(reader):
    moments = tuple(Moment(NOW, MINJI, text("request.moment.done", what=NASTY[:1000])) for _ in range(100))
    found = replace(card(made(State.DONE)), history=moments)
    view = request_pages.history(found, MessageLink("C0HELP", "1.1", text("request.card")), reader)

    assert_valid_view(view)


def test_every_form(reader):
    request = made(State.WAITING, words=NASTY, waits_for=NASTY[:3000], waits_for_requester=True, assignee=MINJI)
    asked = request_forms.Prefilled(NASTY[:3000], Kind.ACCESS, FIELDS, "U0SORA")
    blocks = {"ask_back": "question", "answer": "answer", "done": "outcome", "decline": "reason", "wait": "whom"}

    assert_valid_view(request_forms.ask_form(asked, reader, metadata="C0HELP|1.1|"))
    assert_valid_view(request_forms.ask_form(request_forms.Prefilled(), reader, metadata="C0HELP"))
    assert_valid_view(request_forms.assign_form(request, reader))
    assert_valid_view(request_forms.duplicate_form(request, [made(words=NASTY)], reader))
    for deed, block in blocks.items():
        assert_valid_view(request_forms.said_form(deed, block, request, reader))


@pytest.mark.parametrize("name", CATALOG)
def test_the_form_of_an_operation_is_filled_in_from_what_was_asked(reader, name):
    request, operation = made(words=NASTY), CATALOG[name]
    values = values_for(operation, request)
    view = forms.form(operation, reader, private_metadata="request:1", values=values, why=why_for(request))

    assert_valid_view(view)
    assert all(
        values[field] in (FIELDS[field], [FIELDS[field]]) for field in ("load", "dates", "dag_id") if field in values
    )


def test_access_is_for_who_asked_unless_others_are_named():
    grant = CATALOG["grant-access"]

    assert values_for(grant, made(fields={"dataset": "haneul.mart"}))["people"] == ["U0SORA"]
    assert values_for(grant, made(fields={"people": "<@U0DANA> <@U0MINJI>"}))["people"] == ["U0DANA", "U0MINJI"]
