"""What Baton believes about Airflow, checked against the sandbox's fake and against real servers."""

import pytest

pytest.register_assert_rewrite("tests.contract.airflow.suite", "tests.contract.airflow.bench")
