"""Recognises what colleagues ask of the data team in plain messages, in Korean and English. Pure."""

from bot.requests.reading.model import Certainty, KnownLoad, Recognised, Vocabulary
from bot.requests.reading.recognise import recognise

__all__ = ["Certainty", "KnownLoad", "Recognised", "Vocabulary", "recognise"]
