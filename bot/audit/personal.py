"""Which parts of an entry are personal, and the commitments that stand for them in the chain. Pure.

Names, addresses and what people wrote in their own words are kept beside the chain, where they can be erased. In the
entry stands `{"$personal": HASH}`, over a random salt and the value: with both it proves the value, and once both are
erased nobody can find the value by trying. Ids such as Slack's `U…` stay: without the names they are pseudonyms, and
that two different people agreed must remain provable.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

MARK = "$personal"
WHO = "$who"
"""The key under which an entry says how the one who acted was called."""
OWN_WORDS = frozenset({"reason", "ticket", "remark", "comment", "note", "question"})
"""Keys whose texts somebody wrote freely."""
_DOMAIN = r"@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_ADDRESSES = (
    re.compile(rf"[\w.+%-]{{1,64}}{_DOMAIN}"),
    re.compile(rf"[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}{_DOMAIN}"),  # RFC 5322, 3.2.3
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One personal value. `place` says where in the entry it belongs; `people` whose it is, by id or address.

    Erased, it has neither salt nor value.
    """

    place: str
    people: tuple[str, ...]
    salt: str | None
    value: Any

    @property
    def is_erased(self) -> bool:
        return self.salt is None

    @property
    def commitment(self) -> str:
        assert self.salt is not None, "what is erased commits to nothing any more"
        return hashlib.sha256(f"{self.salt}{_written(self.value)}".encode()).hexdigest()


def part(body: Mapping[str, Any], author: str) -> tuple[dict[str, Any], tuple[Piece, ...]]:
    """Return the body with commitments in the place of what is personal, and what that was. `author` wrote it."""
    pieces: list[Piece] = []
    public = {key: _parted(item, _below("", key), key, author, pieces) for key, item in body.items()}
    return public, tuple(pieces)


def _parted(value: Any, place: str, key: str, author: str, pieces: list[Piece]) -> Any:
    if _is_personal(value, key):
        piece = Piece(place, _people(value, author), secrets.token_hex(16), value)
        pieces.append(piece)
        return {MARK: piece.commitment}
    if isinstance(value, Mapping):
        return {name: _parted(item, _below(place, name), name, author, pieces) for name, item in value.items()}
    if isinstance(value, list):
        return [_parted(item, f"{place}/{n}", key, author, pieces) for n, item in enumerate(value)]
    return value


def _is_personal(value: Any, key: str) -> bool:
    if isinstance(value, str):
        return bool(value) and (key in OWN_WORDS or bool(addresses(value)))
    names = value if isinstance(value, Mapping) else ()
    return key == WHO or any(addresses(name) for name in names)


def _people(value: Any, author: str) -> tuple[str, ...]:
    return tuple(sorted({author, *addresses(_written(value))} - {""}))


def addresses(written: str) -> set[str]:
    """Return every e-mail address in a text, in small letters.

    A quotation mark or a stroke may be part of the address or stand before it: then both readings are returned.
    """
    if "@" not in written:
        return set()
    return {found.lower() for pattern in _ADDRESSES for found in pattern.findall(written)}


def whole(body: Mapping[str, Any], pieces: Iterable[Piece]) -> dict[str, Any]:
    """Return the body with its personal parts where they belong; `{"$personal": …}` is left where they were erased."""
    known = {piece.place: piece.value for piece in pieces if not piece.is_erased}
    return {key: _joined(item, _below("", key), known) for key, item in body.items()}


def _joined(value: Any, place: str, known: Mapping[str, Any]) -> Any:
    if place in known:
        return known[place]
    if isinstance(value, Mapping):
        return {name: _joined(item, _below(place, name), known) for name, item in value.items()}
    if isinstance(value, list):
        return [_joined(item, f"{place}/{n}", known) for n, item in enumerate(value)]
    return value


def commitments(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the place and the hash of each commitment in a body."""
    if isinstance(value, Mapping):
        found = value.get(MARK)
        if isinstance(found, str) and len(value) == 1:
            yield place, found
            return
        for name, item in value.items():
            yield from commitments(item, _below(place, name))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from commitments(item, f"{place}/{n}")


def _below(place: str, key: str) -> str:
    """Return the place of a key as a JSON pointer (RFC 6901), in which no two places are spelled alike."""
    return f"{place}/{key.replace('~', '~0').replace('/', '~1')}"


def erased(piece: Piece) -> Piece:
    return replace(piece, salt=None, value=None, people=())


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
