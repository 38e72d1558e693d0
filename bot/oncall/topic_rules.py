"""Baton's marked part of a channel's topic, in what people wrote around it. Pure."""

import re
from collections.abc import Sequence

MOST = 250  # characters of a topic, docs.slack.dev: conversations.setTopic
_OPEN, _CLOSE = "⟦", "⟧"
_MARKED = re.compile(f"{_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}")


def with_part(topic: str, candidates: Sequence[str]) -> str | None:
    """Return the topic with Baton's part in its place, or before the rest where there is none yet.

    Of the candidates the first that fits counts: what people wrote is never cut. None where none fits.
    """
    return next((whole for part in candidates if len(whole := _placed(topic, part)) <= MOST), None)


def _placed(topic: str, part: str) -> str:
    marked = _OPEN + part.translate({ord(_OPEN): "[", ord(_CLOSE): "]"}) + _CLOSE
    found = _MARKED.search(topic)
    if found is None:
        return f"{marked} {topic}".rstrip()
    rest = _MARKED.sub("", topic[found.end() :])  # a copy that somebody made goes
    return topic[: found.start()] + marked + rest
