"""Numbers of people and cards: Korean resident registration numbers and payment cards."""

import re
from collections.abc import Iterator

from bot.triage.marker import mark

_RESIDENT = re.compile(r"[0-9]{6}(\s?[-–—‐‑−]\s?|)[1-8][0-9]{6}(?![0-9])")
_RESIDENT_WORDS = ("주민", "외국인등록", "rrn", "resident", "jumin")
_RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_RUN = re.compile(r"[0-9](?:[ \-]?[0-9]){12,60}")
_GROUP = re.compile(r"[0-9]+")
# Lengths by leading digits: ISO/IEC 7812 as the card schemes use it.
_SCHEMES = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|3[0689][0-9]{12}|35[0-9]{14}"
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}|62[0-9]{14,17}|9[0-9]{15}"
)


def clean_resident_numbers(text: str) -> str:
    """Mark resident numbers: with a hyphen by their date, without one only with a valid check digit or their name."""
    if not _RESIDENT.search(text):
        return text
    low = text.lower()
    named = any(word in low for word in _RESIDENT_WORDS)

    def cleaned(match: re.Match[str]) -> str:
        digits = "".join(_GROUP.findall(match[0]))
        if _follows_digit(match) or not _is_date(digits[:6]):
            return match[0]
        return mark("resident-number") if match[1] or named or _has_check_digit(digits) else match[0]

    return _RESIDENT.sub(cleaned, text)


def clean_cards(text: str) -> str:
    """Mark card numbers, also one among other groups of digits."""
    return _RUN.sub(_cards, text)


def _cards(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1] if match.start() else " "
    after = match.string[match.end() : match.end() + 1]
    run = match[0]
    if before.isascii() and (before.isalnum() or before in "_."):
        run = _GROUP.sub(lambda group: " " * len(group[0]), run, count=1)  # the end of a name or of a fraction
    if after.isascii() and after.isalnum():
        run = run.rstrip("0123456789")  # the beginning of a name
    span = next(_card_spans(run), None)
    return match[0] if span is None else match[0][: span[0]] + mark("card") + match[0][span[1] :]


def _card_spans(run: str) -> Iterator[tuple[int, int]]:
    """Yield where whole groups of digits make a valid number; the groups of a card follow each other."""
    groups = list(_GROUP.finditer(run))
    for first in range(len(groups)):
        digits = ""
        for last in range(first, min(first + 8, len(groups))):
            digits += groups[last][0]
            if len(digits) > 19:
                break
            if len(digits) >= 13 and _SCHEMES.fullmatch(digits) and _luhn(digits):
                yield groups[first].start(), groups[last].end()


def _follows_digit(match: re.Match[str]) -> bool:
    return match.start() > 0 and match.string[match.start() - 1] in "0123456789"


def _is_date(yymmdd: str) -> bool:
    return 1 <= int(yymmdd[2:4]) <= 12 and 1 <= int(yymmdd[4:6]) <= 31


def _has_check_digit(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _RESIDENT_WEIGHTS, strict=False))
    return (11 - total % 11) % 10 == int(digits[12])


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
