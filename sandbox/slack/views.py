"""Modals, their stacks, and Home tabs."""

import hashlib
import itertools
import json
from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json
from sandbox.slack.rules import elements_of, with_ids
from sandbox.world import World

STACK = 3
# element type → (key of its state, key of its initial value)
STATE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def state_of(blocks: list[Json], before: Json | None = None) -> Json:
    """`state.values` of blocks: initial values, kept over by what was entered under the same ids."""
    values: Json = {}
    for block, element in elements_of(blocks):
        if element["type"] in STATE_KEYS:
            key, initial = STATE_KEYS[element["type"]]
            empty: Any = [] if key.endswith("s") else None
            fresh = {"type": element["type"], key: element.get(initial, empty)}
            kept = (before or {}).get(block["block_id"], {}).get(element["action_id"])
            same = kept is not None and kept.get("type") == element["type"]
            values.setdefault(block["block_id"], {})[element["action_id"]] = kept if same else fresh
    return values


class Views:
    """Every open modal by id, each person's stack (at most three), and each person's Home."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reset()

    def reset(self) -> None:
        self.by_id: dict[str, Json] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, Json] = {}
        self.owners: dict[str, str] = {}
        self._numbers = itertools.count(1)

    def top(self, user: str) -> Json | None:
        """The modal that this person sees."""
        stack = self.stacks.get(user)
        return self.by_id[stack[-1]] if stack else None

    def get(self, view_id: str) -> Json:
        if view_id not in self.by_id:
            raise SlackError("not_found")
        return self.by_id[view_id]

    def find(self, view_id: str | None, external_id: str | None) -> Json:
        if external_id and not view_id:
            match = (view for view in self.by_id.values() if view["external_id"] == external_id)
            view_id = next((view["id"] for view in match), None)
        return self.get(view_id or "")

    def open(self, user: str, given: Json) -> Json:
        """A new stack with this one view."""
        self.close_all(user)
        return self.push(user, given)

    def push(self, user: str, given: Json) -> Json:
        stack = self.stacks.setdefault(user, [])
        if len(stack) >= STACK:
            raise SlackError("push_limit_reached")
        view = self._new(given)
        view["root_view_id"] = stack[0] if stack else view["id"]
        view["previous_view_id"] = stack[-1] if stack else None
        self._keep(user, view)
        stack.append(view["id"])
        return view

    def update(self, view: Json, given: Json, expected_hash: str | None = None) -> Json:
        """Replace a view's content under its id; `hash_conflict` when it changed meanwhile."""
        if expected_hash and expected_hash != view["hash"]:
            raise SlackError("hash_conflict")
        fresh = self._new(given, view)
        view.clear()
        view.update(fresh)
        return view

    def publish(self, user: str, given: Json, expected_hash: str | None = None) -> Json:
        """Show this Home to one person."""
        if user in self.homes:
            return self.update(self.homes[user], given, expected_hash)
        view = self._new(given)
        self.homes[user] = view
        self._keep(user, view)
        return view

    def close(self, user: str) -> list[Json]:
        """Close the view on top; returns it."""
        stack = self.stacks.get(user, [])
        return [self._drop(stack.pop())] if stack else []

    def close_all(self, user: str) -> list[Json]:
        """Close the whole stack, the top first; returns what was closed."""
        stack = self.stacks.pop(user, [])
        return [self._drop(view_id) for view_id in reversed(stack)]

    def enter(self, view: Json, values: Json) -> None:
        """Put what a person entered into the view's state."""
        for block_id, actions in values.items():
            for action_id, value in actions.items():
                view["state"]["values"].setdefault(block_id, {})[action_id] = value

    def _keep(self, user: str, view: Json) -> None:
        if view["external_id"] and any(v["external_id"] == view["external_id"] for v in self.by_id.values()):
            raise SlackError("duplicate_external_id")
        self.by_id[view["id"]] = view
        self.owners[view["id"]] = user

    def _drop(self, view_id: str) -> Json:
        self.owners.pop(view_id, None)
        return self.by_id.pop(view_id)

    def _new(self, given: Json, before: Json | None = None) -> Json:
        number = next(self._numbers)
        view_id = before["id"] if before else f"V{number:09d}"
        blocks = with_ids(given["blocks"], lambda: f"b{next(self._numbers):04d}")
        app = self.world.app
        kept = before or {"root_view_id": view_id, "previous_view_id": None}
        old_values = before["state"]["values"] if before else None
        return {
            "id": view_id,
            "team_id": self.world.team.id,
            "type": given["type"],
            "blocks": blocks,
            "private_metadata": given.get("private_metadata", ""),
            "callback_id": given.get("callback_id", ""),
            "external_id": given.get("external_id", ""),
            "state": {"values": state_of(blocks, old_values)},
            "hash": f"{number}.{_digest(given)}",
            "title": given.get("title"),
            "submit": given.get("submit"),
            "close": given.get("close"),
            "submit_disabled": given.get("submit_disabled", False),
            "clear_on_close": given.get("clear_on_close", False),
            "notify_on_close": given.get("notify_on_close", False),
            "root_view_id": kept["root_view_id"],
            "previous_view_id": kept["previous_view_id"],
            "app_id": app.id,
            "app_installed_team_id": self.world.team.id,
            "bot_id": app.bot_id,
        }


def _digest(given: Json) -> str:
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:8]
