"""What Baton believes about Airflow, checked against the sandbox's fake and against real servers."""

import pytest

pytest.register_assert_rewrite(
    *(f"{__name__}.{part}" for part in ("bench", "clearing", "contract", "reading", "refusing", "starting"))
)
