"""The fake server's parts, put together once."""

from __future__ import annotations

from sandbox.airflow.auth import Auth
from sandbox.airflow.scheduler import OnLoad, Scheduler
from sandbox.airflow.seed import dags_of, history
from sandbox.airflow.simtime import SimTime
from sandbox.airflow.state import VERSION, State
from sandbox.clock import Clock
from sandbox.world import World

HISTORY_RUNS = 3


class Server:
    """State, time, scheduler and login of one fake Airflow."""

    def __init__(
        self,
        world: World,
        clock: Clock,
        *,
        version: str = VERSION,
        speed: float = 1.0,
        on_load: OnLoad | None = None,
    ) -> None:
        self.clock = clock
        self._world = world
        self._version = version
        self._speed = speed
        self._on_load = on_load
        self.reset()

    def reset(self) -> None:
        """Back to the first moment: history and nothing else, no faults, the speed of the start."""
        self.time = SimTime(self.clock, self._speed)
        self.state = State(dags_of(self._world.airflow), version=self._version)
        self.scheduler = Scheduler(self.state, self.time, self._on_load)
        self.auth = Auth(self._world.airflow["users"], self._world.airflow["jwt_secret"])
        history(self.state, self.time.now(), HISTORY_RUNS)
