"""What a title is about, without what it says about it: an alert and its end have one subject."""

import re
from collections.abc import Iterator

from bot.triage.identity import masked
from bot.triage.lexicon import words
from bot.triage.model import Message
from bot.triage.severity import is_level
from bot.triage.signals import KOREAN_STATUS, Status, reading_of
from bot.triage.source import title_of
from bot.triage.status_words import PHRASES, WORDS, Says

HEAD = 300  # characters of a title that are read
_LONGEST = 200
_LINES = 12  # lines in which a title with a subject is looked for
_EMOJI = re.compile(r":[a-z][a-z0-9_+\-]{0,40}:|[^\x00-\x7f\w\s가-힣“”‘’「」『』【】→–—·…±²³°%₩€£¥]|️")
_TAG = re.compile(r"[\[(【<]\s{0,2}([^\[\]()【】<>\n]{1,40}?)\s{0,2}[\])】>]")
_PAIR = re.compile(r"\W{0,6}[\w가-힣 ]{1,30}[*_]{0,2}\s?[:=](?!//)")  # labels are read as labels
_THRESHOLD = re.compile(r"(?<=[\w)]) ([<>]=? ?\d[\d.,]*%?)(?=$|[\s,)])")  # "Unmapped SKUs > 0": part of the rule's name
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[A-Za-z][A-Za-z'\-]*|[가-힣]+")
_SIGNS = tuple(":|-–—·>→")
_SEPARATORS = " \t*_`~:|-–—·>→!.,;\"'"
_AUXILIARIES = frozenset(
    words("""
is, are, was, were, has, have, had, did, does, do, just, went, gone, came, got, needs, can, could, cannot, will,
would, hasn't, isn't, still, again, now, currently, exceeded, expected
""")
)
_OPENERS = frozenset(
    words("""
resolved, firing, triggered, recovered, recovery, failed, failure, alert, alerting, problem, ok, closed, error,
warning, critical, fixed, passed, success, succeeded, down, up, fatal, warn, info, notice, incident, cleared,
acknowledged
""")
)
_ADVERBS = frozenset(
    words("""
new, now, still, again, ongoing, auto, automatic, automatically, the, a, an, your, manual, update
""")
)
_CATEGORIES = frozenset(
    words("""
alert, alerts, alarm, notification, notifications, event, events, message, service, host, status, state, report,
check, job, monitor, monitoring, update, info, summary, details, run, runs, task, pipeline, workflow, query, sync,
build, deployment, incident, problem, recovery, for, of, on, in, from, test
""")
)
_CATEGORIES_KOREAN = re.compile(
    r"알림|알람|발생|이벤트|안내|경보|통보|상태|결과|보고|메시지|서버|서비스|모니터링|긴급|[이가은는을를]$"
)
_PARTICLE = re.compile(r"(?<=[가-힣A-Za-z0-9_`)])(?:에서|으로|이|가|은|는|의|을|를)$")


def headline(message: Message) -> str:
    """Return the first title or line that tells what it is about: not "Uptime Kuma Alert"."""
    first = title_of(message)[:HEAD]
    own = frozenset(re.findall(r"[a-z]+|[가-힣]+", message.sender.lower()))
    told = next((line for line in _lines(message) if _tells_something(line, own)), "")
    return first if _PAIR.match(told) else told.strip() or first


def subject_of(title: str) -> str:
    """Return what the title is about, masked; the title itself where nothing is left."""
    line = _TAG.sub(_without_verdict, _EMOJI.sub(" ", title.replace("*", " ").partition("\n")[0]))
    line = _predicate_cut(_head_cut(" ".join(line.split())))
    pieces = _THRESHOLD.split(line.strip(_SEPARATORS) or title)
    pieces[::2] = map(masked, pieces[::2])
    return " ".join(filter(None, pieces))[:_LONGEST]


def _lines(message: Message) -> Iterator[str]:
    yield from (title[:HEAD] for title in message.parts.titles[:3])
    lines = (line for line in message.text[:4000].split("\n") if line.strip(" *_`>"))
    yield from (line[:HEAD] for line, _ in zip(lines, range(_LINES), strict=False))


def _tells_something(line: str, own: frozenset[str]) -> bool:
    line = _EMOJI.sub(" ", line)
    if _DIGIT.search(line):
        return True
    for match in _WORD.finditer(line):
        word = match[0].lower()
        if not (
            word in own
            or word in _CATEGORIES
            or WORDS.get(word) is not None
            or is_level(word)
            or KOREAN_STATUS.fullmatch(word)
            or _CATEGORIES_KOREAN.sub("", KOREAN_STATUS.sub("", word)) == ""
        ):
            return True
    return False


def _without_verdict(tag: re.Match[str]) -> str:
    """A tag that states a status or a level, `[FIRING:2]`, `[경고]`, is no name."""
    inside = tag[1]
    is_verdict = is_level(inside) or reading_of(inside).status is not Status.UNKNOWN
    return " " if is_verdict else tag[0]


def _head_cut(line: str) -> str:
    """Return the line without the status words at its beginning: "RESOLVED: New incident: x" → "x"."""
    while match := _WORD.match(line := line.lstrip(_SEPARATORS)):
        word = match[0].lower()
        rest = line[match.end() :]
        is_status = word in _OPENERS or word in _ADVERBS or is_level(word) or KOREAN_STATUS.fullmatch(word)
        is_parted = WORDS.get(word) is not None and rest.lstrip()[:1] in _SIGNS
        if not (is_status or is_parted) or not rest.strip(_SEPARATORS) or rest[:1] in "_./":
            return line
        line = rest
    return line


def _predicate_cut(line: str) -> str:
    """Return the line up to where it begins to say something about its subject."""
    for match in re.finditer(r"(?<=[\s:,(])[A-Za-z][A-Za-z'\-]*(?![\w./])|(?<=[\s\])`])[가-힣]+", line):
        word = match[0].lower()
        if _is_predicate(word, line[match.start() :].lower()):
            before = line[: match.start()].rstrip(_SEPARATORS + "(")
            if len(before) > 1:
                return _PARTICLE.sub("", before)
    return line


def _is_predicate(word: str, rest: str) -> bool:
    if word in _AUXILIARIES or WORDS.get(word, Says.HINT) < Says.HINT or KOREAN_STATUS.match(word):
        return True
    return any(rest.startswith(phrase) for phrase, _ in PHRASES.get(word, ()))
