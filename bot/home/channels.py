"""Where it is told what somebody begins on their Home: where those work together who are on call."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.actor import Actor
from bot.clock import Clock
from bot.home import rules, service
from bot.oncall.queries import Roster
from bot.store import Tx


@dataclass(frozen=True, slots=True)
class Channels:
    """`of` are the channels of schedules, by name, in the order of the configuration."""

    roster: Roster
    of: Mapping[str, str]
    clock: Clock

    def __call__(self, tx: Tx, actor: Actor) -> str:
        """Return the channel of the schedule that they are on call for, else that of the first.

        Where no schedule has one, it is the person's own conversation with Baton.
        """
        duties = self.roster.duties(tx, self.clock.now())
        own = (duty.schedule for duty in rules.on_call_of(duties, actor.id))
        found = (self.of[name] for name in (*own, *self.of) if name in self.of)
        return next(found, "") or service.channel_of(tx, actor.team, actor.id)
