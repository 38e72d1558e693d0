"""Submitting and closing modals: what a person's client checks, and what the app's answer does."""

from typing import Any

from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.payloads import common, response_url
from sandbox.slack.people import Json, User
from sandbox.slack.rules import check_view
from sandbox.slack.tickets import Reply
from sandbox.slack.transport import Kind

REQUIRED = "Please complete this required field."
URL_KEYS = {"conversations_select": "selected_conversation", "channels_select": "selected_channel"}


async def submit(slack: Slack, user: User, view_id: str, values: Json) -> Json:
    """Submit the modal on top. `{"ok": False, "errors": {block_id: text}}` when a field is refused."""
    view = _top(slack, user, view_id)
    slack.views.enter(view, values)
    if errors := field_errors(view):
        return _refused(slack, user, view, errors)
    payload = common(slack, user, "view_submission") | {
        "trigger_id": slack.triggers.issue(user.id),
        "view": view,
        "response_urls": _response_urls(slack, user, view),
    }
    ack = await slack.deliver.ask(Kind.INTERACTIVE, payload)
    if not ack.ok:
        return slack.failed(user.id, ack, "Submitting the form", view_id=view_id)
    try:
        return _respond(slack, user, view, ack.body)
    except SlackError as error:
        text = f"The app's answer to the form was refused: {error.code} {'; '.join(error.messages)}"
        slack.stream.publish("error", {"error": error.code, "text": text, "view_id": view_id}, [user.id])
        return {**error.answer(), "text": text}


async def close(slack: Slack, user: User, view_id: str) -> Json:
    """Close the modal on top (with `clear_on_close`, the whole stack); tells the app if it asked for that."""
    view = _top(slack, user, view_id)
    closed = slack.views.close_all(user.id) if view["clear_on_close"] else slack.views.close(user.id)
    _announce(slack, user, closed)
    cleared = len(closed) > 1
    for gone in closed:
        if gone["notify_on_close"]:
            payload = common(slack, user, "view_closed") | {"view": gone, "is_cleared": cleared}
            await slack.deliver.ask(Kind.INTERACTIVE, payload)
    return {"ok": True}


def field_errors(view: Json) -> dict[str, str]:
    """What Slack's own client refuses before the app hears of it."""
    errors = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        entered = view["state"]["values"].get(block["block_id"], {}).get(element["action_id"], {})
        value = next((v for k, v in entered.items() if k != "type"), None)
        if value in (None, "", []):
            if not block.get("optional"):
                errors[block["block_id"]] = REQUIRED
        elif isinstance(value, str) and (problem := _length_problem(element, value)):
            errors[block["block_id"]] = problem
    return errors


def _length_problem(element: Json, value: str) -> str | None:
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if len(value) > most:
        return f"This entry must be {most} characters or fewer."
    return f"This entry must be at least {least} characters." if len(value) < least else None


def _respond(slack: Slack, user: User, view: Json, body: Any) -> Json:
    """Do what the app answered: nothing said closes the view."""
    action = body.get("response_action") if isinstance(body, dict) else None
    if not body:
        _announce(slack, user, slack.views.close(user.id))
    elif action == "clear":
        _announce(slack, user, slack.views.close_all(user.id))
    elif action == "errors":
        return _refused(slack, user, view, _checked_errors(view, body.get("errors")))
    elif action in {"update", "push"}:
        check_view(body.get("view"), "modal")
        _show(slack, user, view, action, body["view"])
    else:
        raise SlackError("invalid_response_action")
    return {"ok": True}


def _show(slack: Slack, user: User, view: Json, action: str, given: Json) -> None:
    if action == "update":
        slack.stream.publish("view_updated", {"view": slack.views.update(view, given)}, [user.id])
    else:
        slack.stream.publish("view_pushed", {"view": slack.views.push(user.id, given)}, [user.id])


def _checked_errors(view: Json, errors: Any) -> dict[str, str]:
    """Errors must name input blocks of this view; Slack shows no others."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_response_errors", "errors must be an object with at least one entry")
    for block_id in errors.keys() - inputs:
        raise SlackError("invalid_response_errors", f"no input block {block_id} in the view")
    return errors


def _refused(slack: Slack, user: User, view: Json, errors: dict[str, str]) -> Json:
    slack.stream.publish("view_errors", {"view_id": view["id"], "errors": errors}, [user.id])
    return {"ok": False, "errors": errors}


def _announce(slack: Slack, user: User, closed: list[Json]) -> None:
    top = slack.views.top(user.id)
    for view in closed:
        slack.stream.publish("view_closed", {"view_id": view["id"], "view": top}, [user.id])


def _top(slack: Slack, user: User, view_id: str) -> Json:
    top = slack.views.top(user.id)
    if top is None or top["id"] != view_id:
        raise SlackError("view_not_found")
    return top


def _response_urls(slack: Slack, user: User, view: Json) -> list[Json]:
    """One for each channel chosen in a select with `response_url_enabled`."""
    urls = []
    for block in view["blocks"]:
        element = block.get("element", {})
        if not element.get("response_url_enabled"):
            continue
        where = {"block_id": block["block_id"], "action_id": element["action_id"]}
        entered = view["state"]["values"][where["block_id"]][where["action_id"]]
        if channel := entered.get(URL_KEYS[element["type"]]):
            urls.append({**where, "channel_id": channel, "response_url": response_url(slack, Reply(user.id, channel))})
    return urls
