"""The prefilter lets no secret through: a detector changes only texts in which it was suspected."""

import string

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.prefilter import utf8
from bot.triage.secrets import DETECTORS, JSON_SUSPECTS, SUSPECTS
from tests.triage.planted import BY_LOOK, BY_NAME, KEPT

NAMES = ["password", "DB_PASS", "api key", "auth", "pw", "client_secret", "비밀번호", "토큰", "주민번호", "paſſword"]
JOINTS = [
    "=",
    ": ",
    " : ",
    "=>",
    " is ",
    "\n",
    "\t",
    "  ",
    "는 ",
    '": "',
    "='",
    "**: ",
    "* ",
    "`",
    '\\":\\"',
    "\u00a0:\u3000",
]
VALUES = [
    "hunter2!",
    "x",
    "1",
    "Token abc",
    "‹redacted:password›",
    "<http://a.b|c>",
    "*_*x",
    "'x y'",
    "한글1비번",
    "\ud800",
]
LETTERS = string.ascii_letters + string.digits + " \n\t:=_-.'\"`*\\/@<>|&;,(){}[]!?가나다é\u00a0\u3000\x1c\u200b‹›"
PIECES = st.one_of(
    st.sampled_from([*NAMES, *JOINTS, *VALUES, *BY_NAME, *KEPT, *BY_LOOK.values()]), st.text(LETTERS, max_size=6)
)
TEXTS = st.lists(PIECES, max_size=9).map("".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_detector_finds_nothing_where_it_was_not_suspected(text):
    suspects = SUSPECTS.may_be_in(utf8(text))

    assert [each.needs for each in DETECTORS if each not in suspects and each.clean(text) != text] == []


@given(TEXTS.filter(lambda text: "\ud800" not in text))
@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize("placed", [lambda s: {"a": s}, lambda s: {"b": [{"text": s}]}, lambda s: {s: 1}])
def test_what_is_in_a_string_is_suspected_in_its_json(placed, text):
    json = orjson.dumps(placed(text))

    assert b"\\u00" in json or JSON_SUSPECTS.may_be_in(json) or not SUSPECTS.may_be_in(utf8(text)) or _is_clean(text)


def _is_clean(text):
    return all(each.clean(text) == text for each in DETECTORS)
