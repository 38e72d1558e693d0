"""Decide what a message says: own, edit, person or tool; then which tool, and what it reports (rules R1–R4, R8)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

from bot.triage import people
from bot.triage.envelope import before_edit
from bot.triage.generic import reader, tools
from bot.triage.model import Alert, Kind, Message, Own, Severity
from bot.triage.prefilter import Prefilter, loosened, utf8
from bot.triage.source import SHAPE_READ, Source, title_of
from bot.triage.sources import SOURCES
from bot.triage.team import NO_RULES, TeamRules

_SPOKEN = frozenset(
    {"", "bot_message", "message_changed", "thread_broadcast", "file_share", "me_message", "message_replied"}
)
_SLACKBOT = "USLACKBOT"


def triage(message: Message, own: Own, *, previous: Message | None = None, team: TeamRules = NO_RULES) -> Alert:
    """Return what the message says. Never raises.

    An edit counts only when it changes the status; `previous` is the message before it (Slack's own copy otherwise).
    A team's own rules come before the built-in sources.
    """
    if reason := unspoken(message, own):
        return Alert(kind=Kind.NOISE, source="", explanation=(reason,))
    if not message.is_edit:
        return _read(message, team)
    if not message.bot_id:
        return Alert(kind=Kind.NOISE, source="human", explanation=("a person's edit",))
    return _after_edit(_read(message, team), previous or before_edit(message), team)


def unspoken(message: Message, own: Own) -> str:
    """Return why nobody said this, or nothing."""
    is_own = (
        (own.bot_id and message.bot_id == own.bot_id)
        or (own.app_id and message.app_id == own.app_id)
        or (own.user and message.user == own.user)
    )
    if is_own:
        return "Baton's own message"
    if message.user == _SLACKBOT:
        return "Slackbot"
    if message.subtype not in _SPOKEN:
        return f"Slack's own notice: {message.subtype}"
    return "" if message.text.strip() else "nothing readable"


def _after_edit(now: Alert, previous: Message | None, team: TeamRules) -> Alert:
    """A bot's edit counts where its status differs from the one before: FIRING → RESOLVED by chat.update."""
    if previous is None:
        return replace(now, explanation=(*now.explanation, "an edit; what stood there before is unknown"))
    before = _read(previous, team)
    if before.kind is now.kind:
        return replace(
            now,
            kind=Kind.NOISE,
            severity=None,
            explanation=(*now.explanation, "an edit that leaves the status as it was"),
        )
    return replace(now, explanation=(*now.explanation, f"an edit from {before.kind} to {now.kind}"))


def _read(message: Message, team: TeamRules) -> Alert:
    if not message.bot_id:
        return people.read(message)
    return team.read(message, read_built_in) if team.rules else read_built_in(message)


def read_built_in(message: Message) -> Alert:
    """Return what the first of the built-in sources makes of a bot's message, or the generic reader."""
    if people.is_form(message):
        return people.request(message, "slack_workflow", "a request form")
    failures: list[str] = []
    sent_by = ""
    for source, how in candidates(message):
        if how == "sender" and not source.is_home_made:
            sent_by = sent_by or source.name
        try:
            alert = source.read(message)
        except Exception as error:  # noqa: BLE001 - a parser's fault must not lose the alert: the generic reader takes it
            failures.append(f"the parser {source.name} failed: {type(error).__name__}")
            continue
        if alert is not None:
            why = (*failures, f"{source.name}, known by its {how}", *alert.explanation)
            return replace(alert, faults=tuple(failures), explanation=why)
    alert = _fallback(message)
    if sent_by and alert.source == tools.HOME_MADE and not tools.is_home_made(message.sender.lower()):
        alert = replace(alert, source=sent_by, aspect="")
    why = (*failures, "no parser knows it: generic reader", *alert.explanation)
    return replace(alert, faults=(*failures, *alert.faults), explanation=why)


def candidates(message: Message) -> Iterator[tuple[Source, str]]:
    """Yield the sources that may have sent this: by sender, then by link, then by the shape of the text."""
    tried = list(_sent_by(message.sender, SOURCES))
    for source in tuple(tried):
        yield source, "sender"
    if together := " ".join(message.links):
        for part, source in _links(SOURCES):
            if part in together and source not in tried:
                tried.append(source)
                yield source, "link"
    if tools.by_sender(message.sender.strip().lower()) not in tools.SHARE_SHAPES:
        return  # another tool of which no parser is written: it may look like this one
    text = message.text[:SHAPE_READ]
    for source in _shapes(SOURCES).may_be_in(utf8(text)):
        if source.shape and source not in tried and source.shape.search(text):
            yield source, "text"


@lru_cache(maxsize=1024)  # a workspace has few senders
def _sent_by(sender: str, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return the sources of which a part of the name is in the sender's name."""
    low = sender.lower()
    return tuple(source for source in sources if any(_begins_word(part, low) for part in source.senders))


def _begins_word(part: str, sender: str) -> bool:
    """`rtbot` is in "rtBot alerts", and not in "certbot"."""
    at = sender.find(part)
    while at > 0 and sender[at - 1].isascii() and sender[at - 1].isalpha():
        at = sender.find(part, at + 1)
    return at >= 0


@cache
def _links(sources: tuple[Source, ...]) -> tuple[tuple[str, Source], ...]:
    """Return the parts of links, each with its source."""
    return tuple((part, source) for source in sources for part in source.links)


@cache
def _shapes(sources: tuple[Source, ...]) -> Prefilter[Source]:
    return Prefilter((each, loosened(each.shape.pattern, each.shape.flags)) for each in sources if each.shape)


def _fallback(message: Message) -> Alert:
    try:
        return reader.read(message)
    except Exception as error:  # noqa: BLE001 - as above: what cannot be read is shown as it came
        return Alert(
            kind=Kind.ALERT,
            source=tools.source_of(message),
            severity=Severity.ERROR,
            resource={"title": title_of(message)[:200]},
            title=title_of(message)[:200],
            faults=(f"the generic reader failed: {type(error).__name__}",),
            explanation=(f"the generic reader failed: {type(error).__name__}",),
        )
