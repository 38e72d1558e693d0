from collections.abc import Iterator

import pytest

from bot import logs
from sandbox.running import RunningSandbox
from tests.delivery.bench import Bench, bench


@pytest.fixture(scope="package")
def slack() -> Iterator[RunningSandbox]:
    """One Slack for all these tests; each has its own alert in its own thread."""
    logs.set_up()
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(slack: RunningSandbox) -> RunningSandbox:
    slack.reset()
    slack.limits(enforce=False)
    return slack


@pytest.fixture
def desk(sandbox: RunningSandbox, sqlite_url: str) -> Iterator[Bench]:
    with bench(sandbox, sqlite_url) as found:
        yield found
