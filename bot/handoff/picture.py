"""Draws what a handoff or a digest shows as one picture for a phone: large letters, few colours, its own background.

The background is opaque, so that the picture reads the same in Slack's light and dark themes. matplotlib is imported
when a picture is drawn: it takes half a second and forty megabytes that no other duty needs.
"""

from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_skeleton

from bot.handoff.drawn import Bar, Drawn, Tile, Week
from bot.text import Text, text
from bot.views.reader import Reader
from bot.views.words import Markup, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

FONT = Path(__file__).parent / "fonts" / "NotoSansKR-Medium.ttf"
WIDTH, HEIGHT, DPI = 1080, 1350, 100  # pixels: the width at which a phone shows a picture without making it smaller
PAPER, INK, FAINT, LINE = "#f7f6f2", "#1d1c1d", "#616061", "#d9d7d0"
BUSINESS, OFF, SLEEP = "#4477aa", "#ddaa33", "#aa3377"  # apart for eyes of every kind (Paul Tol's bright scheme)
TO_ACK, TO_FIX = "#228833", "#4477aa"
SMALLEST, SMALL, NORMAL, LARGE, HUGE = 12, 19, 22, 30, 40  # points at 100 dots an inch
MOST_DAYS = 8  # whose names fit side by side
SECONDS_BELOW, HOURS_FROM = 3, 180  # minutes: so that the axis has some whole numbers
UNKNOWN_SIGN = "□"


def draw(drawn: Drawn, reader: Reader) -> bytes:
    """Return the picture as PNG."""
    out = BytesIO()
    composed(drawn, reader).savefig(out, format="png", facecolor=PAPER)
    return out.getvalue()


def composed(drawn: Drawn, reader: Reader) -> "Figure":
    """Return the picture before it becomes pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see the module's docstring
    from matplotlib.figure import Figure  # noqa: PLC0415 - see the module's docstring

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    pen = Pen(reader)
    _title(figure, drawn, pen)
    _tiles(figure, drawn.tiles, pen)
    above = _axes(figure, 0.42, 0.25)
    if drawn.bars:
        _bars(above, drawn.bars, pen)
    else:
        _counts(above, drawn.weeks, pen)
    _trend(_axes(figure, 0.06, 0.22), drawn.weeks, pen)
    return figure


class Pen:
    """Writes in the reader's language with the font that ships with Baton."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def say(self, words: Text) -> str:
        return drawable(say(words, self.reader, Markup.PLAIN))

    def font(self, size: float) -> "FontProperties":
        from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - see the module's docstring

        return FontProperties(fname=FONT, size=size)

    def day(self, day: Any, skeleton: str) -> str:
        return str(format_skeleton(skeleton, day, locale=self.reader.locale))


@cache
def _known() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - see the module's docstring

    return frozenset(FT2Font(str(FONT)).get_charmap())


def drawable(words: str) -> str:
    """Return the words with a sign in the place of each character that the font lacks."""
    return "".join(each if ord(each) in _known() else UNKNOWN_SIGN for each in words)


def _title(figure: "Figure", drawn: Drawn, pen: Pen) -> None:
    _line(figure, (0.06, 0.96), drawn.title, pen, (LARGE, INK, 0.88))
    _line(figure, (0.06, 0.923), drawn.span, pen, (NORMAL, FAINT, 0.88))


def _tiles(figure: "Figure", tiles: Sequence[Tile], pen: Pen) -> None:
    """Put the numbers side by side; one that is unavailable says so."""
    each_has = 0.9 / max(len(tiles), 1)
    for at, tile in enumerate(tiles):
        left, room = 0.06 + at * each_has, each_has - 0.02
        if tile.value is None:
            _line(figure, (left, 0.86), pen.say(text("handoff.picture.unavailable")), pen, (SMALL, FAINT, room))
        else:
            _line(figure, (left, 0.86), tile.value, pen, (HUGE, INK, room))
        _line(figure, (left, 0.812), tile.label, pen, (SMALL, FAINT, room))


def _line(figure: "Figure", at: tuple[float, float], words: str, pen: Pen, look: tuple[float, str, float]) -> None:
    """Write one line in a size and colour, smaller where it would need more than its room (a share of the width)."""
    size, colour, room = look
    line = figure.text(*at, drawable(words), color=colour, fontproperties=pen.font(size), va="center")
    while line.get_window_extent().width > room * WIDTH and size > SMALLEST:
        size -= 1
        line.set_fontproperties(pen.font(size))


def _axes(figure: "Figure", bottom: float, height: float) -> "Axes":
    axes = figure.add_axes((0.09, bottom, 0.86, height), facecolor=PAPER)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.grid(axis="y", color=LINE, linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=FAINT)
    return axes


