"""What the Web API refuses: malformed payloads, long texts, too many calls, stale permissions."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.running import RunningSandbox
from sandbox.slack.errors import RateLimitedError, SlackError
from sandbox.slack.pace import Pace
from sandbox.slack.tickets import Reply, ResponseUrls, Triggers
from tests.sandbox.payloads import actions, marked, modal, plain, section


def test_the_web_api_names_the_place_of_each_problem(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C0HELP", text="x", blocks=[section(), actions()])

    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == ["no fewer than 1 items allowed [json-pointer:/blocks/1/elements]"]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {answer['errors'][0]}"]


def test_blocks_within_attachments_are_judged_too(client: WebClient) -> None:
    with pytest.raises(SlackApiError, match=r"json-pointer:/attachments/0/blocks/0/type"):
        client.chat_postMessage(channel="C0HELP", text="x", attachments=[{"blocks": [{"type": "poll"}]}])


def test_many_long_blocks_are_too_long_together(client: WebClient) -> None:
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        client.chat_postMessage(channel="C0HELP", text="x", blocks=[section(text=marked("x" * 3000))] * 5)


def test_blocks_validate_answers_the_same_problems(client: WebClient) -> None:
    assert client.api_call("blocks.validate", json={"blocks": [section()]})["ok"]
    with pytest.raises(SlackApiError) as refused:
        client.api_call("blocks.validate", json={"view": modal(title=plain("x" * 25))})

    assert refused.value.response["error"] == "invalid_view"
    [problem] = refused.value.response["errors"]
    assert problem == {
        "pointer": "/view/title/text",
        "code": "too_long",
        "message": "must be less than 25 characters",
        "constraint": {"expected": 24},
    }


def test_a_long_text_is_cut_when_posted_and_refused_when_edited(client: WebClient) -> None:
    posted = client.chat_postMessage(channel="C0HELP", text="x" * 40_001)

    assert len(posted["message"]["text"]) == 40_000
    assert posted["response_metadata"]["warnings"] == ["message_truncated"]
    with pytest.raises(SlackApiError, match="msg_too_long"):
        client.chat_update(channel="C0HELP", ts=posted["ts"], text="가" * 1334)


@pytest.mark.parametrize("empty", [{}, {"text": ""}, {"blocks": []}])
def test_a_message_needs_content(client: WebClient, empty: dict[str, Any]) -> None:
    with pytest.raises(SlackApiError, match="no_text"):
        client.api_call("chat.postMessage", json={"channel": "C0HELP", **empty})


def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(client: WebClient) -> None:
    for number in range(3):
        client.chat_postMessage(channel="C0HELP", text=str(number))
    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel="C0HELP", text="one more")

    assert limited.value.response.status_code == 429
    assert limited.value.response["error"] == "ratelimited"
    assert limited.value.response.headers["Retry-After"] == "1"
    assert client.chat_postMessage(channel="C0ALERTS", text="another channel")["ok"]


def test_limits_can_be_switched_off(sandbox: RunningSandbox, client: WebClient) -> None:
    sandbox.limits(enforce=False)

    assert all(client.chat_postMessage(channel="C0HELP", text="x")["ok"] for _ in range(20))


class Watch:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_refills_with_time() -> None:
    watch = Watch()
    pace = Pace(watch)
    for _ in range(3):
        pace.count_post("C1")
    with pytest.raises(RateLimitedError):
        pace.count_post("C1")

    watch.now += 1.0
    pace.count_post("C1")

    with pytest.raises(RateLimitedError):
        pace.count_post("C1")


@pytest.mark.parametrize(("tier", "calls", "wait"), [(1, 1, 60), (2, 20, 3), (3, 50, 2), (4, 100, 1)])
def test_a_tier_allows_so_many_calls_a_minute(tier: int, calls: int, wait: int) -> None:
    pace = Pace(Watch())
    for _ in range(calls):
        pace.count_call("some.method", tier)

    with pytest.raises(RateLimitedError) as limited:
        pace.count_call("some.method", tier)
    assert limited.value.retry_after_s == wait
    pace.count_call("other.method", tier)


def test_a_trigger_works_once_and_for_three_seconds() -> None:
    watch = Watch()
    triggers = Triggers(watch)
    first, late = triggers.issue("U1"), triggers.issue("U2")

    assert triggers.redeem(first) == "U1"
    with pytest.raises(SlackError, match="exchanged_trigger_id"):
        triggers.redeem(first)
    watch.now += 3.1
    with pytest.raises(SlackError, match="expired_trigger_id"):
        triggers.redeem(late)
    with pytest.raises(SlackError, match="invalid_trigger_id"):
        triggers.redeem("made.up")


def test_a_response_url_takes_five_posts_within_thirty_minutes() -> None:
    watch = Watch()
    urls = ResponseUrls(watch)
    busy, late = urls.issue(Reply("U1", "C1")), urls.issue(Reply("U1", "C1"))

    for _ in range(5):
        assert urls.use(busy).user == "U1"
    with pytest.raises(SlackError, match="used_url"):
        urls.use(busy)
    watch.now += 30 * 60 + 1
    with pytest.raises(SlackError, match="expired_url"):
        urls.use(late)
