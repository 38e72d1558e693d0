"""Keeps user groups of Slack as they are wanted: read, compare, write only what differs, believe Slack's answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import outbox
from bot.clock import Clocks
from bot.oncall import group_rules, mirrors
from bot.oncall.group_rules import Wanted, Why
from bot.oncall.telling import UserGroup, Watch
from bot.ports.errors import Forbidden, NotFound, RateLimited, Rejected, VendorError
from bot.ports.slack import Slack
from bot.reconcile import later
from bot.ref import Ref
from bot.store import Store, Tx
from bot.store.claim import Claim, finish, release
from bot.text import Mention, Param, Text, text, to_json

LOOK_AGAIN = timedelta(minutes=10)  # somebody may change a group by hand, or mend a permission
NOT_KNOWN_YET = timedelta(seconds=20)  # after a start, until the providers were asked
REMEDIES: Mapping[str, str] = {
    "missing_scope": "group.remedy.scope",
    "permission_denied": "group.remedy.permission",
    "paid_teams_only": "group.remedy.plan",
}


@dataclass(frozen=True, slots=True)
class Groups:
    """`slack` reads, `editor` writes: where only administrators may edit groups it has the token of one."""

    store: Store
    slack: Slack
    editor: Slack
    clocks: Clocks
    watch: Watch
    fresh_for: timedelta
    is_live: bool

    def step(self, claim: Claim) -> None:
        group = next((each for each in self.watch.groups if each.group_id == claim.row.group_id), None)
        if group is None:  # of an earlier configuration
            self.store.write(lambda tx: finish(tx, claim))
            return
        wanted = self.store.read(lambda tx: self._wanted(tx, group, claim.row.parts))
        if not wanted.is_known:
            due_at = self.clocks.system.now() + NOT_KNOWN_YET
            self.store.write(lambda tx: release(tx, claim, due_at=mirrors.due(claim, due_at)))
            return
        if not wanted.members:
            self._settle(claim, group, problem=text("group.would_be_empty", group=Mention(group.group_id)))
            return
        try:
            self._have(claim, group, wanted)
        except VendorError as error:
            self._failed(claim, group, error)

    def _wanted(self, tx: Tx, group: UserGroup, stored: Mapping[str, Sequence[str]]) -> Wanted:
        now = self.clocks.business.now()
        parts = mirrors.parts_of(tx, self.watch, group, now - self.fresh_for, now)
        return group_rules.wanted(parts, stored, mirrors.permanent_of(tx, group))

    def _have(self, claim: Claim, group: UserGroup, wanted: Wanted) -> None:
        current = self.slack.group_members(group.group_id)
        why = group_rules.why(wanted.members, claim.row.members, current)
        if why is None:
            self._settle(claim, group, wanted)
        elif group.dry_run or not self.is_live:
            self._would(claim, group, wanted, current)
        else:
            members = self.editor.set_group_members(group.group_id, wanted.members)
            said = _put_back(group, wanted, current) if why is Why.BY_HAND else None
            self._settle(claim, group, wanted, said=said, problem=_differs(group, wanted, members))

    def _would(self, claim: Claim, group: UserGroup, wanted: Wanted, current: Sequence[str]) -> None:
        """Say once what would be changed."""
        key = ["would", list(wanted.members), sorted(current)]
        is_said = claim.row.told == key
        kept: dict[str, Any] = {"told": key, "parts": wanted.parts, "problem": None}
        self._finish(claim, group, None if is_said else _would(group, wanted, current), **kept)

    def _settle(
        self,
        claim: Claim,
        group: UserGroup,
        wanted: Wanted | None = None,
        *,
        said: Text | None = None,
        problem: Text | None = None,
    ) -> None:
        """Give the group back as it is now, having said what is new: a problem is said once, until it is another."""
        key = to_json(problem) if problem else None
        values: dict[str, Any] = {"told": key, "problem": key}
        if wanted is not None:
            values["parts"] = wanted.parts
        if wanted is not None and problem is None:
            values["members"] = list(wanted.members)
        self._finish(claim, group, problem if problem and claim.row.told != key else said, **values)

    def _failed(self, claim: Claim, group: UserGroup, error: VendorError) -> None:
        """Say once what somebody must mend; the rest passes by itself."""
        match error:
            case Forbidden() | NotFound() | Rejected():
                self._settle(claim, group, problem=_remedy(group, error))
            case RateLimited():
                self._again(claim, self.clocks.system.now() + timedelta(seconds=error.retry_after))
            case _:
                self._again(claim, later(self.clocks.system.now(), claim.attempts))

    def _again(self, claim: Claim, due_at: datetime) -> None:
        self.store.write(lambda tx: release(tx, claim, due_at=mirrors.due(claim, due_at)))

    def _finish(self, claim: Claim, group: UserGroup, said: Text | None, **values: Any) -> None:
        """Give the row back; who has lost the claim says nothing."""
        due_at = self.clocks.system.now() + LOOK_AGAIN

        def give_back(tx: Tx) -> None:
            if finish(tx, claim, due_at=mirrors.due(claim, due_at), **values) and said is not None:
                self._say(tx, group, said)

        self.store.write(give_back)

    def _say(self, tx: Tx, group: UserGroup, said: Text) -> None:
        places = (self.watch.telling(schedule).place for schedule in group.schedules)
        place = next((each for each in places if each is not None), None)
        if place is not None:
            outbox.add_note(tx, Ref("group", group.group_id), self.clocks.business.now(), place, said)


def _put_back(group: UserGroup, wanted: Wanted, current: Sequence[str]) -> Text:
    added, removed = _people(set(current) - set(wanted.members)), _people(set(wanted.members) - set(current))
    return text("group.put_back", group=Mention(group.group_id), added=added, removed=removed)


def _would(group: UserGroup, wanted: Wanted, current: Sequence[str]) -> Text:
    added, removed = _people(set(wanted.members) - set(current)), _people(set(current) - set(wanted.members))
    return text("group.would", group=Mention(group.group_id), added=added, removed=removed)


def _people(users: Iterable[str]) -> Param:
    return tuple(Mention(user) for user in sorted(users)) or text("group.no_one")


def _differs(group: UserGroup, wanted: Wanted, members: Sequence[str]) -> Text | None:
    """Return what is wrong where Slack's own answer is not what was asked for."""
    return None if set(members) == set(wanted.members) else text("group.differs", group=Mention(group.group_id))


def _remedy(group: UserGroup, error: VendorError) -> Text:
    """Say what Slack refuses and who mends it how."""
    known = REMEDIES.get(error.detail.partition(":")[0]) if isinstance(error, Forbidden) else None
    if isinstance(error, NotFound):
        known = "group.remedy.gone"
    return text(
        "group.problem", group=Mention(group.group_id), what=error.words, remedy=text(known or "group.remedy.other")
    )
