"""No pattern of triage can be kept busy: its time on a text made against it grows with the text and no faster."""

import re
import time

import pytest

from tests.triage.attacks import attacks, patterns

PATTERNS = patterns()
BUDGET = 0.4  # seconds of processor time for one text: a backtracking search takes years
FEW = (12, 15, 19, 23, 29, 36, 45, 57, 71, 88, 111)  # repetitions: exponential time shows itself before it is endless


def slowest(pattern: re.Pattern[str], length: int) -> tuple[float, str]:
    """Return the most seconds that a search takes on a text of a length, or on a short one if that took too long."""
    worst = (0.0, "")
    for before, pumped, after in attacks(pattern):
        for count in (*FEW, length // len(pumped)):
            if worst[0] > BUDGET:
                return worst
            text = before + pumped * count + after
            began = time.process_time()
            pattern.search(text)
            worst = max(worst, (time.process_time() - began, f"{before!r} + {pumped!r} * {count} + {after!r}"))
    return worst


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_cannot_be_kept_busy(name):
    seconds, text = slowest(PATTERNS[name], 1_000)

    assert seconds < BUDGET, text


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_cannot_be_kept_busy_by_a_long_text(name):
    seconds, text = slowest(PATTERNS[name], 4_000)

    assert seconds < BUDGET, text


def test_a_pattern_that_can_be_kept_busy_is_found():
    for bad in (r"(?:a+)+$", r"(?:a|a)*b", r"(?:\w+\s?)*:"):
        assert slowest(re.compile(bad), 1_000)[0] > BUDGET
