"""Block Kit payloads rebuilt as slackblocks objects: what its constructors refuse is invalid."""

import inspect
from collections.abc import Mapping
from typing import Any

from slackblocks import blocks, elements, objects, views

BLOCKS = {
    "actions": blocks.ActionsBlock,
    "alert": blocks.AlertBlock,
    "context": blocks.ContextBlock,
    "divider": blocks.DividerBlock,
    "file": blocks.FileBlock,
    "header": blocks.HeaderBlock,
    "input": blocks.InputBlock,
    "markdown": blocks.MarkdownBlock,
    "section": blocks.SectionBlock,
}
ELEMENTS = {
    "button": elements.Button,
    "checkboxes": elements.CheckboxGroup,
    "datepicker": elements.DatePicker,
    "datetimepicker": elements.DateTimePicker,
    "email_text_input": elements.EmailInput,
    "external_select": elements.ExternalSelectMenu,
    "image": elements.Image,
    "multi_external_select": elements.ExternalMultiSelectMenu,
    "multi_static_select": elements.StaticMultiSelectMenu,
    "multi_users_select": elements.UserMultiSelectMenu,
    "number_input": elements.NumberInput,
    "overflow": elements.OverflowMenu,
    "plain_text_input": elements.PlainTextInput,
    "radio_buttons": elements.RadioButtonGroup,
    "static_select": elements.StaticSelectMenu,
    "timepicker": elements.TimePicker,
    "url_text_input": elements.URLInput,
    "users_select": elements.UserSelectMenu,
}
VIEWS = {"modal": views.ModalView, "home": views.HomeTabView}


class Invalid(AssertionError):
    pass


def rebuild(data: Any, key: str = "") -> Any:
    """Return slackblocks' object for a piece of a payload. Raises Invalid, or what slackblocks raises."""
    if isinstance(data, list):
        return [rebuild(item, key) for item in data]
    if not isinstance(data, Mapping):
        return data
    if data.get("type") in {"mrkdwn", "plain_text"}:
        return _text(data)
    cls = _class_of(data, key)
    arguments = {name: rebuild(value, name) for name, value in data.items() if name != "type"}
    known = set(inspect.signature(cls.__init__).parameters) - {"self", "type_"}
    if unknown := set(arguments) - known:
        raise Invalid(f"{data.get('type', key)} has no property {sorted(unknown)}")
    return cls(**arguments)


def _class_of(data: Mapping[str, Any], key: str) -> type[Any]:
    kind = data.get("type")
    if kind is None:
        return _typeless(data)
    if kind == "image":
        return elements.Image if key in {"elements", "accessory", "icon"} else blocks.ImageBlock
    for table in (VIEWS, BLOCKS, ELEMENTS):
        if kind in table:
            return table[kind]
    raise Invalid(f"unknown type {kind!r}")


def _typeless(data: Mapping[str, Any]) -> type[Any]:
    if "confirm" in data and "title" in data:
        return objects.ConfirmationDialogue
    if "label" in data and "options" in data:
        return objects.OptionGroup
    if "value" in data and "text" in data:
        return objects.Option
    raise Invalid(f"not a composition object: {sorted(data)}")


def _text(data: Mapping[str, Any]) -> objects.Text:
    allowed = {"type", "text", "verbatim"} if data["type"] == "mrkdwn" else {"type", "text", "emoji"}
    if unknown := set(data) - allowed:
        raise Invalid(f"{data['type']} has no property {sorted(unknown)}")
    return objects.Text.from_dict(dict(data))
