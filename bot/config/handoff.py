"""The sections `handoff` and `digest`: when a shift is handed over, and what the team's lead is told each week."""

from datetime import time, timedelta

from bot.config.hours import Weekday
from bot.config.kinds import Duration, SlackPlace, TimeOfDay, Zone
from bot.config.strict import Strict


class Handoff(Strict):
    """The handoffs of every schedule that has a channel."""

    draft_before: Duration = timedelta(hours=1)
    """How long before the shift ends its draft goes to the person whose shift it is."""
    grace: Duration = timedelta(hours=2)
    """How long after the end a signature is waited for. Then the handoff is posted unsigned."""
    covers_under: Duration = timedelta(hours=24)
    """An override shorter than this is a cover: a short note, no handoff."""
    remind_after: Duration = timedelta(hours=4)
    """When whoever takes over has not accepted it for so long they are reminded, once."""
    canvas: bool = False
    """Also as a canvas in the thread; Baton's app needs the scope `canvases:write` for that."""


class Digest(Strict):
    """One message a week for the team's lead."""

    to: SlackPlace
    """A channel (C…) or one person (U…)."""
    day: Weekday = Weekday.MON
    at: TimeOfDay = time(9, 30)
    zone: Zone | None = None
    """Where that time is meant; the default zone if absent."""
