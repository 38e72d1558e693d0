from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import logs
from bot.oncall import service as oncall
from bot.ports.paging import Responder, Shift, Somebody
from sandbox.running import RunningSandbox
from tests.delivery.bench import Bench, bench


@pytest.fixture(scope="package")
def vendors() -> Iterator[RunningSandbox]:
    """One Slack and one Airflow for all these tests."""
    logs.set_up()
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def desk(vendors: RunningSandbox, sqlite_url: str) -> Iterator[Bench]:
    vendors.reset()
    vendors.limits(enforce=False)
    with bench(vendors, sqlite_url) as found:
        yield found


@pytest.fixture
def staffed(desk):
    """Minji is on call."""
    minji, until = (Responder("minji", "minji@haneul.example"),), desk.clock.now() + timedelta(days=30)
    on_call, shift = Somebody(minji, desk.clock.now(), until), Shift(minji, desk.clock.now(), until)
    desk.app.store.write(lambda tx: oncall.keep(tx, "data-platform", on_call, (shift,), desk.clock.now()))
    return desk
