"""What messages look like: mrkdwn, Block Kit, attachments; safely, readably, on small screens and in dark."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from slack_sdk import WebClient

from sandbox.running import RunningSandbox

Visit = Callable[..., Page]
HELP = "#/channel/C0HELP"
CONTRAST = """(root) => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const channels = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
  };
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (node) => {
    const color = channels(getComputedStyle(node).backgroundColor);
    return color[3] === 1 ? color : ground(node.parentElement);
  };
  const isText = (child) => child.nodeType === Node.TEXT_NODE && /[\\p{L}\\p{N}]/u.test(child.data);
  const isSeen = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  return [...root.querySelectorAll('*')]
    .filter((node) => [...node.childNodes].some(isText) && isSeen(node))
    .map((node) => {
      const pair = [light(channels(getComputedStyle(node).color)), light(ground(node))];
      return [(Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), node.textContent];
    });
}"""


def line(html: str) -> str:
    return f'<div class="line">{html}</div>'


@pytest.fixture
def bot(sandbox: RunningSandbox) -> WebClient:
    sandbox.limits(enforce=False)
    return WebClient(sandbox.world.app.bot_token, base_url=sandbox.slack_api_url, retry_handlers=[])


@pytest.fixture
def shown(visit: Visit, bot: WebClient) -> Callable[..., Locator]:
    """Post one message to #data-help and open the page there; returns its body."""

    def show(*, page: dict[str, Any] | None = None, **message: Any) -> Locator:
        bot.chat_postMessage(channel="C0HELP", **{"text": "-", **message})
        return visit(HELP, **(page or {})).locator("#channel .message > .content > .body")

    return show


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("*bold* _it_ ~gone~", line("<strong>bold</strong> <em>it</em> <s>gone</s>"), id="styles"),
        pytest.param("*_both_*", line("<strong><em>both</em></strong>"), id="nested"),
        pytest.param("snake_case_name 2*3*4 ~/bin", line("snake_case_name 2*3*4 ~/bin"), id="signs-inside-words"),
        pytest.param("*굵게* 그리고 *조사*는", line("<strong>굵게</strong> 그리고 *조사*는"), id="korean-particle"),
        pytest.param("`*raw* &lt;b&gt;`", line("<code>*raw* &lt;b&gt;</code>"), id="code"),
        pytest.param("&lt;!here&gt; &amp;lt;", line("&lt;!here&gt; &amp;lt;"), id="entities-last"),
        pytest.param(":fire: :no_such:", line("🔥 :no_such:"), id="emoji"),
        pytest.param("a\n\nb", line("a") + '<div class="line blank"></div>' + line("b"), id="lines"),
        pytest.param("&gt; said\nnot", f"<blockquote>{line('said')}</blockquote>" + line("not"), id="quote"),
        pytest.param("<javascript:alert(1)|x>", line("&lt;javascript:alert(1)|x&gt;"), id="unsafe-link"),
    ],
)
def test_mrkdwn(shown: Callable[..., Locator], text: str, html: str) -> None:
    body = shown(text=text)

    assert body.locator(".text").inner_html() == html


def test_links_mentions_and_dates_in_mrkdwn(shown: Callable[..., Locator]) -> None:
    text = (
        "<https://example.com/a?x=1&amp;y=2|a page> https://example.com/b. <mailto:a@b.example> <@U0ALEX> <@U0SORA> "
        "<#C0ALERTS> <!subteam^S0ONCALL> <!here> <!date^1763769600^{date_short} {time}^https://example.com/d|then>"
    )

    body = shown(text=text)

    links = body.locator("a[target=_blank]")
    expect(links).to_have_text(["a page", "https://example.com/b", "a@b.example", "Nov 22, 2025 01:00"])
    assert links.first.get_attribute("href") == "https://example.com/a?x=1&y=2"
    assert "noopener" in (links.first.get_attribute("rel") or "")
    expect(body.locator(".mention")).to_have_text(["@Alex Rivera", "@이소라", "#data-alerts", "@data-oncall", "@here"])
    expect(body.locator(".mention-me")).to_have_text(["@Alex Rivera", "@here"])


def test_a_link_to_a_message_of_this_workspace_stays_on_the_page(shown: Callable[..., Locator]) -> None:
    archive = "https://haneul.slack.com/archives/C0ALERTS"

    links = shown(text=f"<{archive}/p171000200|one> <{archive}/p172000300?thread_ts=171.000200&amp;cid=C0|two>")

    thread = "#/channel/C0ALERTS/thread/171.000200"
    assert [each.get_attribute("href") for each in links.locator("a").all()] == [thread, thread]


def test_code_fences_keep_their_lines_and_their_signs(shown: Callable[..., Locator]) -> None:
    body = shown(text="before\n```SELECT *\n  FROM `a` WHERE x &lt; 3 -- _no_```\nafter")

    expect(body.locator("pre")).to_have_text("SELECT *\n  FROM `a` WHERE x < 3 -- _no_", use_inner_text=True)
    expect(body.locator(".line")).to_have_text(["before", "after"])


def test_nothing_that_somebody_writes_becomes_markup(shown: Callable[..., Locator], sandbox: RunningSandbox) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": evil}},
        {"type": "section", "text": {"type": "mrkdwn", "text": evil}},
        {"type": "markdown", "text": evil + " [x](javascript:alert(3))"},
    ]
    sandbox.person("U0SORA").say("C0HELP", evil)

    bodies = shown(
        text=evil, blocks=blocks, attachments=[{"title": evil, "title_link": "javascript:alert(4)", "text": evil}]
    )

    expect(bodies).to_have_count(2)
    assert bodies.page.locator("#channel :is(img, script, a[href^=javascript])").count() == 0
    expect(bodies.first).to_contain_text(evil)


