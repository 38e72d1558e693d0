"""What `datasets.yaml` allows, as questions that planning and forms ask. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase

from bot.access.members import Member, MemberKind, word_for
from bot.access.model import Resource, dataset_of
from bot.config.datasets import Dataset, Datasets, Sensitive
from bot.pages.model import Destination
from bot.ports.bigquery import Column, DatasetName
from bot.text import Code, Text, text

SHORTEST = timedelta(minutes=15)

__all__ = ["Access", "Dataset"]


@dataclass(frozen=True, slots=True)
class Access:
    """The datasets that may be given, by patterns; the first that fits decides."""

    written: Datasets = field(default_factory=Datasets)
    page: Destination | None = None
    """Who is woken where a grant cannot be taken away, None: nobody."""

    def rule(self, resource: Resource) -> Dataset | None:
        name = str(dataset_of(resource))
        return next((each for pattern, each in self.written.datasets.items() if fnmatchcase(name, pattern)), None)

    def named(self) -> tuple[str, ...]:
        """Return the datasets that are listed by their whole name."""
        return tuple(pattern for pattern in self.written.datasets if "*" not in pattern)

    @property
    def projects(self) -> frozenset[str]:
        """Return the projects that are named without a star."""
        named = (pattern.rpartition(".")[0] for pattern in self.written.datasets)
        return frozenset(project for project in named if "*" not in project)

    def refusals(
        self, rule: Dataset, resources: Sequence[Resource], role: str, lasts: timedelta
    ) -> Iterator[tuple[str, Text]]:
        """Yield why nobody gets this, whoever asks, each with the argument that it belongs to."""
        if rule.tables_only and any(isinstance(each, DatasetName) for each in resources):
            yield "tables", text("grant-access.tables_only", dataset=Code(str(resources[0])))
        if role not in rule.roles:
            known = tuple(Code(word_for(each)) for each in rule.roles)
            yield "role", text("grant-access.role_not_allowed", role=Code(word_for(role)), roles=known)
        if lasts > rule.longest:
            yield "lasts", text("grant-access.too_long", longest=rule.longest)
        if lasts < SHORTEST:
            yield "lasts", text("grant-access.too_short", shortest=SHORTEST)

    def stranger(self, rule: Dataset, member: Member) -> Text | None:
        """Return why this address never gets anything here: foreign, a machine, a group that is not listed."""
        shown = Code(member.email)
        if member.kind is MemberKind.SERVICE_ACCOUNT:
            return text("grant-access.machine", member=shown)
        if member.domain not in self.written.domains:
            return text("grant-access.foreign", member=shown)
        if member.kind is MemberKind.GROUP and member.email not in {each.lower() for each in rule.groups}:
            return text("grant-access.group_not_listed", member=shown)
        return None

    @property
    def sensitive(self) -> Sensitive:
        return self.written.sensitive


def marks(sensitive: Sensitive, labels: Mapping[str, str], columns: tuple[Column, ...] = ()) -> tuple[str, ...]:
    """Return what marks a table or dataset as sensitive: its labels, and columns with a policy tag that is named."""
    held = [f"{key}={value}" for key, value in labels.items()]
    found = [each for each in held if any(_is(each, mark) for mark in sensitive.labels)]
    tagged = [column.name for column in columns if any(_begins(tag, sensitive) for tag in column.policy_tags)]
    return (*found, *tagged)


def _is(label: str, mark: str) -> bool:
    return label == mark if "=" in mark else label.partition("=")[0] == mark


def _begins(tag: str, sensitive: Sensitive) -> bool:
    return any(tag.startswith(beginning) for beginning in sensitive.policy_tags)
