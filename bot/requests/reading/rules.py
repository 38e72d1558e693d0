"""Decides from the signs of each clause whether a message is a request, how sure that is, and of which kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.requests.kind import Kind
from bot.requests.reading.model import Certainty
from bot.requests.reading.signs import Sign, Signs

_DEEDS = {Sign.SERVICE: Kind.OTHER, Sign.RERUN: Kind.RERUN, Sign.ACCESS: Kind.ACCESS, Sign.CHANGE: Kind.OTHER}
_TALKS_OF_ASKING = frozenset({Sign.NEGATED, Sign.OFFER, Sign.POLICY, Sign.PAST_ASK, Sign.BACK})
_TELLS = frozenset({Sign.DONE, Sign.DOING, Sign.PLAN, Sign.NEWS})
_NO_WISH = frozenset({*_TALKS_OF_ASKING, *_TELLS, Sign.HOW, Sign.ABOUT})
_NO_TROUBLE = frozenset(
    {Sign.NEGATED, Sign.OFFER, Sign.POLICY, Sign.NEWS, Sign.PAST_ASK, Sign.BACK, Sign.OTHER_BUSINESS}
)
_NO_QUESTION = frozenset({Sign.OFFER, Sign.BACK, Sign.POLICY, Sign.JOKE, Sign.NEGATED, Sign.OTHER_BUSINESS})
_TEAM = r"(?:on-?call|here|channel|everyone|data|de|dp|team|baton|온콜|데이터|당직|담당)"
_SPOKEN_OF = r"(?! ?님?(?:께|에게|한테))"  # "approved by @x": named, and not spoken to
_TO_SOMEBODY = re.compile(
    r"(?<![\w.])(?<!cc )(?<!cc: )(?<!with )(?<!from )(?<!by )(?<!for )"
    rf"@(?!\S{{0,12}}{_TEAM})(?P<name>[^\s,:!~@]{{2,30}}+){_SPOKEN_OF}",
    re.ASCII,
)
_BY_NAME = re.compile(r"(?!데이터|담당|온콜|당직|안녕|선생)[가-힣]{2,4}님[ ,:!~]")
_FORM = 3  # so many labels make a form
_UNLIKE, _DOUBTFUL, _LIKE = 0.2, 0.3, 0.5


@dataclass(frozen=True, slots=True)
class Decision:
    certainty: Certainty
    kind: Kind | None
    """None also where something is asked for and no rule knows of which kind it is."""
    why: str
    is_final: bool = False
    """Whether what it is like does not matter."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: the signs of each clause, whether it speaks to one named person, and names something known."""

    clauses: tuple[Signs, ...]
    to_somebody: bool = False
    names_something: bool = False

    def has(self, *signs: Sign) -> bool:
        return any(not clause.isdisjoint(signs) for clause in self.clauses)

    @property
    def is_about_data(self) -> bool:
        return self.names_something or self.has(Sign.DATA, *_DEEDS)

    @property
    def asking(self) -> list[Signs]:
        """The clauses that ask, and do not only talk about asking."""
        return [clause for clause in self.clauses if Sign.ASK in clause and not clause & _TALKS_OF_ASKING]


def speaks_to_somebody(text: str, us: Iterable[str]) -> bool:
    """Whether it begins with the name of one person, or mentions one anywhere, who is none of us."""
    ours = {each.casefold() for each in us}
    return _BY_NAME.match(text) is not None or any(match["name"] not in ours for match in _TO_SOMEBODY.finditer(text))


def decide(heard: Heard) -> Decision:
    """Return what the message is. What one clause says outright counts more than what it may be taken for."""
    if not heard.is_about_data:
        return _no("is not about data")
    if heard.has(Sign.MACHINE):
        return _no("is what a tool writes", is_final=True)
    if heard.has(Sign.WITHDRAWN):
        return _no("takes back what was asked", is_final=True)
    found = _form(heard) or _deed(heard) or _wonder(heard) or _trouble(heard) or _question(heard) or _favour(heard)
    if found is None:
        return _no("asks for nothing")
    if heard.to_somebody or Sign.REPLY in heard.clauses[0]:
        is_clear = found.certainty is Certainty.SURE
        return Decision(Certainty.PERHAPS, found.kind, "asks one person") if is_clear else _no("speaks to one person")
    return found


def weighed(found: Decision, heard: Heard, likeness: float) -> Decision:
    """Return what the message is, when one also looks at how like a request it is, from 0 to 1.

    What the rules miss is asked about where it is like one; what is unlike any is left alone, or asked about first.
    """
    if found.is_final:
        return found
    if found.certainty is Certainty.NO:
        is_like = likeness > _LIKE and not heard.has(Sign.OFFER)
        return Decision(Certainty.PERHAPS, None, "is like a request") if is_like else found
    if likeness < _UNLIKE:
        return _no("is unlike a request")
    return found if likeness > _DOUBTFUL else replace(found, certainty=Certainty.PERHAPS)


