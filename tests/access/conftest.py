from collections.abc import Iterator

import pytest

from bot.audit import service as audit
from bot.audit.chain import Fine
from tests.access.bench import Bench


@pytest.fixture
def bench(store, clock) -> Iterator[Bench]:
    """A bench on SQLite; whatever a test did, the audit must be whole after it."""
    bench = Bench(store, clock)
    yield bench
    assert isinstance(store.read(audit.verify), Fine)


@pytest.fixture
def any_bench(any_store, clock) -> Bench:
    return Bench(any_store, clock)
