"""What people say to Baton by its name, above all in threads, where Slack takes no commands: `@baton clear`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.addressed import FORM, Said, hear
from bot.desk import Desk, Tx
from bot.incidents import service as incidents
from bot.incidents.fix import Fix
from bot.incidents.place import incident_in
from bot.nearest import nearest
from bot.oncall import words as asked
from bot.operations import service as operations
from bot.operations.command_words import read_words
from bot.outbox import Place, Recipient, add_page, add_reply
from bot.requests.answers import Joined, Refused
from bot.requests.model import Origin, Way
from bot.requests.reading import Certainty, recognise
from bot.silences import service as silences
from bot.silences.written import for_incident, read_command
from bot.text import Code, Lines, Text, text
from bot.views.addressed import SILENCE, Unsaid
from handlers.first_shift import begin as begin_first_shift
from handlers.incidents import plan_clear
from handlers.oncall import FORMS
from handlers.oncall import command as on_call
from handlers.operations import ask
from handlers.press import Listener, Press, team_of
from handlers.requests import QUEUE, ask_in_words
from handlers.silences import about_incident

Verb = Callable[[Desk, Tx, Said, str], Text | None]
"""Does it; returns what to tell the person, None where a card shows it."""
_SIGNS: Final = "?!.,:;~…"
"""What people end a word with that is meant as a command all the same."""


async def app_mention(desk: Desk, body: Mapping[str, Any]) -> None:
    said = Said.read(body["event"], team=team_of(body), own=desk.own(body).user)
    if said is not None:
        await desk.write(lambda tx: _hear(desk, tx, said))


def _hear(desk: Desk, tx: Tx, said: Said) -> None:
    """Do what was said, once: Slack may send the same event again."""
    if not hear(tx, said, desk.now()):
        return
    about = incident_in(tx, said.channel, said.thread_ts) if said.thread_ts else None
    words = _do(desk, tx, replace(said, incident_id=about))
    if words is not None:
        to = Recipient(said.team, said.user, said.channel, thread_ts=said.thread_ts)
        add_reply(tx, to, desk.now(), words)


def _do(desk: Desk, tx: Tx, said: Said) -> Text | None:
    name, _, words = said.words.partition(" ")
    name = name.lower().removeprefix("/").rstrip(_SIGNS)
    if name in desk.operations.catalog:
        return _operate(desk, tx, said, name, words.strip())
    verb = VERBS.get(name)
    is_surely = verb not in {None, _shifts}
    if not (is_surely and name.isascii()) and _asks(desk, tx, said, surely=is_surely):
        return _ask(desk, tx, said, said.words)
    return verb(desk, tx, said, words.strip()) if verb else _not_understood(desk, name)


def _asks(desk: Desk, tx: Tx, said: Said, *, surely: bool) -> bool:
    """Return whether the whole message asks for something, for all that it begins as.

    So do "재실행 부탁드려요" and "start a backfill of orders for yesterday, please".
    """
    reader = desk.reader_of(tx, said.team, said.user)
    found = recognise(said.words, desk.requests.vocabulary(tx, desk.now()), desk.now(), reader.zone)
    return found.certainty is Certainty.SURE or (found.certainty is Certainty.PERHAPS and not surely)


def _ask(desk: Desk, tx: Tx, said: Said, words: str) -> Text | None:
    """Have it be a request of whoever says so; its card shows it, or the answer where somebody asked before."""
    if not words:
        return text("addressed.ask_usage")
    origin, key = Origin(said.channel, said.ts, said.thread_ts or ""), f"{said.channel}:{said.ts}"
    answer = ask_in_words(desk, tx, said.actor, words, origin, key, Way.MENTION)
    if isinstance(answer, Refused):
        return answer.why
    return answer.said if isinstance(answer, Joined) or said.channel not in desk.requests.channels else None


def _on_call(desk: Desk, tx: Tx, said: Said, words: str) -> Text | None:
    """Answer as `/oncall` does with these words, to who asks."""
    if why := desk.why_no_member(tx, said.actor):
        return why
    question = desk.answers.question(words, said.user)
    if question.verb is asked.Verb.START:
        return begin_first_shift(desk, tx, said.actor)
    if question.verb and question.verb in FORMS:
        _offer_form(desk, tx, said, Unsaid(question.verb, question.schedule))
    else:
        _show(desk, tx, said, "oncall", str(question))
    return None


def _show(desk: Desk, tx: Tx, said: Said, page: str, question: str) -> None:
    """Show a page to whoever said it, where they said it."""
    add_page(tx, Recipient(said.team, said.user, said.channel, thread_ts=said.thread_ts), desk.now(), page, question)


def _offer_form(desk: Desk, tx: Tx, said: Said, unsaid: Unsaid) -> None:
    _show(desk, tx, said, FORM, str(unsaid))


def _shifts(desk: Desk, tx: Tx, said: Said, _words: str) -> Text | None:
    """Answer as `/oncall` does with the whole message: next, mine, week."""
    name, _, words = said.words.partition(" ")
    return _on_call(desk, tx, said, f"{name.removeprefix('/').rstrip(_SIGNS)} {words}")


def _acknowledge(desk: Desk, tx: Tx, said: Said, _words: str) -> Text | None:
    if said.incident_id is None:
        return text("addressed.no_incident")
    return _refusal(incidents.acknowledge(said.actor, tx, said.incident_id, desk.now(), desk.authorise))


def _resolve(desk: Desk, tx: Tx, said: Said, words: str) -> Text | None:
    """Resolve it; what is said besides is kept as what fixed it."""
    if said.incident_id is None:
        return text("addressed.no_incident")
    fix = Fix.said("", "", words)
    return _refusal(incidents.resolve(said.actor, tx, said.incident_id, fix, desk.now(), desk.authorise))


def _refusal(answer: incidents.Answer) -> Text | None:
    return answer.why if isinstance(answer, incidents.Refused) else None


def _clear(desk: Desk, tx: Tx, said: Said, words: str) -> Text | None:
    """Plan to clear what the thread is about, or what the words name as `/clear-tasks` does."""
    if words:
        return _operate(desk, tx, said, "clear-tasks", words)
    if said.incident_id is None:
        return text("addressed.no_incident")
    return plan_clear(desk, tx, said.actor, said.incident_id, said.channel)


def _silence(desk: Desk, tx: Tx, said: Said, words: str) -> Text | None:
    """Silence what the thread is about, for as long and for the reason that was said; else ask for both."""
    card = desk.card_of(tx, said.incident_id) if said.incident_id else None
    if card is None:
        return text("addressed.no_incident")
    written = read_command(words)
    if not (written.reason and (written.span or written.until_morning)):
        why_not = desk.authorise(tx, said.actor, "silence.create")
        if why_not is None:
            _offer_form(desk, tx, said, Unsaid(SILENCE, words, card.id))
        return why_not
    entered = for_incident(card.source, card.resource, card.severity, written.entered(desk.now()))
    reader = desk.reader_of(tx, said.team, said.user)
    wish = entered.wish(desk.now(), desk.silences.hours_where(reader.zone), incidents.ref(card.id))
    if isinstance(wish, tuple):
        return wish[1]
    answer = silences.create(said.actor, tx, wish, _place(desk, tx, said), desk.now(), desk.authorise)
    return answer.said if isinstance(answer, silences.Done) else answer.why


def _requests(desk: Desk, tx: Tx, said: Said, _words: str) -> Text | None:
    """Show one's own requests, to oneself."""
    if why := desk.why_no_member(tx, said.actor):
        return why
    _show(desk, tx, said, QUEUE, f"mine:0:{said.team}:{said.user}")
    return None


