"""What was recognised in a message, and the names that are known here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from bot.loads import Loads
from bot.requests.kind import Kind


class Certainty(StrEnum):
    """What to do with a message: open a request, ask whether to open one, or leave it alone."""

    SURE = "sure"
    PERHAPS = "perhaps"
    NO = "no"


@dataclass(frozen=True, slots=True)
class KnownLoad:
    """A load, the DAG that makes it, and the table (`project.dataset.table`) in which it shows, if that is known."""

    name: str
    dag_id: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that the configuration and the directories know.

    `datasets` are `project.dataset`, or patterns in which `*` stands for any characters; `tables` are
    `project.dataset.table`; `us` are the names and ids by which people mention the team and whoever is on call, without
    the sign: who is spoken to by another name is somebody else.
    """

    loads: tuple[KnownLoad, ...] = ()
    datasets: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    dags: tuple[str, ...] = ()
    us: tuple[str, ...] = ()

    @classmethod
    def of(cls, loads: Loads, datasets: Iterable[str] = (), dags: Iterable[str] = (), us: Iterable[str] = ()) -> Self:
        """Return the vocabulary of a configuration; the loads' own DAGs and tables are in it."""
        known = tuple(
            KnownLoad(load.name, load.dag_id, load.evidence.table if load.evidence else "")
            for load in loads.by_name.values()
        )
        tables = tuple(sorted({load.table for load in known if load.table}))
        return cls(known, tuple(datasets), tables, tuple(sorted({*dags, *(load.dag_id for load in known)})), tuple(us))


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a message asks for.

    `kind` is None exactly where the certainty is NO. `fields` are named as those of the operation that fits (`load` and
    `dates` of rerun-load; `dataset`, `tables`, `role` and `lasts` of grant-access; `dag_id` of clear-tasks)
    and hold what a person would write into the form; what is ambiguous is not in it. `language` is that of the message,
    "ko" or "en"; `why` is for whoever asks why this was, or was not, taken for a request.
    """

    certainty: Certainty
    kind: Kind | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    why: str = ""
