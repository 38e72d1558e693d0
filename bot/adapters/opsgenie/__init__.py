"""The one door to Opsgenie. The SDK has no schedules and no on-calls, so these are read over plain HTTP."""

from datetime import date
from typing import TYPE_CHECKING

from bot.adapters.opsgenie.api import Api
from bot.adapters.opsgenie.schedules import OpsgenieSchedules

if TYPE_CHECKING:
    from bot.adapters.opsgenie.alerts import OpsgenieAlerts

__all__ = ["LAST_DAY", "NAME", "URL", "OpsgenieSchedules", "connect", "connect_alerts"]

NAME = OpsgenieSchedules.name
URL = "https://api.opsgenie.com"
LAST_DAY = date(2027, 4, 5)
"""When Opsgenie ends for everybody, by Atlassian; accounts that were migrated end earlier."""


def connect(api_key: str, url: str = URL) -> OpsgenieSchedules:
    """Return the on-call schedules of the account of this API key; accounts in the EU have a URL of their own."""
    return OpsgenieSchedules(Api(api_key, url))


def connect_alerts(api_key: str, url: str = URL) -> "OpsgenieAlerts":
    """Return the alerts of the same account."""
    from bot.adapters.opsgenie.alerts import OpsgenieAlerts  # noqa: PLC0415 - the SDK takes a second to import
    from bot.adapters.opsgenie.sdk import Sdk  # noqa: PLC0415 - as above

    return OpsgenieAlerts(Sdk(api_key, url))
