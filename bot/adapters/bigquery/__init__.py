"""BigQuery behind `bot.ports.bigquery`, over google-cloud-bigquery."""

from bot.adapters.bigquery.connection import Account
from bot.adapters.bigquery.project import connect

__all__ = ["Account", "connect"]
