"""How requests are treated."""

from collections.abc import Callable
from dataclasses import replace

from bot.config.load import Config
from bot.operations.authority import Authorise
from bot.requests.desk import Desk as RequestsDesk
from bot.requests.desk import Watched
from bot.requests.names import vocabulary_of
from bot.requests.rules import Promise
from bot.store import Tx
from bot.views.reader import Reader
from bot.wiring.hours import working_hours
from bot.wiring.loads import loads_of
from bot.wiring.people import IsOnCall
from bot.wiring.schedules import roster_of


def requests_of(config: Config, authorise: Authorise, reader_of: Callable[[Tx, str, str], Reader]) -> RequestsDesk:
    """Return how requests are treated; without a channel for them they are the first schedule's, and shown in its."""
    asked, first = config.baton.requests, next(iter(config.baton.schedules))
    hours = working_hours(config, asked.working_hours)
    return RequestsDesk(
        channels={
            channel: Watched(each.schedule, config.language(channel).value, each.recognise.value, frozenset(each.forms))
            for channel, each in asked.channels.items()
        },
        elsewhere=Watched(first, config.baton.language.value),
        hours=replace(hours, zone=asked.zone) if asked.zone else hours,
        duty=roster_of(config).duty_or_first,
        authorise=authorise,
        reader_of=reader_of,
        vocabulary=vocabulary_of(loads_of(config), tuple(config.datasets.datasets), IsOnCall(roster_of(config)).now),
        home=asked.home or config.baton.schedules[first].channel,
        promises={kind: Promise(each.answer, each.done) for kind, each in asked.promises.items()},
        nudge_before=asked.nudge_before,
        unanswered_after=asked.unanswered_after,
        is_live=config.is_live,
    )
