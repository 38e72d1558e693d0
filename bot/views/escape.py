"""What makes foreign text harmless in Slack's mrkdwn, in Markdown, and in links."""

import re
from urllib.parse import quote, urlsplit

from bot.triage.escape import escape, neutralise

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_BACKTICK_LOOKALIKE = "ˋ"
_KEPT = frozenset("\n\u200d\u2060")  # line breaks, the joiner inside emoji, and the one of `neutralise`
_LINKABLE = frozenset({"http", "https", "mailto", "slack"})


def mrkdwn(value: str) -> str:
    """Return foreign words for mrkdwn: no mention, link or broadcast in them goes live.

    Source: docs.slack.dev, "Formatting message text". Control characters other than line breaks are dropped.
    """
    return escape(neutralise(_printable(value)))


def mrkdwn_code(value: str) -> str:
    """Return `value` as one line of inline code, with nothing in it changed that Slack would not parse there."""
    return escape(code(value))


def mrkdwn_fence(value: str) -> str:
    """Return lines of code as a block of code."""
    lines = _printable(value.replace("\t", "    ")).replace("```", _BACKTICK_LOOKALIKE * 3).strip("\n")
    return f"```\n{escape(lines)}\n```"


def markdown(value: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _printable(value))


def code(value: str) -> str:
    """Return `value` as one line of inline code; a backtick inside would end the code, so it becomes a look-alike."""
    line = " ".join(_printable(value).split()).replace("`", _BACKTICK_LOOKALIKE)
    return f"`{line or ' '}`"


def plain(value: str) -> str:
    return _printable(value)


def safe_url(url: str) -> str | None:
    """Return the URL with everything percent-encoded that could end a link, or None where it must not be one."""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return None
    if scheme not in _LINKABLE:
        return None
    return quote(url, safe="%/:=&?~#+!$,;'@*[]-._")


def _printable(value: str) -> str:
    """Drop control and direction characters; every kind of space becomes a space."""
    if value.isprintable():
        return value
    return "".join(_one(c) for c in value.replace("\r\n", "\n"))


def _one(char: str) -> str:
    if char.isprintable() or char in _KEPT:
        return char
    return " " if char.isspace() else ""
