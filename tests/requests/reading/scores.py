"""How well requests are recognised: `python -m tests.requests.reading.scores SET > REPORT`, SET a file's name."""

import json
import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.requests.reading import Certainty, Recognised, recognise
from tests.requests.reading.words import NOW, WORDS, ZONE

FOLDER = Path(__file__).parents[2] / "data" / "requests"
_RECOGNISER = "bot/requests/reading"  # its tree in git, which stays the same when commits are put on others
_Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Case:
    row: dict[str, Any]
    found: Recognised

    @property
    def is_request(self) -> bool:
        return self.row["kind"] != "none"

    def is_(self, *certainties: Certainty) -> bool:
        return self.found.certainty in certainties


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's interval at 95 %."""

    n: int
    of: int

    @property
    def value(self) -> float:
        return self.n / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        middle = self.value + _Z**2 / (2 * self.of)
        half = _Z * math.sqrt(self.value * (1 - self.value) / self.of + _Z**2 / (4 * self.of**2))
        whole = 1 + _Z**2 / self.of
        return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)

    def to_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "of": self.of,
            "value": round(self.value, 4),
            "wilson95": [round(x, 4) for x in self.interval],
        }


def cases(name: str) -> tuple[Case, ...]:
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    return tuple(Case(row, recognise(row["text"], WORDS, NOW, ZONE)) for row in map(json.loads, lines))


def scores(found: Sequence[Case]) -> dict[str, Share]:
    opened = [case for case in found if case.is_(Certainty.SURE)]
    noticed = [case for case in found if case.is_(Certainty.SURE, Certainty.PERHAPS) and case.is_request]
    requests = [case for case in found if case.is_request]
    talk = [case for case in found if not case.is_request]
    return {
        "precision_without_asking": Share(sum(case.is_request for case in opened), len(opened)),
        "recall_with_asking": Share(len(noticed), len(requests)),
        "recall_without_asking": Share(sum(case.is_request for case in opened), len(requests)),
        "talk_asked_about": Share(sum(case.is_(Certainty.PERHAPS) for case in talk), len(talk)),
        "kind_right": Share(sum(str(case.found.kind) == case.row["kind"] for case in noticed), len(noticed)),
    }


def report(name: str) -> dict[str, Any]:
    found = cases(name)
    groups = {"all": found, **{lang: [case for case in found if case.row["lang"] == lang] for lang in ("ko", "en")}}
    return {
        "set": f"tests/data/requests/{name}.jsonl",
        "recogniser": subprocess.check_output(["git", "rev-parse", f"HEAD:{_RECOGNISER}"], text=True).strip(),
        "scores": {of: {key: share.to_json() for key, share in scores(part).items()} for of, part in groups.items()},
        "messages": [
            {
                "id": case.row["id"],
                "label": case.row["kind"],
                "certainty": case.found.certainty,
                "kind": case.found.kind,
                "fields": dict(case.found.fields),
                "why": case.found.why,
            }
            for case in found
        ],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(report(sys.argv[1]), ensure_ascii=False, indent=1) + "\n")
