"""How many messages a second one core reads: redaction, flattening, parsing, fingerprint. Prints one JSON object.

Against drain3 with the usual masks, where it is installed: it only clusters texts, and does so on the flattened text
that Baton prepares, so that its figure is not burdened with Slack's JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.triage import envelope
from bot.triage.identity import fingerprint
from bot.triage.model import Own
from bot.triage.triage import triage

_CORPUS = Path(__file__).parents[1] / "tests" / "data" / "corpus" / "dev.jsonl"
_SEAM = "\N{PERPENDICULAR}"
_NOW = datetime(2026, 11, 20, tzinfo=UTC)
_OWN = Own(bot_id="B0OPSBOT001", user="U0OPSBOT001", app_id="A0OPSBOT001")
_ROUNDS = 15
_MASKS = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?\S*", "TIME"),
    (r"\d+\.\d+\.\d+\.\d+(:\d+)?", "IP"),
    (r"0x[0-9a-f]+", "HEX"),
    (r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID"),
    (r"\d+", "NUM"),
)


def per_second(work: Callable[[], None], messages: int) -> float:
    """Return messages per second of processor time, the best of several rounds: other work only slows them down."""
    figures = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        figures.append(messages / (time.process_time() - began))
    return max(figures)


def main() -> None:
    lines = _CORPUS.read_text(encoding="utf-8").replace(_SEAM, "").splitlines()
    events = [json.loads(line)["event"] for line in lines]

    def baton() -> None:
        for event in events:
            fingerprint(triage(envelope.read(event, team="T", received_at=_NOW), _OWN))

    baton()
    result = {"messages": len(events), "baton_per_s": round(per_second(baton, len(events)))}
    json.dump(result | against_drain3(events, result["baton_per_s"]), sys.stdout, indent=1)
    print()


def against_drain3(events: list[dict[str, object]], baton_per_s: int) -> dict[str, float | str]:
    try:
        from drain3 import TemplateMiner
        from drain3.masking import MaskingInstruction
        from drain3.template_miner_config import TemplateMinerConfig
    except ImportError:
        return {"drain3": "not installed"}
    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, mask) for pattern, mask in _MASKS]
    miner = TemplateMiner(config=config)
    texts = [" ".join(envelope.read(event, team="T", received_at=_NOW).text.split()) for event in events]

    def drain3() -> None:
        for text in texts:
            miner.add_log_message(text)

    drain3()
    drain3_per_s = round(per_second(drain3, len(texts)))
    return {"drain3_per_s": drain3_per_s, "ratio": round(baton_per_s / drain3_per_s, 2)}


if __name__ == "__main__":
    main()
