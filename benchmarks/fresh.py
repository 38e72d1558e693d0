"""How triage reads messages that were written and labelled by people who had not seen its parsers.

    python -m benchmarks.fresh [FILE …] [--misses]

prints one JSON object: for each figure how many of how many were right, with the Wilson 95 % interval. Without a FILE
it reads tests/data/fresh. Labels and rules: tests/data/corpus/README.md.
"""

import argparse
import io
import json
import math
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.replay import Setup, replay
from bot.triage.model import Own

FRESH = Path(__file__).parents[1] / "tests" / "data" / "fresh"
OWN = Own(bot_id="B0OPSBOT001", user="U0OPSBOT001", app_id="A0OPSBOT001")
SEAM = "\N{PERPENDICULAR}"  # stands in the made-up secrets, so that nothing takes them for real ones
Z = 1.959964  # of a two-sided 95 % interval
Row = dict[str, Any]
Tally = dict[str, list[bool]]


def load(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").replace(SEAM, "").splitlines() if line.strip()]


def predicted(rows: Iterable[Row]) -> dict[str, Row]:
    out = io.StringIO()
    replay((json.dumps({"id": row["id"], "event": row["event"]}) for row in rows), out, Setup(OWN))
    return {line["id"]: line for line in map(json.loads, out.getvalue().splitlines())}


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a proportion (E. B. Wilson, 1927)."""
    if not total:
        return 0.0, 1.0
    share, z2 = right / total, Z * Z
    middle = share + z2 / (2 * total)
    spread = Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return (middle - spread) / (1 + z2 / total), (middle + spread) / (1 + z2 / total)


def judge(truth: Row, found: Row) -> Iterator[tuple[str, bool]]:
    """Yield each figure that this line counts for, and whether it was right."""
    kind = truth["kind"]
    yield "kind", is_one_of(found["kind"], truth, "kind")
    yield f"kind.{kind}", is_one_of(found["kind"], truth, "kind")
    if kind in {"alert", "resolved"}:
        yield "source", is_one_of(found["source"], truth, "source")
        if truth["resource"] and not truth.get("resource_any"):
            yield "resource", folded(truth["resource"]) == folded(found["resource"])
            yield "resource.values", set(folded(truth["resource"]).values()) == set(folded(found["resource"]).values())
    if kind == "alert" and not truth.get("severity_any"):
        yield "severity", is_one_of(found["severity"], truth, "severity")
    if kind in {"alert", "request"} and truth.get("runbook_topic"):
        yield "runbook_topic", is_one_of(found["runbook_topic"], truth, "runbook_topic")
    said = unicodedata.normalize("NFC", json.dumps(found, ensure_ascii=False))
    for secret in truth.get("must_redact", ()):
        yield "redacted", secret not in said
    if found["rendered"]:
        for name in truth.get("must_keep", ()):
            yield "kept", name in found["rendered"]
        for mention in truth.get("must_neutralise", ()):
            yield "neutralised", mention not in found["rendered"]


def is_one_of(value: str | None, truth: Row, field: str) -> bool:
    return plain(value) in {plain(each) for each in (truth[field], *truth.get(f"{field}_alt", ()))}


def plain(value: object) -> str:
    return unicodedata.normalize("NFC", str(value or "")).strip().casefold()


def folded(resource: Row) -> dict[str, str]:
    return {plain(key): plain(value) for key, value in resource.items() if value}


def grouping(rows: list[Row], found: dict[str, Row]) -> dict[str, float]:
    """Return precision, recall and F1 over pairs of lines of one incident. A line without a group stands alone."""
    pairs = [
        (row["expect"].get("group") or row["id"], found[row["id"]]["group"] or row["id"])
        for row in rows
        if row["expect"]["kind"] == found[row["id"]]["kind"]
        or not is_one_of(found[row["id"]]["kind"], row["expect"], "kind")
    ]
    same = count_pairs(pairs)
    true, claimed = count_pairs(each for each, _ in pairs), count_pairs(each for _, each in pairs)
    precision, recall = same / claimed if claimed else 1.0, same / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"pairs": true, "precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def count_pairs(labels: Iterable[object]) -> int:
    return sum(math.comb(n, 2) for n in Counter(labels).values())


def tallied(rows: list[Row], found: dict[str, Row]) -> Tally:
    tally: Tally = defaultdict(list)
    for row in rows:
        for figure, right in judge(row["expect"], found[row["id"]]):
            tally[figure].append(right)
    return tally


def missed(rows: list[Row], found: dict[str, Row]) -> Row:
    """Return what came out for each line of which a figure is wrong."""
    wrong = {row["id"]: [name for name, right in judge(row["expect"], found[row["id"]]) if not right] for row in rows}
    return {key: {"wrong": names, "found": found[key]} for key, names in wrong.items() if names}


def figures(*tallies: Tally) -> Row:
    names = sorted(set().union(*tallies))
    return {name: shown([right for tally in tallies for right in tally.get(name, ())]) for name in names}


def shown(results: list[bool]) -> Row:
    low, high = wilson(sum(results), len(results))
    return {
        "right": sum(results),
        "of": len(results),
        "share": round(sum(results) / len(results), 4),
        "wilson_95": [round(low, 4), round(high, 4)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--misses", action="store_true", help="with what came out for each line that was not right")
    asked = parser.parse_args()
    told: Row = {}
    tallies: list[Tally] = []
    for path in asked.files or sorted(FRESH.glob("*.jsonl")):
        rows = load(path)
        found = predicted(rows)
        tallies.append(tallied(rows, found))
        told[path.stem] = {"lines": len(rows), "grouping": grouping(rows, found), "figures": figures(tallies[-1])}
        if asked.misses:
            told[path.stem]["misses"] = missed(rows, found)
    told["all"] = {"figures": figures(*tallies)}
    json.dump(told, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
