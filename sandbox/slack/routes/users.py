"""users.*: people and what channels they are in."""

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import FOUNDED, Json
from sandbox.slack.routes.conversations import kind_of

SLACKBOT: Json = {  # every workspace has it; is_bot is false although it is one
    "id": "USLACKBOT",
    "name": "slackbot",
    "real_name": "Slackbot",
    "deleted": False,
    "is_bot": False,
    "is_app_user": False,
    "updated": FOUNDED,
    "profile": {"real_name": "Slackbot", "display_name": "Slackbot"},
}


def list_all(slack: Slack, _caller: Caller, args: Args) -> Json:
    now, locale = slack.clock.now(), args.flag("include_locale")
    everybody = [SLACKBOT | {"team_id": slack.world.team.id}]
    everybody += [user.json(now, with_locale=locale) for user in slack.workspace.users.values()]
    page, cursor = args.page(everybody, 1000)
    return {"members": page, "cache_ts": slack.workspace.seconds(), "response_metadata": {"next_cursor": cursor}}


def info(slack: Slack, _caller: Caller, args: Args) -> Json:
    user = slack.workspace.user(args.need("user"))
    return {"user": user.json(slack.clock.now(), with_locale=args.flag("include_locale"))}


def lookup_by_email(slack: Slack, _caller: Caller, args: Args) -> Json:
    wanted = args.need("email").lower()
    for user in slack.workspace.users.values():
        if user.email.lower() == wanted and not user.is_bot:
            return {"user": user.json(slack.clock.now())}
    raise SlackError("users_not_found")


def conversations(slack: Slack, caller: Caller, args: Args) -> Json:
    user = args.text("user", caller.user)
    slack.workspace.user(user)
    wanted = args.names("types") or ["public_channel"]
    mine = [c for c in slack.workspace.channels.values() if user in c.members and kind_of(c) in wanted]
    page, cursor = args.page(mine)
    return {"channels": [c.json(caller.user) for c in page], "response_metadata": {"next_cursor": cursor}}


def get_presence(slack: Slack, caller: Caller, args: Args) -> Json:
    """Active is who has a page open."""
    user = slack.workspace.user(args.text("user", caller.user))
    return {"presence": "active" if slack.stream.watched_by(user.id) else "away"}
