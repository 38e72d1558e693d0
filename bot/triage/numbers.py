"""Numbers of people and cards: Korean resident registration numbers and payment cards."""

import re

from bot.triage.marker import mark

_RESIDENT = re.compile(r"(?<![0-9])([0-9]{6})(\s?[-–—‐‑−]\s?|)([1-8][0-9]{6})(?![0-9])")
_RESIDENT_WORD = re.compile(r"주민|외국인등록|rrn|resident|jumin", re.IGNORECASE)
_RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_CARD = re.compile(r"(?<![0-9A-Za-z.\-_/=])[2-69][0-9](?:[ \-]?[0-9]){11,17}(?![0-9A-Za-z])")
# Lengths by leading digits: ISO/IEC 7812 as the card schemes use it.
_SCHEMES = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|3[0689][0-9]{12}|35[0-9]{14}"
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}|62[0-9]{14,17}|9[0-9]{15}"
)


def clean_resident_numbers(text: str) -> str:
    """Mark resident numbers: with a hyphen by their date, without one only with a valid check digit or their name."""
    named = _RESIDENT_WORD.search(text) is not None

    def cleaned(match: re.Match[str]) -> str:
        birth, hyphen, rest = match.groups()
        if not _is_date(birth):
            return match[0]
        is_one = hyphen or named or _has_check_digit(birth + rest)
        return mark("resident-number") if is_one else match[0]

    return _RESIDENT.sub(cleaned, text)


def clean_cards(text: str) -> str:
    return _CARD.sub(_card, text)


def _card(match: re.Match[str]) -> str:
    digits = match[0].replace(" ", "").replace("-", "")
    return mark("card") if _SCHEMES.fullmatch(digits) and _luhn(digits) else match[0]


def _is_date(yymmdd: str) -> bool:
    return 1 <= int(yymmdd[2:4]) <= 12 and 1 <= int(yymmdd[4:6]) <= 31


def _has_check_digit(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _RESIDENT_WEIGHTS, strict=False))
    return (11 - total % 11) % 10 == int(digits[12])


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
