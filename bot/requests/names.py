"""The names that people may mean: of the configuration, and the DAGs of the directory."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select

from bot.loads import Loads
from bot.requests.reading import Vocabulary
from bot.store import Tx
from bot.store.tables import dags


def vocabulary_of(
    loads: Loads, datasets: tuple[str, ...], on_call: Callable[[Tx, datetime], Iterable[str]]
) -> Callable[[Tx, datetime], Vocabulary]:
    """Return what knows the names at a time.

    Who speaks to whoever is on call then, by any schedule, asks the team. Baton itself needs no name here: what is said
    to it is no message to be recognised.
    """

    def known(tx: Tx, now: datetime) -> Vocabulary:
        names = tx.execute(select(dags.c.dag_id).distinct().order_by(dags.c.dag_id)).scalars()
        return Vocabulary.of(loads, datasets, names, on_call(tx, now))

    return known
