"""A fake BigQuery over real HTTP, asked by Google's own client, on a business clock that tests set."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from sandbox.bigquery.app import app
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultMiddleware, Faults
from sandbox.world import load
from tests import loopback
from tests.sandbox.serving import served

WORLD = load()
NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # a Wednesday noon in Seoul
PROJECT, ORDERS = "haneul-prod", "haneul-prod.orders"
API = f"/bigquery/v2/projects/{PROJECT}"
SORA = "sora@haneul.example"
VIEWER = "roles/bigquery.dataViewer"


class BigQuery:
    """Google's client, plain HTTP, the sandbox's own door, its clock and its faults."""

    def __init__(self, http: httpx.Client, clock: Clock, faults: Faults) -> None:
        self.http, self.clock, self.faults = http, clock, faults
        options = {"api_endpoint": str(http.base_url).rstrip("/")}
        self.client = bigquery.Client(project=PROJECT, credentials=AnonymousCredentials(), client_options=options)

    def control(self, order: str, **given: Any) -> None:
        answer = self.http.post(f"/_control/{order}", json=given)
        assert answer.status_code == 200, answer.text

    def look(self, what: str, **query: Any) -> Any:
        return self.http.get(f"/_control/{what}", params=query).raise_for_status().json()

    def fault(self, path: str = "*", **fault: Any) -> None:
        self.faults.add(Fault(vendor="bigquery", path=path, **fault))

    def acl(self, dataset: str = "orders", **query: Any) -> Any:
        return self.http.get(f"{API}/datasets/{dataset}", params={"accessPolicyVersion": 3} | query).json()

    def set_acl(self, entries: Any, etag: str | None = None, dataset: str = "orders", **query: Any) -> httpx.Response:
        headers = {"If-Match": etag} if etag else {}
        params = {"accessPolicyVersion": 3} | query
        return self.http.patch(f"{API}/datasets/{dataset}", params=params, headers=headers, json={"access": entries})

    def add(self, entry: Any, dataset: str = "orders") -> Any:
        """Put one more entry into the ACL; return the entry as it was written down."""
        answer = self.set_acl([*living(self.acl(dataset)["access"]), entry], dataset=dataset)
        assert answer.status_code == 200, answer.text
        return answer.json()["access"][-1]

    def may_read(self, person: str, dataset: str = ORDERS, **query: Any) -> bool:
        return bool(self.look("may_read", person=person, dataset=dataset, **query)["may"])


def living(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries without those of deleted accounts, which cannot be written back."""
    return [entry for entry in entries if not entry.get("iamMember", "").startswith("deleted:")]


def conditional(email: str, until: str) -> dict[str, Any]:
    condition = {"title": "baton/1", "expression": f'request.time < timestamp("{until}")'}
    return {"role": VIEWER, "userByEmail": email, "condition": condition}


def reason(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["errors"][0]["reason"])


@pytest.fixture
def bq() -> Iterator[BigQuery]:
    clock, faults = Clock(), Faults()
    clock.set(NOW)
    with (
        served(FaultMiddleware(app(WORLD, clock, limits=False), "bigquery", faults)) as url,
        loopback.Client(base_url=url, timeout=10) as http,
    ):
        asked = BigQuery(http, clock, faults)
        yield asked
        asked.client.close()
