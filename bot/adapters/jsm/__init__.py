"""The one door to Jira Service Management Operations, Opsgenie's successor: the same model behind Atlassian's edge."""

from bot.adapters.jsm.alerts import JsmAlerts
from bot.adapters.jsm.api import Account, Api
from bot.adapters.jsm.schedules import JsmSchedules

__all__ = ["Account", "JsmAlerts", "JsmSchedules", "connect", "connect_alerts"]


def connect(account: Account) -> JsmSchedules:
    """Return the on-call schedules that this person sees."""
    return JsmSchedules(Api(account))


def connect_alerts(account: Account) -> JsmAlerts:
    """Return the alerts that this person sees; what Baton does to them, it does in this person's name."""
    return JsmAlerts(Api(account))
