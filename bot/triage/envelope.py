"""Read a Slack message event into a `Message`, whatever its form and however broken it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from bot.triage.blocks import Flat, read_attachments, read_blocks
from bot.triage.model import Message, Parts
from bot.triage.redact import redact, redact_json
from bot.triage.secrets.marker import OPEN

_FAR_FUTURE = 32_503_680_000  # the year 3000


def read(event: Mapping[str, Any], *, team: str, received_at: datetime) -> Message:
    """Return the event as a message, redacted. Never raises: what is missing or of a wrong type is empty.

    For `message_changed` it is the edited message; `at` is the time of the edit, or `received_at` without one.
    """
    payload = redact_json(dict(event))
    subtype = _str(payload.get("subtype"))
    edited = payload.get("message") if subtype == "message_changed" else None
    at = _moment(payload.get("event_ts")) or _moment(payload.get("ts")) or received_at
    times = {"at": at, "received_at": received_at}
    if isinstance(edited, dict):
        return _message(edited, payload, team, **times, is_edit=True)
    return _message(payload, payload, team, **times, is_edit=subtype == "message_changed")


def before_edit(message: Message) -> Message | None:
    """Return the message as it was before its edit, where Slack told."""
    previous = message.payload.get("previous_message")
    if not message.is_edit or not isinstance(previous, dict):
        return None
    before = _message(previous, previous, message.team, at=message.at, received_at=message.received_at, is_edit=False)
    return replace(before, channel=before.channel or message.channel)


def _message(
    inner: Mapping[str, Any],
    payload: Mapping[str, Any],
    team: str,
    *,
    at: datetime,
    received_at: datetime,
    is_edit: bool,
) -> Message:
    flat, own_text = _flatten(inner)
    text = "\n".join(flat.lines)
    if flat.lines != [own_text] or OPEN in text:
        text = redact(text)  # once more: labels and values that stood apart have come together
    profile = inner.get("bot_profile")
    profile = profile if isinstance(profile, dict) else {}
    return Message(
        team=team,
        channel=_str(inner.get("channel")) or _str(payload.get("channel")),
        ts=_str(inner.get("ts")) or _str(payload.get("ts")),
        at=at,
        received_at=received_at,
        text=text,
        payload=payload,
        thread_ts=_str(inner.get("thread_ts")) or None,
        user=_str(inner.get("user")) or None,
        bot_id=_str(inner.get("bot_id")) or _str(profile.get("id")) or None,
        app_id=_str(inner.get("app_id")) or _str(profile.get("app_id")) or None,
        sender=_str(profile.get("name")) or _str(inner.get("username")),
        links=flat.links(),
        is_edit=is_edit,
        revision=_revision(inner, payload, text) if is_edit else "",
        subtype=_str(inner.get("subtype")),
        parts=Parts(
            text=own_text,
            titles=tuple(flat.headers + flat.titles),
            fields=tuple(flat.fields),
            anchors=tuple(flat.anchors),
            color=flat.color,
        ),
    )


def _revision(edited: Mapping[str, Any], payload: Mapping[str, Any], text: str) -> str:
    """Return what tells one edit from another, alike in an event and in the channel's history.

    Slack's time of an edit is in whole seconds: two edits of one second differ by what they say. A link that unfolded
    has no such time, only its event's.
    """
    edit = edited.get("edited")
    at = _str(edit.get("ts")) if isinstance(edit, dict) else _str(payload.get("ts"))
    return f"{at[:20]}:{crc32(text.encode('utf-8', 'replace')):08x}"


def _flatten(inner: Mapping[str, Any]) -> tuple[Flat, str]:
    """Read text, attachments, blocks, in this order; also return the text alone.

    A person's blocks repeat the text and are left out.
    """
    flat = Flat()
    said = flat.say(inner.get("text"))
    read_attachments(inner.get("attachments"), flat)
    is_person = not inner.get("bot_id") and not inner.get("bot_profile")
    if not (is_person and said):
        read_blocks(inner.get("blocks"), flat)
    return flat, said


def _str(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _moment(ts: Any) -> datetime | None:
    """Return the time of a Slack timestamp; one that no calendar can count on from is none."""
    try:
        seconds = float(ts)
    except (TypeError, ValueError):
        return None
    return datetime.fromtimestamp(seconds, UTC) if 0 <= seconds < _FAR_FUTURE else None
