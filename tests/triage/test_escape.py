"""Foreign words are safe to post."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.escape import escape, neutralise, shorten

MENTIONS = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!group>",
    "<@U0ANA>",
    "<@U0ANA|ana>",
    "<@W0ANA>",
    "<!subteam^S1>",
    "<!subteam^S1|@data>",
    "<!subteam^S1|@r&amp;d>",
    "<#C1|x>",
    "@channel",
    "@here",
    "@everyone",
    "@Channel",
)
DISGUISES = (
    lambda mention: mention,
    lambda mention: mention.replace("<", "&lt;").replace(">", "&gt;"),
    lambda mention: mention.replace("<", "&amp;lt;").replace(">", "&amp;gt;"),
    "\u200b".join,
    lambda mention: mention[:1] + "\u2060\ufeff" + mention[1:],
    lambda mention: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in mention),
    lambda mention: mention.translate({ord("@"): "﹫", ord("<"): "﹤", ord(">"): "﹥"}),
)
# What Slack, or a client that folds widths and drops what is invisible, takes for a mention.
LIVE = re.compile(r"<[@!#]\w[^<>\n]*>|@(?:channel|here|everyone|group)\b", re.IGNORECASE)
INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2060), *range(0x2061, 0x2070), 0xFEFF])  # but the joiner


def looked_at(posted):
    """Return what a reader that is as lenient as can be makes of a posted text."""
    folded = unicodedata.normalize("NFKC", posted.translate(INVISIBLE))
    return folded.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("mention", MENTIONS)
@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("around", ["see {} now", "{}", "알림{}입니다", "<{}>", "*{}*"])
def test_no_mention_stays_live(mention, disguise, around):
    quoted = escape(neutralise(around.format(disguise(mention))))

    assert mention not in quoted
    assert not LIVE.search(looked_at(quoted))


@given(
    st.lists(
        st.sampled_from([*MENTIONS, "<", ">", "&", "lt;", "@", "\u200b", "\u2060", "|", "he", "re", " "]), max_size=8
    )
)
def test_whatever_stands_together_no_mention_comes_of_it(parts):
    text = "".join(parts)
    once = neutralise(text)

    assert neutralise(once) == once
    assert not LIVE.search(looked_at(escape(once)))


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