def _operate(desk: Desk, tx: Tx, said: Said, name: str, words: str) -> Text | None:
    """Have an operation planned, in this thread."""
    if not words:
        _offer_form(desk, tx, said, Unsaid(name, incident_id=said.incident_id or ""))
        return None
    read = read_words(desk.operations.catalog[name], words)
    if isinstance(read, tuple):
        return operations.invalid(read).words
    origin = incidents.ref(said.incident_id) if said.incident_id else None
    asked = said.actor, tx, desk.operations, name, read.arguments
    place = _place(desk, tx, said)
    answer = operations.request(*asked, place=place, now=desk.now(), origin=origin, why=read.why)
    return None if isinstance(answer, operations.Accepted) else answer.words


def _place(desk: Desk, tx: Tx, said: Said) -> Place:
    """Return the thread of the incident, or the one in which it was said: a new one under the message itself."""
    known = desk.thread_of(tx, incidents.ref(said.incident_id)) if said.incident_id else None
    return known or replace(desk.place_for(said.channel), thread_ts=said.thread_ts or said.ts)


def _help(desk: Desk, _tx: Tx, _said: Said, _words: str) -> Text:
    verbs = [text(f"addressed.help.{verb}") for verb in ("clear", "ack", "resolve", "silence", "who", "ask")]
    named = tuple(Code(f"@baton {name} …") for name in desk.operations.catalog)
    return text("addressed.help", lines=Lines((*verbs, text("addressed.help.operations", names=named))))


def _not_understood(desk: Desk, name: str) -> Text:
    """Offer the nearest of what there is."""
    meant = nearest(name, (*VERBS, *desk.operations.catalog))
    if meant:
        return text("addressed.perhaps", word=Code(name[:40]), nearest=Code(f"@baton {meant}"))
    return text("addressed.not_understood", word=Code(name[:40]), help=Code("@baton help"))


async def open_form(desk: Desk, press: Press) -> None:
    """Open the form that a message could not; who may have it is found out now."""
    unsaid = Unsaid.parse(press.value)
    if unsaid.verb == SILENCE:
        await about_incident(desk, press, unsaid.incident_id, unsaid.words)
    elif unsaid.verb in desk.operations.catalog:
        about = str(incidents.ref(unsaid.incident_id)) if unsaid.incident_id else press.channel
        await ask(desk, press, unsaid.verb, about)
    else:
        await on_call(desk, press, f"{unsaid.verb} {unsaid.words}")


VERBS: Final[Mapping[str, Verb]] = {
    **dict.fromkeys(("", "help", "도움말", "도움", "사용법"), _help),
    **dict.fromkeys(("who", "oncall", "on-call", "당직", "누구"), _on_call),
    **dict.fromkeys(("next", "다음", "다음당직", "mine", "내당직", "week", "schedule", "주간", "일정"), _shifts),
    **dict.fromkeys(("cover", "대타", "override", "start", "첫당직"), _shifts),
    **dict.fromkeys(("ack", "acknowledge", "확인", "담당"), _acknowledge),
    **dict.fromkeys(("resolve", "resolved", "해결", "종료"), _resolve),
    **dict.fromkeys(("clear", "클리어", "재실행"), _clear),
    **dict.fromkeys(("ask", "request", "요청", "부탁", "문의"), _ask),
    **dict.fromkeys(("requests", "queue", "요청목록"), _requests),
    **dict.fromkeys(("silence", "mute", "알림끄기", "조용히", "음소거"), _silence),
}
ACTIONS: Final[Mapping[str, Listener]] = {"addressed.form": open_form}
