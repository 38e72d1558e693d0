"""Working hours in the zone of the install."""

from bot.config.hours import Weekday
from bot.config.hours import WorkingHours as WorkingHoursConfig
from bot.config.load import Config
from bot.days_off import DaysOff
from bot.oncall.model import WorkingHours


def working_hours(config: Config, hours: WorkingHoursConfig | None = None) -> WorkingHours:
    """Return these working hours, or those of the install, in its zone."""
    hours, order = hours or config.baton.working_hours, list(Weekday)
    return WorkingHours(
        zone=config.zone,
        start=hours.from_,
        end=hours.to,
        days=frozenset(order.index(day) for day in hours.days),
        off=DaysOff(hours.holidays or "", frozenset(hours.days_off)),
    )
