"""The words for days in Korean and English, as regular expressions and tables. Data alone."""

import re

NUMBERS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "fourteen": 14, "일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7,
    "팔": 8, "구": 9, "십": 10,
}  # fmt: skip
DAY_COUNTS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9,
    "열흘": 10, "보름": 15,
}  # fmt: skip
DAYS_AGO = {
    "today": 0, "오늘": 0, "금일": 0,
    "yesterday": 1, "어제": 1, "어저께": 1, "전일": 1, "전날": 1, "작일": 1,
    "day before yesterday": 2, "the day before yesterday": 2, "그저께": 2, "그제": 2, "재작일": 2,
    "그끄저께": 3, "그그저께": 3, "그끄제": 3,
    "tomorrow": -1, "내일": -1, "명일": -1, "모레": -2,
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon 월요일 월욜",
            "tuesday tue tues 화요일 화욜",
            "wednesday wed 수요일 수욜",
            "thursday thu thur thurs 목요일 목욜",
            "friday fri 금요일 금욜",
            "saturday sat 토요일 토욜",
            "sunday sun 일요일 일욜",
        )
    )
    for name in names.split()
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKS_AGO = {
    "this week": 0, "이번주": 0, "이번 주": 0, "금주": 0,
    "last week": 1, "previous week": 1, "지난주": 1, "지난 주": 1, "저번주": 1, "저번 주": 1, "전주": 1,
    "the week before last": 2, "week before last": 2, "지지난주": 2, "지지난 주": 2, "저저번주": 2, "저저번 주": 2,
}  # fmt: skip
LAST_MONTH = frozenset({"last month", "previous month", "지난달", "지난 달", "저번달", "저번 달", "전월"})
UNCLEAR_LAST = frozenset(
    {"last", "past", "previous", "지난", "저번"}
)  # before a weekday: of this week, or the one before?


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_N = rf"(?P<n>\d{{1,3}}|{_any(NUMBERS)})"
_COUNT = rf"(?:{_N} ?(?P<unit>days?|weeks?|일|주일|주)|(?P<count>{_any(DAY_COUNTS)}))"
_MONTH = rf"(?P<month>{_any(MONTHS)})\.?"
_TH = r"(?:st|nd|rd|th)?"

ISO = re.compile(r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})\.?|(?P<digits>\d{8})", re.ASCII)
KOREAN = re.compile(r"(?:(?P<y>\d{4})년 ?)?(?P<m>\d{1,2})월 ?(?P<d>\d{1,2})일?", re.ASCII)
ENGLISH = re.compile(
    rf"(?:{_MONTH} ?(?:the )?(?P<d>\d{{1,2}}){_TH}|(?:the )?(?P<d2>\d{{1,2}}){_TH} (?:of )?"
    rf"{_MONTH.replace('month', 'month2')})(?:,? (?P<y>\d{{4}}))?",
    re.ASCII,
)
SLASHED = re.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})", re.ASCII)
BARE_DAY = re.compile(rf"(?:the )?(?P<d>\d{{1,2}})(?:{_TH}|일)", re.ASCII)
DAY_OF_MONTH = re.compile(r"the (?P<d>\d{1,2})(?:st|nd|rd|th)?|(?P<d2>\d{1,2})(?:st|nd|rd|th|일)", re.ASCII)
DAYS_WORTH = re.compile(r"(?P<n>\d{1,3})일 ?(?:치|분)(?: 데이터)?", re.ASCII)
"""As many days, or that day of the month: nobody can tell."""
AGO = re.compile(rf"{_COUNT} ?(?:ago|전)")
LAST_DAYS = re.compile(rf"(?:the )?(?:last|past|previous|최근|지난) {_COUNT}(?: ?간| ?동안)?")
OF_WEEK = re.compile(
    rf"(?P<week>{_any(WEEKS_AGO)}) (?P<day>{_any(WEEKDAYS)})|"
    rf"(?P<day2>{_any(WEEKDAYS)}) (?:of )?(?P<week2>{_any(WEEKS_AGO)})"
)
WEEKDAY = re.compile(rf"(?:(?P<last>{_any(UNCLEAR_LAST)}) )?(?P<day>{_any(WEEKDAYS)})")

SEPARATORS = re.compile(r" ?[,;·、] ?| and | 및 | 그리고 |(?<=[가-힣])(?:와|과|하고|랑|이랑) ")
RANGES = re.compile(r" ?(?:\.{2,3}|[~–—-]|부터|에서) ?| (?:to|until|till?|through|thru) ")
"""Where a range may be written; what stands on both sides decides whether it is one."""
