"""The configuration of pages into the domain's own values: whom they wake, whom they name, what calls Baton back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from bot.actor import Actor
from bot.config.load import Config
from bot.config.model import Route as RouteConfig
from bot.config.paging import NEVER
from bot.config.people import Person
from bot.config.schedules import PAGING, HostedSchedule
from bot.directory.queries import addresses
from bot.pages.model import Destination, PageRules
from bot.store import Tx


def destinations_of(config: Config) -> Mapping[str, Destination]:
    """Return by name the schedules that can be paged: none in shadow mode."""
    hosted = {name: each for name, each in config.baton.schedules.items() if isinstance(each, HostedSchedule)}
    return {name: Destination(name, each.provider, each.key) for name, each in hosted.items()} if config.is_live else {}


def page_rules_of(config: Config, route: RouteConfig) -> PageRules | None:
    """Return whom a route pages: nobody where it never does, and in shadow mode."""
    name = route.schedule if route.page in PAGING else route.page
    destination = destinations_of(config).get(name) if route.page != NEVER else None
    if destination is None:
        return None
    return PageRules(destination, frozenset(route.page_for), route.escalate_after, route.page_team or "")


def pager_of(config: Config) -> str:
    """Return the provider whose alerts are read where its own posts in Slack name them: the first with alerts."""
    providers = [each.provider for each in config.baton.schedules.values() if each.provider in PAGING]
    return providers[0] if providers else ""


@dataclass(frozen=True, slots=True)
class ProviderWebhook:
    """Where a provider's webhook calls, and what proves that it is the provider's."""

    path: str
    header: str
    secret: SecretStr
    channel: str | None = None


def webhooks_of(config: Config) -> Mapping[str, ProviderWebhook]:
    """Return the webhooks of the on-call providers, by provider."""
    jsm, secrets = config.baton.jsm, config.secrets
    told = {
        "opsgenie": (config.baton.opsgenie.webhook, secrets.opsgenie_webhook_secret),
        "jsm": (jsm.webhook if jsm else None, secrets.jsm_webhook_secret),
    }
    return {
        name: ProviderWebhook(hook.path, hook.header, secret, hook.channel)
        for name, (hook, secret) in told.items()
        if hook and secret
    }


def alert_channels_of(config: Config) -> Mapping[str, str]:
    """Return by provider the channel in which its alerts open incidents that only a webhook told of."""
    return {name: hook.channel for name, hook in webhooks_of(config).items() if hook.channel}


def signature_of(people: tuple[Person, ...]) -> Callable[[Tx, Actor], str]:
    """Return who tells as whom something is done at the on-call provider: by people.yaml, else by Slack's e-mail."""
    named = {user: each.opsgenie for each in people if each.opsgenie for user in each.accounts}

    def sign(tx: Tx, actor: Actor) -> str:
        if not actor.is_person:
            return "Baton"
        return named.get(actor.id) or next(iter(addresses(tx, [actor.id])), actor.id)

    return sign
