"""The forms of requests: to ask for something, and what somebody must say to ask back, end or hand on one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.actor import named
from bot.requests import rules
from bot.requests.kind import Kind
from bot.requests.model import Request
from bot.text import Text, text
from bot.triage.escape import shorten
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.reader import Reader
from bot.views.requests import line

_MENUS = {"load": "loads", "dag_id": "dags", "dataset": "datasets"}
_TEXTS = ("dates",)
_URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What the form to ask holds at first."""

    words: str = ""
    kind: Kind = Kind.QUESTION
    fields: Mapping[str, str] = field(default_factory=dict)
    requester: str = ""


def ask_form(prefilled: Prefilled, reader: Reader, *, metadata: str) -> dict[str, Any]:
    return blocks.modal(
        text("request.form.title"),
        list(_asked(prefilled, reader)),
        reader,
        callback_id="request.ask",
        submit=text("request.form.submit"),
        close=text("common.cancel"),
        private_metadata=metadata,
    )


def _asked(prefilled: Prefilled, reader: Reader) -> Iterator[Block]:
    what = blocks.text_input(reader=reader, action_id="request.what", initial=prefilled.words or None, multiline=True)
    yield blocks.input_(text("request.form.what"), what, reader, block_id="what", hint=text("request.form.what_hint"))
    yield blocks.input_(text("request.form.kind"), _kinds(prefilled.kind, reader), reader, block_id="kind")
    for name, provider in _MENUS.items():
        known = _option(prefilled.fields.get(name, ""))
        menu = blocks.external_select(
            text("run.form.type_to_search"), reader, action_id=f"options.{provider}", initial=known
        )
        yield blocks.input_(text(f"request.form.{name}"), menu, reader, block_id=name, optional=True)
    dates = blocks.text_input(
        reader=reader, action_id="request.dates", initial=prefilled.fields.get("dates"), max_length=rules.LONGEST_FIELD
    )
    hint = text("request.form.dates_hint")
    yield blocks.input_(text("request.form.dates"), dates, reader, block_id="dates", hint=hint, optional=True)
    yield from _about_it(prefilled, reader)


def _about_it(prefilled: Prefilled, reader: Reader) -> Iterator[Block]:
    for name in ("needed_by", "why"):
        written = blocks.text_input(reader=reader, action_id=f"request.{name}", max_length=rules.LONGEST_SHORT)
        yield blocks.input_(text(f"request.form.{name}"), written, reader, block_id=name, optional=True)
    yes = blocks.option(text("request.form.urgent_yes"), reader, _URGENT)
    ticked = blocks.checkboxes([yes], action_id="request.urgent")
    yield blocks.input_(text("request.form.urgent"), ticked, reader, block_id="urgent", optional=True)
    who = blocks.users_select(text("request.form.requester"), reader, action_id="request.requester")
    who |= {"initial_user": prefilled.requester} if prefilled.requester else {}
    yield blocks.input_(text("request.form.requester"), who, reader, block_id="requester", optional=True)


def _kinds(chosen: Kind, reader: Reader) -> dict[str, Any]:
    offered = {kind: blocks.option(text(f"request.kind.{kind}"), reader, kind.value) for kind in Kind}
    words = text("request.form.kind")
    return blocks.select(list(offered.values()), words, reader, action_id="request.kind", initial=offered[chosen])


def _option(value: str) -> dict[str, Any] | None:
    fits = 0 < len(value) <= 75
    return {"text": {"type": "plain_text", "text": value, "emoji": False}, "value": value} if fits else None


@dataclass(frozen=True, slots=True)
class Filled:
    """What stood in the form to ask."""

    words: str
    kind: Kind
    fields: Mapping[str, str]
    needed_by: str
    why: str
    is_urgent: bool
    requester: str


def read_ask(filled: Mapping[str, Any]) -> Filled:
    """Return what stands in the form; `filled` are its values by block."""
    named_ = {name: str(filled[name]) for name in (*_MENUS, *_TEXTS) if filled.get(name)}
    kind = str(filled.get("kind", ""))
    return Filled(
        words=str(filled.get("what", "")),
        kind=Kind(kind) if kind in set(Kind) else Kind.OTHER,
        fields=named_,
        needed_by=str(filled.get("needed_by", "")),
        why=str(filled.get("why", "")),
        is_urgent=bool(filled.get("urgent")),
        requester=str(filled.get("requester", "")),
    )


def said_form(deed: str, block: str, request: Request, reader: Reader, *, initial: str = "") -> dict[str, Any]:
    """Return the form of a deed that needs words: `ask_back`, `answer`, `done`, `decline`, `wait`."""
    field_ = blocks.text_input(
        reader=reader, action_id=f"request.{block}", initial=initial or None, multiline=True, max_length=2000
    )
    shown = [_about(request, reader)]
    if deed == "answer":
        by = named(request.assignee)
        shown = [blocks.section(text("request.note.asked_back", by=by, question=request.waits_for), reader)]
    shown.append(blocks.input_(text(f"request.form.{block}"), field_, reader, block_id=block))
    return _form(deed, shown, request, reader)


def assign_form(request: Request, reader: Reader) -> dict[str, Any]:
    menu = blocks.users_select(text("request.form.to"), reader, action_id="request.to")
    asked = blocks.input_(
        text("request.form.to"), menu, reader, block_id="to", hint=text("request.form.to_hint"), optional=True
    )
    return _form("assign", [_about(request, reader), asked], request, reader)


def duplicate_form(request: Request, others: Sequence[Request], reader: Reader) -> dict[str, Any] | Text:
    """Return the form that asks of which one it is a duplicate, or words where there is no other."""
    if not others:
        return text("request.wrong.no_others")
    offered = [blocks.option(line(each, reader), reader, each.id) for each in others]
    menu = blocks.select(offered, text("request.form.original"), reader, action_id="request.original")
    asked = blocks.input_(text("request.form.original"), menu, reader, block_id="original")
    return _form("duplicate", [_about(request, reader), asked], request, reader)


def _about(request: Request, reader: Reader) -> Block:
    return blocks.section(text("request.words", words=shorten(request.words, 500)), reader)


def _form(deed: str, shown: Sequence[Block], request: Request, reader: Reader) -> dict[str, Any]:
    return blocks.modal(
        text(f"request.form.{deed}_title"),
        shown,
        reader,
        callback_id=f"request.{deed}",
        submit=text(f"request.form.{deed}_submit"),
        close=text("common.cancel"),
        private_metadata=request.id,
    )
