"""One page of the list behind a figure. Pure values."""

from dataclasses import dataclass

from bot.handoff.model import Figure, Item, ListRef

PAGE = 24


@dataclass(frozen=True, slots=True)
class Listed:
    """One page, of `total` things; the first page is 0."""

    ref: ListRef
    figure: Figure
    items: tuple[Item, ...]
    page: int
    total: int

    @property
    def offset(self) -> int:
        return self.page * PAGE
