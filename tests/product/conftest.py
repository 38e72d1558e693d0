from collections.abc import Iterator

import pytest

from bot import logs
from tests.product.workplace import Workplace


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """One sandbox with Baton in it for a whole module; each test has its own DAG."""
    logs.set_up()
    database = tmp_path_factory.mktemp("workplace") / "baton.sqlite3"
    with Workplace(f"sqlite:///{database}", airflow_speed=50) as found:
        found.sandbox.limits(enforce=False)
        yield found
