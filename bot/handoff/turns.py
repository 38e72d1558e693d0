"""Where one person's turn on call ends and the next one's begins: covers, gaps and what nobody knows told apart. Pure.

A turn is longer than a shift: who is covered for an evening is still the one whose week it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.oncall.model import Engineer

LONG_GAP = timedelta(days=4)  # the same person after a longer one begins a turn of their own; a weekend is shorter


@dataclass(frozen=True, slots=True)
class Stretch:
    """Who is on call in [start_at, end_at). Without engineers nobody is, or nobody knows who (`is_known` False).

    A turn is that of the first responder; `first` is what the provider knows them by, since what is known of
    somebody's Slack account may change within one turn.
    """

    engineers: tuple[Engineer, ...]
    start_at: datetime
    end_at: datetime
    first: str = ""
    is_override: bool = False
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """The end of a turn. `at` None: no end is planned. `next_at` is later than `at` after a gap."""

    at: datetime | None
    next: tuple[Engineer, ...] = ()
    next_at: datetime | None = None
    next_first: str = ""
    is_repointed: bool = False
    """Whether the turn was never this person's: those in `next` are on call since it began."""


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return the stretches in order, what follows at once with the same people made one, and holes made gaps."""
    line: list[Stretch] = []
    for each in sorted(stretches, key=lambda stretch: stretch.start_at):
        if line and line[-1].end_at < each.start_at:
            line.append(Stretch((), line[-1].end_at, each.start_at))
        if line and _is_more_of(line[-1], each):
            both = line[-1].is_override or each.is_override
            line[-1] = replace(line[-1], end_at=max(line[-1].end_at, each.end_at), is_override=both)
        else:
            line.append(each)
    return tuple(line)


def _is_more_of(one: Stretch, other: Stretch) -> bool:
    return (one.engineers, one.is_known) == (other.engineers, other.is_known)


def change_of(
    line: Sequence[Stretch], who: str, planned: datetime | None, covers_under: timedelta, horizon: datetime
) -> Change:
    """Return where the turn of `who` ends that runs where the line begins.

    It ends when they leave for good: covers shorter than `covers_under`, gaps, and what is not known do not end it
    where they are on call again afterwards. Where it is not known who was on call, `planned` counts if it lies there.
    Up to `horizon` the line is complete: an end there is only where the knowledge ends.
    """
    left_at: datetime | None = None
    for at, each in enumerate(line):
        if each.first == who and not _is_another_turn(left_at, each, line[:at]):
            left_at = each.end_at
        elif takes_over(each, covers_under):
            return _handed(line[:at], left_at, each, planned)
    if left_at is None or left_at >= horizon:
        return Change(None)
    gap = line[-1]
    return Change(left_at) if gap.is_known and gap.end_at - left_at >= LONG_GAP else Change(None)


def takes_over(each: Stretch, covers_under: timedelta) -> bool:
    """Tell whether a turn begins with it: somebody is on call who does not only cover for a short time."""
    is_cover = each.is_override and each.end_at - each.start_at < covers_under
    return bool(each.engineers) and not is_cover


def _is_another_turn(left_at: datetime | None, each: Stretch, before: Sequence[Stretch]) -> bool:
    """Tell whether the same person begins anew, after so long a time with nobody."""
    return left_at is not None and each.start_at - left_at > LONG_GAP and before[-1].is_known


def _handed(before: Sequence[Stretch], left_at: datetime | None, by: Stretch, planned: datetime | None) -> Change:
    if left_at is None:
        return Change(by.start_at, by.engineers, by.start_at, by.first, is_repointed=True)
    unknown = [each for each in before if not each.is_known and each.start_at >= left_at]
    if not unknown:
        return Change(left_at, by.engineers, by.start_at, by.first)
    believed = planned is not None and any(each.start_at <= planned <= each.end_at for each in unknown)
    at = planned if believed and planned else by.start_at
    return Change(at, by.engineers, at, by.first)


def cut(line: Iterable[Stretch], start: datetime) -> Iterator[Stretch]:
    """Yield what of the line is after `start`."""
    for each in line:
        if each.end_at > start:
            yield replace(each, start_at=max(each.start_at, start))
