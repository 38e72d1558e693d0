"""Runbook pages: found by topic and language, shown within Slack's limits, and checked."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.catalog import CATALOG
from bot.runbooks import FrontMatter, Page, Runbooks, check, parser, tokens
from bot.views.blocks import home
from bot.views.markdown import sections
from bot.views.reader import Reader
from bot.views.runbook import runbook_modal
from tests.views.checker import assert_valid_view

PAGES = Path(__file__).parents[2] / "runbooks"
READER = Reader("ko", ZoneInfo("Asia/Seoul"), datetime(2026, 11, 20, 6, tzinfo=UTC))
TOPICS = {
    "airflow-task-failure", "app-error", "batch-job-failed", "connector-failed", "consumer-lag", "dag-timeout",
    "data-quality", "dbt-run", "dbt-test", "deploy-failed", "freshness", "infra-resource", "job-failed", "oom",
    "permission-denied", "pod-crash", "quota", "schema-change", "streaming-job-failed",
}  # fmt: skip
SHIPPED = Runbooks.load(PAGES)


def mrkdwn_of(markdown, base_url=""):
    shown = sections(parser().parse(markdown), lambda address: base_url + address)
    return [block["text"]["text"] if block["type"] == "section" else block["type"] for block in shown]


def page(body, **front):
    return Page("p", "en", FrontMatter(**{"title": "T", "owner": "O"} | front), body, Path("runbooks/p.md"))


def test_the_shipped_pages_have_no_problems():
    assert [str(problem) for problem in check(PAGES, TOPICS, set(CATALOG))] == []


@pytest.mark.parametrize("name", sorted({name for name, _ in SHIPPED.pages}))
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_shipped_page_is_whole_in_a_modal(name, language):
    view = runbook_modal(SHIPPED.pages[name, language], "https://wiki.example/runbooks", READER)

    assert_valid_view(view)
    assert len(view["blocks"]) < 30
    assert view["blocks"][-1]["elements"][0]["url"] == (
        f"https://wiki.example/runbooks/{name}{'' if language == 'en' else '.ko'}.md"
    )
    assert all(not block.get("text", {}).get("text", "").endswith("…") for block in view["blocks"])


@pytest.mark.parametrize("name", sorted({name for name, _ in SHIPPED.pages}))
def test_both_languages_are_built_alike(name):
    def shape(page):
        return [token.type for token in tokens(page) if token.type in {"heading_open", "list_item_open", "tr_open"}]

    for language in ("en", "ko"):
        assert "**" not in "\n".join(mrkdwn_of(SHIPPED.pages[name, language].body)), "bold that Markdown did not see"

    assert shape(SHIPPED.pages[name, "en"]) == shape(SHIPPED.pages[name, "ko"])


def test_a_topic_leads_to_its_page_in_the_readers_language():
    assert SHIPPED.page("oom", "ko").title == "메모리 부족"
    assert SHIPPED.page("oom", "en").title == "Out of memory"
    assert SHIPPED.page("on-call-first-hour", "ko").title == "온콜 첫 한 시간"
    assert SHIPPED.page("no-such-topic", "en") is None


def test_a_page_that_exists_in_one_language_is_better_than_none(tmp_path):
    (tmp_path / "only.ko.md").write_text("---\ntitle: 하나\ntopics: [x]\nowner: 팀\n---\n본문\n", encoding="utf-8")

    assert Runbooks.load(tmp_path).page("x", "en").title == "하나"


def test_a_page_without_an_address_has_no_button():
    view = runbook_modal(page("[a](other.md) and [b](https://b.example)"), None, READER)

    assert_valid_view(view)
    assert "actions" not in [block["type"] for block in view["blocks"]]
    assert view["blocks"][-1]["text"]["text"] == "a and <https://b.example|b>"


def test_a_pages_own_address_wins_and_its_links_follow_it():
    view = runbook_modal(page("[a](other.md)", url="https://own.example/dir/p"), "https://wiki.example", READER)

    assert view["blocks"][-1]["elements"][0]["url"] == "https://own.example/dir/p"
    assert view["blocks"][2]["text"]["text"] == "<https://own.example/dir/other.md|a>"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("# A *b* `c`\ntext\n## D\nmore", ["*A b c*\n\ntext", "*D*\n\nmore"], id="headings begin sections"),
        pytest.param("**a** _b_ ~~c~~ `d<e>`", ["*a* _b_ ~c~ `d&lt;e&gt;`"], id="marks"),
        pytest.param("**확인**을 누르고 `x`를", ["*확인*\u200b을 누르고 `x`\u200b를"], id="particles after marks"),
        pytest.param("1. a\n2. b\n   - c\n   - d\n3. e", ["1. a\n2. b\n    ◦ c\n    ◦ d\n3. e"], id="lists"),
        pytest.param("- a\n\n  more\n- b", ["• a\n    more\n• b"], id="two paragraphs in an item"),
        pytest.param("```sh\nls <x> &\n```", ["```\nls &lt;x&gt; &amp;\n```"], id="code"),
        pytest.param("| a | 나 |\n|---|---|\n| bcd | 라마 |", ["```\na    나\n---  ----\nbcd  라마\n```"], id="table"),
        pytest.param("> quoted\n> on", ["&gt; quoted on"], id="quote"),
        pytest.param("a\n\n---\n\nb", ["a", "divider", "b"], id="rule"),
        pytest.param("<b>x</b> & <!-- c -->", ["&lt;b&gt;x&lt;/b&gt; &amp; &lt;!-- c --&gt;"], id="html is words"),
        pytest.param("<!-- a comment -->\n\nx", ["x"], id="a comment is nothing"),
        pytest.param("[x](ftp://a) [y](rel.md)", ["x y"], id="links that lead nowhere"),
        pytest.param("![picture](https://a.example/p.png)", ["picture"], id="image"),
        pytest.param("a  \nb", ["a\nb"], id="line break"),
    ],
)
def test_markdown_becomes_mrkdwn(markdown, expected):
    assert mrkdwn_of(markdown) == expected


def test_relative_links_are_made_absolute():
    assert mrkdwn_of("[x](y.md)", "https://b.example/") == ["<https://b.example/y.md|x>"]


def test_long_code_is_cut_into_whole_blocks_of_code():
    shown = mrkdwn_of("```\n" + "\n".join(f"line {n} " + "x" * 60 for n in range(200)) + "\n```")

    assert len(shown) > 1
    assert all(part.startswith("```\n") and part.endswith("\n```") for part in shown)
    assert sum(part.count("line") for part in shown) == 200


PIECES = ["# h", "**b", "`c", "* i", "1. n", "> q", "|a|b|", "|-|-|", "```", "<x>", "[l](h)", "&", "\n", "  "]


@given(st.lists(st.sampled_from(PIECES)).map("\n".join))
def test_whatever_the_markdown_is_slack_takes_it(markdown):
    shown = sections(parser().parse(markdown + "\n\nend"), lambda _: "https://x.example/a b")

    assert_valid_view(home(shown, READER))


def test_a_page_that_is_too_long_says_so():
    view = runbook_modal(page("# h\n\n" * 200), None, READER)

    assert_valid_view(view)
    assert len(view["blocks"]) <= 100


@pytest.fixture
def complaints(tmp_path):
    def complaints_(name="a.md", content=""):
        (tmp_path / name).write_text(content, encoding="utf-8")
        return [str(problem).replace(f"{tmp_path}/", "") for problem in check(tmp_path, {"x"}, {"clear-tasks"})]

    return complaints_


GOOD = "---\ntitle: A\ntopics: [x]\nowner: O\n---\n\nbody\n"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param("body\n", "a.md:1: the page needs front matter", id="no front matter"),
        pytest.param(GOOD.replace("topics", "topcs"), 'a.md:3: topcs: unknown key, did you mean "topics"?', id="key"),
        pytest.param(GOOD.replace("owner: O\n", ""), "a.md:2: owner: this key is required", id="no owner"),
        pytest.param(GOOD.replace("A", "[", 1), "a.md:4: not valid YAML", id="syntax"),
        pytest.param(GOOD.replace("body", "\n[b](no/such.md)"), "a.md:8: `no/such.md` leads nowhere", id="dead link"),
        pytest.param(
            GOOD.replace("owner", "operations: [clear-task]\nowner"),
            'a.md: operations: clear-task is not an operation; did you mean "clear-tasks"?',
            id="operation",
        ),
        pytest.param(GOOD, "a.md: a.ko.md is missing", id="language"),
        pytest.param(GOOD.replace("[x]", "[y]"), "no page explains the topic x", id="topic"),
    ],
)
def test_a_problem_of_a_page_names_its_line(complaints, content, complaint):
    said = complaints(content=content)

    assert any(complaint.replace("`", "") in line for line in said), said


def test_a_topic_that_two_pages_explain_is_a_problem(complaints):
    complaints("a.md", GOOD)

    assert any("the topic x is explained by a.md already" in line for line in complaints("b.md", GOOD))


def test_a_directory_that_is_not_there_is_a_problem(tmp_path):
    assert "the directory is not there" in str(check(tmp_path / "none", {"x"}, set())[0])
    assert Runbooks.load(tmp_path / "none").page("x", "en") is None
