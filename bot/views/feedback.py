"""What people think of an incident: three small buttons or a menu, the counts, and who the right owner is."""

from collections.abc import Iterator
from typing import Any

from bot.incidents.opinion import Opinions, Verdict
from bot.text import Mention, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.reader import Reader


def buttons(incident_id: str, reader: Reader) -> Block:
    """Return one row of buttons; the same one again takes the verdict back."""
    return blocks.actions(
        [
            blocks.button(text(f"button.incident.{each}"), reader, action_id=f"incident.{each}", value=incident_id)
            for each in Verdict
        ]
    )


def menu(incident_id: str, reader: Reader) -> Element:
    """Return the same as a small menu, for the row of what is more urgent."""
    options = [blocks.option(text(f"button.incident.{each}"), reader, f"{each}:{incident_id}") for each in Verdict]
    return blocks.overflow(options, action_id="incident.feedback")


def counted(opinions: Opinions) -> Iterator[Text]:
    """Yield one line with the verdicts that somebody gave."""
    counts = (
        (text("feedback.useful", n=opinions.useful), opinions.useful),
        (text("feedback.noise", n=opinions.noise), opinions.noise),
        (_wrong_owner(opinions), opinions.wrong_owner),
    )
    if given := tuple(words for words, n in counts if n):
        yield text("feedback.counts", counts=given)


def owner_form(incident_id: str, reader: Reader) -> dict[str, Any]:
    """Return the modal that asks who the right owner is; the verdict stands whether or not somebody is named."""
    who = blocks.users_select(text("form.feedback.choose"), reader, action_id="feedback.owner")
    return blocks.modal(
        text("form.feedback.title"),
        [
            blocks.section(text("form.feedback.noted"), reader),
            blocks.input_(text("form.feedback.owner"), who, reader, block_id="owner", optional=True),
        ],
        reader,
        callback_id="feedback.owner",
        submit=text("form.feedback.save"),
        private_metadata=incident_id,
    )


def _wrong_owner(opinions: Opinions) -> Text:
    if not opinions.right_owners:
        return text("feedback.wrong_owner", n=opinions.wrong_owner)
    who = tuple(Mention(each) for each in opinions.right_owners)
    return text("feedback.wrong_owner_rather", n=opinions.wrong_owner, who=who)
