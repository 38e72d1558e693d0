"""What is a name and what is none, and which part of a name changes from alert to alert."""

import re

from bot.triage.lexicon import words

# Words and products that stand where a name could.
_NO_NAMES = frozenset(
    words(
        """
        the, a, an, is, was, has, have, in, on, of, for, to, at, by, from, with, and, or, not, no, this, that, it, its,
        new, all, any, failed, failure, succeeded, status, state, error, name, id, run, runs, level, lag, count,
        delayed, late, down, e-mail, up-to-date, on-call, read-only, re-run, backfill, back-fill, timeout, time-out,
        utf-8, bigquery, clickhouse, mysql, postgresql, mongodb, dynamodb, mariadb, github, gitlab, opensearch,
        elasticsearch, cloudwatch, dataflow, pagerduty, rabbitmq, starrocks, hbase, under-replicated, non-zero,
        cpu, memory, disk, ram, swap, inode, gc, jvm, api, db, sql, etl, elt, cdc, dw, dwh, bi, kst, utc, gmt, redis,
        kafka, spark, flink, hive, airflow, dbt, s3, gcs, k8s, redshift, snowflake, trino, presto, long-running,
        row-count, follow-up, one-off, end-to-end, real-time, near-real-time, none, null, unknown, n/a, healthcheck
        """
    )
)
_NO_NAME = re.compile(
    r"(?:\d[\d.,:\-/]*|d-\d|[a-z]{2}(?:-gov)?-[a-z]{4,9}-\d"  # numbers, `D-1`, regions
    r"|(?:application|attempt|container|job|task|query|run)_\d{4,20}_[\d_mrp]{1,60}"  # of YARN, Spark, Trino
    r"|\d{8}_\d{6}_\d{5}_\w{5}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}"
    r"|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64})$"
)
_DATE = re.compile(
    r"[_\-.$@]?(?<!\d)(?:19|20)\d\d(?P<sign>[_\-.]?)(?:0[1-9]|1[0-2])(?P=sign)(?:0[1-9]|[12]\d|3[01])"
    r"(?:[_\-T]?(?:[01]\d|2[0-3])(?:[0-5]\d){0,2}Z?)?(?!\d)"
)
_UUID = re.compile(r"[_\-.]?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def is_name(name: str) -> bool:
    """Tell a name from a word: it is joined by signs, mixes letters and digits, or is in camel case."""
    return re.search(r"[._\-/]|\d|[a-z][A-Z]", name) is not None


def is_no_name(text: str) -> bool:
    """Tell what stands where a name could and names nothing: a common word, a product, a number, the id of a run."""
    low = text.lower()
    return low in _NO_NAMES or _NO_NAME.match(low) is not None


def steady(name: str) -> str:
    """Return the name without the date or the id of a run in it: `orders_20261120.csv` → `orders.csv`."""
    if "20" not in name and name.count("-") < 4:
        return name
    return _UUID.sub("", _DATE.sub("", name)).strip("_-") or name
