"""What the adapters of on-call providers of one descent share: limits of texts, the search language, overrides."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from bot.ports.errors import OutcomeUnknown, VendorError
from bot.ports.paging import AlertFilter, Cover, NewAlert, Override

MESSAGE, ALIAS, DESCRIPTION, TAG, ENTITY, SOURCE = 130, 512, 15_000, 50, 512, 100
NOTE, USER, TAGS, DETAILS = 25_000, 100, 20, 8_000
"""The documented limits of an alert's fields, in characters; `TAGS` in tags, `DETAILS` over all names and values."""
PAGE = 100
REACH = 20_000
"""`offset` and `limit` together stay below it."""


def fitted(alert: NewAlert) -> NewAlert:
    """Return the alert with its texts cut to what the provider takes: a page that is refused wakes nobody."""
    return replace(
        alert,
        alias=alert.alias[:ALIAS],
        message=cut(alert.message, MESSAGE),
        description=cut(alert.description, DESCRIPTION),
        tags=tuple(cut(tag, TAG) for tag in alert.tags[:TAGS]),
        details=_fitting(alert.details.items()),
        entity=cut(alert.entity, ENTITY),
        source=cut(alert.source, SOURCE),
    )


def cut(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _fitting(details: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the details as long as they fit together, in their order."""
    kept, left = {}, DETAILS
    for name, value in details:
        if (left := left - len(name) - len(value)) < 0:
            break
        kept[name] = value
    return kept


def query(wanted: AlertFilter) -> str:
    """Return the filter in the search language; times there are milliseconds, and both ends exclude themselves."""
    terms = [
        f"status: {wanted.status}" if wanted.status else "",
        f"createdAt > {_ms(wanted.since) - 1}" if wanted.since else "",
        f"createdAt < {_ms(wanted.until)}" if wanted.until else "",
        f'tag: "{wanted.tag.replace(chr(34), "")}"' if wanted.tag else "",
    ]
    return " AND ".join(term for term in terms if term)


def following(offset: int, *, is_more: bool) -> int | None:
    """Return where the next page begins, None where there is none or where the provider would refuse it."""
    start = offset + PAGE
    return start if is_more and start + PAGE < REACH else None


def standing(overrides: Iterable[Override], cover: Cover, person: str) -> Override | None:
    """Return the override that a cover asks for, where it is there already."""
    return next((each for each in overrides if each.id == cover.key or _is_same(each, cover, person)), None)


@contextmanager
def after_writing() -> Iterator[None]:
    """Look at what was just written: whatever goes wrong here, it may well be there.

    Raises OutcomeUnknown for every VendorError.
    """
    try:
        yield
    except VendorError as error:
        raise OutcomeUnknown(error.vendor, error.detail) from error


def touching(overrides: Iterable[Override], start: datetime, end: datetime) -> tuple[Override, ...]:
    found = (each for each in overrides if each.start_at < end and each.end_at > start)
    return tuple(sorted(found, key=lambda each: (each.start_at, each.end_at, each.id)))


def _is_same(override: Override, cover: Cover, person: str) -> bool:
    named = {override.responder.provider_id, override.responder.email}
    times = (override.start_at, override.end_at) == (cover.start_at, cover.end_at)
    return person in named and times and (not cover.rotations or set(cover.rotations) <= set(override.rotations))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
