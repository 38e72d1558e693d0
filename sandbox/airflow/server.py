"""The fake server's parts, put together once."""

from __future__ import annotations

from sandbox.airflow.auth import Auth
from sandbox.airflow.scheduler import Scheduler
from sandbox.airflow.seed import dags_of, history
from sandbox.airflow.simtime import SimTime
from sandbox.airflow.state import VERSION, State
from sandbox.clock import Clock
from sandbox.world import World

HISTORY_RUNS = 3


class Server:
    """State, time, scheduler and login of one fake Airflow."""

    def __init__(self, world: World, clock: Clock, *, version: str = VERSION, speed: float = 1.0) -> None:
        self.clock = clock
        self.time = SimTime(clock, speed)
        self.state = State(dags_of(world.airflow), version=version)
        self.scheduler = Scheduler(self.state, self.time)
        self.auth = Auth(world.airflow["users"], world.airflow["jwt_secret"])
        history(self.state, self.time.now(), HISTORY_RUNS)
