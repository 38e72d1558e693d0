"""Decides from the signs of each clause whether a message is a request, how sure that is, and of which kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.requests.kind import Kind
from bot.requests.reading.model import Certainty
from bot.requests.reading.signs import Sign, Signs

_DEEDS = {Sign.RERUN: Kind.RERUN, Sign.ACCESS: Kind.ACCESS, Sign.CHANGE: Kind.OTHER}
_TALKS_OF_ASKING = frozenset({Sign.NEGATED, Sign.OFFER, Sign.POLICY, Sign.PAST_ASK, Sign.BACK})
_TELLS = frozenset({Sign.DONE, Sign.DOING, Sign.PLAN, Sign.NEWS})
_TEAM = r"(?:on-?call|here|channel|everyone|data|de|dp|team|baton|온콜|데이터|당직|담당)"
_TO_SOMEBODY = re.compile(rf"^(?:@(?!\S{{0,12}}{_TEAM})[^\s,]{{2,30}}|(?!데이터|담당|온콜|당직|안녕|선생)[가-힣]{{2,4}}님)[ ,:!]")


@dataclass(frozen=True, slots=True)
class Decision:
    certainty: Certainty
    kind: Kind | None
    why: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: the signs of each clause, whether it speaks to one named person, and names something known."""

    clauses: tuple[Signs, ...]
    to_somebody: bool = False
    names_something: bool = False

    def has(self, sign: Sign) -> bool:
        return any(sign in clause for clause in self.clauses)

    @property
    def is_about_data(self) -> bool:
        return self.names_something or any(clause & {Sign.DATA, *_DEEDS} for clause in self.clauses)


def speaks_to_somebody(text: str, us: Iterable[str]) -> bool:
    """Whether it begins with the name of one person, who is none of us."""
    return _TO_SOMEBODY.match(text) is not None and not any(text.startswith(f"@{each.casefold()}") for each in us)


def decide(heard: Heard) -> Decision:
    """Return what the message is. What one clause says outright counts more than what it may be taken for."""
    if heard.has(Sign.MACHINE):
        return _no("is what a tool writes")
    if not heard.is_about_data:
        return _no("is not about data")
    found = _deed(heard) or _trouble(heard) or _question(heard) or _favour(heard)
    if found is None:
        return _no("asks for nothing")
    if heard.to_somebody:
        is_clear = found.certainty is Certainty.SURE
        return Decision(Certainty.PERHAPS, found.kind, "asks one person") if is_clear else _no("speaks to one person")
    return found


def _deed(heard: Heard) -> Decision | None:
    """Look for a clause that asks for something to be done."""
    asking = [clause for clause in heard.clauses if Sign.ASK in clause and not clause & _TALKS_OF_ASKING]
    outright = [clause for clause in asking if Sign.DIRECT in clause]
    if outright and (found := _asked(heard, outright)):
        return found
    deeds = [clause for clause in asking if clause & _DEEDS.keys() and not clause & _TELLS]
    if deeds:
        return _asked(heard, deeds)
    spoken_of = [clause for clause in heard.clauses if clause & _DEEDS.keys() and not clause & (_TALKS_OF_ASKING | _TELLS)]
    if asking and spoken_of and not heard.has(Sign.DONE):
        return _asked(heard, [*asking, *spoken_of])
    return None


def _asked(heard: Heard, clauses: list[Signs]) -> Decision | None:
    said = frozenset[Sign]().union(*clauses)
    kind = next((kind for sign, kind in _DEEDS.items() if sign in said), None)
    if kind is None:
        return None
    if Sign.OTHER_BUSINESS in said or heard.has(Sign.NEGATED) or heard.has(Sign.POLICY) or heard.has(Sign.JOKE):
        return Decision(Certainty.PERHAPS, kind, "seems to ask for something to be done")
    return Decision(Certainty.SURE, kind, "asks for something to be done")


def _trouble(heard: Heard) -> Decision | None:
    """Look for data that are said to be wrong, late, or gone."""
    trouble = [c for c in heard.clauses if Sign.TROUBLE in c and not c & {Sign.NEGATED, Sign.OFFER, Sign.POLICY, Sign.NEWS}]
    if not trouble or heard.has(Sign.JOKE) or heard.has(Sign.PLAN) or heard.has(Sign.NEWS):
        return None
    if heard.has(Sign.ACCESS):
        return None if heard.has(Sign.DONE) else Decision(Certainty.PERHAPS, Kind.ACCESS, "cannot get at data")
    asks = any(clause & {Sign.ASK} and clause & {Sign.CHECK} and not clause & _TALKS_OF_ASKING for clause in heard.clauses)
    if asks and not heard.has(Sign.DONE):
        return Decision(Certainty.SURE, Kind.INCIDENT, "asks to look at what is wrong")
    is_handled = any(Sign.DOING in clause and Sign.TROUBLE not in clause for clause in heard.clauses)
    if heard.has(Sign.DONE) or Sign.THANKS in heard.clauses[0] or is_handled:
        return None
    return Decision(Certainty.PERHAPS, Kind.INCIDENT, "says that something is wrong")


def _question(heard: Heard) -> Decision | None:
    asking = [
        c for c in heard.clauses if c & {Sign.QUESTION} and not c & {Sign.OFFER, Sign.BACK, Sign.POLICY, Sign.JOKE, Sign.NEGATED}
    ]
    if not asking or heard.has(Sign.JOKE) or heard.has(Sign.OTHER_BUSINESS):
        return None
    said = frozenset[Sign]().union(*asking)
    kind = Kind.ACCESS if Sign.ACCESS in said else Kind.QUESTION
    doubts = any(heard.has(sign) for sign in (*_TELLS, Sign.PAST_ASK))
    is_plain = Sign.INFORM in said and kind is Kind.QUESTION and not doubts
    return Decision(Certainty.SURE if is_plain else Certainty.PERHAPS, kind, "wants to know something")


def _favour(heard: Heard) -> Decision | None:
    """Look for anything else that is asked for."""
    if any(heard.has(sign) for sign in (*_TELLS, Sign.JOKE, Sign.OTHER_BUSINESS, Sign.NEGATED)):
        return None
    asking = [clause for clause in heard.clauses if Sign.ASK in clause and not clause & _TALKS_OF_ASKING]
    kind = Kind.INCIDENT if any(Sign.CHECK in clause for clause in asking) else Kind.OTHER
    return Decision(Certainty.PERHAPS, kind, "asks for a favour") if asking else None


def _no(why: str) -> Decision:
    return Decision(Certainty.NO, None, why)
