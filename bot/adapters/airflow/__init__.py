"""Airflow 3.0 to 3.3 behind `bot.ports.airflow`."""

from bot.adapters.airflow.server import connect

__all__ = ["connect"]
