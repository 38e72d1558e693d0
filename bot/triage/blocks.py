"""Flatten what Slack messages are made of (text, attachments, blocks) into lines, titles, fields and links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.triage.entities import Anchor, bare_urls, is_placeholder, unwrap

_DEEP = 12  # nested lists in rich text; Slack itself stops at eight


@dataclass(slots=True)
class Flat:
    """What was read so far."""

    lines: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    color: str = ""

    def say(self, text: Any, *, literal: bool = False) -> str:
        """Add the text as a line and return its words; a placeholder or what is no text adds nothing."""
        if not isinstance(text, str) or not text or is_placeholder(text):
            return ""
        words = text if literal else unwrap(text, self.anchors)
        if words not in self.lines:
            self.lines.append(words)
        return words

    def link(self, url: Any) -> None:
        if isinstance(url, str) and url:
            self.urls.append(url.replace("&amp;", "&"))

    def links(self) -> tuple[str, ...]:
        """Return every URL once, in the order of reading."""
        found = [url for url, _ in self.anchors] + self.urls
        for line in self.lines:
            found.extend(bare_urls(line))
        return tuple(dict.fromkeys(found))


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a JSON list; anything else is passed over."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def read_attachments(attachments: Any, flat: Flat) -> None:
    for attachment in mappings(attachments):
        if attachment.get("from_url") or attachment.get("is_msg_unfurl"):
            continue  # Slack's own preview of a link: nobody said it
        before = len(flat.lines)
        _read_attachment(attachment, flat)
        if len(flat.lines) == before:
            flat.say(attachment.get("fallback"))


def read_blocks(blocks: Any, flat: Flat) -> None:
    for block in mappings(blocks):
        match block.get("type"):
            case "header":
                if title := _say_object(block.get("text"), flat):
                    flat.headers.append(title)
            case "section":
                _say_object(block.get("text"), flat)
                _read_section_fields(block.get("fields"), flat)
                _read_elements([block.get("accessory")], flat)
            case "context" | "actions":
                _read_elements(block.get("elements"), flat)
            case "rich_text":
                flat.say(_rich_text(block.get("elements"), flat).strip(), literal=True)
            case "table":
                _read_table(block.get("rows"), flat)
            case "image" | "video":
                _say_object(block.get("title"), flat)
            case "markdown":
                flat.say(block.get("text"))


def split_label(text: str) -> tuple[str, str] | None:
    """Read `*Label*` + newline + value, or `*Label:* value`, the two usual forms of a section field."""
    head, _, rest = text.strip().partition("\n")
    if not rest and head.startswith("*"):
        label, _, rest = head[1:].partition("*")
        return (_label(label), rest.strip(" :\t")) if label else None
    label = _label(head)
    return (label, rest.strip()) if label and len(label) <= 60 else None


def _label(text: str) -> str:
    return text.strip(" *_:`\t：").lower()


def _read_attachment(attachment: Mapping[str, Any], flat: Flat) -> None:
    color = attachment.get("color")
    if isinstance(color, str) and not flat.color:
        flat.color = color.lower().lstrip("#")
    flat.say(attachment.get("pretext"))
    flat.say(attachment.get("author_name"))
    if title := flat.say(attachment.get("title")):
        flat.titles.append(title)
        if isinstance(attachment.get("title_link"), str):
            flat.anchors.append((attachment["title_link"].replace("&amp;", "&"), title))
    flat.say(attachment.get("text"))
    for item in mappings(attachment.get("fields")):
        _read_field(item, flat)
    read_blocks(attachment.get("blocks"), flat)
    _read_elements(attachment.get("actions"), flat)
    flat.say(attachment.get("footer"))


def _read_field(item: Mapping[str, Any], flat: Flat) -> None:
    title, value = item.get("title"), item.get("value")
    words = unwrap(value, flat.anchors) if isinstance(value, str) else ""
    if isinstance(title, str) and title.strip():
        flat.fields.append((_label(title), words.strip()))
        flat.lines.append(f"{title}: {words}")
    else:
        flat.say(words, literal=True)


def _read_section_fields(fields: Any, flat: Flat) -> None:
    """Section fields carry `*Label*` + value each, or label and value in turns (Airbyte)."""
    waiting = ""
    for item in mappings(fields):
        words = _say_object(item, flat).strip()
        if waiting:
            flat.fields.append((waiting, words))
            waiting = ""
        elif pair := split_label(words):
            if pair[1]:
                flat.fields.append(pair)
            else:
                waiting = pair[0]


def _say_object(item: Any, flat: Flat) -> str:
    if not isinstance(item, dict):
        return flat.say(item)
    return flat.say(item.get("text"), literal=item.get("type") == "plain_text")


def _read_elements(elements: Any, flat: Flat) -> None:
    for element in mappings(elements):
        flat.link(element.get("url"))
        match element.get("type"):
            case "mrkdwn" | "plain_text":
                _say_object(element, flat)
            case "button" if str(element.get("value")).startswith("http"):
                flat.link(element.get("value"))


def _read_table(rows: Any, flat: Flat) -> None:
    for row in rows if isinstance(rows, list) else ():
        cells = [_cell(cell, flat) for cell in mappings(row)]
        flat.say(" | ".join(cells), literal=True)


def _cell(cell: Mapping[str, Any], flat: Flat) -> str:
    if cell.get("type") == "rich_text":
        return _rich_text(cell.get("elements"), flat).strip()
    text = cell.get("text")
    return text if isinstance(text, str) else ""


def _rich_text(elements: Any, flat: Flat, depth: int = 0) -> str:
    if depth > _DEEP:
        return ""
    return "".join(_rich_element(element, flat, depth) for element in mappings(elements))


def _rich_element(element: Mapping[str, Any], flat: Flat, depth: int) -> str:
    text = element.get("text")
    words = text if isinstance(text, str) else ""
    match element.get("type"):
        case "link":
            url = element.get("url")
            if isinstance(url, str):
                flat.anchors.append((url, words or url))
            return words or (url if isinstance(url, str) else "")
        case "emoji":
            return f":{element.get('name', '')}:"
        case "user" | "usergroup" | "channel" | "broadcast" as kind:
            return "@" + str(element.get(f"{kind}_id") or element.get("range") or "")
        case "rich_text_section" | "rich_text_preformatted" | "rich_text_quote" | "rich_text_list":
            return _rich_text(element.get("elements"), flat, depth + 1) + "\n"
        case _:
            return words
