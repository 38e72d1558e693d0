"""One line of a thing's history: who did what when."""

from dataclasses import dataclass
from datetime import datetime

from bot.actor import Actor
from bot.text import Text


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime
    actor: Actor
    body: Text
