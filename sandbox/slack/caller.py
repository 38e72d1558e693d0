"""Who calls the Web API, by token."""

from dataclasses import dataclass

from sandbox.slack.errors import SlackError
from sandbox.world import World


@dataclass(frozen=True)
class Caller:
    """The app's bot, an administrator's user token (`bot_id` None), or the app itself (`user` "")."""

    user: str
    bot_id: str | None
    kind: str  # bot, user or app


def caller_of(token: str, world: World) -> Caller:
    """Raises `not_authed` without a token and `invalid_auth` for an unknown one."""
    app = world.app
    if not token:
        raise SlackError("not_authed")
    if token == app.bot_token:
        return Caller(app.bot_user, app.bot_id, "bot")
    if token == app.app_token:
        return Caller("", None, "app")
    if token == app.admin_token and app.admin_user:
        return Caller(app.admin_user, None, "user")
    raise SlackError("invalid_auth")
