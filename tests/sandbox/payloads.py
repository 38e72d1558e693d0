"""Small Block Kit payloads to build cases from."""

from typing import Any


def plain(text: str = "x") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def marked(text: str = "x") -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(**fields: Any) -> dict[str, Any]:
    return {"type": "section", "text": marked(), **fields}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(), "action_id": "a", **fields}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "x", value: str = "v") -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def select(**fields: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [option()], **fields}


def asking(element: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(), "element": element, **fields}


def typing(**fields: Any) -> dict[str, Any]:
    return {"type": "plain_text_input", "action_id": "t", **fields}


def table(rows: int, columns: int) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


def modal(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(), "blocks": list(blocks) or [section()], **fields}
