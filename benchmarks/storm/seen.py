"""What the sandbox's Slack saw of Baton: its own record of every call."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

WRITES = ("chat.postMessage", "chat.update")


@dataclass
class Seen:
    """`keys` are what each post names itself by; `last` is what each message says in the end."""

    calls: int = 0
    refused: int = 0
    keys: list[str] = field(default_factory=list)
    last: dict[str, str] = field(default_factory=dict)
    told: list[tuple[float, str]] = field(default_factory=list)

    @property
    def duplicates(self) -> int:
        return sum(count - 1 for count in Counter(self.keys).values())

    def first_told(self, words: str) -> float | None:
        """Return when Slack first showed these words, in seconds since the epoch."""
        return next((at for at, said in self.told if words in said), None)

    def last_says(self, *words: str) -> bool:
        """Return whether one message in the end says all of these words in one line of it."""
        return any(all(word in part for word in words) for said in self.last.values() for part in said.split("\\n"))

    def take(self, entry: dict[str, Any]) -> None:
        self.calls += 1
        answer, args = entry["answer"], entry["args"]
        if not answer.get("ok"):
            self.refused += answer.get("error") in {"ratelimited", "rate_limited"}
            return
        if entry["method"] not in WRITES:
            return
        said = json.dumps(args.get("blocks"), ensure_ascii=False)
        self.told.append((datetime.fromisoformat(entry["at"]).timestamp(), said))
        self.last[f"{args['channel']}:{answer.get('ts') or args.get('ts')}"] = said
        if entry["method"] == "chat.postMessage":
            metadata = args.get("metadata") or {}
            read = json.loads(metadata) if isinstance(metadata, str) else metadata
            self.keys.append(read.get("event_payload", {}).get("id", answer["ts"]))


def seen_in(slack: str) -> Seen:
    entries = httpx.get(f"{slack}/control/log", params={"since": 0}, timeout=60).json()["entries"]
    seen = Seen()
    for entry in entries:
        if entry["kind"] == "api" and entry["method"].startswith(("chat.", "reactions.")):
            seen.take(entry)
    return seen
