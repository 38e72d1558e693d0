"""What people read: complete in both languages, true to their zone, harmless whatever is in it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import Code, Link, Mention, MessageLink, text, text_from_json, to_json
from bot.views.catalogs import PLACEHOLDER, entries
from bot.views.reader import LANGUAGES, Reader, language
from bot.views.words import Markup, UnknownText, say, show
from tests.views.checker import assert_escaped

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # a Friday, 15:00 in Seoul
KOREAN = Reader("ko", ZoneInfo("Asia/Seoul"), NOW, {"U0MINJI": "김민지"})
ENGLISH = Reader("en", ZoneInfo("America/New_York"), NOW)


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for folder in ("bot", "handlers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def strings_of_the_code() -> Iterator[str]:
    """Yield every string constant; an f-string with its variable parts as `*`."""
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(str(v.value) if isinstance(v, ast.Constant) else "*" for v in node.values)


def texts_asked_for() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Yield (place, msgid, parameters) of every `text("…", …)`; parameters are None where `**` hides them."""
    for path, tree in trees():
        if not any(isinstance(node, ast.ImportFrom) and node.module == "bot.text" for node in ast.walk(tree)):
            continue  # its text() is SQLAlchemy's
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name("text"), args=[ast.Constant(str(msgid)), *_], keywords=keywords):
                    names = [keyword.arg for keyword in keywords]
                    yield f"{path}:{node.lineno}", msgid, None if None in names else frozenset(filter(None, names))


@pytest.mark.parametrize("other", [each for each in LANGUAGES if each != "en"])
def test_every_language_has_the_same_messages_with_the_same_placeholders(other):
    english, translated = entries("en"), entries(other)

    assert set(english) == set(translated)
    differing = [msgid for msgid, entry in english.items() if entry.placeholders != translated[msgid].placeholders]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_fuzzy_or_strangely_written(language):
    for msgid, entry in entries(language).items():
        assert re.fullmatch(r"[a-z_-]+(\.[a-z0-9_-]+)+", msgid), msgid
        for form in entry.forms:
            assert form.strip() == form, msgid
            assert form, f"{language}: {msgid} is not translated"
            assert not re.search(r"[{}]", PLACEHOLDER.sub("", form)), f"{language}: {msgid} has a stray brace"
            assert form.count("`") % 2 == 0, f"{language}: {msgid} has a stray backtick"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        pytest.param(Markup.MRKDWN, "*인수*\u200b를", id="Slack needs a border after the asterisk"),
        pytest.param(Markup.MARKDOWN, "**인수**를", id="Markdown does not"),
        pytest.param(Markup.PLAIN, "읽고 인수를", id="plain"),
    ],
)
def test_what_is_bold_is_bold_with_a_korean_particle_after_it(markup, words):
    assert words in say(text("handoff.note.unaccepted"), KOREAN, markup)


@pytest.mark.parametrize("markup", Markup)
def test_asterisks_that_stand_alone_are_asterisks(markup):
    assert "30 0 * * *" in say(text("config.bad_schedule", value="x"), ENGLISH, markup)


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_messages_have_every_form_of_their_language(language):
    expected = {"en": 2, "ko": 1}[language]

    wrong = [
        msgid
        for msgid, entry in entries(language).items()
        if len(entries("en")[msgid].forms) > 1 and len(entry.forms) != expected
    ]

    assert wrong == []


def test_every_text_that_the_code_asks_for_exists_and_gets_its_parameters():
    asked = list(texts_asked_for())
    catalog = entries("en")

    assert [f"{place}: {msgid}" for place, msgid, _ in asked if msgid not in catalog] == []
    lacking = [
        f"{place}: {msgid} needs {sorted(catalog[msgid].placeholders - params)}"
        for place, msgid, params in asked
        if params is not None and not catalog[msgid].placeholders <= params
    ]
    assert lacking == []


def test_no_message_is_left_that_nothing_asks_for():
    exact, patterns = set(), []
    for value in strings_of_the_code():
        if "*" in value and re.fullmatch(r"[a-z_*-]+(\.[a-z0-9_*-]+)+", value):
            patterns.append(re.compile(re.escape(value).replace(r"\*", r"[a-z0-9_.-]+")))
        exact.add(value)

    unused = [each for each in entries("en") if each not in exact and not any(p.fullmatch(each) for p in patterns)]

    assert unused == []


@pytest.mark.parametrize(
    ("ago", "english", "korean"),
    [
        pytest.param(timedelta(0), "today 01:00", "오늘 15:00", id="now"),
        pytest.param(timedelta(hours=2), "yesterday 23:00", "오늘 13:00", id="today there, yesterday here"),
        pytest.param(timedelta(hours=16), "yesterday 09:00", "어제 23:00", id="yesterday"),
        pytest.param(timedelta(hours=-24), "tomorrow 01:00", "내일 15:00", id="tomorrow"),
        pytest.param(timedelta(days=20), "Oct 31 (Sat) 02:00 EDT", "10월 31일 (토) 15:00 KST", id="before winter time"),
        pytest.param(
            timedelta(days=365), "Nov 20, 2025 (Thu) 01:00 EST", "2025년 11월 20일 (목) 15:00 KST", id="last year"
        ),
    ],
)
def test_a_moment_is_said_in_the_readers_zone_and_language(ago, english, korean):
    assert show(NOW - ago, ENGLISH) == english
    assert show(NOW - ago, KOREAN) == korean


