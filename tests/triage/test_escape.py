"""Foreign words are safe to post."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.escape import escape, neutralise, shorten


@pytest.mark.parametrize(
    "mention",
    [
        "<!channel>",
        "<!here|here>",
        "<!everyone>",
        "<@U0ANA>",
        "<@U0ANA|ana>",
        "<!subteam^S1|@data>",
        "<#C1|x>",
        "@channel",
        "@here",
        "@everyone",
    ],
)
def test_no_mention_stays_live(mention):
    quoted = escape(neutralise(f"see {mention} now"))

    assert mention not in quoted
    assert "<" not in quoted
    assert not re.search(r"@(channel|here|everyone)", quoted)


def test_names_in_mentions_stay_readable():
    assert neutralise("<@U0ANA|ana>").replace("\u2060", "") == "@ana"
    assert neutralise("<!subteam^S1|@data-oncall>").replace("\u2060", "") == "@data-oncall"


def test_control_characters_are_escaped_once():
    assert escape("a < b && c > d") == "a &lt; b &amp;&amp; c &gt; d"


@given(st.text(max_size=400), st.integers(min_value=0, max_value=200))
def test_a_shortened_text_fits(text, limit):
    assert len(shorten(text, limit)) <= limit or len(text) <= limit


def test_a_shortened_text_keeps_its_start_and_its_end():
    text = "Traceback" + " frame" * 500 + " ValueError: x"

    short = shorten(text, 100)

    assert short.startswith("Traceback")
    assert short.endswith("ValueError: x")
    assert "…" in short
