"""A dataset's `access` list as Google's JSON: read by canonical keys, changed by single entries. Pure.

An entry that is not changed is passed on exactly as it came: views, routines, deleted members, unknown fields.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.access.members import OURS, Addition, Key, MemberKind, is_service_account, of_iam, role_of

Entry = Mapping[str, Any]
Entries = Sequence[Entry]

_FIELDS: Mapping[str, str] = {
    MemberKind.USER: "userByEmail",
    MemberKind.SERVICE_ACCOUNT: "userByEmail",
    MemberKind.GROUP: "groupByEmail",
}


def key_of(entry: Entry) -> Key | None:
    """Return the entry's key, None for one without a member: an authorised view, routine or dataset."""
    member = _member(entry)
    if member is None:
        return None
    return Key(*member, role_of(str(entry.get("role") or "")), _condition(entry))


def keys_of(entries: Entries) -> list[Key]:
    return [key for entry in entries if (key := key_of(entry)) is not None]


def with_added(entries: Entries, additions: Collection[Addition]) -> tuple[Entry, ...]:
    """Return the list with these entries at its end."""
    return (*entries, *(_entry(each) for each in additions))


def without(entries: Entries, keys: Collection[Key]) -> tuple[Entry, ...]:
    """Return the list without the last entry of each of these keys; every other entry stays as it is."""
    kept, left = list(entries), list(keys)
    for index in range(len(kept) - 1, -1, -1):
        key = key_of(kept[index])
        if key in left:
            left.remove(key)
            del kept[index]
    return tuple(kept)


def without_deleted(entries: Entries) -> tuple[Entry, ...]:
    """Return the list without members that Google itself has deleted and no longer takes back."""
    return tuple(entry for entry in entries if not ((key := key_of(entry)) and key.is_deleted))


def entry_with(entries: Entries, key: Key) -> Entry | None:
    """Return the entry of that key as Google has it; of several the last one."""
    return next((entry for entry in reversed(entries) if key_of(entry) == key), None)


def _member(entry: Entry) -> tuple[str, str] | None:
    match entry:
        case {"userByEmail": str(email)}:
            kind = MemberKind.SERVICE_ACCOUNT if is_service_account(email) else MemberKind.USER
            return kind.value, email.lower()
        case {"groupByEmail": str(email)}:
            return MemberKind.GROUP.value, email.lower()
        case {"domain": str(domain)}:
            return "domain", domain.lower()
        case {"specialGroup": str(name)}:
            return ("allAuthenticatedUsers", "") if name == "allAuthenticatedUsers" else ("specialGroup", name)
        case {"iamMember": str(written)}:
            return of_iam(written)
        case _:
            return None


def _condition(entry: Entry) -> str:
    condition = entry.get("condition")
    if not condition:
        return ""
    title = str(condition.get("title") or "")
    return title if title.startswith(OURS) else json.dumps(condition, sort_keys=True, ensure_ascii=False)


def _entry(addition: Addition) -> Entry:
    key = addition.key
    entry = {"role": key.role, _FIELDS[key.kind]: key.id}
    return entry | ({"condition": dict(addition.condition)} if addition.condition else {})
