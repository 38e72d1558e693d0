"""Text into words for one reader: the only place where a message becomes a string that people see."""

import re
import warnings
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from bot.text import Code, Lines, Link, Mention, MessageLink, Param, Text, text
from bot.views import escape
from bot.views.catalogs import PLACEHOLDER, Entry, entries
from bot.views.reader import Reader

CHANNELS = ("C", "G")
"""How the ids of channels begin."""


class Markup(StrEnum):
    """What the words go into. Catalog messages are plain words with *bold*, _italic_ and `code`, and nothing else."""

    MRKDWN = "mrkdwn"
    PLAIN = "plain"
    MARKDOWN = "markdown"


class UnknownText(UserWarning):
    """A message id or a parameter is not there. Loud in tests, where warnings are errors; people see the id."""


_BOLD = re.compile(r"(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])", re.ASCII)  # a Korean particle may follow
_BOLD_BEFORE_LETTERS = re.compile(r"(\*[^\s*](?:[^*\n]*[^\s*])?\*)(?=\w)")
_BORDER = "\u200b"  # has no width; without one Slack shows the asterisks of what is bold before a letter
_ITALIC = re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])")
_CODE = re.compile(r"`([^`\n]+)`")
_ESCAPES = {Markup.MRKDWN: escape.mrkdwn, Markup.MARKDOWN: escape.markdown, Markup.PLAIN: escape.plain}


def say(words: Text, reader: Reader, markup: Markup = Markup.MRKDWN) -> str:
    """Return the words for this reader. Never raises: an unknown id shows itself with its parameters."""
    entry = entries(reader.locale).get(words.msgid)
    if entry is None:
        return _unknown(words, reader, markup)
    pieces = _template(_form(entry, words), markup)
    return "".join(_fill(piece, words, reader, markup) if place else piece for place, piece in pieces)


def show(param: Param, reader: Reader, markup: Markup = Markup.MRKDWN) -> str:
    """Return one parameter as its reader sees it."""
    match param:
        case str():
            return _ESCAPES[markup](param)
        case int() | float():
            return format_decimal(param, locale=reader.locale)
        case datetime():
            return _moment(param, reader, markup)
        case timedelta():
            return say(duration(param), reader, markup)
        case Mention():
            return _mention(param, reader, markup)
        case Link():
            return _link(param, reader, markup)
        case MessageLink():
            return _link(Link(address(param, reader.workspace_url), param.label), reader, markup)
        case Code():
            return _code(param.value, markup)
        case Lines():
            return "\n".join(show(item, reader, markup) for item in param.items)
        case Text():
            return say(param, reader, markup)
        case tuple():
            return ", ".join(show(item, reader, markup) for item in param)


