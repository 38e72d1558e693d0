"""Name the broken thing and nothing that changes from alert to alert (rule R4), and hash it."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.triage.model import Alert

# Sources in which one key alone names the thing; the others are there for people.
_DECIDING: Mapping[str, tuple[str, ...]] = {
    "sentry": ("short_id", "rule"),
    "pagerduty": ("incident",),
    "opsgenie": ("alert",),
}
# A Deployment's pod: name, the ReplicaSet's hash in Kubernetes' alphabet without vowels and 0 1 3, five characters.
_HASH = r"[bcdfghjklmnpqrstvwxz2456789]"
_DEPLOYMENT_POD = re.compile(rf"^(?P<name>.+?)-(?=[a-z0-9]*[0-9]){_HASH}{{6,10}}-[a-z0-9]{{5}}$")
_DAEMON_POD = re.compile(rf"^(?P<name>.+)-(?=[a-z]*[0-9])(?=[0-9]*[a-z]){_HASH}{{5}}$")
_CRON_POD = re.compile(r"^(?P<name>.+?)-[0-9]{8,10}(?:-[a-z0-9]{5})?$")

_VOLATILE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"https?://\S+"), "‹url›"),
    (re.compile(r"\b(?:scheduled|manual|backfill|dataset_triggered|asset_triggered)__\S+"), "‹run›"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE), "‹uuid›"),
    (
        re.compile(
            r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z"
            r"|[+-]\d{2}:?\d{2})?)?"
        ),
        "‹time›",
    ),
    (re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:\s?[AP]M)?(?![0-9A-Za-z])"), "‹time›"),
    (re.compile(r"\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}\b", re.IGNORECASE), "‹hex›"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"), "‹ip›"),
    (
        re.compile(
            r"(?<![\w.\-])[#~<>]?=?\s?\d[\d,]*(?:\.\d+)?\s?(?:%|ms|s|m|h|d|sec|min|hours?|minutes?"
            r"|seconds?|days?|[KMGT]i?B|건|분|초|시간|일|개|회)?(?![\w.\-]*\w)"
        ),
        "‹n›",
    ),
)


def fingerprint(alert: Alert) -> str:
    """Return the hash of source, resource and aspect: equal for all alerts about one thing, on every machine."""
    keys = [key for key in _DECIDING.get(alert.source, ()) if alert.resource.get(key)]
    named = {key: alert.resource[key] for key in keys[:1]} if keys else alert.resource
    parts = [alert.source, alert.aspect, *(f"{key}={named[key]}" for key in sorted(named))]
    canonical = "\x1f".join(normal(part) for part in parts)
    return hashlib.blake2b(canonical.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def normal(name: str) -> str:
    """Return the name as names are compared: NFC, trimmed, one kind of space, case folded."""
    composed = name if name.isascii() else unicodedata.normalize("NFC", name)
    return " ".join(composed.split()).casefold()


def name_of(resource: Mapping[str, str], title: str, source: str) -> str:
    """Return what names the broken thing, as people write it: `orders_daily.load_orders`."""
    if "dag_id" in resource:
        return ".".join(resource[key] for key in ("dag_id", "task_id") if resource.get(key))
    return title or " ".join(resource.values()) or source


def workload(pod: str) -> str:
    """Return the workload of a pod: `x-6b7f9d8c5-x2klm` → `x`. A StatefulSet's ordinal stays: `kafka-0`."""
    for pattern in (_DEPLOYMENT_POD, _CRON_POD, _DAEMON_POD):
        if match := pattern.match(pod):
            return match["name"]
    return pod


def masked(text: str) -> str:
    """Return the text with runs, times, numbers and addresses replaced: the identity of last resort."""
    for pattern, mask in _VOLATILE:
        text = pattern.sub(mask, text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def volatile(text: str) -> Iterator[tuple[str, str]]:
    """Yield each part of the text that `masked` replaces, with its mask."""
    for pattern, mask in _VOLATILE:
        for match in pattern.finditer(text):
            yield match[0], mask
        text = pattern.sub(mask, text)


def has_name(alert: Alert) -> bool:
    """Tell whether the alert names a thing; a masked title is the identity of last resort and no name."""
    return bool(alert.resource) and "title" not in alert.resource


def is_told_above(reply: Alert, above: Alert) -> bool:
    """Tell whether a tool's reply is about what the message above it names: it names nothing, or the same and more.

    Alertmanager's parent of a thread has the name of the alerts only, its replies have their labels as well.
    """
    if reply.source != above.source:
        return False
    return not has_name(reply) or (has_name(above) and above.resource.items() <= reply.resource.items())


def inherit(reply: Alert, parent: Alert) -> Alert:
    """Return a tool's reply in a thread as being about what the message above was about.

    Some tools post the alert's detail as a reply without its name (dbt through Zapier, Alertmanager's thread mode).
    """
    return replace(
        reply,
        resource=parent.resource,
        aspect=parent.aspect,
        route=reply.route or parent.route,
        explanation=(*reply.explanation, "named by the message above it"),
    )
