"""Whom a route pages at the on-call provider, and where the provider tells Baton what happened there."""

from datetime import timedelta

from bot.config.kinds import Duration, OrOff, SecretPath, SlackChannel, Slug
from bot.config.strict import Strict
from bot.triage.model import Severity

NEVER = "never"


class Paging(Strict):
    """A page is an alert at the provider: somebody is woken. In shadow mode nobody ever is."""

    page: Slug = NEVER
    """`never`; `opsgenie` or `jsm`: the route's own schedule there; or the name of another schedule with alerts."""
    page_for: tuple[Severity, ...] = (Severity.CRITICAL, Severity.ERROR)
    """What is not held or silenced pages when it opens, comes back or gets worse, if it is of these severities."""
    escalate_after: OrOff[Duration] = timedelta(minutes=15)
    """Unacknowledged for so long, the second on call is called, after as long again the team; or `off`."""
    page_team: str | None = None
    """The team at the provider that is paged last. The schedule's fallback is mentioned in Slack all the same."""


class Webhook(Strict):
    """What the provider's outgoing webhook calls. Its secret is in the environment: BATON_OPSGENIE_WEBHOOK_SECRET."""

    path: SecretPath
    """Where it calls; long and random, since it is known to nobody else."""
    header: str = "X-Baton-Secret"
    """The custom header with which it sends the secret."""
    channel: SlackChannel | None = None
    """The channel in which alerts that Baton did not make open incidents; absent: they are only linked."""
