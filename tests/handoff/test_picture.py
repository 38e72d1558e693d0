"""The picture: everything fits, nothing is missing, in both languages. Warnings are errors: so is a missing glyph."""

import struct
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from bot.handoff.drawn import Bar, Drawn, Tile, Week
from bot.handoff.picture import HEIGHT, UNKNOWN_SIGN, WIDTH, composed, draw, drawable
from bot.views.reader import Reader

MONDAY = date(2026, 11, 9)
TITLES = {"en": "Handoff of data-platform", "ko": "data-platform 인수인계"}
LABELS = {
    "en": ("incidents", "median to ack", "median to fix", "calls at night"),
    "ko": ("장애", "확인 중앙값", "해결 중앙값", "수면 시간 호출"),
}
VALUES = {"en": ("1,234", "12 h 5 min", None, "38"), "ko": ("1,234", "12시간 5분", None, "38")}


def reader(language):
    return Reader(language, ZoneInfo("Asia/Seoul"), datetime(2026, 11, 16, tzinfo=UTC))


def drawn(language, days=8, weeks=5, most=12):
    tiles = tuple(Tile(*each) for each in zip(LABELS[language], VALUES[language], strict=True))
    bars = tuple(Bar(MONDAY + timedelta(days=at), (at * 7) % (most + 1), at % 3, at % 2) for at in range(days))
    trend = [
        Week(MONDAY - timedelta(weeks=weeks - at), at * most, at * 5.0, None if at == 1 else 40.0)
        for at in range(weeks)
    ]
    return Drawn(TITLES[language], "2026-11-09 – 2026-11-16", tiles, bars, tuple(trend))


CASES = [
    pytest.param(language, {"days": days, "weeks": weeks, "most": most}, id=f"{language}-{days}-days-{most}")
    for language in ("en", "ko")
    for days, weeks, most in ((8, 5, 12), (7, 5, 900), (1, 1, 0), (31, 5, 12), (0, 8, 4000))
]


@pytest.mark.parametrize(("language", "much"), CASES)
def test_every_word_stands_inside_the_picture_and_on_no_other(language, much):
    figure = composed(drawn(language, **much), reader(language))
    figure.canvas.draw()

    boxes = [(each.get_text(), each.get_window_extent()) for each in words_of(figure)]
    outside = [word for word, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > WIDTH or box.y1 > HEIGHT]
    overlapping = [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if a.overlaps(b)]
    assert outside == []
    assert overlapping == []


def words_of(figure):
    """Return the visible words: of the axes only the marks that lie in what they show."""
    from matplotlib.text import Text

    for each in figure.findobj(Text):
        is_beyond = (
            each.axes is not None
            and each in each.axes.get_yticklabels()
            and each.get_position()[1] > each.axes.get_ylim()[1]
        )
        if each.get_visible() and each.get_text().strip() and not is_beyond:
            yield each


def test_it_is_a_png_as_wide_as_a_phone_shows_it():
    png = draw(drawn("ko"), reader("ko"))

    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)
    assert len(png) < 400_000


@pytest.mark.parametrize(
    ("longest", "words", "drawn_as"),
    [
        pytest.param(0.75, {"en": "in seconds", "ko": "(초)"}, 45, id="seconds"),
        pytest.param(45.0, {"en": "in minutes", "ko": "(분)"}, 45, id="minutes"),
        pytest.param(600.0, {"en": "in hours", "ko": "(시간)"}, 10, id="hours"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_medians_are_drawn_in_a_unit_that_fits_them(language, longest, words, drawn_as):
    weeks = (Week(MONDAY - timedelta(weeks=1)), Week(MONDAY, 3, longest / 2, longest))
    trend = composed(Drawn("", "", (), (), weeks), reader(language)).axes[-1]

    assert words[language] in trend.get_title(loc="left")
    assert max(line.get_ydata()[-1] for line in trend.get_lines()) == pytest.approx(drawn_as)


def test_a_character_that_the_font_lacks_is_shown_as_one():
    assert drawable("김민지 Müller – 37") == "김민지 Müller – 37"
    assert drawable("漢🙂") == UNKNOWN_SIGN * 2


def test_the_library_is_imported_only_when_something_is_drawn():
    code = "import sys, bot.app; sys.exit('matplotlib' in sys.modules or 'numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
