"""The contract's cases again, with the validating proxy between Baton and the sandbox's Opsgenie."""

import pytest

from tests.contract.paging.opsgenie_fixtures import (
    alerts,
    case,
    coverable,
    covered,
    gap,
    monday,
    now,
    pages,
    plan,
    sandbox,
    schedules,
)
from tests.live.opsgenie.proxy import ValidatingProxy

__all__ = [
    "alerts",
    "case",
    "coverable",
    "covered",
    "gap",
    "monday",
    "now",
    "pages",
    "plan",
    "sandbox",
    "schedules",
]


@pytest.fixture(scope="module")
def proxy(sandbox, tmp_path_factory):
    with ValidatingProxy(sandbox.opsgenie_url, tmp_path_factory.mktemp("proxy")) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def opsgenie_url(proxy):
    return proxy.url


@pytest.fixture(autouse=True)
def _nothing_is_against_the_description(proxy):
    """Let each test fail whose calls or answers are not what Atlassian describes, whatever the adapter makes of it."""
    proxy.forget()
    yield
    assert proxy.violations() == []
