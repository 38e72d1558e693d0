"""What requests are treated by: where they are asked, what was promised, who is on call, who may do what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.oncall.model import Duty, WorkingHours
from bot.operations.authority import Authorise
from bot.outbox import Place
from bot.requests.kind import Kind
from bot.requests.model import Origin
from bot.requests.reading import Vocabulary
from bot.requests.rules import Pace, Promise
from bot.store import Tx
from bot.views.reader import Reader

OPEN_DEED, HANDLE_DEED = "request.open", "request.handle"
DEEDS = (OPEN_DEED, HANDLE_DEED)
"""What a policy may allow people to do with requests. Who asked for one may always withdraw it."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A channel in which colleagues ask. `recognise` is `off`, `ask` or `open`; `forms` are the bots of its forms."""

    schedule: str
    language: str
    recognise: str = "ask"
    forms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Desk:
    """`elsewhere` is what counts for requests from channels that are not in `channels`; they are shown at `home`.

    Without a home they are shown where they were asked. In shadow mode nobody is written to directly.
    """

    channels: Mapping[str, Watched]
    elsewhere: Watched
    hours: WorkingHours
    duty: Callable[[Tx, str, datetime], Duty]
    authorise: Authorise
    reader_of: Callable[[Tx, str, str], Reader]
    vocabulary: Callable[[Tx, datetime], Vocabulary]
    home: str | None = None
    promises: Mapping[Kind, Promise] = field(default_factory=dict)
    nudge_before: timedelta = timedelta(minutes=30)
    unanswered_after: timedelta = timedelta(hours=40)
    is_live: bool = True

    def promise(self, kind: Kind) -> Promise:
        return self.promises.get(kind, Promise())

    @property
    def pace(self) -> Pace:
        return Pace(self.nudge_before, self.unanswered_after, self.hours)

    def watched(self, channel: str) -> Watched:
        """Return how requests from that channel are treated."""
        return self.channels.get(channel) or self.channels.get(self.home or "") or self.elsewhere

    def place(self, origin: Origin) -> Place:
        """Return where a request's card goes: under the message that asked, or into the channel of requests."""
        if origin.channel in self.channels or self.home is None:
            return Place(origin.channel, origin.thread or None, self.watched(origin.channel).language)
        return Place(self.home, language=self.watched(self.home).language)
