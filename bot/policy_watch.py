"""The policy in force, kept equal to its file while Baton runs. A broken file changes nothing and is told loudly."""

import hashlib
import threading
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import select

from bot.actor import BATON
from bot.audit import service as audit
from bot.clock import Clocks
from bot.config.load import Config, PolicyRead, read_policy
from bot.config.policy import Policy
from bot.config.problem import Problem
from bot.outbox import Place, add_note
from bot.ref import Ref
from bot.store import Store, Tx
from bot.store.tables import audit as table
from bot.text import Code, Lines, Text, text

log = structlog.get_logger()

LOOK_EVERY_S = 5.0
_MOST_TOLD = 5
LOADED, BROKEN = "policy.loaded", "policy.broken"


@dataclass
class PolicyWatch:
    """Holds the policy that counts. `look` reads the file again where it changed; every process has its own."""

    config: Config
    store: Store
    clocks: Clocks
    policy: Policy = field(init=False)
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        self.policy = self.config.policy
        self._seen = self.config.source.policy if self.config.source else None
        self._wake, self._ended = threading.Event(), threading.Event()
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="policy", daemon=True)

    def current(self) -> Policy:
        return self.policy

    def start(self) -> None:
        """Begin to look every few seconds, in a thread; a process without a directory has nothing to look at."""
        if self.config.source is not None and not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """Look now, in the watching thread. May be called from a signal handler."""
        self._wake.set()

    def look(self) -> bool:
        """Take the file's policy where it changed and is right; return whether another one counts now."""
        source = self.config.source
        with self._one_at_a_time:
            content = source.policy_now() if source else None
            if source is None or content == self._seen:
                return False
            found = read_policy(source)
            is_new = self._take(found, Ref("policy", hashlib.sha256(content or b"").hexdigest()[:16]))
            self._seen = content  # only now: what could not be told is told at the next look
            return is_new

    def report(self) -> dict[str, Any]:
        """Return what `/healthz` says: whether the file is what counts, and what is wrong with it."""
        return {"in_force": not self.problems, "problems": [str(problem) for problem in self.problems]}

    def _take(self, found: PolicyRead, ref: Ref) -> bool:
        self.problems = found.problems
        if found.policy is None:
            log.error("policy.yaml is wrong, the old one counts on", problems=[str(each) for each in found.problems])
            self._tell(ref, BROKEN, _broken(found.problems))
            return False
        channel_of_old = self.policy.channel
        self.policy = found.policy
        log.info("policy.yaml was changed and counts", policy=ref.id)
        self._tell(ref, LOADED, text("policy.loaded"), found.policy.channel or channel_of_old)
        return True

    def _tell(self, ref: Ref, deed: str, words: Text, channel: str | None = None) -> None:
        now, channel = self.clocks.business.now(), channel or self.policy.channel
        language = self.config.baton.language.value

        def tell(tx: Tx) -> None:
            entry = audit.append(tx, now, BATON, deed, ref, {})  # holds the chain's head: one process is first
            if channel and _newest_before(tx, entry.position) != (deed, str(ref)):
                add_note(tx, Ref(deed, ref.id), now, Place(channel, language=language), words)

        self.store.write(tell)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()
            try:
                self.look()
            except Exception:
                log.exception("policy.yaml could not be looked at; the old one counts on")


def _newest_before(tx: Tx, position: int) -> tuple[str, str] | None:
    """Return what the audit says of the file before that entry: the deed, and which content it was about."""
    of_the_file = table.c.deed.in_((LOADED, BROKEN)), table.c.position < position
    query = select(table.c.deed, table.c.ref).where(*of_the_file).order_by(table.c.position.desc()).limit(1)
    row = tx.execute(query).first()
    return (row.deed, row.ref) if row else None


def _broken(problems: tuple[Problem, ...]) -> Text:
    listed = tuple(
        text("policy.problem", line=str(each.line), key=Code(each.key or "–"), words=each.words)
        for each in problems[:_MOST_TOLD]
    )
    return text("policy.broken", n=len(problems), problems=Lines(listed))
