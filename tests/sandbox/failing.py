"""Web API calls that must fail."""

import pytest
from slack_sdk.errors import SlackApiError


def failing(error: str) -> pytest.RaisesExc[SlackApiError]:
    """Expect exactly this error of the Web API."""
    return pytest.raises(SlackApiError, match=f"'error': '{error}'")