@pytest.mark.parametrize(
    ("span", "english", "korean"),
    [
        pytest.param(timedelta(seconds=45), "45 s", "45초", id="seconds"),
        pytest.param(timedelta(seconds=90), "2 min", "2분", id="rounded minutes"),
        pytest.param(timedelta(seconds=59.7), "1 min", "1분", id="almost a minute"),
        pytest.param(timedelta(minutes=59, seconds=45), "1 h", "1시간", id="almost an hour"),
        pytest.param(timedelta(hours=2, minutes=5), "2 h 5 min", "2시간 5분", id="hours and minutes"),
        pytest.param(timedelta(days=3, hours=4, minutes=50), "3 d 4 h", "3일 4시간", id="days and hours"),
        pytest.param(timedelta(days=2), "2 d", "2일", id="days"),
    ],
)
def test_a_length_of_time_is_said_in_its_two_greatest_units(span, english, korean):
    assert show(span, ENGLISH) == english
    assert show(span, KOREAN) == korean


def test_numbers_choose_the_plural_and_are_written_as_the_language_does():
    assert say(text("common.more", n=1), ENGLISH).startswith("… and 1 more line ")
    assert say(text("common.more", n=12345), ENGLISH).startswith("… and 12,345 more lines ")
    assert "12,345줄" in say(text("common.more", n=12345), KOREAN)


def test_a_person_is_notified_only_where_that_is_asked_for_and_allowed():
    shadow = Reader("ko", ZoneInfo("UTC"), NOW, {"U0MINJI": "김민지"}, may_notify=False)
    live, quiet = Mention("U0MINJI", notify=True), Mention("U0MINJI")

    assert show(live, KOREAN) == "<@U0MINJI>"
    assert show(Mention("S0ENG", notify=True), KOREAN) == "<!subteam^S0ENG>"
    assert show(quiet, KOREAN) == "@김민지"
    assert show(live, KOREAN, Markup.PLAIN) == "@김민지"
    assert show(live, shadow) == "@김민지"
    assert show(Mention("U0NOBODY"), KOREAN) == "@U0NOBODY"


def test_links_lead_only_to_the_web_and_cannot_be_broken_out_of():
    hostile = Link("https://a.example/x|y>z <!channel>?q=1&r=`", "a|b>c <@U1>\nnext")

    assert show(hostile, ENGLISH) == (
        "<https://a.example/x%7Cy%3Ez%20%3C!channel%3E?q=1&amp;r=%60|a¦b&gt;c @\u2060U1 next>"
    )
    assert show(Link("javascript:alert(1)", "click"), ENGLISH) == "click"
    assert show(Link("https://a.example", "a [b](c)"), ENGLISH, Markup.MARKDOWN) == r"[a \[b\](c)](<https://a.example>)"
    assert show(Link("https://a.example", "label"), ENGLISH, Markup.PLAIN) == "label"


def test_a_channel_is_named_by_slack_and_notifies_nobody():
    reader = Reader("en", ZoneInfo("UTC"), NOW)

    assert show(Mention("C0ALERTS"), reader) == "<#C0ALERTS>"
    assert show(Mention("C0ALERTS", notify=True), reader, Markup.PLAIN) == "#C0ALERTS"


def test_a_message_in_slack_is_linked_once_the_workspace_is_known():
    here = replace(ENGLISH, workspace_url="https://haneul.slack.com/")
    first, reply = MessageLink("C0X", "171.000200", "before"), MessageLink("C0X", "172.000300", "it", "171.000200")

    assert show(first, here) == "<https://haneul.slack.com/archives/C0X/p171000200|before>"
    assert show(reply, here) == (
        "<https://haneul.slack.com/archives/C0X/p172000300?thread_ts=171.000200&amp;cid=C0X|it>"
    )
    assert show(first, ENGLISH) == "before"
    assert text_from_json(to_json(text("x.y", link=reply))).params["link"] == reply


def test_code_stays_one_line_of_code():
    assert show(Code("a`b\n<c>"), ENGLISH) == "`aˋb &lt;c&gt;`"
    assert show(Code("a`b"), ENGLISH, Markup.PLAIN) == "a`b"


def test_texts_and_lists_nest():
    nested = text("vendor.error", vendor=text("common.close"), detail=(Code("a"), 2, timedelta(minutes=6)))

    assert say(nested, ENGLISH).startswith("Close did not do what was asked (`a`, 2, 6 min).")


@given(st.text())
def test_no_foreign_text_becomes_live(value):
    for reader in (ENGLISH, KOREAN):
        shown = say(text("vendor.error", vendor=value, detail=(Code(value), Link("https://x.example", value))), reader)

        assert_escaped(shown)
        assert "<!" not in shown
        assert "<@" not in shown


def test_an_unknown_text_is_loud_in_tests_and_readable_in_production():
    with pytest.warns(UnknownText):
        shown = say(text("no.such", who="<@U1>", n=3), ENGLISH)
    with pytest.warns(UnknownText):
        lacking = say(text("vendor.error", vendor="Airflow"), ENGLISH)

    assert shown == "no.such who=@\u2060U1 n=3"
    assert "({detail})" in lacking


@pytest.mark.parametrize(
    ("slack", "expected"),
    [("ko-KR", "ko"), ("ko", "ko"), ("en-GB", "en"), ("ja-JP", "en"), ("", None), (None, None)],
)
def test_a_slack_locale_chooses_the_catalog(slack, expected):
    assert language(slack) == expected


def test_a_reader_takes_from_the_defaults_what_slack_does_not_tell():
    person = Reader.of("ko-KR", None, NOW, default=ENGLISH)
    stranger = Reader.of(None, "Mars/Olympus", NOW, default=KOREAN)

    assert (person.locale, person.zone) == ("ko", ENGLISH.zone)
    assert (stranger.locale, stranger.zone) == ("ko", KOREAN.zone)
