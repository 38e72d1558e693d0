"""Which kinds of things have cards, and how each is loaded and rendered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.ref import Ref
from bot.store import Tx
from bot.views.reader import Reader
from bot.views.rendered import Rendered


@dataclass(frozen=True, slots=True)
class CardKind:
    """`load` returns the newest state, or None where the thing is gone; `render` is pure."""

    load: Callable[[Tx, str], Any]
    render: Callable[[Any, Reader], Rendered]


Catalog = Mapping[str, CardKind]
Pages = Mapping[str, Callable[[Tx, str, Reader], Rendered]]
"""How the page of an answer to one person is made from what they asked."""


def render(catalog: Catalog, tx: Tx, ref: Ref, reader: Reader) -> Rendered | None:
    kind = catalog[ref.kind]
    state = kind.load(tx, ref.id)
    return kind.render(state, reader) if state is not None else None
