"""The names that people may mean: of the configuration, and the DAGs of the directory."""

from collections.abc import Callable

from sqlalchemy import select

from bot.loads import Loads
from bot.requests.reading import Vocabulary
from bot.store import Tx
from bot.store.tables import dags


def vocabulary_of(loads: Loads, datasets: tuple[str, ...]) -> Callable[[Tx], Vocabulary]:
    """Return what knows the present names."""

    def known(tx: Tx) -> Vocabulary:
        names = tx.execute(select(dags.c.dag_id).distinct().order_by(dags.c.dag_id)).scalars()
        return Vocabulary.of(loads, datasets, names)

    return known
