"""All traffic between the workspace and the app, in order, for assertions."""

import copy
from collections.abc import Callable
from typing import Any

from sandbox.clock import Clock

SECRET = {"token", "ssl_check"}
KEEP = 20_000


class TrafficLog:
    """`kind` is api (the app called us), deliver (we called the app) or hook (a response URL or webhook)."""

    def __init__(self, clock: Clock, added: Callable[[], None]) -> None:
        self._clock = clock
        self._added = added  # told after each entry
        self._entries: list[dict[str, Any]] = []
        self._last = 0

    def add(self, kind: str, name: str, args: dict[str, Any], answer: Any, **more: Any) -> None:
        self._last += 1
        entry = copy.deepcopy(
            {
                "seq": self._last,
                "at": self._clock.system_now().isoformat(),
                "kind": kind,
                "method": name,
                "args": {key: value for key, value in args.items() if key not in SECRET},
                "answer": answer,
                **more,
            }
        )
        self._entries.append(entry)
        del self._entries[:-KEEP]
        self._added()

    def since(self, seq: int = 0) -> dict[str, Any]:
        """Entries after `seq`, and the number to ask for next time."""
        return {"entries": [e for e in self._entries if e["seq"] > seq], "last": self._last}

    def clear(self) -> None:
        self._entries.clear()
