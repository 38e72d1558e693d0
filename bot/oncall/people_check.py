"""Who of the coming rota cannot be found in Slack, and why: what `baton people check` prints."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.oncall.model import Identity
from bot.oncall.rules import accounts, engineer, named_users
from bot.ports.paging import Responder, Shift
from bot.ports.shifts import key_of
from bot.ports.slack import SlackPerson
from bot.text import Text, text


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do. `first_at` is when it begins to matter, None where it does already."""

    words: Text
    schedule: str | None = None
    first_at: datetime | None = None


def check(
    shifts: Mapping[str, Sequence[Shift]], identities: Sequence[Identity], directory: Sequence[SlackPerson]
) -> list[Problem]:
    """Return what is wrong with people.yaml, then with the people of the coming shifts by schedule, soonest first.

    `directory` holds every account of the workspace: what it lacks, Slack lacks.
    """
    known = {person.user for person in directory}
    strangers = dict.fromkeys(entry.user for entry in identities if entry.user not in known)
    found = [Problem(text("people.no_such_user", user=user)) for user in strangers]
    for schedule, rota in shifts.items():
        for responder, first_at in _first_shifts(rota):
            if words := _wrong_with(responder, identities, directory):
                found.append(Problem(words, schedule, first_at))
    return found


def _first_shifts(rota: Sequence[Shift]) -> Iterator[tuple[Responder, datetime]]:
    """Yield everybody once, with their first shift, soonest first."""
    seen: set[str] = set()
    for shift in sorted(rota, key=lambda shift: shift.start_at):
        for responder in shift.responders:
            if key_of(responder) not in seen:
                seen.add(key_of(responder))
                yield responder, shift.start_at


def _wrong_with(responder: Responder, identities: Sequence[Identity], directory: Sequence[SlackPerson]) -> Text | None:
    """Say why Baton would not call this responder, or what they may not do when it does."""
    found = accounts(responder, identities, directory)
    doubt = engineer(responder, identities, directory).doubt
    who = responder.email or responder.display or responder.provider_id
    users = tuple(person.user for person in found) or named_users(responder, identities)
    if doubt is not None:
        return text(f"people.{doubt}", who=who, users=users)
    return text("people.guest_on_call", who=who, users=users) if found[0].is_guest else None
