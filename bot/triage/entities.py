"""Slack's markup for links, mentions and escapes, turned back into words."""

import re

_ENTITY = re.compile(r"<([^<>\n]{1,4000})>")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]{1,20}:", re.IGNORECASE)
_BARE_URL = re.compile(r"https?://[^\s<>|\"'`]+")
_PLACEHOLDERS = frozenset({"this content can't be displayed.", "[no preview available]"})
_LONGEST_PLACEHOLDER = max(map(len, _PLACEHOLDERS))

Anchor = tuple[str, str]


def is_placeholder(text: str) -> bool:
    """Slack writes these where a message has only blocks: they say nothing about it."""
    if len(text) > 2 * _LONGEST_PLACEHOLDER:
        return False
    return text.strip().lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") in _PLACEHOLDERS


def unescape(text: str) -> str:
    """Undo Slack's escaping; `&amp;` goes last, so that `&amp;lt;` stays the text `&lt;`."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def unwrap(text: str, anchors: list[Anchor]) -> str:
    """Return mrkdwn as words; add each link of it to `anchors` as URL and label."""
    if "<" in text:
        text = _ENTITY.sub(lambda match: _words(match, anchors), text)
    return unescape(text)


def bare_urls(text: str) -> list[str]:
    if "://" not in text:
        return []
    return [url.rstrip(".,;:)]}*_") for url in _BARE_URL.findall(text)]


def _words(match: re.Match[str], anchors: list[Anchor]) -> str:
    inside: str = match[1]
    target, _, label = inside.partition("|")
    sign = target[:1]
    if sign and sign in "@#":
        return sign + (label or target[1:]).lstrip("@#")
    if sign == "!":
        return _special(target[1:], label)
    if not target.startswith("http") and not _SCHEME.match(target):
        return match[0]
    url = unescape(target)
    if url.startswith("mailto:"):
        return label or url.removeprefix("mailto:")
    anchors.append((url, unescape(label) or url))
    return label or target


def _special(target: str, label: str) -> str:
    if target.startswith("date^"):
        return label or target.split("^")[1]
    return "@" + (label or target.removeprefix("subteam^")).lstrip("@")
