"""`people.yaml`: who is who in Slack, at the on-call provider and at Google. It wins over e-mail matching."""

from pydantic import TypeAdapter

from bot.config.kinds import Email, SlackUser, Zone
from bot.config.model import Language, Strict


class Person(Strict):
    slack: SlackUser
    name: str
    opsgenie: str | None = None
    """Their user name (an e-mail address) or user id at Opsgenie."""
    google: Email | None = None
    zone: Zone | None = None
    language: Language | None = None


PEOPLE = TypeAdapter(tuple[Person, ...])