def test_rich_text_tables_and_markdown(shown: Callable[..., Locator]) -> None:
    words = [{"type": "text", "text": "done", "style": {"bold": True}}, {"type": "user", "user_id": "U0SORA"}]
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}
    rich = [
        {"type": "rich_text_section", "elements": words},
        {"type": "rich_text_list", "style": "ordered", "elements": [item, item]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "<b>"}]},
    ]
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in (("Task", "Try"), ("load", "2"))]
    blocks = [
        {"type": "rich_text", "elements": rich},
        {"type": "table", "rows": cells},
        {"type": "markdown", "text": "# Title\n**bold** `code`\n\n- a\n- b\n\n| h |\n|---|\n| 1 |"},
    ]

    body = shown(blocks=blocks)

    expect(body.locator(".rich-text strong")).to_have_text("done")
    expect(body.locator(".rich-text .mention")).to_have_text("@이소라")
    expect(body.locator("ol li")).to_have_text(["one", "one"])
    expect(body.locator("pre")).to_have_text("<b>")
    expect(body.locator("table").first.locator("th, td")).to_have_text(["Task", "Try", "load", "2"])
    expect(body.locator(".markdown [role=heading]")).to_have_text("Title")
    expect(body.locator(".markdown li")).to_have_text(["a", "b"])
    expect(body.locator(".markdown td")).to_have_text("1")


def test_attachments_have_their_colour_fields_and_blocks(shown: Callable[..., Locator]) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*inside*"}}
    old = {
        "color": "danger",
        "title": "Lag",
        "title_link": "https://example.com/lag",
        "fields": [{"title": "Topic", "value": "orders", "short": True}],
        "footer": "Grafana",
    }

    body = shown(attachments=[old, {"color": "#2eb886", "blocks": [section]}])

    expect(body.locator(".attachment .title a")).to_have_attribute("href", "https://example.com/lag")
    expect(body.locator("dt")).to_have_text("Topic")
    expect(body.locator("dd")).to_have_text("orders")
    expect(body.locator(".attachment strong")).to_have_text("inside")
    bars = body.locator(".attachment").evaluate_all(
        "nodes => nodes.map((node) => node.style.getPropertyValue('--bar'))"
    )
    assert bars == ["#a30200", "#2eb886"]


def test_five_hundred_messages_open_at_the_last_and_stay_there(visit: Visit, bot: WebClient) -> None:
    for number in range(500):
        bot.chat_postMessage(channel="C0HELP", text=f"Message {number}")

    page = visit(HELP)
    messages = page.locator("#channel .message")

    expect(messages).to_have_count(200)  # the newest; earlier ones on demand
    expect(messages.last).to_contain_text("Message 499")
    expect(messages.last).to_be_in_viewport()
    bot.chat_postMessage(channel="C0HELP", text="One more\n" * 10)
    expect(messages.last).to_contain_text("One more")
    expect(messages.last).to_be_in_viewport(ratio=0.9)
    page.locator("#channel .scroller").evaluate("node => { node.scrollTop = 0 }")
    expect(messages.first).to_be_in_viewport()
    bot.chat_postMessage(channel="C0HELP", text="Below")
    expect(page.get_by_role("button", name="1 new")).to_be_visible()
    expect(messages.first).to_be_in_viewport()


def test_a_phone_shows_everything_without_scrolling_sideways(shown: Callable[..., Locator]) -> None:
    long = "x" * 300 + " https://example.com/" + "path/" * 60
    fields = [{"type": "mrkdwn", "text": f"*{name}*\nscheduled__2026-11-21T18:00:00+00:00"} for name in ("Run", "작업")]
    cells = [[{"type": "raw_text", "text": "a_rather_long_word_in_a_cell"} for _ in range(6)]]
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"{long}\n```{long}```"}, "fields": fields},
        {"type": "table", "rows": cells},
    ]

    body = shown(blocks=blocks, page={"width": 400})
    page = body.page

    expect(body).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert page.locator("#channel .scroller").evaluate("node => node.scrollWidth - node.clientWidth") == 0
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="data-oncall").click()
    expect(page.locator("#channel h1")).to_have_text("#data-oncall")
    expect(page.locator("#sidebar")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_light_and_dark(
    shown: Callable[..., Locator], sandbox: RunningSandbox, scheme: str
) -> None:
    elements = [
        {"type": "button", "action_id": style, "text": {"type": "plain_text", "text": style}, "style": style}
        for style in ("primary", "danger")
    ]
    blocks = [
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": "<@U0ALEX> <@U0SORA> `code` <https://example.com|link>\n> quote\n```pre```",
            },
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}]},
        {"type": "actions", "elements": elements},
    ]
    sandbox.person("U0SORA").say("C0HELP", "Hello")

    body = shown(blocks=blocks, page={"color_scheme": scheme})
    expect(body).to_have_count(2)

    found = body.page.locator("body").evaluate(CONTRAST)

    assert len(found) > 30
    assert [text for ratio, text in found if ratio < 4.5] == []


def test_the_theme_can_be_chosen_and_is_remembered(visit: Visit) -> None:
    page = visit(HELP, color_scheme="dark")
    root = page.locator("html")

    page.get_by_role("button", name="Theme").click()
    expect(root).to_have_css("color-scheme", "light")
    page.reload()
    page.locator("body.ready").wait_for()

    expect(root).to_have_css("color-scheme", "light")
