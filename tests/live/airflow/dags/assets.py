"""A task that writes an asset, and a DAG that the asset starts."""

from datetime import UTC, datetime

from airflow.sdk import Asset, dag, task

ORDERS = Asset(
    name="orders_daily",
    uri="bigquery://acme-prod/analytics/orders_daily",
    extra={"table": "acme-prod.analytics.orders_daily"},
)
START = datetime(2026, 1, 1, tzinfo=UTC)


@dag(dag_id="asset_producer", schedule=None, start_date=START, catchup=False, is_paused_upon_creation=False)
def asset_producer():
    @task(outlets=[ORDERS])
    def write() -> None:
        """Its success makes the asset event."""

    write()


@dag(dag_id="asset_consumer", schedule=[ORDERS], start_date=START, catchup=False, is_paused_upon_creation=False)
def asset_consumer():
    @task
    def read() -> None:
        """Runs when the asset was written."""

    read()


asset_producer()
asset_consumer()
