"""The loads that can be rerun, as a list."""

from collections.abc import Iterator

from bot.loads import Load, Loads
from bot.text import Code, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.reader import Reader

SHOWN = 40  # Slack shows fifty blocks


def page(loads: Loads, reader: Reader) -> list[Block]:
    """Return every load with its DAG, its schedule, whether it may be rerun, and whose it is."""
    return blocks.message(_blocks(loads, reader), reader)


def _blocks(loads: Loads, reader: Reader) -> Iterator[Block]:
    yield blocks.header(text("loads.title"), reader)
    if not loads.by_name:
        yield blocks.section(text("rerun-load.no_loads"), reader)
    for load in [*loads.by_name.values()][:SHOWN]:
        yield blocks.section(_line(load), reader)
    if len(loads.by_name) > SHOWN:
        yield blocks.context([text("common.more", n=len(loads.by_name) - SHOWN)], reader)


def _line(load: Load) -> Text:
    schedule: Param = Code(load.dates.schedule) if load.dates.schedule else text("loads.unscheduled")
    return text(
        "loads.line",
        load=Code(load.name),
        dag=Code(load.dag_id),
        schedule=schedule,
        zone=str(load.dates.zone),
        rerun=text(f"loads.rerun.{load.rerun.value}"),
        owner=load.owner,
    )


def spoken(reader: Reader) -> str:
    return blocks.fallback(text("loads.title"), reader)
