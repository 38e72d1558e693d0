"""Who was, is and will be on call as one line: the past as history has it, the rest as the provider plans it."""

from dataclasses import dataclass
from datetime import datetime

from bot.handoff.turns import Stretch, cut, joined
from bot.oncall import snapshots
from bot.oncall.history import stints
from bot.oncall.model import Certainty, Snapshot, Stint
from bot.oncall.queries import Roster, candidates
from bot.oncall.rules import STALE_AFTER, engineer
from bot.ports.paging import Somebody, Unknown
from bot.ports.shifts import key_of
from bot.store import Tx


@dataclass(frozen=True, slots=True)
class Known:
    """The line, complete until `until`; who is on call now has been so since `on_call_since`, where somebody knows."""

    line: tuple[Stretch, ...]
    until: datetime
    on_call_since: datetime | None


@dataclass(frozen=True, slots=True)
class Rota:
    roster: Roster

    def known(self, tx: Tx, schedule: str, start: datetime, now: datetime) -> Known | None:
        """Return the line from `start` on. None: the provider has not answered lately, so the plan may have changed."""
        snapshot = snapshots.load(tx, schedule)
        if snapshot is None or isinstance(snapshot.on_call, Unknown) or now - snapshot.fetched_at > STALE_AFTER:
            return None
        past = map(_stretch, stints(tx, schedule, start, snapshot.fetched_at)) if start < snapshot.fetched_at else ()
        ahead = cut(self._planned(tx, snapshot), max(start, snapshot.fetched_at))
        since = snapshot.on_call.since if isinstance(snapshot.on_call, Somebody) else None
        return Known(joined((*past, *ahead)), snapshot.known_until, since)

    def _planned(self, tx: Tx, snapshot: Snapshot) -> list[Stretch]:
        """Return the planned shifts, with what follows the last of them where it is known that nobody does."""
        identities, people = self.roster.identities, {who for each in snapshot.shifts for who in each.responders}
        accounts = candidates(tx, people, identities)
        named = {who: engineer(who, identities, accounts) for who in people}
        planned = [
            Stretch(
                tuple(named[who] for who in each.responders),
                each.start_at,
                each.end_at,
                key_of(each.responders[0]),
                each.is_override,
            )
            for each in snapshot.shifts
            if each.responders
        ]
        ends_at = max((each.end_at for each in planned), default=snapshot.fetched_at)
        return [*planned, *([Stretch((), ends_at, snapshot.known_until)] if ends_at < snapshot.known_until else [])]


def _stretch(stint: Stint) -> Stretch:
    is_known = stint.certainty is not Certainty.UNKNOWN
    first = stint.keys[0] if stint.keys else ""
    return Stretch(stint.engineers, stint.since, stint.until, first, stint.is_override, is_known)
