"""One person of the workspace as a small synchronous client: what they do and what they see."""

from collections.abc import Iterator
from typing import Any

import httpx

Json = dict[str, Any]
# element type → the key under which what was chosen travels
CHOICES = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}


class Person:
    """Every method returns when the app has answered, with Slack's outcome as `{"ok": …}`.

    `where` is a message or a view as `messages`, `ephemerals`, `view` and `home` return them.
    """

    def __init__(self, http: httpx.Client, user_id: str) -> None:
        self._http = http
        self.id = user_id

    # What they see

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """A channel's top-level messages, or a thread beginning with its parent; own ephemerals among them."""
        query = {"user": self.id} | ({"thread_ts": thread_ts} if thread_ts else {})
        answer = self._http.get(f"/ui/channels/{channel}/messages", params=query).raise_for_status()
        found: list[Json] = answer.json()["messages"]
        return [message | {"channel": channel} for message in found]

    def thread(self, message: Json) -> list[Json]:
        """The replies to a message."""
        return self.messages(message["channel"], message.get("thread_ts", message["ts"]))[1:]

    def ephemerals(self) -> list[Json]:
        """What only this person sees, over all channels, the oldest first."""
        found: list[Json] = self._get("/ui/ephemerals")["messages"]
        return found

    def view(self) -> Json | None:
        """The modal in front of them."""
        view: Json | None = self._get("/ui/view")["view"]
        return view

    def home(self) -> Json | None:
        """The Home as the app last published it."""
        view: Json | None = self._get("/ui/home")["view"]
        return view

    def state(self) -> Json:
        return self._get("/ui/state")

    # What they do

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Write a message; returns it."""
        answer = self._post("/ui/message", channel=channel, text=text, thread_ts=thread_ts)
        message: Json = answer["message"]
        return message | {"channel": channel}

    def command(self, text: str, channel: str = "C0HELP", thread_ts: str | None = None) -> Json:
        """Run a slash command, for example "/oncall me"."""
        return self._post("/ui/command", channel=channel, text=text, thread_ts=thread_ts)

    def click(self, where: Json, action_id: str, block_id: str | None = None) -> Json:
        """Press a button."""
        return self._act(where, {"action_id": action_id, "block_id": block_id})

    def choose(self, where: Json, action_id: str, choice: Any, block_id: str | None = None) -> Json:
        """Choose in a select, checkboxes, a picker or an overflow menu.

        For options, `choice` is a value or a text, or a list of them; an external select is
        searched with it first. LookupError when it is not offered.
        """
        block, element = element_in(where, action_id, block_id)
        chosen = self._chosen(where, block, element, choice)
        return self._act(where, {"action_id": action_id, "block_id": block["block_id"], **chosen})

    def options(self, where: Json, action_id: str, typed: str = "", block_id: str | None = None) -> list[Json]:
        """What an external select offers after typing, groups flattened; RuntimeError when the app fails."""
        answer = self._post(
            "/ui/options", container=container_of(where), action_id=action_id, block_id=block_id, value=typed
        )
        if not answer["ok"]:
            raise RuntimeError(f"the options of {action_id} could not be loaded: {answer}")
        groups: list[Json] = answer.get("option_groups", [])
        found: list[Json] = answer.get("options", [])
        return [*found, *(option for group in groups for option in group["options"])]

    def submit(self, **entries: Any) -> Json:
        """Fill in the modal in front and submit it.

        Keys are action ids or block ids (`**{"run.reason": "x"}` for dotted ones); values are
        text, or a choice as in `choose`. Fields not named keep their initial values.
        `{"ok": False, "errors": {block_id: text}}` on refusal.
        """
        view = self.view()
        if view is None:
            raise LookupError(f"{self.id} has no modal open")
        values: Json = {}
        for name, entry in entries.items():
            block, element = element_in(view, name, None)
            values.setdefault(block["block_id"], {})[element["action_id"]] = self._entry(view, block, element, entry)
        return self._post("/ui/view/submit", view_id=view["id"], values=values)

    def close(self) -> Json:
        """Cancel the modal in front."""
        view = self.view()
        if view is None:
            raise LookupError(f"{self.id} has no modal open")
        return self._post("/ui/view/close", view_id=view["id"])

    def open_home(self) -> Json | None:
        """Open the app's Home; returns it as published by then."""
        view: Json | None = self._post("/ui/home/open")["view"]
        return view

    def shortcut(self, callback_id: str, message: Json | None = None) -> Json:
        """Use a message shortcut on a message, or a global one."""
        place = {"channel": message["channel"], "ts": message["ts"]} if message else {}
        return self._post("/ui/shortcut", callback_id=callback_id, **place)

    def react(self, message: Json, name: str, *, present: bool = True) -> Json:
        return self._post("/ui/reaction", channel=message["channel"], ts=message["ts"], name=name, present=present)

    def settings(self, **changes: str) -> Json:
        """Change `locale` or `tz`."""
        return self._post("/ui/user", **changes)

    def _act(self, where: Json, action: Json) -> Json:
        return self._post("/ui/action", container=container_of(where), action=action)

    def _entry(self, view: Json, block: Json, element: Json, entry: Any) -> Json:
        kind = element["type"]
        if kind in CHOICES:
            return {"type": kind, **self._chosen(view, block, element, entry)}
        key = "rich_text_value" if kind == "rich_text_input" else "value"
        return {"type": kind, key: entry if entry is None or kind == "rich_text_input" else str(entry)}

    def _chosen(self, where: Json, block: Json, element: Json, choice: Any) -> Json:
        key = CHOICES[element["type"]]
        if not key.startswith("selected_option"):
            return {key: choice}
        choices = choice if isinstance(choice, list) else [choice]
        found = [self._option(where, block, element, one) for one in choices if one is not None]
        if key == "selected_options":
            return {key: found}
        return {key: found[0] if found else None}

    def _option(self, where: Json, block: Json, element: Json, wanted: str) -> Json:
        offered = list(_options_of(element))
        if "external" in element["type"]:
            offered = self.options(where, element["action_id"], str(wanted), block["block_id"])
        for option in offered:
            if wanted in {option["value"], option["text"]["text"]}:
                return option
        raise LookupError(f"{element['action_id']} offers no {wanted!r}: {[o['text']['text'] for o in offered]}")

    def _get(self, path: str) -> Json:
        answer: Json = self._http.get(path, params={"user": self.id}).raise_for_status().json()
        return answer

    def _post(self, path: str, **body: Any) -> Json:
        answer = self._http.post(path, json={"user": self.id, **body})
        if answer.status_code != 200:
            raise RuntimeError(f"{self.id} cannot do this ({path}): {answer.text}")
        outcome: Json = answer.json()
        return outcome


