"""The evidence of a run: a summary for people in Slack, and a bundle of files for an auditor. Pure."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.actor import Actor, named
from bot.audit.chain import Record
from bot.audit.export import as_json
from bot.audit.personal import MARK, commitments
from bot.operations.evidence import Evidence
from bot.runbooks import Page
from bot.text import Code, Text, from_json, text
from bot.triage.redact import redact_json
from bot.views import blocks
from bot.views.reader import Reader
from bot.views.words import Markup, say, show

_DIGEST_SHOWN = 16
_DECISIONS_SHOWN = 20
_REASONS = ("reason", "remark", "why")
_JSON_TEXTS = ("$text", "$mention", "$link", "$message", "$code", "$lines", "$at", "$for")


def summary(evidence: Evidence, reader: Reader) -> dict[str, Any]:
    """Return the modal: who decided what when, what proves it, and the button that posts the bundle."""
    run = evidence.run
    title = text("evidence.of", operation=text(f"operation.{run.operation}"), state=_state(evidence))
    shown = [
        blocks.section(title, reader),
        *(blocks.section(line, reader) for line in _facts(evidence)),
        blocks.divider(),
        *(blocks.section(_decision(each, reader), reader) for each in evidence.decisions[-_DECISIONS_SHOWN:]),
        blocks.context([text("evidence.what_it_is")], reader),
    ]
    return blocks.modal(
        text("evidence.title"),
        shown,
        reader,
        callback_id="run.evidence",
        submit=text("evidence.attach"),
        private_metadata=run.id,
    )


def _facts(evidence: Evidence) -> Iterator[Text]:
    positions = [each.entry.position for each in evidence.records]
    if positions:
        fits = text("evidence.unchanged" if evidence.is_unchanged else "evidence.changed")
        yield text("evidence.entries", n=len(positions), first=min(positions), last=max(positions), fits=fits)
    if evidence.run.digest:
        yield text("evidence.digest", digest=Code(evidence.run.digest[:_DIGEST_SHOWN]))
    for name, revision in sorted(evidence.runbook.items()):
        yield text("evidence.runbook", page=Code(name), revision=Code(revision[:_DIGEST_SHOWN]))


def _decision(record: Record, reader: Reader) -> Text:
    entry = record.entry
    words = text("evidence.decision", at=entry.at, by=named(Actor.parse(entry.actor)), deed=Code(entry.deed))
    told = _readable(record.body, reader)
    reason = next((told[key] for key in _REASONS if told.get(key)), None)
    return text("evidence.with_reason", words=words, reason=str(reason)) if reason else words


def _state(evidence: Evidence) -> Text:
    return text(f"run.state.{evidence.run.state.value}")


def bundle(evidence: Evidence, pages: Sequence[Page], reader: Reader) -> dict[str, bytes]:
    """Return the files by name. The same evidence gives the same bytes; secrets that somebody typed are taken out.

    Pages of the runbook are in it where they are still what they were when the run was planned.
    """
    kept = {page.path.name: page for page in pages if evidence.runbook.get(page.path.name) == page.revision}
    parts = {
        "run.json": _run(evidence, reader),
        "plan.json": _readable(evidence.plan, reader),
        "decisions.json": [_told(each, reader) for each in evidence.decisions],
        "steps.json": [_told(each, reader) for each in evidence.steps],
    }
    lines = "".join(_written(as_json(each)) + "\n" for each in evidence.records)
    readme = say(_readme(evidence, kept), reader, Markup.PLAIN) + "\n"
    return {
        "README.md": readme.encode(),
        **{name: (_written(redact_json(part), indent=2) + "\n").encode() for name, part in parts.items()},
        "audit.jsonl": lines.encode(),
        **{f"runbook/{name}": page.content.encode() for name, page in sorted(kept.items())},
    }


def zipped(files: Mapping[str, bytes], evidence: Evidence) -> bytes:
    """Return the files as one archive, in a folder with the run's id."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder(evidence)}/{name}", evidence.at.timetuple()[:6])
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def folder(evidence: Evidence) -> str:
    return f"evidence-{evidence.run.id}"


def _readme(evidence: Evidence, kept: Mapping[str, Page]) -> Text:
    head = evidence.head
    runbook = [
        text("evidence.readme.page" if name in kept else "evidence.readme.page_changed", page=name, revision=revision)
        for name, revision in sorted(evidence.runbook.items())
    ]
    return text(
        "evidence.readme",
        operation=text(f"operation.{evidence.run.operation}"),
        run=evidence.run.id,
        state=_state(evidence),
        at=evidence.at,
        position=head.position,
        hash=head.hash,
        fits=text("evidence.unchanged" if evidence.is_unchanged else "evidence.changed"),
        runbook=tuple(runbook) or text("evidence.readme.no_page"),
    )


def _run(evidence: Evidence, reader: Reader) -> dict[str, Any]:
    run = evidence.run
    times = {"created_at": run.created_at, "confirmed_at": run.confirmed_at, "ended_at": run.ended_at}
    asked = {"arguments": dict(run.arguments), "reason": run.why.reason, "ticket": run.why.ticket}
    people = {"requester": run.requester, "confirmer": run.confirmer, "approver": run.approver}
    return {
        "id": run.id,
        "operation": run.operation,
        **{key: _unless_erased(evidence, key, value, reader) for key, value in asked.items()},
        "state": run.state.value,
        "report": say(run.report.summary, reader, Markup.PLAIN) if run.report else None,
        "origin": str(run.origin) if run.origin else None,
        "digest": run.digest,
        "runbook": dict(evidence.runbook),
        **{name: str(actor) if actor else None for name, actor in people.items()},
        **{name: moment.isoformat() if moment else None for name, moment in times.items()},
    }


def _unless_erased(evidence: Evidence, key: str, value: Any, reader: Reader) -> Any:
    """Return what the run was asked for with; where the record of that has an erased part, as the record has it."""
    recorded = [each.body[key] for each in evidence.records if key in each.body]
    gone = next((each for each in reversed(recorded) if any(commitments(each))), None)
    return value if gone is None else _readable(gone, reader)


def _told(record: Record, reader: Reader) -> dict[str, Any]:
    """Return an entry with its texts in words; where it stands in the audit, its hash is."""
    entry = record.entry
    told = {"at": entry.at.isoformat(), "actor": entry.actor, "deed": entry.deed}
    return {"position": entry.position, **told, **_readable(record.body, reader)}


def _readable(value: Any, reader: Reader) -> Any:
    """Return JSON of the store with each text as its words, and what was erased as words that say so."""
    if isinstance(value, Mapping):
        if MARK in value:
            return say(text("evidence.erased"), reader, Markup.PLAIN)
        if any(key in value for key in _JSON_TEXTS):
            return show(from_json(_without_erased(value, reader)), reader, Markup.PLAIN)
        return {key: _readable(item, reader) for key, item in value.items()}
    return [_readable(item, reader) for item in value] if isinstance(value, list) else value


def _without_erased(value: Any, reader: Reader) -> Any:
    """Return a text's JSON in which every parameter is there: for an erased one there are words that say so."""
    if isinstance(value, Mapping):
        erased = MARK in value
        return (
            _readable(value, reader) if erased else {key: _without_erased(each, reader) for key, each in value.items()}
        )
    return [_without_erased(item, reader) for item in value] if isinstance(value, list) else value


def _written(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent)