def duration(span: timedelta) -> Text:
    """Say a length of time with its two greatest units: 45 s, 6 min, 2 h 5 min, 3 d 4 h."""
    seconds = round(abs(span.total_seconds()))
    if seconds < 60:
        return text("duration.seconds", n=seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return text("duration.minutes", n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return text("duration.hours_minutes", n=hours, minutes=minutes) if minutes else text("duration.hours", n=hours)
    days, hours = divmod(hours, 24)
    return text("duration.days_hours", n=days, hours=hours) if hours else text("duration.days", n=days)


def ordinal(n: int, reader: Reader) -> Text:
    """Say the nth: 1st, 2nd, 4번째."""
    return text(f"ordinal.{Locale.parse(reader.locale).ordinal_form(n)}", number=n)


def when(at: datetime, reader: Reader) -> Text:
    """Say a moment in the reader's zone: today, yesterday and tomorrow by name, else the date with its weekday."""
    if reader.keeps:
        return dated(at, reader)
    local, today = at.astimezone(reader.zone), reader.now.astimezone(reader.zone).date()
    clock = f"{local:%H:%M}"
    match (local.date() - today).days:
        case 0:
            return text("time.today", time=clock)
        case -1:
            return text("time.yesterday", time=clock)
        case 1:
            return text("time.tomorrow", time=clock)
    return dated(at, reader)


def dated(at: datetime, reader: Reader) -> Text:
    """Say a moment in the reader's zone by its date, for what may be read on another day."""
    local = at.astimezone(reader.zone)
    return text("time.date", date=day_name(local.date(), reader), time=f"{local:%H:%M}", zone=local.tzname() or "")


def day_name(day: date, reader: Reader) -> str:
    """Return a day with its weekday, without a zone: one that the reader's own calendar has."""
    this_year = day.year == reader.now.astimezone(reader.zone).year
    return format_date(day, _date_pattern(reader.locale, this_year), locale=reader.locale)


@cache
def _date_pattern(language: str, this_year: bool) -> str:
    return entries(language)["time.pattern" if this_year else "time.pattern_with_year"].forms[0]


def _form(entry: Entry, words: Text) -> str:
    n = words.params.get("n")
    return entry.form(n if isinstance(n, int | float) else None)


@lru_cache(maxsize=8192)
def _template(form: str, markup: Markup) -> tuple[tuple[bool, str], ...]:
    """Return the message cut at its placeholders, its own markup already in that of the target."""
    parts = PLACEHOLDER.split(_convert(form, markup))
    return tuple((index % 2 == 1, part) for index, part in enumerate(parts) if part)


def _convert(form: str, markup: Markup) -> str:
    match markup:
        case Markup.MRKDWN:
            return _BOLD_BEFORE_LETTERS.sub(rf"\1{_BORDER}", escape.mrkdwn(form))
        case Markup.MARKDOWN:
            return _BOLD.sub(r"**\1**", form)
        case Markup.PLAIN:
            return _CODE.sub(r"\1", _ITALIC.sub(r"\1", _BOLD.sub(r"\1", form)))


def _fill(name: str, words: Text, reader: Reader, markup: Markup) -> str:
    if name in words.params:
        return show(words.params[name], reader, markup)
    warnings.warn(f"{words.msgid} needs the parameter {name}", UnknownText, stacklevel=3)
    return f"{{{name}}}"


def _unknown(words: Text, reader: Reader, markup: Markup) -> str:
    warnings.warn(f"no message {words.msgid} in {reader.locale}", UnknownText, stacklevel=3)
    params = (f"{key}={show(value, reader, markup)}" for key, value in words.params.items())
    return " ".join([_ESCAPES[markup](words.msgid), *params])


def _moment(at: datetime, reader: Reader, markup: Markup) -> str:
    return say(when(at, reader), reader, markup)


def _mention(mention: Mention, reader: Reader, markup: Markup) -> str:
    if mention.id.startswith(CHANNELS):  # Slack says its name, and notifies nobody
        return f"<#{mention.id}>" if markup is Markup.MRKDWN else f"#{mention.id}"
    if mention.notify and reader.may_notify and markup is Markup.MRKDWN:
        return f"<!subteam^{mention.id}>" if mention.id.startswith("S") else f"<@{mention.id}>"
    return _ESCAPES[markup]("@" + reader.names.get(mention.id, mention.id))


def _link(link: Link, reader: Reader, markup: Markup) -> str:
    label, url = " ".join(show(link.label, reader, markup).split()), escape.safe_url(link.url)
    if url is None or markup is Markup.PLAIN:
        return label
    if markup is Markup.MARKDOWN:
        return f"[{label}](<{url}>)"
    return f"<{escape.mrkdwn(url)}|{label.replace('|', '¦')}>"


def address(message: MessageLink, workspace_url: str) -> str:
    """Return the message's permalink, as `chat.getPermalink` spells it; empty where the workspace is not known."""
    if not workspace_url:
        return ""
    own = f"{workspace_url.rstrip('/')}/archives/{message.channel}/p{message.ts.replace('.', '')}"
    if message.thread_ts in {None, message.ts}:
        return own
    return f"{own}?thread_ts={message.thread_ts}&cid={message.channel}"


def _code(value: str, markup: Markup) -> str:
    match markup:
        case Markup.PLAIN:
            return escape.plain(value)
        case Markup.MARKDOWN:
            return escape.code(value)
        case Markup.MRKDWN:
            return escape.mrkdwn_code(value)
