"""What a watched channel's alerts are treated by. Pure."""

from dataclasses import dataclass, field

from bot.incidents.rules import Windows
from bot.incidents.storm_rules import StormRules
from bot.loads import Loads
from bot.oncall.model import MentionRules, WorkingHours
from bot.pages.model import PageRules


@dataclass(frozen=True, slots=True)
class Route:
    """One route for one channel.

    `card_channel` None: in the thread of the first alert. `storm` None: each incident has a card, however many come.
    `paging` None: nobody is woken.
    """

    name: str
    schedule: str
    language: str
    windows: Windows
    mentions: MentionRules
    hours: WorkingHours
    card_channel: str | None = None
    airflow: str = ""
    storm: StormRules | None = None
    loads: Loads = field(default_factory=Loads)
    paging: PageRules | None = None
