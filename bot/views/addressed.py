"""What Baton answers where a message leaves something out, and cannot open the form: a button that can."""

import json
from dataclasses import dataclass
from typing import Final, Self

from bot.text import Code, Text, text
from bot.views import blocks
from bot.views.blocks import Style
from bot.views.reader import Reader
from bot.views.rendered import Rendered

SILENCE: Final = "silence"
_LONGEST: Final = 400  # characters: the value of a button has 2,000 bytes at most


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A deed that needs a form, so that a button can carry it: nothing in it is a right.

    `words` are what was said besides its name, `incident_id` is what the thread is about, empty for nothing.
    """

    verb: str
    words: str = ""
    incident_id: str = ""

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return what `str` wrote; of anything else, no deed."""
        try:
            verb, words, incident_id = json.loads(written)
        except (ValueError, TypeError):
            return cls("")
        return cls(str(verb), str(words), str(incident_id))

    def __str__(self) -> str:
        return json.dumps([self.verb, self.words[:_LONGEST], self.incident_id], ensure_ascii=False)


def form_offered(unsaid: Unsaid, reader: Reader) -> Rendered:
    words = _asking(unsaid)
    open_it = blocks.button(
        text("button.addressed.form"), reader, action_id="addressed.form", value=str(unsaid), style=Style.PRIMARY
    )
    return Rendered(blocks.fallback(words, reader), (blocks.section(words, reader), blocks.actions([open_it])))


def _asking(unsaid: Unsaid) -> Text:
    if unsaid.verb == SILENCE:
        return text("addressed.silence_form")
    return text("addressed.form", command=Code(f"@baton {unsaid.verb}"))
