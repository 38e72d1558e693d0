"""The forms of silences: to make one, with what it would have muted, and to have one end at another time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.oncall.model import WorkingHours
from bot.silences import rules, written
from bot.silences.model import Muted, Silence
from bot.silences.written import Entered
from bot.text import Lines, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.reader import Reader
from bot.views.silence import muted
from bot.views.words import Markup, say

NOW = "now"
_LAST_TIMESTAMP = 10**10  # of Slack's pickers: ten digits


def create_form(
    entered: Entered, preview: Muted | None, hours: WorkingHours, reader: Reader, *, metadata: str, again: bool = False
) -> dict[str, Any]:
    """Return the modal that asks for a silence.

    `preview` is what the conditions would have muted, None while there are none; `again` says that it is a new one.
    """
    told = [text("silence.form.look_again")] if again else []
    shown = [blocks.section(words, reader) for words in (*told, _preview(preview))]
    asked = [_conditions(entered, reader), *_end(entered, hours, reader), *_why(entered, reader)]
    return blocks.modal(
        text("silence.form.title"),
        [*shown, *asked],
        reader,
        callback_id="silence.create",
        submit=text("silence.form.submit"),
        close=text("common.cancel"),
        private_metadata=metadata,
    )


def _preview(preview: Muted | None) -> Text:
    if preview is None:
        return text("silence.form.no_preview")
    days = rules.LOOKED_BACK.days
    if not preview:
        return text("silence.form.preview_nothing", n=days)
    return text("silence.form.preview", n=days, what=muted(preview))


def _conditions(entered: Entered, reader: Reader) -> Block:
    field = blocks.text_input(
        reader=reader, action_id="silence.matchers", initial=entered.conditions or None, multiline=True
    )
    hint = text("silence.form.matchers_hint")
    return blocks.input_(text("silence.form.matchers"), field, reader, block_id="matchers", hint=hint)


def with_preview(said: Text, preview: Muted | None) -> Text:
    """Return the answer to a command with what its conditions would have muted: a wrong name shows there."""
    return text("silence.with_preview", said=said, preview=_preview(preview))


def _end(entered: Entered, hours: WorkingHours, reader: Reader) -> list[Block]:
    options = [_choice(each, hours, reader) for each in written.CHOICES]
    return _ends(options, entered.choice, entered.at, reader)


def _ends(options: list[Element], choice: str, at: datetime | None, reader: Reader) -> list[Block]:
    """Return the choice of ends, and the exact one, which wins where it is filled in."""
    initial = next((each for each in options if each["value"] == choice), options[0])
    offered = blocks.radio_buttons(options, action_id="silence.choice", initial=initial)
    exact = blocks.datetime_picker(action_id="silence.until", initial=at)
    return [
        blocks.input_(text("silence.form.until"), offered, reader, block_id="choice"),
        blocks.input_(text("silence.form.exactly"), exact, reader, block_id="until", optional=True),
    ]


def _choice(choice: str, hours: WorkingHours, reader: Reader) -> Element:
    end = written.until(choice, reader.now, hours)
    return blocks.option(text(f"silence.form.choice.{choice}", until=end), reader, choice)


def _why(entered: Entered, reader: Reader) -> list[Block]:
    yes = blocks.option(text("silence.form.critical"), reader, "critical")
    ticked = blocks.checkboxes([yes], action_id="silence.critical", initial=[yes] if entered.critical else [])
    reason = blocks.text_input(
        reader=reader, action_id="silence.reason", initial=entered.reason or None, max_length=rules.LONGEST_REASON
    )
    ticket = blocks.text_input(
        reader=reader, action_id="silence.ticket", initial=entered.ticket or None, max_length=rules.LONGEST_TICKET
    )
    return [
        blocks.input_(text("silence.form.critical_label"), ticked, reader, block_id="critical", optional=True),
        blocks.input_(text("silence.form.reason"), reason, reader, block_id="reason"),
        blocks.input_(text("silence.form.ticket"), ticket, reader, block_id="ticket", optional=True),
    ]


def read_create(filled: Mapping[str, Any]) -> Entered:
    """Return what stands in the form; `filled` are its values by block."""
    return Entered(
        conditions=str(filled.get("matchers", "")),
        choice=_known(filled.get("choice")),
        at=_moment(filled.get("until")),
        critical=bool(filled.get("critical")),
        reason=str(filled.get("reason", "")),
        ticket=str(filled.get("ticket", "")),
    )


def change_form(silence: Silence, hours: WorkingHours, reader: Reader) -> dict[str, Any]:
    """Return the modal in which a silence gets another end, or ends now."""
    conditions = Lines(tuple(str(each) for each in silence.matchers))
    now = blocks.option(text("silence.form.choice.now"), reader, NOW)
    options = [*(_choice(each, hours, reader) for each in written.CHOICES), now]
    about = text("silence.form.about", until=silence.until, conditions=conditions, reason=silence.reason)
    return blocks.modal(
        text("silence.form.change"),
        [blocks.section(about, reader), *_ends(options, written.HOUR, None, reader)],
        reader,
        callback_id="silence.change",
        submit=text("silence.form.save"),
        close=text("common.cancel"),
        private_metadata=silence.id,
    )


def read_change(filled: Mapping[str, Any], now: datetime, hours: WorkingHours) -> datetime | None:
    """Return the chosen end, None for now."""
    exact = _moment(filled.get("until"))
    if exact is None and filled.get("choice") == NOW:
        return None
    return exact or written.until(_known(filled.get("choice")), now, hours)


def _known(choice: object) -> str:
    return str(choice) if choice in written.CHOICES else written.HOUR


def _moment(timestamp: object) -> datetime | None:
    if isinstance(timestamp, int) and 0 < timestamp < _LAST_TIMESTAMP:
        return datetime.fromtimestamp(timestamp, UTC)
    return None


def errors(problems: tuple[rules.Problem, ...], reader: Reader) -> dict[str, str]:
    """Return what Slack shows under each field."""
    found: dict[str, list[str]] = {}
    for field, words in problems:
        found.setdefault(field, []).append(say(words, reader, Markup.PLAIN))
    return {field: "\n".join(words) for field, words in found.items()}
