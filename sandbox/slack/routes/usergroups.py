"""usergroups.*: whom an @handle reaches."""

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json, User


def list_all(slack: Slack, _caller: Caller, args: Args) -> Json:
    groups = [g for g in slack.workspace.groups.values() if g.enabled or args.flag("include_disabled")]
    return {"usergroups": [group.json(with_users=args.flag("include_users")) for group in groups]}


def users_list(slack: Slack, _caller: Caller, args: Args) -> Json:
    return {"users": list(slack.workspace.group(args.need("usergroup")).users)}


def users_update(slack: Slack, caller: Caller, args: Args) -> Json:
    """Replace the whole list. It cannot become empty, and guests and bots are refused."""
    group = slack.workspace.group(args.need("usergroup"))
    names = list(dict.fromkeys(args.names("users")))
    if not names:
        raise SlackError("no_users_provided")
    for name in names:
        _refuse_outsiders(slack.workspace.users.get(name))
    changed = slack.workspace.set_group(group, caller.user, users=names)
    return {"usergroup": changed.json(with_users=True)}


def enable(slack: Slack, caller: Caller, args: Args) -> Json:
    group = slack.workspace.group(args.need("usergroup"))
    if group.enabled:
        raise SlackError("already_enabled")
    return {"usergroup": slack.workspace.set_group(group, caller.user, enabled=True).json()}


def disable(slack: Slack, caller: Caller, args: Args) -> Json:
    group = slack.workspace.group(args.need("usergroup"))
    if not group.enabled:
        raise SlackError("already_disabled")
    return {"usergroup": slack.workspace.set_group(group, caller.user, enabled=False).json()}


def _refuse_outsiders(user: User | None) -> None:
    if user is None or user.is_bot or user.is_restricted:
        raise SlackError("invalid_user")
