"""Keeps by which words the thing of an incident is found.

Words are kept once for each thing, not for each incident: a task that fails every night brings nothing new, so the
index stays small however many incidents there are, and is the same on every database.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, select

from bot.incidents.model import OPEN
from bot.incidents.words import lasting, words_of
from bot.store import Tx
from bot.store.prepared import Prepared
from bot.store.tables import incident_words, incidents
from bot.store.upsert import insert_into
from bot.triage.identity import normal

FACETS: Mapping[str, str] = {
    "dag_id": "dag",
    "task_id": "task",
    "table": "table",
    "model": "table",
    "asset": "table",
    "job": "job",
    "job_name": "job",
}
"""By which filter (`dag:…`) a key of a resource is asked for."""

_LONGEST_FACET = 120
_LONGEST_TEXT = 500
_MOST_AT_ONCE = 200


def learn(tx: Tx, fingerprint: str, resource: Mapping[str, str], texts: Iterable[str]) -> None:
    """Have the thing found by its names and by what lasts of these texts."""
    said = lasting(words_of(text[:_LONGEST_TEXT] for text in texts))
    found = {*said, *words_of(resource.values()), *(facet(name, value) for name, value in facets(resource))}
    if found:
        _LEARN.many(tx, [{"word": word, "fingerprint": fingerprint} for word in sorted(found)])


def learn_newest(tx: Tx, since: datetime) -> None:
    """Have open incidents found by what their newest alerts say, of those that were repeated since then.

    An alert more is on the path of Slack's answer, and words cost more than all else that it takes there.
    """
    repeated = incidents.c.alert_count > 1, incidents.c.last_alert_at >= since
    newest = select(incidents.c.fingerprint, incidents.c.error).where(incidents.c.state.in_(OPEN), *repeated)
    for row in tx.execute(newest.order_by(incidents.c.id.desc()).limit(_MOST_AT_ONCE)).all():
        learn(tx, row.fingerprint, {}, (row.error,))


def facets(resource: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield by which filters and values a resource is found."""
    return ((FACETS[key], normal(value)) for key, value in resource.items() if key in FACETS)


def facet(name: str, value: str) -> str:
    """Return the word for a filter. No word of a text has the sign of equality in it."""
    return f"{name}={value}"[:_LONGEST_FACET]


def _learn(dialect: str) -> Executable:
    row: dict[str, Any] = {"word": bindparam("word"), "fingerprint": bindparam("fingerprint")}
    learned: Executable = insert_into(dialect, incident_words).values(row).on_conflict_do_nothing()
    return learned


_LEARN = Prepared(_learn)
