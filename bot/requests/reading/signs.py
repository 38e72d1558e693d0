"""What the words of a clause are signs of: one automaton (RE2, linear in the text) finds them all in one pass.

A morphological analyser would add little: the endings and verbs by which people ask are few, and Kiwi's model takes
seconds to load and 500 MB of memory, where this takes a tenth of a second.
"""

from enum import Enum, auto
from functools import lru_cache

from bot.requests.reading.lexicon import PATTERNS
from bot.triage.prefilter import Prefilter, utf8


class Sign(Enum):
    ASK = auto()  # the mood of asking: "부탁드려요", "could you"
    DIRECT = auto()  # asking and the deed in one breath: "rerun please", "재적재 부탁"
    ABOUT = auto()  # talks about the deed: its result, whether to do it
    RERUN = auto()
    STRONG = auto()  # a word for rerunning that has no other meaning
    MARKED = auto()  # with a question mark
    ACCESS = auto()
    SERVICE = auto()  # restart what runs: a connector, a cluster; no data are made again by it
    CHANGE = auto()  # another deed at the platform: add a column, extract data
    CHECK = auto()  # "확인", "take a look"
    QUESTION = auto()
    INFORM = auto()  # wants to know: where, which, when, what for
    TROUBLE = auto()
    WONDER = auto()  # "why", "is that expected"
    FORM = auto()  # a label of a form: "requester:"
    FORM_ACCESS = auto()
    HOW = auto()  # wants to know how to do it
    WITHDRAWN = auto()
    REPLY = auto()  # answers somebody
    DATA = auto()
    DONE = auto()
    DOING = auto()
    GRACIOUS = auto()  # "감사하겠습니다": thanks that are a way of asking, and no plan
    UNDONE = auto()  # "not yet done": no sign of being done
    PLAN = auto()  # what the writer will do
    NEGATED = auto()
    OFFER = auto()
    BACK = auto()  # asks the asker
    POLICY = auto()  # how to ask in general
    NEWS = auto()  # for information
    PAST_ASK = auto()
    THANKS = auto()
    JOKE = auto()
    OTHER_BUSINESS = auto()
    MACHINE = auto()  # what a tool writes


Signs = frozenset[Sign]
_ALL = tuple((Sign[name.upper()], f"(?s){pattern}") for name, pattern in PATTERNS.items())


@lru_cache(maxsize=1)
def _automaton() -> Prefilter[Sign]:
    return Prefilter(_ALL)


def signs(clause: str) -> Signs:
    found = frozenset(_automaton().may_be_in(utf8(clause)))
    if Sign.GRACIOUS in found:
        found = (found | {Sign.ASK}) - {Sign.PLAN, Sign.THANKS}
    return found - {Sign.DONE} if Sign.UNDONE in found else found
