"""Private keys in PEM, OpenSSH, PGP and PuTTY form, whole or cut off at either end."""

import re

from bot.triage.secrets.detector import Detector
from bot.triage.secrets.marker import mark

_KIND = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?"
_BEGIN = re.compile(rf"-{{4,5}} ?BEGIN {_KIND} ?-{{4,5}}|Private-Lines: ?\d{{1,4}}")
_END = re.compile(rf"-{{4,5}} ?END {_KIND} ?-{{4,5}}|Private-MAC:")
_WORD = re.compile(r"(?:(?!\\[rn])\S)+")  # a line break may be JSON's `\n`
_BASE64 = re.compile(r"[A-Za-z0-9+/=]+")
_LINE = 16  # characters of base64 that are taken for a line of a key; its last line may be shorter


def clean_private_keys(text: str) -> str:
    """Remove whole blocks; without its end one goes to the end of the text, without its beginning from its lines."""
    kept, at = [], 0
    while begin := _BEGIN.search(text, at):
        kept += [_without_tails(text[at : begin.start()]), mark("private-key")]
        end = _END.search(text, begin.end())
        at = end.end() if end else len(text)
    return "".join(kept) + _without_tails(text[at:])


def _without_tails(text: str) -> str:
    kept, at = [], 0
    for end in _END.finditer(text):
        kept += [_without_key_lines(text[at : end.start()]), mark("private-key")]
        at = end.end()
    return "".join(kept) + text[at:]


def _without_key_lines(text: str) -> str:
    begin = len(text)
    for number, word in enumerate(reversed(list(_WORD.finditer(text)))):
        if not _BASE64.fullmatch(word[0]) or (number and len(word[0]) < _LINE):
            break
        begin = word.start()
    return text[:begin]


DETECTORS = (Detector(r"-----? ?(?:BEGIN|END) [A-Z0-9 ]*PRIVATE KEY|Private-(?:Lines|MAC):", clean_private_keys),)
