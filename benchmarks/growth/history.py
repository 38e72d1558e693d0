"""The past of one install, made up row by row: the same for the same number of incidents, whoever makes it.

The team has the same busy week all the time, so that a store with more incidents is an older one.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TEAM, CHANNEL, ROUTE, SCHEDULE = "T0HANEUL", "C0ALERTS", "core", "data-platform"
ENGINEERS = tuple(f"U0ENG{number}" for number in range(6))
ON_CALL, COLLEAGUE = ENGINEERS[0], "U0ASKS001"
ASKING = 200  # colleagues
THINGS = 3000  # broken now and then, a few of them every day
OPEN, ACKNOWLEDGED = 250, 80  # the newest incidents; of them, those that somebody has taken on
BATCH = 5000
_SEVERITIES = ("critical",) * 3 + ("error",) * 60 + ("warning",) * 30 + ("info",) * 7
_CAUSES = ("bad_data", "late_upstream", "infrastructure", "code", "false_alarm")
_REMEDIES = ("reran", "waited", "corrected", "nothing")
_KINDS = ("rerun", "access", "question", "incident", "other")
_ERRORS = (
    "RuntimeError: 404 Not found: Table staging.orders_raw",
    "google.api_core.exceptions.Forbidden: 403 Access Denied: BigQuery",
    "airflow.exceptions.AirflowSensorTimeout: Sensor has timed out",
    "MemoryError: the worker was killed by signal 9",
    "AssertionError: row count 0 is below 1000",
)

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def batches(incidents: int, per_week: int) -> Iterator[Rows]:
    """Yield the rows of all tables that grow, oldest first, for so many incidents up to now."""
    chance, apart = random.Random(incidents), timedelta(weeks=1) / per_week
    for first in range(0, incidents, BATCH):
        rows: Rows = {}
        for number in range(first, min(first + BATCH, incidents)):
            left = incidents - number
            _incident(rows, chance, number, left, NOW - apart * left)
        yield rows


def thing(number: int) -> dict[str, str]:
    """Return what names one of the things that break."""
    return {"dag_id": f"{_words(number)}_daily", "task_id": f"load_{_words(number * 7 + 3)}"}


def fingerprint(number: int) -> str:
    return f"{number:064x}"


def _words(number: int) -> str:
    nouns = ("orders", "users", "payments", "events", "sessions", "stock", "prices", "returns", "주문", "정산")
    return f"{nouns[number % 10]}_{nouns[number // 10 % 10]}_{number // 100:02}"


def _incident(rows: Rows, chance: random.Random, number: int, left: int, at: datetime) -> None:
    which = int(THINGS * chance.random() ** 3)
    took, severity = timedelta(minutes=chance.expovariate(1 / 40) + 1), chance.choice(_SEVERITIES)
    state = _state(left, chance)
    key, who, error = _id(at, number), chance.choice(ENGINEERS), chance.choice(_ERRORS)
    taken = at + took / 4 if state in {"acknowledged", "resolved"} else None
    over = at + took if state == "resolved" else None
    is_unresolved = state in {"open", "acknowledged", "stale"}
    _add(
        rows,
        "incidents",
        id=key,
        route=ROUTE,
        fingerprint=fingerprint(which),
        open_key=f"{ROUTE}:{number}" if is_unresolved else None,
        source="airflow",
        resource=thing(which),
        title=f"{thing(which)['dag_id']} failed",
        error=error,
        severity=severity,
        owner="",
        links={},
        state=state,
        team=TEAM,
        channel=CHANNEL,
        message_ts=_ts(at, number),
        opened_at=at,
        raised_at=at,
        last_alert_at=at,
        alert_count=1,
        acknowledged_at=taken,
        acknowledged_by=_person(who) if taken else None,
        resolved_at=over,
        resolved_by=_person(who) if over else None,
        stale_at=at + timedelta(days=1) if state == "stale" else None,
        cause=chance.choice(_CAUSES) if over else None,
        remedy=chance.choice(_REMEDIES) if over else None,
        called={"ids": [ENGINEERS[0]], "certainty": "somebody", "name": "", "known_at": None},
        mentioned_at=at,
        root_id=_root(rows, chance) if state == "resolved" else None,
    )
    _told(rows, chance, number, key, at, which, severity)
    _moments(rows, key, who, state, at, taken, took)
    if number % 5 == 0:  # the others are no failures of Airflow
        _failure(rows, key, which, at, over)
    if number % 50 == 0:
        _run(rows, number, key, who, at, which)
    if number % 20 == 0:
        _request(rows, chance, number, who, at, is_open=left <= OPEN)


def _state(left: int, chance: random.Random) -> str:
    if left <= OPEN:
        return "acknowledged" if left % OPEN < ACKNOWLEDGED else "open"
    return chance.choices(("resolved", "superseded", "stale"), (968, 30, 2))[0]


def _root(rows: Rows, chance: random.Random) -> str | None:
    """Return an incident shortly before, from which this one follows as a few do."""
    before = rows.get("incidents", ())[-8:]
    return str(before[0]["id"]) if len(before) == 8 and chance.random() < 0.04 else None


def _told(rows: Rows, chance: random.Random, number: int, key: str, at: datetime, which: int, severity: str) -> None:
    """Add the alert with its message, now and then a second one, and the card."""
    for again in range(2 if chance.random() < 0.02 else 1):
        told, message = at + timedelta(seconds=again * 40), f"{_id(at, number)}{again}"
        ts = _ts(told, number)
        _add(
            rows,
            "messages",
            id=message,
            event_id=f"Ev{number}.{again}",
            team=TEAM,
            channel=CHANNEL,
            ts=ts,
            revision=f"{again}",
            kind="bot",
            sender="B0AIRFLOW",
            at=told,
            received_at=told,
            payload={"text": "Task failed"},
        )
        alert = {"resource": thing(which), "title": "failed"}
        _add(
            rows,
            "alerts",
            id=message,
            message_id=message,
            incident_id=key,
            kind="alert",
            source="airflow",
            fingerprint=fingerprint(which),
            severity=severity,
            at=told,
            body=alert,
        )
    shown = {"shown_channel": CHANNEL, "ts": _ts(at, number), "root_ts": _ts(at, number)}
    _add(rows, "cards", ref=f"incident:{key}", channel=CHANNEL, language="ko", wanted=3, shown=3, **shown)


def _moments(rows: Rows, key: str, who: str, state: str, at: datetime, taken: datetime | None, took: timedelta) -> None:
    """Add what is told of the incident: that it opened, who took it on, how it ended, and whom it called."""
    ends = {"resolved": took, "superseded": timedelta(days=9), "stale": timedelta(days=1)}
    told = [(at, "opened", "baton")] + ([(taken, "acknowledged", _person(who))] if taken else [])
    told += [(at + ends[state], state, _person(who) if state == "resolved" else "baton")] if state in ends else []
    for place, (moment, word, actor) in enumerate(told):
        body = {"$text": f"incident.moment.{word}", "params": {}}
        _add(
            rows,
            "timeline",
            id=f"{_id(moment, 0)}{key[-8:]}{place}",
            ref=f"incident:{key}",
            at=moment,
            actor=actor,
            body=body,
        )
    called = {"user": who, "zone": "Asia/Seoul", "kind": "mention", "schedule": SCHEDULE}
    _add(rows, "interruptions", id=key, at=at, ref=f"incident:{key}", **called)


def _failure(rows: Rows, key: str, which: int, at: datetime, over: datetime | None) -> None:
    _add(
        rows,
        "occurrences",
        id=key,
        incident_id=key,
        key=f"scheduled__{at:%Y-%m-%dT%H}",
        airflow="prod",
        **thing(which),
        dag_run_id=f"scheduled__{at:%Y-%m-%dT%H:%M}",
        map_index=-1,
        state="succeeded" if over else "failed",
        failed_at=at,
        settled_at=over,
    )


def _run(rows: Rows, number: int, key: str, who: str, at: datetime, which: int) -> None:
    done = {"ended_at": at + timedelta(minutes=9), "confirmed_at": at + timedelta(minutes=2)}
    arguments = {"airflow": "prod", **thing(which), "dag_run_id": f"scheduled__{number}"}
    _add(
        rows,
        "runs",
        id=f"{_id(at, number)}r",
        operation="clear-tasks",
        arguments=arguments,
        state="succeeded",
        requester=_person(who),
        confirmer=_person(who),
        origin=f"incident:{key}",
        created_at=at,
        **done,
    )


def _request(rows: Rows, chance: random.Random, number: int, who: str, at: datetime, *, is_open: bool) -> None:
    asker = f"U0ASKS{chance.randrange(ASKING):03}"
    open_ = {"state": "new", "open_key": f"{number}", "answer_due_at": at + timedelta(hours=30)}
    over = {"state": "done", "assignee": _person(who), "taken_at": at, "answered_at": at, "ended_at": at}
    _add(
        rows,
        "requests",
        id=f"{_id(at, number)}q",
        team=TEAM,
        key=f"message:{number}",
        kind=chance.choice(_KINDS),
        words="어제자 주문 데이터 다시 적재해 주세요",
        fields={"load": "orders"},
        requester=_person(asker),
        registered_by=_person(asker),
        way="message",
        channel="C0HELP",
        message_ts=_ts(at, number),
        language="ko",
        schedule=SCHEDULE,
        opened_at=at,
        called={"ids": [ON_CALL], "certainty": "somebody", "name": "", "known_at": None},
        **(open_ if is_open else over),
    )


def _add(rows: Rows, table: str, **row: Any) -> None:
    rows.setdefault(table, []).append(row)


def _id(at: datetime, number: int) -> str:
    """Return an id as `bot.ref` makes them, without its chance."""
    return f"{int(at.timestamp() * 1000):011x}{number:013x}"


def _ts(at: datetime, number: int) -> str:
    return f"{int(at.timestamp())}.{number % 1_000_000:06}"


def _person(user: str) -> str:
    return f"person:{TEAM}:{user}"


def written(value: Any) -> Any:
    """Return a value as both databases take it as text."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() if isinstance(value, dict | list) else value
