"""Slack's sizes, and shortening to them so that a person sees that something is missing.

Source: docs.slack.dev, Block Kit reference; the same numbers are in slackblocks and in slack_sdk.models.
"""

import re
from typing import Final

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
SECTION: Final = 3000
FIELD: Final = 2000
FIELDS: Final = 10
HEADER: Final = 150
CONTEXT_ELEMENTS: Final = 10
CONTEXT: Final = 3000
ACTIONS_ELEMENTS: Final = 25
BUTTON: Final = 75
BUTTON_VALUE: Final = 2000
URL: Final = 3000
ACTION_ID: Final = 255
OPTION: Final = 75
OPTION_VALUE: Final = 150
SELECT_OPTIONS: Final = 100
OVERFLOW_OPTIONS: Final = 5
CHOICES: Final = 10
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30
PLACEHOLDER: Final = 150
LABEL: Final = 2000
VIEW_TITLE: Final = 24
PRIVATE_METADATA: Final = 3000
FALLBACK: Final = 4000

_MORE = "…"
_TORN = re.compile(r"(<[^<>]*|&[a-z]{0,4})\Z")


def shorten(value: str, limit: int) -> str:
    """Return `value`, or its beginning and an ellipsis where it is longer than `limit`."""
    return value if len(value) <= limit else value[: limit - len(_MORE)].rstrip() + _MORE


def shorten_mrkdwn(value: str, limit: int) -> str:
    """Shorten escaped mrkdwn without tearing an entity, a link, a mention or a code block apart."""
    if len(value) <= limit:
        return value
    fence = "```"
    cut = _TORN.sub("", value[: limit - len(_MORE) - len(fence) - 1]).rstrip()
    if cut.count(fence) % 2:
        return f"{cut.rstrip('`')}{_MORE}{fence}"
    if cut.rpartition("\n")[2].count("`") % 2:
        return f"{cut}{_MORE}`"
    return cut + _MORE
