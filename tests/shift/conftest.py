from collections.abc import Iterator

import pytest

from bot import logs
from sandbox.running import RunningSandbox


@pytest.fixture(scope="package")
def slack() -> Iterator[RunningSandbox]:
    """One Slack for all these tests; each begins with the workspace as it was."""
    logs.set_up()
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(slack: RunningSandbox) -> RunningSandbox:
    slack.reset()
    slack.limits(enforce=False)
    return slack