def container_of(where: Json) -> Json:
    """The container of an action on a message, an ephemeral or a view."""
    if where.get("type") in {"modal", "home"}:
        return {"type": "view", "view_id": where["id"]}
    if where.get("ephemeral"):
        return {"type": "ephemeral", "id": where["id"]}
    return {"type": "message", "channel": where["channel"], "ts": where["ts"]}


def blocks_of(where: Json) -> list[Json]:
    """All blocks of a message, its attachments' included, or of a view."""
    attached = [block for attachment in where.get("attachments", []) for block in attachment.get("blocks", [])]
    return [*where.get("blocks", []), *attached]


def elements_in(where: Json) -> Iterator[tuple[Json, Json]]:
    """Every element that a person could use, with its block."""
    for block in blocks_of(where):
        for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def element_in(where: Json, name: str, block_id: str | None) -> tuple[Json, Json]:
    """The element with this action id, or the one of the input block with this block id."""
    for block, element in elements_in(where):
        if name in {element["action_id"], block["block_id"]} and block_id in {None, block["block_id"]}:
            return block, element
    raise LookupError(f"no {name!r} among {[e['action_id'] for _, e in elements_in(where)]}")


def text_of(where: Json) -> str:
    """Everything that a reader sees in a message or view, one piece a line."""
    return "\n".join([where.get("text", ""), *_texts([*blocks_of(where), where.get("title")])])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for key, inner in value.items():
            if key != "text" or not isinstance(inner, str):
                yield from _texts(inner)


def _options_of(element: Json) -> Iterator[Json]:
    yield from element.get("options", [])
    for group in element.get("option_groups", []):
        yield from group["options"]
