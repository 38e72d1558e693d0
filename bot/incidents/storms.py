"""A storm of new incidents is told on one card: it begins, mentions once, is kept up to date, and ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, update

from bot import outbox, timeline
from bot.actor import BATON, Actor
from bot.incidents import paging, service, storm_queries
from bot.incidents.model import IncidentState
from bot.incidents.route import Route
from bot.incidents.storm_card import Member, Summary, summary
from bot.incidents.storm_rules import Begins, Calm, StormRules, Weather, is_over, weather
from bot.oncall.model import Calling
from bot.operations.authority import Authorise
from bot.outbox import Place
from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import incidents, storms
from bot.store.upsert import insert_if_new
from bot.text import Code, Lines, Mention, Param, Text, text
from bot.triage.model import Severity
from bot.workload import Interruption, interrupted, spared

WHILE_IT_LASTS, AFTERWARDS = timedelta(seconds=5), timedelta(minutes=1)  # between two looks at what its card shows
LOOKED_AFTER = timedelta(days=7)  # since its end
LISTED = 20  # incidents in the note at the end


def ref(storm_id: str) -> Ref:
    return Ref("storm", storm_id)


def look(tx: Tx, route: Route, channel: str, at: datetime) -> Weather:
    """Return what an incident meets that is raised in the channel now; a storm that had ended before is ended."""
    if route.storm is None:
        return Calm()
    found = weather(route.storm, storm_queries.sky(tx, route.storm, channel, at), at)
    if isinstance(found, Calm | Begins) and found.over:
        end(tx, found.over.id, at)
    return found


def begin(tx: Tx, route: Route, channel: str, calling: Calling, at: datetime) -> None:
    """Begin a storm in the channel with the incidents that were raised in it just now.

    Those of which nothing was posted yet are told on its card, but the critical ones; whom they wanted to mention is
    mentioned there, once. Where another process has just begun it, they join that one.
    """
    storm_id = new_id(at)
    row = {"id": storm_id, "route": route.name, "channel": channel, "open_key": channel, "started_at": at}
    is_new = insert_if_new(tx, storms, row | {"called": calling.to_json(), "due_at": NEW}, key=["open_key"])
    known = storm_id if is_new else storm_queries.of_channel(tx, channel)
    if known is None or route.storm is None:
        return
    place = Place(route.card_channel or channel, language=route.language)
    if is_new:
        outbox.want_card(tx, ref(storm_id), place)
        timeline.record(tx, ref(storm_id), at, BATON, text("storm.moment.began"))
    shown, is_unsaid = _gather(tx, known, channel, at - route.storm.window)
    paging.gather(tx, shown, ref(known), route, at)
    if is_unsaid:
        mention(tx, known, calling, at, route.schedule)


def _gather(tx: Tx, storm_id: str, channel: str, since: datetime) -> tuple[list[Ref], bool]:
    """Take the channel's newest incidents into the storm.

    Return those that it shows, and whether one of them wanted to mention.
    """
    newest = (incidents.c.channel == channel) & (incidents.c.raised_at >= since)
    taken = tx.execute(
        update(incidents)
        .where(newest, incidents.c.storm_id.is_(None))
        .values(storm_id=storm_id)
        .returning(incidents.c.id, incidents.c.severity, incidents.c.mentioned_at)
    ).all()
    slight = [service.ref(row.id) for row in taken if row.severity != Severity.CRITICAL]
    shown = outbox.show_on(tx, slight, ref(storm_id))
    ids = {each.id for each in shown}
    unsaid = [row.id for row in taken if row.id in ids and row.mentioned_at]
    tx.execute(update(incidents).where(incidents.c.id.in_(unsaid)).values(mentioned_at=None))
    spared(tx, map(service.ref, unsaid), since)
    return shown, bool(unsaid)


def mention(tx: Tx, storm_id: str, calling: Calling, at: datetime, schedule: str) -> None:
    """Mention for the storm whom it calls, unless somebody was already: on its card, or under it where that is out."""
    unsaid = (storms.c.id == storm_id) & storms.c.mentioned_at.is_(None)
    changed = tx.execute(update(storms).where(unsaid).values(mentioned_at=at, called=calling.to_json())).rowcount
    if not changed:
        return
    interrupted(tx, at, calling.ids, Interruption.MENTION, ref(storm_id), schedule=schedule)
    if outbox.is_still_to_post(tx, ref(storm_id)):
        return
    if place := outbox.thread_of(tx, ref(storm_id)):
        who = tuple(Mention(each, notify=True) for each in calling.ids)
        outbox.add_note(tx, ref(storm_id), at, place, text("storm.note.worse"), mention=who)


def keep_up(tx: Tx, storm: Row[Any], rules: StormRules | None, now: datetime) -> timedelta | None:
    """Have the storm's card show what came since, and end the storm when it is over.

    Return when to look again: soon while it lasts, then rarely, not at all once every incident of it is resolved.
    """
    if storm.ended_at is None:
        if rules and not is_over(rules, storm_queries.newest_at(tx, storm.channel), now):
            outbox.want_card(tx, ref(storm.id))
            return WHILE_IT_LASTS
        end(tx, storm.id, now)
        return AFTERWARDS
    if now - storm.ended_at > LOOKED_AFTER or storm_queries.is_settled(tx, storm.id):
        paging.over(tx, ref(storm.id))
        return None
    outbox.want_card(tx, ref(storm.id))
    return AFTERWARDS


def end(tx: Tx, storm_id: str, now: datetime) -> None:
    """End the storm and sum it up in its thread. What is still open stays on its card."""
    lasts = (storms.c.id == storm_id) & storms.c.ended_at.is_(None)
    if not tx.execute(update(storms).where(lasts).values(ended_at=now, open_key=None)).rowcount:
        return
    timeline.record(tx, ref(storm_id), now, BATON, text("storm.moment.ended"))
    outbox.want_card(tx, ref(storm_id))
    card, place = storm_queries.card(tx, storm_id), outbox.thread_of(tx, ref(storm_id))
    if card and place:
        outbox.add_note(tx, ref(storm_id), now, place, _summed_up(summary(card, now)))


def _summed_up(found: Summary) -> Text:
    lines: list[Param] = [text("storm.summary.alerts", n=found.totals.alerts)]
    if found.longest:
        lines.append(text("storm.summary.longest", what=Code(found.longest.name), took=found.longest_took))
    named = tuple(text("storm.summary.source", source=source, count=n) for source, n in found.sources)
    lines.append(text("storm.summary.sources", sources=named))
    lines.append(_still_open(found.unresolved, found.totals.unresolved))
    return text("storm.note.over", n=found.totals.incidents, took=found.took, lines=Lines(tuple(lines)))


def _still_open(members: Sequence[Member], n: int) -> Text:
    if not n:
        return text("storm.summary.none_open")
    names: list[Param] = [Code(each.name) for each in members[:LISTED]]
    if n > len(names):
        names.append(text("common.more", n=n - len(names)))
    return text("storm.summary.still_open", n=n, names=tuple(names))


def acknowledge_all(actor: Actor, tx: Tx, storm_id: str, now: datetime, authorise: Authorise) -> service.Answer:
    """Have every incident of the storm acknowledged by this person that nobody has yet."""
    if why := authorise(tx, actor, "incident.acknowledge"):
        return service.Refused(why)
    taken = acknowledge_each(actor, tx, storm_id, now)
    paging.acknowledged(tx, ref(storm_id), actor, now)
    if not taken:
        return service.Refused(text("storm.nothing_to_acknowledge"))
    return service.Done(text("storm.you_acknowledged", n=taken))


def acknowledge_each(actor: Actor, tx: Tx, storm_id: str, now: datetime) -> int:
    """Write down that every incident of the storm that nobody had is acknowledged; return how many those are.

    Their own alerts are acknowledged with them. The storm's is left alone: perhaps it is where this was seen.
    """
    paging.call_nobody_else(tx, ref(storm_id))
    untouched = (incidents.c.storm_id == storm_id) & (incidents.c.state == IncidentState.OPEN)
    taken = (
        tx.execute(
            update(incidents)
            .where(untouched)
            .values(
                state=IncidentState.ACKNOWLEDGED,
                acknowledged_at=now,
                acknowledged_by=str(actor),
                version=incidents.c.version + 1,
            )
            .returning(incidents.c.id)
        )
        .scalars()
        .all()
    )
    for incident_id in taken:
        timeline.record(tx, service.ref(incident_id), now, actor, text("incident.moment.acknowledged"))
        outbox.want_own_card(tx, service.ref(incident_id))
        paging.acknowledged(tx, service.ref(incident_id), actor, now)
    if taken:
        timeline.record(tx, ref(storm_id), now, actor, text("storm.moment.acknowledged", n=len(taken)))
    outbox.want_card(tx, ref(storm_id))
    return len(taken)
