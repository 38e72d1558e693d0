"""Airflow 2 and 3 behind `bot.ports.airflow`: one adapter, one dialect for each version of the REST API."""

from bot.adapters.airflow.access import Credentials
from bot.adapters.airflow.server import AirflowServer, connect

__all__ = ["AirflowServer", "Credentials", "connect"]
