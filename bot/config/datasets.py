"""`datasets.yaml`: who may be given access to which dataset, by whose word, as what, for how long."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, PlainSerializer, WithJsonSchema, model_validator

from bot.access.members import role_of, word_for
from bot.config.kinds import DatasetPattern, Domain, Duration, Email, wrong
from bot.config.strict import Strict
from bot.config.who import Who, WhoKind, WrittenOwner


def _reachable(who: Who) -> Who:
    if who.kind not in {WhoKind.USER, WhoKind.GROUP}:
        raise wrong("config.bad_owner", value=str(who))
    return who


Owner = Annotated[WrittenOwner, AfterValidator(_reachable)]
"""Somebody who can be called: one person or a user group."""


def _role(written: str) -> str:
    role = role_of(written)
    if not role.startswith(("roles/", "projects/", "organizations/")):
        raise wrong("config.bad_role", value=written)
    return role


Role = Annotated[
    str, AfterValidator(_role), PlainSerializer(word_for), WithJsonSchema({"type": "string", "examples": ["reader"]})
]


class Sensitive(Strict):
    """What marks a table that nobody is given unasked."""

    policy_tags: tuple[str, ...] = ()
    """Resource names of policy tags, or beginnings of them: `projects/p/locations/eu/taxonomies/1/` is a taxonomy."""
    labels: tuple[str, ...] = ()
    """Labels of tables or datasets, and resource tags of datasets, as `key=value`, or `key` for any value."""


class Dataset(Strict):
    owner: Owner
    """Is told when something goes wrong, and may end any access at any time."""
    approvers: tuple[WrittenOwner, ...] = ()
    """Who says yes; the owner if absent."""
    may_ask: tuple[WrittenOwner, ...] = (Who(WhoKind.MEMBER),)
    roles: tuple[Role, ...] = (role_of("reader"),)
    """reader, writer, owner, or the full name of a role."""
    longest: Duration = timedelta(days=30)
    default: Duration = timedelta(days=7)
    groups: tuple[Email, ...] = ()
    """The Google groups that may be given access; people need not be named."""
    tags: tuple[str, ...] = ()
    """Words of your own that the policy may speak about, such as `personal`."""
    tables_only: bool = False
    """The dataset is too wide to be given as a whole: name tables."""
    even_sensitive: bool = False
    """What is marked as sensitive may be given all the same; the plan names it."""
    self_expiring: bool = False
    """Google itself ends the access, too. Other tools that change this dataset must know IAM conditions."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.default > self.longest:
            raise wrong("config.default_too_long")
        return self


class Datasets(Strict):
    domains: tuple[Domain, ...] = ()
    """Of the Google accounts of your people; every other address is refused."""
    sensitive: Sensitive = Sensitive()
    datasets: Mapping[DatasetPattern, Dataset] = {}
    """By `project.dataset`; `*` stands for any characters. The first pattern that fits decides."""

    @model_validator(mode="after")
    def _somebody_inside(self) -> Self:
        if self.datasets and not self.domains:
            raise wrong("config.no_domains")
        return self
