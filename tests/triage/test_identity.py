"""What names a thing, and what does not."""

import unicodedata

import pytest

from bot.triage.identity import masked, normal, workload


@pytest.mark.parametrize(
    ("pod", "name"),
    [
        ("loader-6b7f9d8c5-x2klm", "loader"),
        ("order-indexer-dr-54c6bb9f7d-m4x8p", "order-indexer-dr"),
        ("kafka-0", "kafka-0"),
        ("trino-worker-12", "trino-worker-12"),
        ("compact-28812345", "compact"),
        ("compact-28812345-8xk2p", "compact"),
        ("node-exporter-7xk2p", "node-exporter"),
        ("etl-v2", "etl-v2"),
        ("mysql", "mysql"),
        ("data-0-main-kafka-2", "data-0-main-kafka-2"),
    ],
)
def test_a_pod_s_hash_is_not_its_name_and_an_ordinal_is(pod, name):
    assert workload(pod) == name


@pytest.mark.parametrize(
    "text",
    [
        "took 14.5s at 2026-11-20T01:02:03Z",
        "run scheduled__2026-10-18T21:00:00+00:00",
        "request 0f8fad5b-d9cd-469f-a165-70867728950e",
        "worker 10.1.2.3:8083, 48% full, 120,331 rows",
        "object at 0x7fc9b49c83dc, commit 9f31c0aa7d1e",
    ],
)
def test_what_changes_is_masked(text):
    assert not any(char.isdigit() for char in masked(text))


@pytest.mark.parametrize("name", ["ods.orders_v2", "kafka-0", "s3", "ap-northeast-2", "load_2"])
def test_digits_inside_names_stay(name):
    assert masked(name) == name


def test_names_are_compared_in_one_form():
    name = "주문_일집계"

    assert normal(unicodedata.normalize("NFD", name) + " ") == normal(unicodedata.normalize("NFC", name))
    assert normal("A  b") == normal("a b")
