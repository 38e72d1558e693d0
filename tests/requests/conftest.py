import pytest

from bot.store import Store
from tests.requests.book import Book


@pytest.fixture
def book(any_store: Store) -> Book:
    return Book(any_store)


@pytest.fixture
def page(store: Store) -> Book:
    """For rules that ask the database nothing of its own."""
    return Book(store)
