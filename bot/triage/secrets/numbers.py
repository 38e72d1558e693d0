"""Numbers of people and cards: Korean resident registration numbers and payment cards."""

import re
from collections.abc import Callable, Iterator

from bot.triage.secrets.detector import Detector
from bot.triage.secrets.marker import mark

Span = tuple[int, int]

_FULL_WIDTH = str.maketrans({chr(0xFF10 + digit): str(digit) for digit in range(10)} | {"－": "-", "\u3000": " "})
_RESIDENT = re.compile(r"(?<![0-9])([0-9]{6})(\s?[-–—‐‑−]\s?|[ .]?)([1-8][0-9]{6})(?![0-9])")
_RESIDENT_WORDS = ("주민", "외국인등록", "외국인 등록", "rrn", "resident", "jumin")
_RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_RUN = re.compile(r"[0-9](?:[ \-]?[0-9]){12,}+")
_GROUP = re.compile(r"[0-9]+")
# Lengths by leading digits: ISO/IEC 7812 as the card schemes use it.
_SCHEMES = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|3[0689][0-9]{12}|35[0-9]{14}"
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}|62[0-9]{14,17}|9[0-9]{15}"
)


def clean_resident_numbers(text: str) -> str:
    """Mark resident numbers, of foreigners too: with a hyphen by their date, without one by their check digit or name.

    Numbers given since October 2020 have no check digit (a change of the law's rules for them), so that without hyphen
    and name they are numbers like any other.
    """
    return _marked(text, _resident_spans, "resident-number")


def clean_cards(text: str) -> str:
    """Mark card numbers, also one among other groups of digits."""
    return _marked(text, _card_spans, "card")


def _marked(text: str, spans: Callable[[str], Iterator[Span]], kind: str) -> str:
    kept, at = [], 0
    for begin, end in spans(text if text.isascii() else text.translate(_FULL_WIDTH)):
        kept += [text[at:begin], mark(kind)]
        at = end
    return "".join(kept) + text[at:] if kept else text


def _resident_spans(text: str) -> Iterator[Span]:
    low = text.lower()
    is_named = any(word in low for word in _RESIDENT_WORDS)
    for match in _RESIDENT.finditer(text):
        born, between, rest = match.groups()
        has_hyphen = between.strip(" .\t\n") != ""
        if _is_date(born) and (is_named or has_hyphen or (not between and _has_check_digit(born + rest))):
            yield match.span()


def _card_spans(text: str) -> Iterator[Span]:
    for match in _RUN.finditer(text):
        before = text[match.start() - 1] if match.start() else " "
        after = text[match.end() : match.end() + 1]
        run = match[0]
        if before.isascii() and (before.isalnum() or before in "_."):
            run = _GROUP.sub(lambda group: " " * len(group[0]), run, count=1)  # the end of a name or of a fraction
        if after.isascii() and after.isalnum():
            run = run.rstrip("0123456789")  # the beginning of a name
        for begin, end in _cards_in(run):
            yield match.start() + begin, match.start() + end


def _cards_in(run: str) -> Iterator[Span]:
    """Yield where whole groups of digits make a valid number; the groups of a card follow each other."""
    groups = list(_GROUP.finditer(run))
    first = 0
    while first < len(groups):
        span = _card_at(groups, first)
        if span:
            yield groups[first].start(), groups[span - 1].end()
        first = span or first + 1


def _card_at(groups: list[re.Match[str]], first: int) -> int:
    """Return behind which group a card ends that begins with the first, or 0."""
    digits = ""
    for last in range(first, min(first + 8, len(groups))):
        digits += groups[last][0]
        if len(digits) > 19:
            break
        if len(digits) >= 13 and _SCHEMES.fullmatch(digits) and _luhn(digits):
            return last + 1
    return 0


def _is_date(yymmdd: str) -> bool:
    return 1 <= int(yymmdd[2:4]) <= 12 and 1 <= int(yymmdd[4:6]) <= 31


def _has_check_digit(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _RESIDENT_WEIGHTS, strict=False))
    return (11 - total % 11) % 10 == int(digits[12])


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


_DIGIT = r"[0-9\x{ff10}-\x{ff19}]"
_NO_DIGIT = r"(?:^|[^0-9\x{ff10}-\x{ff19}])"
_NEXT = rf"(?:[ \-\x{{3000}}\x{{ff0d}}]?{_DIGIT})"


def _beginning(*digits: str) -> str:
    """Return the RE2 pattern of a number's first digits, also in full width."""
    return r"[ \-\x{3000}\x{ff0d}]?".join(
        f"[{each}{''.join(chr(0xFF10 + int(one)) for one in each)}]" for each in digits
    )


_LIKE_CARD = "|".join(
    (
        f"{_beginning('4')}{_NEXT}{{12,}}",
        f"{_beginning('3')}{_NEXT}{{13,}}",
        f"(?:{_beginning('5', '12345')}|{_beginning('2', '234567')}|{_beginning('6', '0245')}){_NEXT}{{14,}}",
        f"{_beginning('9')}{_NEXT}{{15,}}",
    )
)
DETECTORS = (
    Detector(
        rf"{_NO_DIGIT}{_DIGIT}{{2}}{_beginning('01')}{_DIGIT}{_beginning('0123')}{_DIGIT}[^0-9]{{0,3}}{_DIGIT}{{7}}"
        rf"(?:[^0-9]|$)",
        clean_resident_numbers,
    ),
    Detector(rf"{_NO_DIGIT}(?:{_LIKE_CARD})(?:[^0-9]|$)", clean_cards),
)
