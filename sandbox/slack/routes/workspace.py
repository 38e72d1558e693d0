"""The rest: auth, api, team, bots, emoji, apps, blocks."""

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import FOUNDED, Json
from sandbox.slack.rules import block_problems, view_problems

KINDS = ("blocks", "message", "view")


def auth_test(slack: Slack, caller: Caller, _args: Args) -> Json:
    team, user = slack.world.team, slack.workspace.users.get(caller.user)
    if user is None:
        return {"app_id": slack.world.app.id, "app_name": slack.world.app.name}
    bot = {"bot_id": caller.bot_id} if caller.bot_id else {}
    names = {"team": team.name, "user": user.name, "team_id": team.id, "user_id": user.id}
    return {"url": f"https://{team.domain}.slack.com/", **names, **bot, "is_enterprise_install": False}


def api_test(_slack: Slack, _caller: Caller, args: Args) -> Json:
    if args.has("error"):
        raise SlackError(args.text("error"), args=args.given)
    return {"args": {key: value for key, value in args.given.items() if key != "token"}}


def team_info(slack: Slack, _caller: Caller, _args: Args) -> Json:
    team = slack.world.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


def bots_info(slack: Slack, _caller: Caller, args: Args) -> Json:
    app, wanted = slack.world.app, args.text("bot")
    common = {"deleted": False, "updated": FOUNDED, "icons": {}}
    if wanted == app.bot_id:
        return {"bot": {"id": app.bot_id, "name": app.name, "app_id": app.id, "user_id": app.bot_user, **common}}
    tool = slack.world.tool(wanted)
    if tool is None:
        raise SlackError("bot_not_found")
    more = {"app_id": tool.app_id, "user_id": tool.user} if tool.user else {}
    return {"bot": {"id": tool.id, "name": tool.name, **more, **common}}


def emoji_list(slack: Slack, _caller: Caller, _args: Args) -> Json:
    """The workspace has no emoji of its own."""
    return {"emoji": {}, "cache_ts": str(slack.workspace.seconds())}


def connections_open(slack: Slack, caller: Caller, _args: Args) -> Json:
    """A WebSocket URL for one Socket Mode connection; needs the app-level token."""
    if caller.kind != "app":
        raise SlackError("not_allowed_token_type")
    place = slack.base_url.replace("http", "ws", 1)
    return {"url": f"{place}/link/?ticket={slack.sockets.new_ticket()}&app_id={slack.world.app.id}"}


def blocks_validate(_slack: Slack, _caller: Caller, args: Args) -> Json:
    """Judge exactly one of blocks, message and view; every problem names its place."""
    given = [kind for kind in KINDS if args.has(kind)]
    if len(given) != 1:
        raise SlackError("invalid_arguments", f"must provide exactly one of {', '.join(KINDS)}")
    kind = given[0]
    payload = args.json(kind, f"invalid_{kind}")
    if kind == "view":
        problems = view_problems(payload)
    elif kind == "message":
        problems = block_problems(payload.get("blocks", []), "/message/blocks")
    else:
        problems = block_problems(payload)
    if problems:
        raise SlackError(f"invalid_{kind}", errors=[problem.json() for problem in problems])
    return {}
