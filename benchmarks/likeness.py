"""Learn from labelled messages what requests are like, and say how well that does for messages that were held out.

    python -m benchmarks.likeness

trains on all sets of `tests/data/requests` and writes `bot/requests/reading/likeness.json`. Before that it holds out
one set after the other, trains on the rest, and writes to `docs/reports/requests-held-out.json` how well the recogniser
does with it on the set that was held out. Needs `benchmarks/requirements.txt`. The same data make the same file.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.requests.reading import likeness
from bot.requests.reading.plain import plain
from tests.requests.reading.scores import cases, scores

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data" / "requests"
MODEL = ROOT / "bot" / "requests" / "reading" / "likeness.json"
REPORT = ROOT / "docs" / "reports" / "requests-held-out.json"
SEEN_IN = 3  # messages at least


@dataclass(frozen=True, slots=True)
class Learning:
    """How freely a regression learns (scikit-learn's `C`, the inverse of a penalty), and how many weights stay."""

    freedom: float
    kept: int


ASKS = Learning(freedom=0.03, kept=4000)
KIND = Learning(freedom=1.0, kept=1500)


def trained(sets: Sequence[Path]) -> dict[str, Any]:
    """Return the model that these sets make."""
    rows = [json.loads(line) for path in sets for line in path.read_text("utf-8").splitlines()]
    asking = [row for row in rows if row["kind"] != "none"]
    return {
        "trained_on": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sets},
        "asks": learned(rows, [row["kind"] != "none" for row in rows], ASKS)[True],
        "kinds": learned(asking, [row["kind"] for row in asking], KIND),
    }


def learned(rows: Sequence[Mapping[str, str]], labels: Sequence[Any], how: Learning) -> dict[Any, Any]:
    """Return bias and greatest weights of each label; of two labels those of the second say all."""
    seen = CountVectorizer(analyzer=likeness.grams, min_df=SEEN_IN, binary=True)
    counted = seen.fit_transform([plain(row["text"]).spoken for row in rows])
    fitted = LogisticRegression(C=how.freedom, max_iter=3000).fit(counted, labels)
    grams = seen.get_feature_names_out()
    told = fitted.classes_[-len(fitted.coef_) :].tolist()
    return {
        label: {"bias": round(float(bias), 4), "weights": greatest(zip(grams, weights, strict=True), how.kept)}
        for label, bias, weights in zip(told, fitted.intercept_, fitted.coef_, strict=True)
    }


def greatest(weighed: Iterable[tuple[str, float]], kept: int) -> dict[str, float]:
    chosen = sorted(weighed, key=lambda each: (-abs(each[1]), each[0]))[:kept]
    return {gram: round(float(weight), 4) for gram, weight in sorted(chosen)}


def held_out(sets: Sequence[Path], path: Path) -> dict[str, Any]:
    """Return how well a set is recognised by what the others taught."""
    install(trained([each for each in sets if each != path]))
    return {key: share.to_json() for key, share in scores(cases(path.stem)).items()}


def install(model: dict[str, Any]) -> None:
    MODEL.write_text(json.dumps(model, ensure_ascii=False, indent=0) + "\n", "utf-8")
    likeness.forget()


def main() -> None:
    sets = sorted(DATA.glob("*.jsonl"))
    report = {path.name: held_out(sets, path) for path in sets}
    install(trained(sets))
    REPORT.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    for name, shares in report.items():
        print(name, {key: (share["n"], share["of"], share["value"]) for key, share in shares.items()})


if __name__ == "__main__":
    main()
