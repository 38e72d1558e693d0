"""Whether an incident wakes somebody. Pure."""

from dataclasses import dataclass

from bot.incidents.route import Route
from bot.oncall.model import Decision, Held
from bot.pages.model import PageRules
from bot.triage.model import Severity


@dataclass(frozen=True, slots=True)
class Paged:
    """An incident of this route and severity wakes somebody by these rules."""

    route: str
    rules: PageRules
    severity: Severity


def wakes(route: Route, severity: Severity) -> bool:
    """Whether incidents of this severity page at all."""
    return route.paging is not None and severity in route.paging.severities


def paged(route: Route, severity: Severity, decision: Decision) -> Paged | None:
    """Return how an incident that opens, comes back or gets worse pages, None where it wakes nobody.

    What its mention waits for (a silence, the morning, Airflow's own retries) the page waits for, too. A severity
    that never mentions anybody in Slack may page all the same.
    """
    if route.paging is None or not wakes(route, severity) or isinstance(decision, Held):
        return None
    return Paged(route.name, route.paging, severity)
