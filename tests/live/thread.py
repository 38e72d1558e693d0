"""The thread of an alert as one person of the sandbox sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.person import Json, Person, elements_in, text_of

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Thread:
    """`until` looks again and again, as `RunningSandbox.until` does."""

    person: Person
    channel: str
    ts: str
    until: Callable[..., Any]

    def parent(self) -> Json:
        return self.person.messages(self.channel, self.ts)[0]

    def replies(self) -> list[Json]:
        return self.person.messages(self.channel, self.ts)[1:]

    def reactions(self) -> set[str]:
        """Return the names of the signs under the tool's own message."""
        return {reaction["name"] for reaction in self.parent().get("reactions", [])}

    def said(self) -> str:
        return "\n".join(text_of(reply) for reply in self.replies())

    def offering(self, action_id: str) -> Json:
        """Wait for a reply with this button; return the newest."""
        found: Json = self.until(lambda: self._offering(action_id), PATIENCE_SECONDS)
        return found

    def press(self, action_id: str) -> Json:
        """Press the button as soon as it is there; return the reply that had it."""
        reply = self.offering(action_id)
        assert self.person.click(reply, action_id) == {"ok": True}
        return reply

    def waits_for(self, *words: str) -> None:
        """Wait until the replies say all of this."""
        self.until(lambda: self._says(words), PATIENCE_SECONDS)

    def is_shown_as(self, sign: str) -> None:
        """Wait until this reaction is the only one."""
        self.until(lambda: self.reactions() == {sign}, PATIENCE_SECONDS)

    def _offering(self, action_id: str) -> Json | None:
        with_it = [
            reply
            for reply in self.replies()
            if any(element["action_id"].partition(":")[0] == action_id for _, element in elements_in(reply))
        ]
        return with_it[-1] if with_it else None

    def _says(self, words: tuple[str, ...]) -> bool:
        said = self.said()
        return all(each in said for each in words)
