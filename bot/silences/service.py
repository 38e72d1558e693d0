"""What people do with silences. Each function takes the actor first, authorises, and says what came of it.

What needs a second person mutes nothing before that one has confirmed it; nobody confirms their own.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from bot import outbox, timeline
from bot.actor import Actor, named
from bot.audit import service as audit
from bot.operations.authority import Authorise
from bot.outbox import Place
from bot.ref import Ref, new_id
from bot.silences import muting, queries, rules
from bot.silences.model import Matchers, Silence, SilenceState, Wish
from bot.store import Tx
from bot.store.tables import silences
from bot.store.types import canonical
from bot.store.upsert import insert_if_new
from bot.text import Lines, Text, text

DEEDS = ("silence.create", "silence.confirm", "silence.end")
"""What a policy may allow people to do with silences."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is so now; `said` tells the one who asked."""

    silence: Silence
    said: Text


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed; `why` tells the one who asked. `problems` belong to fields of the form."""

    why: Text
    problems: tuple[rules.Problem, ...] = ()


Answer = Done | Refused


def create(actor: Actor, tx: Tx, wish: Wish, place: Place, now: datetime, authorise: Authorise) -> Answer:
    """Have these alerts silenced, or asked to be where a second person must agree; its card appears at `place`."""
    if why := authorise(tx, actor, "silence.create"):
        return Refused(why)
    if wrong := rules.problems(wish, now):
        return _wrong(wrong)
    needs = rules.reasons(wish.matchers, now, wish.until)
    row: dict[str, Any] = {
        "id": new_id(now),
        "open_key": open_key(wish.matchers),
        "state": SilenceState.PENDING if needs else SilenceState.ACTIVE,
        "matchers": [[each.key, each.pattern] for each in wish.matchers],
        "until": wish.until,
        "reason": wish.reason.strip(),
        "ticket": wish.ticket.strip(),
        "origin": str(wish.origin) if wish.origin else None,
        "created_by": str(actor),
        "created_at": now,
    }
    if not insert_if_new(tx, silences, row, key=["open_key"]):
        return _stands_already(tx, wish.matchers)
    silence = _loaded(tx, row["id"])
    outbox.want_card(tx, silence.ref, place)
    _take_effect(tx, silence, now)
    said = text("silence.moment.asked" if needs else "silence.moment.created", until=wish.until)
    _tell(actor, tx, silence, now, said)
    audit.append(tx, now, actor, "silence.create", silence.ref, _for_the_record(silence))
    return Done(silence, text("silence.you_asked" if needs else "silence.you_created", until=wish.until))


def confirm(actor: Actor, tx: Tx, silence_id: str, now: datetime, authorise: Authorise) -> Answer:
    """Agree as the second person to a silence, or to its later end."""
    if why := authorise(tx, actor, "silence.confirm"):
        return Refused(why)
    silence = queries.load(tx, silence_id, lock=True)
    if silence is None or not _waits(silence):
        return _elsewhere(silence)
    if actor == _asker(silence):
        return Refused(text("silence.not_your_own"))
    until = silence.asked_until or silence.until
    if until <= now:
        return Refused(text("silence.too_late", until=until))
    values = _in_force(until) | {"confirmed_by": str(actor)}
    return _become(actor, tx, silence, now, "confirmed", **values)


def deny(actor: Actor, tx: Tx, silence_id: str, now: datetime, authorise: Authorise) -> Answer:
    """Say no as the second person, or take back what one asked for."""
    silence = queries.load(tx, silence_id, lock=True)
    if silence is None or not _waits(silence):
        return _elsewhere(silence)
    if why := authorise(tx, actor, "silence.end" if actor == _asker(silence) else "silence.confirm"):
        return Refused(why)
    values = _over(actor, now, SilenceState.DENIED) if silence.state is SilenceState.PENDING else _NOTHING_ASKED
    return _become(actor, tx, silence, now, "denied", **values)


def change(actor: Actor, tx: Tx, silence_id: str, until: datetime, now: datetime, authorise: Authorise) -> Answer:
    """Have the silence end then. A later end may need a second person; until then the old one stays."""
    silence = queries.load(tx, silence_id, lock=True)
    if silence is None or not _is_in_force(silence, now):
        return _elsewhere(silence)
    is_later = until > silence.until
    if why := authorise(tx, actor, "silence.create" if is_later else "silence.end"):
        return Refused(why)
    if wrong := tuple(rules.with_end(until, silence.created_at, now)):
        return _wrong(wrong)
    if is_later and rules.reasons(silence.matchers, silence.created_at, until):
        return _become(actor, tx, silence, now, "asked_longer", asked_until=until, asked_by=str(actor))
    return _become(actor, tx, silence, now, "changed", **_in_force(until))


def end(actor: Actor, tx: Tx, silence_id: str, now: datetime, authorise: Authorise) -> Answer:
    """End a silence that is in force. For a while this can be undone."""
    if why := authorise(tx, actor, "silence.end"):
        return Refused(why)
    silence = queries.load(tx, silence_id, lock=True)
    if silence is None or not _is_in_force(silence, now):
        return _elsewhere(silence)
    return _become(actor, tx, silence, now, "ended", **_over(actor, now, SilenceState.ENDED))


def undo(actor: Actor, tx: Tx, silence_id: str, now: datetime, authorise: Authorise) -> Answer:
    """Have a silence in force again that somebody has just ended."""
    if why := authorise(tx, actor, "silence.create"):
        return Refused(why)
    silence = queries.load(tx, silence_id, lock=True)
    if silence is None or not rules.may_be_undone(silence, now):
        return _elsewhere(silence)
    if queries.standing(tx, open_key(silence.matchers)):
        return _stands_already(tx, silence.matchers)
    again = {"open_key": open_key(silence.matchers), "ended_by": None, "ended_at": None}
    return _become(actor, tx, silence, now, "undone", **_in_force(silence.until), **again)


def open_key(matchers: Matchers) -> str:
    """Return what only one standing silence may have: its conditions in any order."""
    return hashlib.sha256(canonical(sorted([each.key, each.pattern] for each in matchers)).encode()).hexdigest()


def _become(actor: Actor, tx: Tx, silence: Silence, now: datetime, became: str, **values: Any) -> Done:
    """Write down what became of the silence, and have everything shown anew that it concerns."""
    mine = silences.c.id == silence.id
    tx.execute(update(silences).where(mine).values(**values, version=silences.c.version + 1))
    changed = _loaded(tx, silence.id)
    _take_effect(tx, changed, now)
    until = changed.asked_until or changed.until
    said = text(f"silence.moment.{became}", until=until)
    _tell(actor, tx, changed, now, said)
    audit.append(tx, now, actor, f"silence.{became}", changed.ref, _for_the_record(changed))
    return Done(changed, said)


def _take_effect(tx: Tx, silence: Silence, now: datetime) -> None:
    if silence.state is SilenceState.ACTIVE:
        muting.quieten(tx, silence, now)
    else:
        muting.look_again(tx, now)


_NOTHING_ASKED: Mapping[str, Any] = {"asked_until": None, "asked_by": None}


def _in_force(until: datetime) -> dict[str, Any]:
    return {"state": SilenceState.ACTIVE, "until": until, "reminded_at": None, **_NOTHING_ASKED}


def _over(actor: Actor, now: datetime, state: SilenceState) -> dict[str, Any]:
    return {"state": state, "open_key": None, "ended_by": str(actor), "ended_at": now, **_NOTHING_ASKED}


def _waits(silence: Silence) -> bool:
    return silence.state is SilenceState.PENDING or silence.asked_until is not None


def _asker(silence: Silence) -> Actor | None:
    return silence.asked_by if silence.asked_until else silence.created_by


def _is_in_force(silence: Silence, now: datetime) -> bool:
    return silence.state is SilenceState.ACTIVE and now < silence.until


def _loaded(tx: Tx, silence_id: str) -> Silence:
    found = queries.load(tx, silence_id)
    assert found is not None, "silences are never deleted"
    return found


def _tell(actor: Actor, tx: Tx, silence: Silence, now: datetime, said: Text) -> None:
    timeline.record(tx, silence.ref, now, actor, said)
    if silence.origin:
        timeline.record(tx, silence.origin, now, actor, said)
    show_anew(tx, silence)


def show_anew(tx: Tx, silence: Silence) -> None:
    """Have the cards of the silence, and of the incidents that it covers, say how it stands."""
    outbox.want_card(tx, silence.ref)
    for incident_id in queries.covered_incidents(tx, silence.matchers):
        outbox.want_card(tx, Ref("incident", incident_id))


def _for_the_record(silence: Silence) -> dict[str, Any]:
    return {
        "conditions": [str(each) for each in silence.matchers],
        "until": silence.until.isoformat(),
        "asked_until": silence.asked_until.isoformat() if silence.asked_until else None,
        "reason": silence.reason,
        "ticket": silence.ticket,
    }


def _wrong(problems: tuple[rules.Problem, ...]) -> Refused:
    return Refused(text("silence.not_made", lines=Lines(tuple(words for _, words in problems))), problems)


def _stands_already(tx: Tx, matchers: Matchers) -> Refused:
    """Say who has already silenced the same."""
    other = queries.standing(tx, open_key(matchers))
    if other is None:
        return Refused(text("silence.try_again"))
    return Refused(text(f"silence.already.{other.state}", by=named(other.created_by), until=other.until))


def _elsewhere(silence: Silence | None) -> Refused:
    """Say how it stands, to somebody who pressed a button of an earlier state."""
    if silence is None:
        return Refused(text("silence.unknown"))
    return Refused(text(f"silence.now.{silence.state}", by=named(silence.ended_by), until=silence.until))
