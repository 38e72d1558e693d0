"""How many messages a second one core reads: redaction, flattening, parsing, fingerprint. Prints one JSON object.

Against drain3 with the usual masks (benchmarks/requirements.txt), in turns in one process on one core. drain3 only
clusters texts; it gets them as Baton has flattened them, so that its figure is not burdened with Slack's JSON. No two
messages are alike: their clock times and long numbers are drawn anew for each turn. Of each slice of messages the
quickest turn counts, since other work on the machine only slows it down; the median is told beside it.
"""

import json
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.triage import envelope
from bot.triage.identity import fingerprint
from bot.triage.model import Own
from bot.triage.triage import triage

DATA = Path(__file__).parents[1] / "tests" / "data"
FILES = (DATA / "corpus" / "dev.jsonl", *sorted((DATA / "fresh").glob("*.jsonl")))
SEAM = "\N{PERPENDICULAR}"  # stands in the made-up secrets, so that nothing takes them for real ones
NOW = datetime(2026, 11, 20, tzinfo=UTC)
OWN = Own(bot_id="B0OPSBOT001", user="U0OPSBOT001", app_id="A0OPSBOT001")
TURNS = 20
SLICE = 40  # messages
VOLATILE = re.compile(r"(?<=:)[0-5][0-9]|[0-9]{5,}")
MASKS = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?\S*", "TIME"),
    (r"\d+\.\d+\.\d+\.\d+(:\d+)?", "IP"),
    (r"0x[0-9a-f]+", "HEX"),
    (r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID"),
    (r"\d+", "NUM"),
)
Event = dict[str, Any]
Slice = Callable[[], None]


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    lines = [line for file in FILES for line in file.read_text("utf-8").replace(SEAM, "").splitlines() if line.strip()]
    chance = random.Random(20261120)
    turns = [[json.loads(varied(line, chance))["event"] for line in lines] for _ in range(TURNS + 1)]
    contenders = {"baton": [in_slices(read_all, events) for events in turns]}
    if miner := template_miner():
        contenders["drain3"] = [in_slices(partial(cluster_all, miner), texts(events)) for events in turns]
    taken = in_turns(contenders)
    result: dict[str, float | str] = {"messages": len(lines), "turns": TURNS}
    for name, slices in taken.items():
        result[f"{name}_per_s"] = round(len(lines) / sum(map(min, slices)))
        result[f"{name}_per_s_median"] = round(len(lines) / sum(map(statistics.median, slices)))
    if "drain3" in taken:
        result["ratio"] = round(result["baton_per_s"] / result["drain3_per_s"], 3)
    else:
        result["drain3"] = "not installed"
    json.dump(result, sys.stdout, indent=1)
    print()


def varied(line: str, chance: random.Random) -> str:
    """Return the line with other minutes, seconds and long numbers."""
    return VOLATILE.sub(lambda found: _like(found[0], chance), line)


def _like(digits: str, chance: random.Random) -> str:
    """Return another number of as many digits, without a leading zero: it may stand in JSON as it is."""
    limit = 60 if len(digits) == 2 else 10 ** len(digits)
    return str(chance.randrange(10 ** (len(digits) - 1), limit))


def in_slices(work: Callable[[Sequence[Any]], None], items: Sequence[Any]) -> list[Slice]:
    """Return the work in slices short enough that some turn of each is left in peace by what else the machine does."""
    return [partial(work, items[at : at + SLICE]) for at in range(0, len(items), SLICE)]


def in_turns(contenders: Mapping[str, Sequence[Sequence[Slice]]]) -> dict[str, list[list[float]]]:
    """Return for each one the seconds of processor time of each slice in all turns; the first turn warms up."""
    taken = {name: [[] for _ in turns[0]] for name, turns in contenders.items()}
    for together in zip(*contenders.values(), strict=True):
        for number in range(len(together[0])):
            for name, slices in zip(contenders, together, strict=True):
                began = time.process_time()
                slices[number]()
                taken[name][number].append(time.process_time() - began)
    return {name: [seconds[1:] for seconds in slices] for name, slices in taken.items()}


def read_all(events: Sequence[Event]) -> None:
    for event in events:
        fingerprint(triage(envelope.read(event, team="T", received_at=NOW), OWN))


def texts(events: Sequence[Event]) -> list[str]:
    return [" ".join(envelope.read(event, team="T", received_at=NOW).text.split()) for event in events]


def cluster_all(miner: Any, messages: Sequence[str]) -> None:
    for text in messages:
        miner.add_log_message(text)


def template_miner() -> Any:
    """Return drain3's miner with the usual masks, or None where it is not installed."""
    try:
        from drain3 import TemplateMiner
        from drain3.masking import MaskingInstruction
        from drain3.template_miner_config import TemplateMinerConfig
    except ImportError:
        return None
    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, mask) for pattern, mask in MASKS]
    return TemplateMiner(config=config)


if __name__ == "__main__":
    main()
