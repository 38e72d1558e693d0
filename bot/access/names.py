"""Keeps the names of datasets and tables that forms suggest: a form waits for no vendor."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import delete

from bot.access.catalog import Access
from bot.ports.bigquery import BigQuery
from bot.store import Store, Tx
from bot.store.tables import bigquery_names
from bot.store.upsert import upsert

MOST = 2_000  # names of one project


def refresh(store: Store, google: BigQuery, access: Access, now: datetime) -> None:
    """Remember exactly the project's datasets that may be given, and the tables of those that are too wide."""
    names = list(islice(_names(google, access), MOST))
    rows = [{"name": name, "project": google.project, "fetched_at": now} for name in names]

    def keep(tx: Tx) -> None:
        tx.execute(delete(bigquery_names).where(bigquery_names.c.project == google.project))
        upsert(tx, bigquery_names, rows, key=["name"])

    store.write(keep)


def _names(google: BigQuery, access: Access) -> Iterator[str]:
    for dataset in google.datasets():
        rule = access.rule(dataset)
        if rule is None:
            continue
        yield str(dataset)
        if rule.tables_only:
            yield from (str(table) for table in google.tables(dataset))