def _bars(axes: "Axes", bars: Sequence[Bar], pen: Pen) -> None:
    """Draw one bar a day, its hours upon each other."""
    places, floor = range(len(bars)), [0] * len(bars)
    for name, colour, of in _BANDS:
        heights = [of(bar) for bar in bars]
        axes.bar(places, heights, 0.7, bottom=floor, color=colour, label=pen.say(text(f"handoff.picture.{name}")))
        floor = [low + high for low, high in zip(floor, heights, strict=True)]
    _sums(axes, floor, pen)
    every = (len(bars) - 1) // MOST_DAYS + 1
    skeleton = "Ed" if every == 1 else "MMMd"
    labels = [pen.day(bar.day, skeleton) if at % (2 * every - 1) == 0 else "" for at, bar in enumerate(bars)]
    _finish(axes, text("handoff.picture.by_day"), places, labels, max(floor, default=0), pen)
    _legend(axes, pen, 3)


_BANDS: tuple[tuple[str, str, Callable[[Bar], int]], ...] = (
    ("business", BUSINESS, lambda bar: bar.business),
    ("off", OFF, lambda bar: bar.off),
    ("sleep", SLEEP, lambda bar: bar.sleep),
)


def _counts(axes: "Axes", weeks: Sequence[Week], pen: Pen) -> None:
    """Draw how many were raised in each week."""
    places, heights = range(len(weeks)), [week.raised or 0 for week in weeks]
    axes.bar(places, heights, 0.7, color=BUSINESS)
    _sums(axes, heights, pen, [week.raised is None for week in weeks])
    _finish(axes, text("handoff.picture.by_week"), places, _days(weeks, pen), max(heights, default=0), pen)


def _trend(axes: "Axes", weeks: Sequence[Week], pen: Pen) -> None:
    """Draw the medians of the weeks; where one is not known the line has a hole."""
    places = range(len(weeks))
    known = [value for week in weeks for value in (week.mtta_minutes, week.mttr_minutes) if value is not None]
    unit, in_a_minute = unit_for(max(known, default=0))
    for name, colour, of in (("mtta", TO_ACK, _mtta), ("mttr", TO_FIX, _mttr)):
        values = [of(week) for week in weeks]
        shown = [float("nan") if value is None else value * in_a_minute for value in values]
        label = pen.say(text(f"handoff.picture.{name}"))
        axes.plot(places, shown, color=colour, linewidth=4, marker="o", markersize=12, label=label)
    axes.set_xlim(-0.5, max(len(weeks) - 0.5, 0.5))
    highest = max(known, default=0) * in_a_minute
    _finish(axes, text(f"handoff.picture.trend.{unit}"), places, _days(weeks, pen), highest, pen)
    if not known:
        words = pen.say(text("handoff.picture.no_times"))
        axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", color=FAINT, fontproperties=pen.font(NORMAL))
    _legend(axes, pen, 2)


def unit_for(minutes: float) -> tuple[str, float]:
    """Return the unit in which times up to this long read best, and how much of it a minute is."""
    if minutes < SECONDS_BELOW:
        return "seconds", 60
    return ("minutes", 1) if minutes < HOURS_FROM else ("hours", 1 / 60)


def _mtta(week: Week) -> float | None:
    return week.mtta_minutes


def _mttr(week: Week) -> float | None:
    return week.mttr_minutes


def _days(weeks: Sequence[Week], pen: Pen) -> list[str]:
    every = 1 if len(weeks) <= 5 else 2
    return [pen.day(week.day, "MMMd") if (len(weeks) - 1 - at) % every == 0 else "" for at, week in enumerate(weeks)]


def _sums(axes: "Axes", heights: Sequence[int], pen: Pen, unknown: Sequence[bool] = ()) -> None:
    """Write each bar's number above it; a question mark where it is not known."""
    for place, height in enumerate(heights):
        words = "?" if unknown and unknown[place] else str(height)
        place_of: dict[str, Any] = {"xytext": (0, 6), "textcoords": "offset points", "ha": "center"}
        axes.annotate(words, (place, height), color=INK, fontproperties=pen.font(SMALL), **place_of)


def _finish(
    axes: "Axes", heading: Text, places: Sequence[int], labels: Sequence[str], highest: float, pen: Pen
) -> None:
    axes.set_title(pen.say(heading), loc="left", color=INK, fontproperties=pen.font(NORMAL), pad=52)
    axes.set_xticks(list(places), [drawable(each) for each in labels], fontproperties=pen.font(SMALL), color=FAINT)
    axes.set_ylim(0, max(highest * 1.2, 1))
    axes.locator_params(axis="y", integer=True, nbins=4)
    for label in axes.get_yticklabels():
        label.set_fontproperties(pen.font(SMALL))


def _legend(axes: "Axes", pen: Pen, columns: int) -> None:
    place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (-0.02, 0.98), "ncols": columns}
    look: dict[str, Any] = {"frameon": False, "handlelength": 1.0, "columnspacing": 1.2, "labelcolor": INK}
    axes.legend(prop=pen.font(SMALL), **place, **look)
