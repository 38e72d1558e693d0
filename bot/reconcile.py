"""The claim loop: takes due rows, does one bounded step for each, and may be killed at any line.

Each vendor is a lane with its own few threads; a row is claimed only when its lane has a free one, so that a slow
vendor delays nobody else and no lease runs out in a queue.
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Table

from bot.clock import Clocks
from bot.owner import is_gone, this_process
from bot.store import Store
from bot.store.claim import Claim, DueTables, claim, owners, release, take_back

log = structlog.get_logger()

IDLE = timedelta(seconds=5)  # the longest pause; a heartbeat and every commit end it sooner
BREATH_S = 0.02  # from one look to the next at least: in a storm of commits looking must not take the time of writing
LOOK_FOR_THE_DEAD_S = 10  # how often: what a killed process held is not left until its leases run out
FIRST_BACKOFF, LONGEST_BACKOFF = timedelta(seconds=2), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Reconciler:
    """What keeps one kind of row true.

    `step` makes at most one vendor call, with a timeout under a third of the lease, and finishes or releases its
    claim. When it raises, the row is tried again after a growing pause.
    """

    kind: str
    table: Table
    lane: str
    step: Callable[[Claim], None]
    lease: timedelta = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    threads: int


@dataclass
class Loop:
    store: Store
    clocks: Clocks
    reconcilers: Sequence[Reconciler]
    lanes: Sequence[Lane]
    owner: str = field(default_factory=this_process)

    def __post_init__(self) -> None:
        self._wake, self._stop = threading.Event(), threading.Event()
        self._free = {lane.name: threading.BoundedSemaphore(lane.threads) for lane in self.lanes}
        self._pools = {lane.name: ThreadPoolExecutor(lane.threads, f"baton-{lane.name}") for lane in self.lanes}
        self._due = DueTables(reconciler.table for reconciler in self.reconcilers)
        self._thread = threading.Thread(target=self._run, name="baton-reconcile", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_dead(self) -> bool:
        """Whether the loop was started and has ended by itself."""
        return self._thread.ident is not None and not self._thread.is_alive() and not self._stop.is_set()

    def wake(self) -> None:
        """Look for due rows now."""
        self._wake.set()

    def stop(self) -> None:
        """Let running steps end; what was not begun stays due for the next process."""
        self._stop.set()
        self._wake.set()
        self._thread.join()
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def once(self, kind: str) -> int:
        """Do all that is due of one kind, here and now; return how many steps. For tests and the command line."""
        reconciler = next(r for r in self.reconcilers if r.kind == kind)
        done = 0
        while reconciler in self._with_due_rows() and (claims := self._claim(reconciler, 50)):
            for taken in claims:
                self._step(reconciler, taken)
            done += len(claims)
        return done

    def _run(self) -> None:
        looked_for_the_dead = -math.inf
        while not self._stop.is_set():
            self._wake.clear()
            looked_at = time.monotonic()
            if looked_at > looked_for_the_dead + LOOK_FOR_THE_DEAD_S:
                looked_for_the_dead = looked_at
                self._take_over()
            begun = [self._begin_due(reconciler) for reconciler in self._with_due_rows()]  # each gets its turn
            if not any(begun):
                self._wake.wait(IDLE.total_seconds())
            self._stop.wait(looked_at + BREATH_S - time.monotonic())

    def _take_over(self) -> None:
        """Free what killed processes of this machine left claimed."""
        now = self.clocks.system.now()
        try:
            for table in {reconciler.table for reconciler in self.reconcilers}:
                gone = [each for each in self.store.read(partial(owners, table=table, now=now)) if is_gone(each)]
                if gone:
                    rows = self.store.write(partial(take_back, table=table, gone=gone))
                    log.warning("taken over", table=table.name, owners=gone, rows=rows)
        except Exception:
            log.exception("not looked for the dead")

    def _with_due_rows(self) -> list[Reconciler]:
        now = self.clocks.system.now()
        try:
            due = self.store.read(lambda tx: self._due.at(tx, now))
        except Exception:
            log.exception("not looked for due rows")
            return []
        return [reconciler for reconciler in self.reconcilers if reconciler.table in due]

    def _begin_due(self, reconciler: Reconciler) -> bool:
        """Begin as many due steps as the lane has free threads; return whether there were any."""
        free = self._free[reconciler.lane]
        seats = 0
        while seats < 10 and free.acquire(blocking=False):
            seats += 1
        claims: list[Claim] = []
        try:
            claims = self._claim(reconciler, seats) if seats else []
        except Exception:
            log.exception("claim failed", kind=reconciler.kind)
        for _ in range(seats - len(claims)):
            free.release()
        for taken in claims:
            self._pools[reconciler.lane].submit(self._step_and_free, reconciler, taken, free)
        return bool(claims)

    def _claim(self, reconciler: Reconciler, n: int) -> list[Claim]:
        now, table = self.clocks.system.now(), reconciler.table
        return self.store.write(lambda tx: claim(tx, table, n, owner=self.owner, now=now, lease=reconciler.lease))

    def _step_and_free(self, reconciler: Reconciler, taken: Claim, free: threading.BoundedSemaphore) -> None:
        try:
            self._step(reconciler, taken)
        finally:
            free.release()
            self._wake.set()

    def _step(self, reconciler: Reconciler, taken: Claim) -> None:
        try:
            reconciler.step(taken)
        except Exception:
            log.exception("step failed", kind=reconciler.kind, attempts=taken.attempts)
            due_at = self.clocks.system.now() + backoff(taken.attempts)
            self.store.write(lambda tx: release(tx, taken, due_at=due_at))


def backoff(attempts: int) -> timedelta:
    """Return the pause before the next try: 2 s, 4 s, 8 s … at most 5 minutes."""
    return min(timedelta(seconds=FIRST_BACKOFF.total_seconds() * 2.0 ** min(attempts - 1, 10)), LONGEST_BACKOFF)


def later(now: datetime, attempts: int) -> datetime:
    return now + backoff(attempts)
