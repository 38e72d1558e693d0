from collections.abc import Iterator

import pytest

from bot import logs
from sandbox.running import RunningSandbox
from tests.delivery.bench import Bench, bench


@pytest.fixture(scope="package")
def vendors() -> Iterator[RunningSandbox]:
    """One Slack and one Airflow for all these tests."""
    logs.set_up()
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def desk(vendors: RunningSandbox, sqlite_url: str) -> Iterator[Bench]:
    vendors.reset()
    vendors.limits(enforce=False)
    with bench(vendors, sqlite_url) as found:
        yield found
