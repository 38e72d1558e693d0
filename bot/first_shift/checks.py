"""What is tested for a first shift, in the order of its card: each a look at one thing that changes nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import partial

from bot.actor import Actor
from bot.clock import Clock
from bot.covers.accounts import account
from bot.covers.model import PROVIDERS
from bot.covers.service import Covers
from bot.directory.queries import members_of
from bot.first_shift.model import FirstShift, Result, Sign
from bot.operations.authority import Authority
from bot.operations.facts import Answer
from bot.operations.policy import Decision, Request, decide
from bot.pages.model import PROVIDERS as PAGERS
from bot.ports.airflow import Airflow, Right
from bot.ports.bigquery import BigQuery, DatasetName
from bot.ports.errors import Forbidden, VendorError
from bot.ports.paging import AlertFilter, Alerts, AlertStatus, Schedules, Unknown
from bot.ports.slack import Slack
from bot.store import Store, Tx
from bot.text import Code, Lines, Link, Mention, Text, text

Check = Callable[[FirstShift], Result]
MUST = ("incident.acknowledge", "incident.resolve", "clear-tasks")
"""Without these nobody can do anything at night."""
_EFFECTS = {"clear-tasks": "repeats_work", "rerun-load": "repeats_work", "grant-access": "grants_access"}
_DEEDS = ("incident.acknowledge", "incident.resolve", "silence.create", "cover.ask", *_EFFECTS)
_ONE = 1  # the size of the smallest plan
MOST_DATASETS = 3  # that one check looks at: each is a call


@dataclass(frozen=True, slots=True)
class Checks:
    """Everything that can be tested of one configuration.

    `datasets` are patterns of those to which Baton gives access. `alerts` connects to the providers only when it is
    called: one of them takes a second to import.
    """

    store: Store
    clock: Clock
    slack: Slack
    covers: Covers
    authority: Authority
    doors: Mapping[str, Schedules]
    alerts: Callable[[], Mapping[str, Alerts]]
    airflows: Mapping[str, Airflow]
    bigquery: Mapping[str, BigQuery]
    channels: Sequence[str]
    datasets: Collection[str] = ()
    fresh_for: timedelta = timedelta(hours=24)

    @property
    def all(self) -> Mapping[str, Check]:
        """Return the checks by name: who one is, where one must be, what answers, what one may."""
        pagers = sorted({rota.provider for rota in self.covers.rotas.values()} & PAGERS.keys())
        groups = sorted({each for each in self.covers.roster.fallbacks.values() if each.startswith("S")})
        return {
            "rota": self._rota,
            **{f"account:{name}": partial(self._account, name) for name in self.covers.rotas},
            **{f"channel:{channel}": partial(self._channel, channel) for channel in self.channels},
            **{f"group:{group}": partial(self._group, group) for group in groups},
            **{f"on-call:{name}": partial(self._on_call, name) for name in self.doors},
            **{f"alerts:{name}": partial(self._alerts, name) for name in pagers},
            **{f"airflow:{name}": partial(self._airflow, name) for name in self.airflows},
            **{f"bigquery:{name}": partial(self._bigquery, name) for name in self.bigquery},
            "policy": self._policy,
        }

    def make(self, name: str, of: FirstShift) -> Result:
        """Return what one check finds now; what does not answer is red, with the reason."""
        try:
            return self.all[name](of)
        except VendorError as error:
            return Result(Sign.RED, error.words, text("start.fix.vendor"))

    def _rota(self, of: FirstShift) -> Result:
        now = self.clock.now()
        own = self.store.read(lambda tx: self.covers.roster.upcoming(tx, of.user, now))
        if not own:
            return Result(Sign.RED, text("start.rota.none"), text("start.fix.rota"))
        first = own[0]
        return Result(Sign.OK, text("start.rota.next", schedule=first.schedule, at=first.start_at, until=first.end_at))

    def _account(self, schedule: str, of: FirstShift) -> Result:
        rota = self.covers.rotas[schedule]
        provider = PROVIDERS.get(rota.provider, rota.provider)
        found = self.store.read(lambda tx: account(tx, self.covers.roster, rota, of.team, of.user))
        if isinstance(found, Text):
            return Result(Sign.RED, text("start.account.none", provider=provider), found)
        return Result(Sign.OK, text("start.account.known", provider=provider, name=Code(found)))

    def _channel(self, channel: str, of: FirstShift) -> Result:
        address = f"https://slack.com/app_redirect?channel={channel}&team={of.team}"
        if of.user in self.slack.members(channel):
            return Result(Sign.OK, text("start.channel.in", channel=Mention(channel)))
        fix = text("start.fix.channel", link=Link(address, text("start.open_channel")))
        return Result(Sign.RED, text("start.channel.out", channel=Mention(channel)), fix)

    def _group(self, group: str, of: FirstShift) -> Result:
        since = self.clock.now() - self.fresh_for
        inside = self.store.read(lambda tx: members_of(tx, group, since))
        if inside is None:
            return Result(Sign.UNKNOWN, text("start.group.unknown", group=Mention(group)), text("start.fix.later"))
        if of.user in inside:
            return Result(Sign.OK, text("start.group.in", group=Mention(group)))
        return Result(Sign.RED, text("start.group.out", group=Mention(group)), text("start.fix.group"))

    def _on_call(self, schedule: str, _of: FirstShift) -> Result:
        rota = self.covers.rotas[schedule]
        answer = self.doors[schedule].current(rota.key, self.clock.now())
        provider = PROVIDERS.get(rota.provider, rota.provider)
        if isinstance(answer, Unknown):
            unclear = text("start.on_call.unclear", provider=provider, detail=answer.reason)
            return Result(Sign.UNKNOWN, unclear, text("start.fix.vendor"))
        return Result(Sign.OK, text("start.on_call.answers", provider=provider, schedule=schedule))

    def _alerts(self, provider: str, _of: FirstShift) -> Result:
        """Say whether Baton sees the alerts by which people are woken: that is another right than to see schedules."""
        self.alerts()[provider].find(AlertFilter(AlertStatus.OPEN))
        return Result(Sign.OK, text("start.alerts.answers", provider=PAGERS[provider]))

    def _airflow(self, name: str, _of: FirstShift) -> Result:
        seen = self.airflows[name].introduction()
        lacking = tuple(text(f"doctor.airflow.right.{right}") for right, may in seen.rights.items() if may is False)
        if lacking:
            words = text("start.airflow.lacks", name=name, version=seen.version, lacking=lacking)
            return Result(Sign.RED, words, text("start.fix.airflow"))
        if seen.rights.get(Right.CLEAR) is None:
            return Result(Sign.UNKNOWN, text("start.airflow.unsure", name=name, version=seen.version))
        return Result(Sign.OK, text("start.airflow.may", name=name, version=seen.version))

    def _bigquery(self, project: str, _of: FirstShift) -> Result:
        """Say whether it answers, and whether Baton may give access to what the configuration names; a few of them."""
        google = self.bigquery[project]
        names = google.datasets()
        listed = [name for name in names if any(fnmatchcase(str(name), each) for each in self.datasets)]
        closed = tuple(Code(str(name)) for name in listed[:MOST_DATASETS] if not _may_give(google, name))
        if closed:
            return Result(Sign.RED, text("start.bigquery.closed", closed=closed), text("start.fix.bigquery"))
        return Result(Sign.OK, text("start.bigquery.answers", project=project, n=len(names)))

    def _policy(self, of: FirstShift) -> Result:
        """Say what the policy lets this person do while they are on call."""
        decided = self.store.read(lambda tx: self._decided(tx, of))
        lines = tuple(text(f"start.policy.{_answer(each)}", deed=Code(deed)) for deed, each in decided.items())
        words = text("start.policy", lines=Lines(lines))
        missing = tuple(Code(deed) for deed in MUST if not decided[deed].allowed)
        if missing:
            return Result(Sign.RED, words, text("start.fix.policy", missing=missing))
        return Result(Sign.OK, words)

    def _decided(self, tx: Tx, of: FirstShift) -> Mapping[str, Decision]:
        now, actor = self.clock.now(), Actor.person(of.team, of.user)
        facts = replace(self.authority.facts(tx, actor, now), on_call=Answer.YES)
        policy = self.authority.policy()
        return {deed: decide(_request(deed, actor), policy, facts, now) for deed in _DEEDS}


def _may_give(google: BigQuery, name: DatasetName) -> bool:
    try:
        return google.may_set_acl(name)
    except Forbidden:
        return False


def _request(deed: str, actor: Actor) -> Request:
    effect = _EFFECTS.get(deed, "keeps_records")
    return Request(deed, effect, size=_ONE, asked_by=(actor,), reason="first shift", ticket="-")


def _answer(decision: Decision) -> str:
    if not decision.allowed:
        return "refused"
    return "alone" if decision.needs_nobody else "approval"
