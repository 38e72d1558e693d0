"""What a handoff's card, draft and forms show: its life, what it carries, and the report of its turn. Pure values."""

from dataclasses import dataclass
from datetime import timedelta

from bot.handoff.life import FollowUp, Handoff
from bot.handoff.model import Report
from bot.text import MessageLink, Param


@dataclass(frozen=True, slots=True)
class OpenThing:
    """One thing that is open when the shift ends; whoever hands over may say its next step."""

    ref: str
    label: Param


@dataclass(frozen=True, slots=True)
class HandoffCard:
    """`report` is that of the turn so far; `fallback` stands in where nobody is known.

    `link` leads to the posted card, once there is one.
    """

    handoff: Handoff
    report: Report
    open: tuple[OpenThing, ...]
    follow_ups: tuple[FollowUp, ...]
    fallback: str
    grace: timedelta
    link: MessageLink | None = None
