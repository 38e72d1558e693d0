"""Tells whether a message asks the data team for something, how sure that is, and for what."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.requests.reading.fields import fields_of
from bot.requests.reading.likeness import likeliest, likeness
from bot.requests.reading.model import Certainty, Recognised, Vocabulary
from bot.requests.reading.names import names_in
from bot.requests.reading.plain import plain
from bot.requests.reading.rules import Heard, decide, speaks_to_somebody, weighed
from bot.requests.reading.signs import signs


def recognise(message: str, words: Vocabulary, now: datetime, zone: ZoneInfo) -> Recognised:
    """Return what a message of a person asks for. Never raises; reads no more than the first 4,000 characters.

    It is for channels in which colleagues ask. In alert channels triage reads what people write with rules of its own
    (`bot.triage.people`): there a message is about an alert until it says otherwise, and it opens no request.
    """
    said = plain(message)
    names = names_in(said.written, words)
    heard = Heard(
        tuple(map(signs, said.clauses)), speaks_to_somebody(said.text.lstrip(), words.us), names_something=bool(names)
    )
    decision = weighed(decide(heard), heard, likeness(said.spoken))
    if decision.certainty is Certainty.NO:
        return Recognised(Certainty.NO, language=said.language, why=decision.why)
    kind = decision.kind or likeliest(said.spoken)
    fields = fields_of(kind, said, names, words, now.astimezone(zone).date())
    return Recognised(decision.certainty, kind, fields, said.language, decision.why)
