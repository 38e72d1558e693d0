"""Who is who, who is on call, and whom to call instead."""

from collections.abc import Mapping
from datetime import datetime

from bot.config.people import Person
from bot.home.rules import is_on_call
from bot.incidents.route import Route
from bot.oncall.model import Covered
from bot.oncall.queries import Roster
from bot.operations.authority import mail_identity
from bot.operations.facts import Answer
from bot.store import Tx


class IsOnCall:
    """Whether somebody is on call on any schedule now: yes, no, or not known."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def __call__(self, tx: Tx, user: str, now: datetime) -> Answer:
        return is_on_call(self._roster.duties(tx, now), user)

    def now(self, tx: Tx, now: datetime) -> tuple[str, ...]:
        """Return the Slack users who certainly are on call, first responders first."""
        covering = (duty.now for duty in self._roster.duties(tx, now))
        engineers = (each for who in covering if isinstance(who, Covered) for each in who.engineers)
        return tuple(dict.fromkeys(each.user for each in engineers if each.user))


class EscalateTo:
    """Whom to call where nobody decides: who is on call for a channel's schedule, and its fallback."""

    def __init__(self, roster: Roster, routes: Mapping[str, Route]) -> None:
        self._roster, self._routes = roster, routes

    def __call__(self, tx: Tx, channel: str, now: datetime) -> tuple[str, ...]:
        route = self._routes.get(channel)
        names = (route.schedule,) if route else tuple(self._roster.fallbacks)
        return tuple(dict.fromkeys(user for name in names for user in self._of(tx, name, now)))

    def of_schedule(self, tx: Tx, schedule: str, now: datetime) -> tuple[str, ...]:
        """Return whom to call for a schedule; for one that is no longer configured, those of all."""
        names = (schedule,) if schedule in self._roster.fallbacks else tuple(self._roster.fallbacks)
        return tuple(dict.fromkeys(user for name in names for user in self._of(tx, name, now)))

    def _of(self, tx: Tx, schedule: str, now: datetime) -> tuple[str, ...]:
        duty = self._roster.duty(tx, schedule, now)
        engineers = duty.now.engineers if isinstance(duty.now, Covered) else ()
        return (*(each.user for each in engineers if each.user), duty.fallback)


def identities_of(people: tuple[Person, ...]) -> Mapping[str, frozenset[str]]:
    """Return what people.yaml knows of accounts and terminals: one entry is one person, and so is one mailbox."""
    found: dict[str, frozenset[str]] = {}
    for number, person in enumerate(people):
        mails = {mail_identity(mail) for mail in (person.google, person.opsgenie) if mail and "@" in mail}
        identity = frozenset({f"entry:{number}", *mails})
        accounts = (*(f"user:{user}" for user in person.accounts), *(f"cli:{each}" for each in person.cli))
        found |= dict.fromkeys(accounts, identity)
    return found