def _form(heard: Heard) -> Decision | None:
    """Look for a form that somebody filled in: who, what, why."""
    labels = [clause for clause in heard.clauses if Sign.FORM in clause]
    if len(labels) < _FORM:
        return None
    if heard.has(Sign.FORM_ACCESS):
        return Decision(Certainty.SURE, Kind.ACCESS, "is a form that was filled in")
    return _asked(heard, list(heard.clauses))


def _deed(heard: Heard) -> Decision | None:
    """Look for a clause that asks for something to be done."""
    asking = [clause for clause in heard.asking if Sign.HOW not in clause]
    spoken_of = [c for c in heard.clauses if c & _DEEDS.keys() and not c & _NO_WISH]
    outright = [c for c in heard.clauses if Sign.DIRECT in c and not c & {*_TALKS_OF_ASKING, Sign.HOW, Sign.ABOUT}]
    if outright:
        return _asked(heard, outright) or _asked(heard, [*outright, *spoken_of])
    deeds = [c for c in asking if c & _DEEDS.keys() and not c & _TELLS and Sign.OTHER_BUSINESS not in c]
    if not deeds and asking and not heard.has(Sign.DONE, Sign.OTHER_BUSINESS):
        deeds = spoken_of
    # the wish may be another: "include the date when you ask for a rerun"
    return replace(found, certainty=Certainty.PERHAPS) if (found := _asked(heard, deeds)) else None


def _asked(heard: Heard, clauses: list[Signs]) -> Decision | None:
    said = frozenset[Sign]().union(*clauses)
    kind = next((kind for sign, kind in _DEEDS.items() if sign in said), None)
    if kind is None:
        return None
    is_vague = kind is Kind.RERUN and not (Sign.STRONG in said or heard.names_something or heard.has(Sign.DATA))
    doubts = (
        is_vague
        or Sign.OTHER_BUSINESS in said
        or heard.has(Sign.NEGATED, Sign.POLICY, Sign.DOING, Sign.BACK, Sign.OFFER)
    )
    if doubts:
        return Decision(Certainty.PERHAPS, kind, "seems to ask for something to be done")
    return Decision(Certainty.SURE, kind, "asks for something to be done")


def _wonder(heard: Heard) -> Decision | None:
    """Look for a question whether, or why, something is wrong: an answer is wanted first."""
    wonders = any(clause >= {Sign.QUESTION, Sign.TROUBLE, Sign.WONDER} for clause in heard.clauses)
    return _question(heard) if wonders and not heard.asking else None


def _trouble(heard: Heard) -> Decision | None:
    """Look for data that are said to be wrong, late, or gone."""
    trouble = [c for c in heard.clauses if Sign.TROUBLE in c and not c & _NO_TROUBLE]
    if not any(heard.names_something or c & {Sign.DATA, *_DEEDS} for c in trouble):
        trouble = trouble if any(Sign.CHECK in clause for clause in heard.asking) else []
    if not trouble or heard.has(Sign.JOKE, Sign.PLAN, Sign.NEWS):
        return None
    if heard.has(Sign.ACCESS):
        return None if heard.has(Sign.DONE) else Decision(Certainty.PERHAPS, Kind.ACCESS, "cannot get at data")
    if any(Sign.CHECK in clause for clause in heard.asking) and not heard.has(Sign.DONE):
        return Decision(Certainty.SURE, Kind.INCIDENT, "asks to look at what is wrong")
    is_handled = any(Sign.DOING in clause and Sign.TROUBLE not in clause for clause in heard.clauses)
    if heard.has(Sign.DONE) or Sign.THANKS in heard.clauses[0] or is_handled:
        return None
    return Decision(Certainty.PERHAPS, Kind.INCIDENT, "says that something is wrong")


def _question(heard: Heard) -> Decision | None:
    asking = [
        c
        for c in heard.clauses
        if Sign.QUESTION in c and not c & _NO_QUESTION and not (Sign.PAST_ASK in c and Sign.MARKED not in c)
    ]
    if not asking or heard.has(Sign.JOKE):
        return None
    said = frozenset[Sign]().union(*asking)
    doubts = heard.has(Sign.PAST_ASK, Sign.OTHER_BUSINESS, Sign.BACK, *_TELLS)
    is_plain = Sign.INFORM in said and Sign.ACCESS not in said and not doubts
    certainty, kind = (Certainty.SURE, Kind.QUESTION) if is_plain else (Certainty.PERHAPS, None)
    return Decision(certainty, kind, "wants to know something")


def _favour(heard: Heard) -> Decision | None:
    """Look for anything else that is asked for; to look at what was done is nothing to open a request for."""
    asking = [
        c for c in heard.asking if not c & {*_TELLS, Sign.OTHER_BUSINESS} and (heard.names_something or Sign.DATA in c)
    ]
    if not asking or heard.has(Sign.JOKE, Sign.NEGATED, Sign.NEWS, Sign.DOING) or Sign.BACK in heard.clauses[0]:
        return None
    if any(Sign.CHECK in clause for clause in asking) and heard.has(Sign.DONE):
        return None
    return Decision(Certainty.PERHAPS, None, "asks for a favour")


def _no(why: str, *, is_final: bool = False) -> Decision:
    return Decision(Certainty.NO, None, why, is_final)
