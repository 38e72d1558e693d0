"""Who a schedule puts into a user group: what Baton has not read yet is not taken for nobody."""

from datetime import timedelta

import pytest

from bot.directory.service import keep_groups, keep_people
from bot.oncall import mirrors, service
from bot.oncall.queries import Roster
from bot.oncall.telling import UserGroup, Watch
from bot.ports.paging import Nobody, Somebody
from bot.ports.slack import SlackGroup
from tests.oncall.made import DIRECTORY, MINJI, NOON, shift

SCHEDULE = "data-platform"
GROUP = UserGroup("S0ONCALL", (SCHEDULE,))
LONG_AGO = NOON - timedelta(days=1)


@pytest.fixture
def put_in(any_store):
    """Return who says whom the schedule puts into the group; its fallback is the group of the engineers."""
    watch = Watch(Roster({SCHEDULE: "S0ENG"}), groups=(GROUP,))
    fresh_after = NOON - timedelta(hours=2)
    return lambda: any_store.read(lambda tx: mirrors.parts_of(tx, watch, GROUP, fresh_after, NOON))[SCHEDULE].users


def test_before_the_directory_was_read_the_fallback_is_not_put_in_for_who_is_on_call(any_store, put_in):
    any_store.write(lambda tx: keep_groups(tx, [SlackGroup("T0HANEUL", "S0ENG", "eng", ("U0ALEX",))], NOON))
    any_store.write(lambda tx: service.keep(tx, SCHEDULE, Somebody((MINJI,)), (shift(MINJI, -1, 9),), NOON))
    before = put_in()
    any_store.write(lambda tx: keep_people(tx, DIRECTORY, NOON))

    assert (before, put_in()) == (None, ("U0MINJI",))


def test_a_fallback_that_was_not_read_of_late_is_not_nobody(any_store, put_in):
    engineers, others = (SlackGroup("T0HANEUL", name, name, ("U0ALEX",)) for name in ("S0ENG", "S0OTHER"))
    any_store.write(lambda tx: service.keep(tx, SCHEDULE, Nobody(), (), NOON))
    found = [put_in()]
    for groups, read_at in (([engineers], LONG_AGO), ([engineers], NOON), ([others], NOON)):
        any_store.write(lambda tx, groups=groups, read_at=read_at: keep_groups(tx, groups, read_at))
        found.append(put_in())

    assert found == [None, None, ("U0ALEX",), ()]
