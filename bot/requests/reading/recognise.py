"""Tells whether a message asks the data team for something, how sure that is, and for what."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.requests.kind import Kind
from bot.requests.reading.model import Certainty, Recognised, Vocabulary
from bot.triage import people

_HANGUL = re.compile("[가-힣ㄱ-ㅎ]")


def recognise(message: str, _words: Vocabulary, _now: datetime, _zone: ZoneInfo) -> Recognised:
    """Return what a message of a person asks for. Never raises; reads no more than the first 4,000 characters.

    It is for channels in which colleagues ask. In alert channels triage reads what people write with rules of its own
    (`bot.triage.people`): there a message is about an alert until it says otherwise, and it opens no request.
    """
    asks, why = people.asks_for_something(message)
    language = "ko" if _HANGUL.search(message) else "en"
    if not asks:
        return Recognised(Certainty.NO, language=language, why=why)
    return Recognised(Certainty.PERHAPS, Kind.QUESTION, language=language, why=why)
