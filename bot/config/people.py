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
    also_slack: tuple[SlackUser, ...] = ()
    """Further Slack accounts of the same person, who never approves what they asked for themselves."""
    cli: tuple[str, ...] = ()
    """Terminals of this person, as `USER@HOST`; what is asked for there is asked for by them."""
    zone: Zone | None = None
    language: Language | None = None

    @property
    def accounts(self) -> tuple[str, ...]:
        return (self.slack, *self.also_slack)


PEOPLE = TypeAdapter(tuple[Person, ...])
