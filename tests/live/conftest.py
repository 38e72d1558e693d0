"""The real servers that live tests may ask for; each is started once a session, when the first test asks."""

from tests.live.airflow.fixtures import real_airflow

__all__ = ["real_airflow"]
