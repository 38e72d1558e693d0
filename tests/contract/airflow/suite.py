"""The contract: what `bot.ports.airflow` promises, asked of any server through the adapter.

Subclass each part beside a fixture `bench`. A test makes its own runs: nothing is ever reset.
"""

from tests.contract.airflow.clearing import Clearing
from tests.contract.airflow.reading import Reading
from tests.contract.airflow.refusing import Refusing
from tests.contract.airflow.starting import Starting

__all__ = ["Clearing", "Reading", "Refusing", "Starting"]
