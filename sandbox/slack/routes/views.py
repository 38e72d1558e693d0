"""views.*: modals and the Home tab."""

from typing import Any

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json
from sandbox.slack.rules import check_view


def open_view(slack: Slack, _caller: Caller, args: Args) -> Json:
    view = _checked(args, "modal")
    user = slack.triggers.redeem(_trigger(args))
    opened = slack.views.open(user, view)
    slack.stream.publish("view_opened", {"view": opened}, [user])
    return {"view": opened}


def push(slack: Slack, _caller: Caller, args: Args) -> Json:
    view = _checked(args, "modal")
    user = slack.triggers.redeem(_trigger(args))
    if not slack.views.top(user):
        raise SlackError("view_not_found")
    pushed = slack.views.push(user, view)
    slack.stream.publish("view_pushed", {"view": pushed}, [user])
    return {"view": pushed}


def update(slack: Slack, _caller: Caller, args: Args) -> Json:
    if not args.has("view_id") and not args.has("external_id"):
        raise SlackError("invalid_arguments", "missing required field: view_id")
    view = slack.views.find(args.text("view_id"), args.text("external_id"))
    changed = slack.views.update(view, _checked(args, view["type"]), args.text("hash"))
    owner = slack.views.owners[changed["id"]]
    slack.stream.publish("home" if changed["type"] == "home" else "view_updated", {"view": changed}, [owner])
    return {"view": changed}


def publish(slack: Slack, _caller: Caller, args: Args) -> Json:
    view = _checked(args, "home")
    user = slack.workspace.user(args.need("user_id"))
    if user.is_bot:
        raise SlackError("not_enabled")
    shown = slack.views.publish(user.id, view, args.text("hash"))
    slack.stream.publish("home", {"view": shown}, [user.id])
    return {"view": shown}


def _checked(args: Args, kind: str) -> dict[str, Any]:
    view = args.json("view", "invalid_arguments")
    if view is None:
        raise SlackError("invalid_arguments", "missing required field: view")
    check_view(view, kind)
    return dict(view)


def _trigger(args: Args) -> str:
    """`interactivity_pointer` is the newer name of the same thing."""
    return args.text("trigger_id") or args.text("interactivity_pointer") or args.need("trigger_id")
