"""The messages that people read, from `locales/<language>/*.po`, each file read once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locales"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: its forms in gettext's order (one, other; Korean has only one) and where it is written."""

    forms: tuple[str, ...]
    file: Path
    line: int

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(name for form in self.forms for name in PLACEHOLDER.findall(form))

    def form(self, n: float | None) -> str:
        return self.forms[0] if n == 1 or len(self.forms) == 1 else self.forms[-1]


@cache
def entries(language: str) -> Mapping[str, Entry]:
    """Return every message of one language by its id. Two files may not define the same id."""
    found: dict[str, Entry] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
        for message in _messages(path, language):
            msgid = _msgid(message)
            if msgid in found:
                raise ValueError(f"{path.name}: {msgid} is defined in {found[msgid].file.name} already")
            found[msgid] = Entry(_forms(message), path, message.lineno or 0)
    return found


def _messages(path: Path, language: str) -> list[Message]:
    with path.open("rb") as file:
        catalog: Catalog = read_po(file, locale=language, abort_invalid=True)
    return [message for message in catalog if message.id]


def _msgid(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)
