"""A BigQuery in which a test may make datasets and tables, whichever one it is: the sandbox's, or another emulator."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.adapters.bigquery import Account, connect
from bot.adapters.bigquery.project import BigQueryProject
from bot.ports.bigquery import DatasetName, TableName
from tests import loopback

MINJI, SORA = "minji@haneul.example", "sora@haneul.example"


class Bench(ABC):
    """A running server with one project. Each test makes its own datasets: nothing is ever reset."""

    def __init__(self, url: str, project: str) -> None:
        self.url, self.project = url, project
        self.http = loopback.Client(base_url=f"{url}/bigquery/v2/projects/{project}", timeout=30)
        self.bigquery = self.connect()

    def connect(self, **settings: Any) -> BigQueryProject:
        return connect(self.project, Account(endpoint=self.url, is_anonymous=True), **settings)

    def close(self) -> None:
        self.bigquery.close()
        self.http.close()

    def make_dataset(self, **more: Any) -> DatasetName:
        name = f"test_{secrets.token_hex(6)}"
        body = {"datasetReference": {"projectId": self.project, "datasetId": name}, "location": "US", **more}
        self.http.post("/datasets", json=body).raise_for_status()
        return DatasetName(self.project, name)

    def make_table(self, dataset: DatasetName) -> TableName:
        """Make a table partitioned by day, with the columns day, note and place.street."""
        reference = {"projectId": self.project, "datasetId": dataset.dataset, "tableId": "loads"}
        street = {"name": "street", "type": "STRING", "mode": "NULLABLE"}
        fields = [
            {"name": "day", "type": "DATE", "mode": "NULLABLE"},
            {"name": "note", "type": "STRING", "mode": "NULLABLE"},
            {"name": "place", "type": "RECORD", "mode": "NULLABLE", "fields": [street]},
        ]
        partitioning = {"type": "DAY", "field": "day"}
        body = {"tableReference": reference, "schema": {"fields": fields}, "timePartitioning": partitioning}
        self.http.post(f"/datasets/{dataset.dataset}/tables", json=body).raise_for_status()
        return dataset.table("loads")

    @abstractmethod
    def load(self, table: TableName, rows: Mapping[date, int]) -> None:
        """Write so many rows of each day into a table that `make_table` made."""
