"""Recorded events made into others that nobody has seen: other types, cuts, repetitions, strange letters, secrets."""

import json
from random import Random
from typing import Any

from tests.triage.planted import BY_LOOK, BY_NAME, KEY_LINES

# What Slack writes by itself carries no words of a tool.
_SLACKS_OWN = {"type", "subtype", "ts", "event_ts", "thread_ts", "channel", "channel_type", "team", "bot_id", "user"}
_SLACKS_OWN |= {"app_id", "team_id", "parent_user_id"}
_ODD = (
    "",
    " ",
    "\n",
    "\x00",
    "\ud800",
    "\u200b",
    "＠",
    "‹redacted:",
    "```",
    "<!here>",
    "&lt;",
    "\\n",
    '"',
    "가",
    "😀",
    "\u202e",
)
_VALUES = ("null", "true", "-1", "1e308", '""', "[]", "{}", "[[]]", '{"text": {}}', "1" + "0" * 18)  # as JSON
PEM = f"-----BEGIN PRIVATE KEY-----\n{KEY_LINES}\n-----END PRIVATE KEY-----"
SECRETS = {**{text: text for text in BY_LOOK.values()}, **dict.fromkeys(BY_NAME, "hunter2"), PEM: "hunter2"}
"""How a secret stands in a text, and what must not be left of it."""

Event = dict[str, Any]


def mutated(event: Event, chance: Random) -> Event:
    """Return another event with a few things changed."""
    other: Event = json.loads(json.dumps(event))
    for _ in range(chance.randrange(4)):
        holder, key = chance.choice(_places(other))
        item = holder[key]
        if isinstance(item, str) and chance.random() < 0.8:
            holder[key] = _other_text(item, chance)
        elif isinstance(item, list) and item and chance.random() < 0.5:
            item.insert(chance.randrange(len(item) + 1), json.loads(json.dumps(chance.choice(item))))
        elif isinstance(holder, dict) and chance.random() < 0.5:
            del holder[key]
        else:
            holder[key] = json.loads(chance.choice(_VALUES))
    return other


def plant(event: Event, secret: str, chance: Random) -> Event:
    """Return the event with the secret between white space in one of its texts, alone, or where no tool puts words."""
    other: Event = json.loads(json.dumps(event))
    if chance.random() < 0.05:
        return other | {chance.choice(("extra", secret)): {"deep": [secret]}}
    texts = [(h, k) for h, k in _places(other) if isinstance(h[k], str) and k not in _SLACKS_OWN]
    if not texts:
        return other | {"text": secret}
    holder, key = chance.choice(texts)
    text, end = holder[key], chance.choice(" \n")
    at = chance.randrange(len(text) + 1)
    holder[key] = chance.choice((f"{text[:at]}{end}{secret}{end}{text[at:]}", secret, f"{text}{end}{secret}"))
    return other


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a JSON value, as what holds it and the key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in ((value, key), *_places(value[key]))]


def _other_text(text: str, chance: Random) -> str:
    at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
    return chance.choice(
        (
            text[:at],
            text[:at] + text[to:],
            text[:at] + chance.choice(_ODD) + text[at:],
            text[:at] + text[at:to] * 3 + text[to:],
            text.upper(),
            text[::-1],
            text.replace(" ", chance.choice(_ODD)),
        )
    )
