"""What else people had to do with: runs, grants, requests and silences, each as it stood at the end of a window."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.actor import Actor
from bot.handoff.gathered import Run, Silence
from bot.handoff.lives import Written
from bot.handoff.model import GrantLine, Item, RequestLine, RunLine, Scope
from bot.handoff.moments import at_once, histories, lived, rows_of, touched
from bot.incidents.fix import Thread
from bot.operations.lifecycle import State as RunState
from bot.ref import Ref
from bot.requests.model import State as RequestState
from bot.store import Tx
from bot.store.tables import cards, grants, incidents, requests, runs, silences

_RUN_STATES = {state.value for state in RunState}
_REQUEST_ENDS = {state.value for state in RequestState if not state.is_open} | {"done_by_run"}
_TAKEN, _WAITS = {"taken", "assigned", "taken_by_run"}, {"asked_back", "waits"}
_REQUEST_WORDS = (
    {word: word for word in _REQUEST_ENDS}
    | {"done_by_run": RequestState.DONE.value}
    | dict.fromkeys((*_TAKEN, "answered"), RequestState.IN_PROGRESS.value)
    | dict.fromkeys(_WAITS, RequestState.WAITING.value)
    | dict.fromkeys(("given_back", "passed_on", "reopened"), RequestState.NEW.value)
)
"""What each moment makes of a request."""


def runs_at(tx: Tx, scope: Scope, start: datetime, end: datetime) -> tuple[Run, ...]:
    """Return the runs that were under way in the window or ended in it; none for what is another schedule's."""
    found = [row for row in rows_of(tx, runs, lived(tx, runs, start, end)) if row.created_at < end]
    theirs = _of_others(tx, scope, (row.origin for row in found if row.origin))
    told = histories(tx, "run", (row.id for row in found), end)
    threads = threads_of(tx, "run", (row.id for row in found))
    listed = []
    for row in found:
        state, since = _last(told.get(row.id, ()), _RUN_STATES, row.created_at)
        if row.origin in theirs or (RunState(state or "draft") is RunState.DRAFT):
            continue
        name = " ".join(value for value in row.arguments.values() if isinstance(value, str) and value)
        item = Item(Ref("run", row.id), name or row.operation, row.created_at, threads.get(row.id))
        line = RunLine(item, row.operation, state, Actor.parse(row.confirmer or row.requester))
        listed.append(Run(line, Ref.parse(row.origin) if row.origin else None, since))
    return tuple(listed)


def _of_others(tx: Tx, scope: Scope, origins: Iterable[str]) -> set[str]:
    """Return the origins that are incidents or requests of other schedules."""
    refs = [Ref.parse(each) for each in origins]
    other = {"incident": incidents.c.route.not_in(scope.routes), "request": requests.c.schedule != scope.schedule}
    found: set[str] = set()
    for kind, table in (("incident", incidents), ("request", requests)):
        for some in at_once({ref.id for ref in refs if ref.kind == kind}):
            query = select(table.c.id).where(table.c.id.in_(some), other[kind])
            found |= {f"{kind}:{each}" for each in tx.execute(query).scalars()}
    return found


def _last(told: Sequence[Written], words: set[str], since: datetime) -> tuple[str, datetime]:
    """Return the newest of these words and when it was written; an empty word for none."""
    return next(((each.word, each.at) for each in reversed(told) if each.word in words), ("", since))


def grants_at(tx: Tx, start: datetime, end: datetime) -> tuple[GrantLine, ...]:
    """Return the grants that stood in the window, with the state and the end that they had at its end."""
    rows = [row for row in rows_of(tx, grants, lived(tx, grants, start, end)) if row.created_at < end]
    told = histories(tx, "grant", (row.id for row in rows), end)
    threads = threads_of(tx, "grant", (row.id for row in rows))
    return tuple(
        GrantLine(
            Item(Ref("grant", row.id), f"{row.member} → {row.resource}", row.created_at, threads.get(row.id)),
            _grant_state(told.get(row.id, ())),
            _until(told.get(row.id, ()), row.expires_at),
        )
        for row in rows
    )


