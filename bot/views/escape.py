"""What makes foreign text harmless in Slack's mrkdwn, in Markdown, and in links."""

import re
from urllib.parse import quote, urlsplit

_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_BACKTICK_LOOKALIKE = "ˋ"
_KEPT = frozenset("\n\u200d")  # line breaks, and the joiner inside emoji
_LINKABLE = frozenset({"http", "https", "mailto", "slack"})


def mrkdwn(value: str) -> str:
    """Escape the three characters that Slack parses, so that no mention, link or broadcast goes live.

    Source: docs.slack.dev, "Formatting message text". Other control characters than line breaks are dropped.
    """
    return _printable(value).translate(_SLACK)


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
