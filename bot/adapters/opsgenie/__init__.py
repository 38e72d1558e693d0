"""The one door to Opsgenie. The SDK has no schedules and no on-calls, so these are read over plain HTTP."""

from bot.adapters.opsgenie.api import Api
from bot.adapters.opsgenie.schedules import OpsgenieSchedules

__all__ = ["OpsgenieSchedules", "connect"]


def connect(api_key: str, url: str = "https://api.opsgenie.com") -> OpsgenieSchedules:
    """Return the on-call schedules of the account of this API key; accounts in the EU have a URL of their own."""
    return OpsgenieSchedules(Api(api_key, url))