_GRANT_WORDS = {
    "agreed": "activating",
    "active": "active",
    "gone": "ended",
    "standing": "ended",
    "not_given": "ended",
    "revoke_failed": "revoke_failed",
    "removed_elsewhere": "drifted",
    "widened": "drifted",
    "vanished": "ended",
    "expired": "revoking",
    "given_back": "revoking",
    "revoked": "revoking",
}


def _grant_state(told: Sequence[Written]) -> str:
    return next((found for each in reversed(told) if (found := _GRANT_WORDS.get(each.word))), "activating")


def _until(told: Sequence[Written], otherwise: datetime) -> datetime:
    """Return the end that was said last."""
    said = (each.params["until"]["$at"] for each in reversed(told) if "until" in each.params)
    return next((datetime.fromisoformat(at) for at in said), otherwise)


def requests_at(tx: Tx, scope: Scope, start: datetime, end: datetime) -> tuple[RequestLine, ...]:
    """Return the requests that were open at the end, or were ended in the window."""
    ids = lived(tx, requests, start, end)
    ids |= touched(tx, "request", start, end)  # ended in it, and opened again since
    rows = [row for row in rows_of(tx, requests, ids) if row.opened_at < end and row.schedule == scope.schedule]
    told = histories(tx, "request", (row.id for row in rows), end)
    threads = threads_of(tx, "request", (row.id for row in rows))
    lines = []
    for row in rows:
        state, ended_at, outcome = _request_state(told.get(row.id, ()))
        if ended_at is None or ended_at >= start:
            item = Item(Ref("request", row.id), row.words, row.opened_at, threads.get(row.id))
            lines.append(RequestLine(item, row.kind, state, Actor.parse(row.requester), outcome))
    return tuple(lines)


def _request_state(told: Sequence[Written]) -> tuple[str, datetime | None, str]:
    """Return the state, since when it is over, if it is, and what was said of its end."""
    moves = [each for each in told if each.word in _REQUEST_WORDS]
    if not moves:
        return RequestState.NEW.value, None, ""
    last = moves[-1]
    if last.word in _REQUEST_ENDS:
        return _REQUEST_WORDS[last.word], last.at, str(last.params.get("what", ""))
    if last.word == "reopened" and _was_somebodys(moves):
        return RequestState.IN_PROGRESS.value, None, ""
    return _REQUEST_WORDS[last.word], None, ""


def _was_somebodys(moves: Sequence[Written]) -> bool:
    """Tell whether somebody had a request when it ended, who has it again when it is reopened; who asks back has it."""
    hands = [each.word for each in moves if each.word in _TAKEN | _WAITS | {"given_back"}]
    return bool(hands) and hands[-1] != "given_back"


def silences_at(tx: Tx, end: datetime, ends_before: datetime) -> tuple[Silence, ...]:
    """Return the silences that were in force at the end of the window, and were to end before that moment."""
    rows = [row for row in rows_of(tx, silences, lived(tx, silences, end, end)) if row.created_at < end]
    told = histories(tx, "silence", (row.id for row in rows), end)
    threads = threads_of(tx, "silence", (row.id for row in rows))
    found = []
    for row in rows:
        words = [each for each in told.get(row.id, ()) if each.word in {"created", "confirmed", "changed", "undone"}]
        over = [each for each in told.get(row.id, ()) if each.word in {"ended", "expired", "denied", "never_confirmed"}]
        is_over = bool(over) and (not words or over[-1].at >= words[-1].at)
        until = _until(words, row.until)
        if words and not is_over and end <= until < ends_before:
            name = " ".join(f"{key}={pattern}" for key, pattern in row.matchers)
            found.append(Silence(Item(Ref("silence", row.id), name, row.created_at, threads.get(row.id)), until))
    return tuple(found)


def threads_of(tx: Tx, kind: str, ids: Iterable[str]) -> Mapping[str, Thread]:
    """Return where each is shown, for those that have a card in Slack."""
    found = {}
    columns = (cards.c.ref, cards.c.shown_channel, cards.c.ts, cards.c.root_ts)
    for some in at_once(ids):
        query = select(*columns).where(cards.c.ref.in_([f"{kind}:{each}" for each in some]), cards.c.ts.is_not(None))
        for row in tx.execute(query):
            found[row.ref.partition(":")[2]] = Thread(row.shown_channel, row.ts, row.root_ts)
    return found
