"""A table's IAM policy as Google's JSON: the same questions and changes as for a dataset's list. Pure.

Policies of tables know no conditions of ours: what Baton gives there, only Baton ends.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.access.members import Addition, Key, of_iam, role_of

Binding = Mapping[str, Any]
Bindings = Sequence[Binding]


def keys_of(bindings: Bindings) -> list[Key]:
    return [_key(binding, member) for binding in bindings for member in binding.get("members") or ()]


def with_added(bindings: Bindings, additions: Collection[Addition]) -> tuple[Binding, ...]:
    """Return the policy with these members at the end of the plain binding of their role."""
    changed = [dict(binding) for binding in bindings]
    for addition in additions:
        _binding_of(changed, addition.key.role)["members"].append(f"{addition.key.kind}:{addition.key.id}")
    return tuple(changed)


def without(bindings: Bindings, keys: Collection[Key]) -> tuple[Binding, ...]:
    """Return the policy without the last member of each of these keys; a binding that is left empty goes."""
    left, kept = list(keys), []
    for binding in reversed(bindings):
        members = list(binding.get("members") or ())
        for index in range(len(members) - 1, -1, -1):
            if (key := _key(binding, members[index])) in left:
                left.remove(key)
                del members[index]
        if members or not binding.get("members"):
            kept.append({**binding, "members": members} if binding.get("members") else binding)
    return tuple(reversed(kept))


def without_deleted(bindings: Bindings) -> tuple[Binding, ...]:
    """Return the policy without members that Google itself has deleted."""
    return without(bindings, [key for key in keys_of(bindings) if key.is_deleted])


def _key(binding: Binding, member: str) -> Key:
    condition = binding.get("condition")
    written = json.dumps(condition, sort_keys=True, ensure_ascii=False) if condition else ""
    return Key(*of_iam(str(member)), role_of(str(binding.get("role") or "")), written)


def _binding_of(bindings: list[dict[str, Any]], role: str) -> dict[str, Any]:
    """Return the first plain binding of the role, its members free to be changed; made where there is none."""
    for binding in bindings:
        if binding.get("members") and role_of(str(binding.get("role"))) == role and not binding.get("condition"):
            binding["members"] = list(binding["members"])
            return binding
    bindings.append({"role": role, "members": []})
    return bindings[-1]
