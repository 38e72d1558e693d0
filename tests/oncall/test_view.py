from zoneinfo import ZoneInfo

import pytest

from bot.oncall.model import Covered, Doubt, Duty, Engineer, Gap, Unclear, UpcomingShift
from bot.oncall.rules import asked_for
from bot.text import text
from bot.views.oncall import oncall, spoken
from bot.views.reader import LANGUAGES, Reader
from bot.views.words import say
from tests.oncall.made import NOON, at
from tests.views.checker import assert_valid_message

NAMES = {"U0MINJI": "김민지", "U0JUNHO": "박준호", "S0ENG": "data-engineers"}
MINJI, JUNHO = Engineer("minji@haneul.example", "U0MINJI"), Engineer("junho@haneul.example", "U0JUNHO")
STRANGER = Engineer("core <team> & co", doubt=Doubt.NOT_FOUND)


def reader(language="en", zone="UTC"):
    return Reader(language, ZoneInfo(zone), NOON, NAMES)


def duty(now, following=None, schedule="data-platform"):
    return Duty(schedule, "S0ENG", now, following)


COVERED = duty(Covered((MINJI, JUNHO), at(-2), at(5)), Covered((JUNHO, MINJI), at(5), at(12)))
GAP = duty(Gap(at(-2), at(5)), Covered((STRANGER,), at(5), None))
UNCLEAR = duty(Unclear((MINJI,), at(-1), text("oncall.too_old")))
EVERY_KIND = [
    COVERED,
    GAP,
    UNCLEAR,
    duty(Covered((STRANGER,)), Gap(at(5), at(9))),
    duty(Unclear(reason=text("oncall.never_asked"))),
    duty(Unclear((), at(-1))),
]


def fields(duties, own=(), the_reader=None):
    """Return what each section's two fields and each other block say, as lists of lines."""
    shown = oncall(duties, own, the_reader or reader())
    pieces = [
        piece for block in shown for piece in [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
    ]
    return [piece["text"].split("\n") for piece in pieces if piece]


def test_who_is_on_call_in_the_order_of_calling_and_who_is_next():
    _, _, now, following, _ = fields([COVERED])

    assert now == ["*Now*", "@김민지", "then @박준호", "since today 10:00", "until today 17:00"]
    assert following == ["*Next*", "@박준호", "then @김민지", "from today 17:00", "until tomorrow 00:00"]


def test_times_are_in_the_readers_zone():
    _, _, now, *_ = fields([COVERED], the_reader=reader(zone="Asia/Seoul"))

    assert now[-2:] == ["since today 19:00", "until tomorrow 02:00"]


def test_a_gap_says_nobody_and_whom_to_call():
    _, _, now, following, _ = fields([GAP])

    assert now == ["*Now*", "nobody", "since today 10:00", "until today 17:00", "Call @data-engineers."]
    assert following[1] == "core &lt;team&gt; &amp; co (no certain Slack user)"


def test_unknown_says_so_with_the_last_known_and_why():
    _, _, now, following, why, _ = fields([UNCLEAR])

    assert now == ["*Now*", "not known", "last known: @김민지 (today 11:00, 1 h ago)", "Call @data-engineers."]
    assert following == ["*Next*", "not known"]
    assert why == ["The last answer of the on-call provider is too old to be believed."]


def test_the_fallback_is_named_only_where_it_is_called():
    assert not any("data-engineers" in line for lines in fields([COVERED]) for line in lines)


def test_a_schedule_without_a_change_to_come_says_so():
    _, _, _, following, _ = fields([duty(Covered((MINJI,)))])

    assert following == ["*Next*", "no change is planned"]


def test_ones_own_running_and_next_shift():
    own = [
        UpcomingShift("data-platform", at(-2), at(5)),
        UpcomingShift("infra", at(8), at(9), position=1),
        UpcomingShift("data-platform", at(20), at(30)),
    ]

    assert fields([COVERED], own)[-1] == [
        "*You*",
        "On call for data-platform until today 17:00",
        "Next shift as backup: infra, from today 20:00 until today 21:00",
    ]


def test_who_has_no_shift_is_told_so():
    assert fields([COVERED])[-1] == ["*You*", "No shift of yours is known."]


def test_an_install_without_schedules_says_so():
    assert fields([])[-1] == ["No on-call schedule is configured."]
    assert say(spoken([]), reader()) == "No on-call schedule is configured."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("", ["data", "data-platform", "infra"], id="nothing: all"),
        pytest.param("Infra", ["infra"], id="a name"),
        pytest.param("plat", ["data-platform"], id="a part of a name"),
        pytest.param("data", ["data"], id="a whole name before a part of another"),
        pytest.param("a", ["data", "data-platform", "infra"], id="a part of several"),
        pytest.param("kafka", [], id="no such schedule"),
    ],
)
def test_a_word_chooses_among_the_schedules(words, found):
    duties = [duty(Gap(), schedule=name) for name in ("data", "data-platform", "infra")]

    assert [each.schedule for each in asked_for(duties, words)] == found


def test_a_schedule_that_is_not_there_is_answered_with_all():
    shown = oncall([COVERED], [], reader(), not_found="<!channel>")

    assert "No schedule is called `&lt;!channel&gt;`" in shown[1]["text"]["text"]
    assert_valid_message(oncall([COVERED], [], reader("ko"), not_found="x" * 4000))


def test_the_spoken_line_names_every_schedule():
    duties = [COVERED, duty(Gap(), schedule="infra"), duty(Unclear(), schedule="ml")]

    assert say(spoken(duties), reader()) == (
        "On call: data-platform @김민지, infra nobody, called instead: @data-engineers, "
        "ml not known; fallback: @data-engineers"
    )


def test_the_spoken_line_of_what_is_not_known_says_what_was_known_last_and_whom_to_call():
    line = say(spoken([UNCLEAR]), reader())

    assert line == "On call: data-platform not known; last known today 11:00 and fallback: @김민지, @data-engineers"


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_the_answer_whatever_it_says(language):
    own = [UpcomingShift("infra", at(-8), at(9), position=1), UpcomingShift("infra", at(10), at(19))]

    assert_valid_message(oncall(EVERY_KIND, own, reader(language)))
    assert_valid_message(oncall([], [], reader(language)))
    assert_valid_message(oncall(EVERY_KIND * 20, own, reader(language)))


def test_nobody_is_notified_by_somebody_elses_question():
    assert "<@" not in str(oncall(EVERY_KIND, [], reader()))
    assert "<!" not in str(oncall(EVERY_KIND, [], reader()))


def test_korean_reads_as_korean():
    _, _, now, *_, yours = fields([GAP], [UpcomingShift("infra", at(8), at(9))], reader("ko", "Asia/Seoul"))

    assert now == ["*지금*", "당직자 없음", "오늘 19:00부터", "내일 02:00까지", "@data-engineers에게 연락하세요."]
    assert yours == ["*내 당직*", "다음 당직: infra, 내일 05:00부터 내일 06:00까지"]
