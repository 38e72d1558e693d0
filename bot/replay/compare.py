"""What another configuration would make of the same messages: only what differs, and what that adds up to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.oncall.model import Held, Notify
from bot.replay.lines import events, result
from bot.replay.memory import Memory, Reading
from bot.replay.setup import Setup
from bot.triage.escape import shorten
from bot.triage.model import Kind

_NOTHING = "–"
_SHOWN = 160  # characters of a value


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One message of which something would be decided otherwise."""

    key: str
    said: str
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Tally:
    """What one configuration makes of all messages: incidents opened, mentions at once, mentions held."""

    memory: Memory
    mentions: int = 0
    held: int = 0

    def take(self, event: Mapping[str, Any]) -> Reading:
        reading = self.memory.take(event)
        self.mentions += isinstance(reading.mention, Notify)
        self.held += isinstance(reading.mention, Held)
        return reading

    @property
    def incidents(self) -> int:
        return self.memory.opened

    @property
    def lines(self) -> int:
        return self.memory.taken


@dataclass(slots=True)
class Comparison:
    before: Tally
    after: Tally
    changed: int = 0

    def differences(self, lines: Iterable[str]) -> Iterator[Difference]:
        """Yield what differs, in the order of the messages. Raises ValueError for a line that is no JSON object."""
        for key, event in events(lines):
            before, after = self.before.take(event), self.after.take(event)
            changes = tuple(_changes(_told(before), _told(after)))
            if changes:
                self.changed += 1
                yield Difference(key, _shown(before.alert.title or before.message.text), changes)


def compare(before: Setup, after: Setup) -> Comparison:
    return Comparison(Tally(Memory(before)), Tally(Memory(after)))


def _told(reading: Reading) -> dict[str, str]:
    """Return all that was decided about a message, field by field. Of noise nothing else matters."""
    if reading.kind is Kind.NOISE:
        return {"kind": Kind.NOISE.value}
    told = result("", reading)
    resource = told.pop("resource")
    decided = {
        **told,
        **{f"resource.{name}": value for name, value in resource.items()},
        "aspect": reading.alert.aspect,
        "owner": reading.alert.owner,
        "route": reading.route.name,
        "incident": type(reading.decision).__name__.lower() if reading.decision else "",
        "mention": type(reading.mention).__name__.lower() if reading.mention else "",
    }
    return {name: str(value or "") for name, value in decided.items()}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield Change(name, _shown(old), _shown(new))


def _shown(value: str) -> str:
    return shorten(" ⏎ ".join(line.strip() for line in value.split("\n") if line.strip()), _SHOWN) or _NOTHING
