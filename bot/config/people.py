"""`people.yaml`: who is who in Slack, at the on-call provider and at Google. It wins over e-mail matching."""

from pydantic import TypeAdapter

from bot.config.kinds import Email, SlackUser, Zone
from bot.config.model import Language
from bot.config.strict import Strict


class Person(Strict):
    slack: SlackUser
    name: str
    opsgenie: str | None = None
    """Their user name (an e-mail address) or user id at Opsgenie."""
    jsm: str | None = None
    """Their Atlassian account id, where Jira does not show their e-mail address."""
    calendar: str | None = None
    """How the events of an iCal calendar name them, where that is not by e-mail address."""
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

    @property
    def provider_ids(self) -> tuple[str, ...]:
        """How on-call providers name them."""
        return tuple(name for name in (self.opsgenie, self.jsm, self.calendar) if name)


PEOPLE = TypeAdapter(tuple[Person, ...])
