"""Every tool that has its own parser, in the order in which they are tried."""

from bot.triage.source import Source
from bot.triage.sources import airflow, alertmanager, dbt_cloud, grafana

SOURCES: tuple[Source, ...] = (
    airflow.SOURCE,
    dbt_cloud.SOURCE,
    grafana.SOURCE,
    alertmanager.SOURCE,
)
