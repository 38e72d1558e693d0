"""Make foreign words safe to post: no live mention, no markup of the sender's, no more than fits."""

import re

_JOINER = "\u2060"  # invisible: the word stays readable and no client takes it for a mention
# Invisible characters: with one of them inside a mention, a search for it finds nothing.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_GAP = f"[{_INVISIBLE}]{{0,9}}"
_OPEN = r"(?:[<＜﹤]|&(?:amp;){0,9}lt;)"  # as it is, in full width, escaped once or more
_CLOSE = r"(?:[>＞﹥]|&(?:amp;){0,9}gt;)"
_MENTION = re.compile(
    rf"{_OPEN}{_GAP}([@!#＠！＃﹫﹟])(?!{_JOINER}){_GAP}((?:(?!{_CLOSE}|{_OPEN})[^\n]){{1,300}}){_CLOSE}"
)
_BROADCAST = re.compile(
    rf"[@＠﹫]{_GAP}("
    + "|".join(
        _GAP.join(f"[{letter}{chr(ord(letter) + 0xFEE0)}]" for letter in word)
        for word in ("channel", "here", "everyone", "group")
    )
    + r")(?![a-z0-9_])",
    re.IGNORECASE,
)
_CUT = "…"


def escape(text: str) -> str:
    """Return the text with Slack's three control characters escaped, so that it can be put into mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def neutralise(text: str) -> str:
    """Return the text with every mention turned into plain words: nobody is notified by a quoted alert. Idempotent."""
    if text.isascii() and not ("@" in text or "<" in text or "&" in text):
        return text
    return _BROADCAST.sub(rf"@{_JOINER}\1", _MENTION.sub(_plain, text))


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` characters: the start and the end, since a trace says what happened in its last line."""
    if len(text) <= limit:
        return text
    if limit <= 2 * len(_CUT):
        return text[:limit]
    tail = (limit - len(_CUT)) // 3
    head = limit - len(_CUT) - tail
    return f"{text[:head].rstrip()}{_CUT}{text[-tail:].lstrip()}" if tail else text[:head] + _CUT


def _plain(match: re.Match[str]) -> str:
    sign, inside = match[1], _HIDDEN.sub("", match[2])
    target, _, label = inside.partition("|")
    if sign in "!！" and target.startswith("date^"):
        return label or "a date"
    words = (label or target.removeprefix("subteam^")).lstrip("@#!＠＃！")
    return f"{'#' if sign in '#＃﹟' else '@'}{_JOINER}{words}"
