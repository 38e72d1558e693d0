"""The Web API as slack_sdk calls it."""

import pytest
from slack_sdk import WebClient

from sandbox.running import RunningSandbox
from sandbox.slack.methods import METHODS
from tests import loopback
from tests.sandbox.failing import failing
from tests.sandbox.payloads import actions, button, section


def admin(sandbox: RunningSandbox) -> WebClient:
    return WebClient(sandbox.world.app.admin_token, base_url=sandbox.slack_api_url)


def test_an_unknown_method_is_refused_by_name(client: WebClient) -> None:
    with failing("unknown_method"):
        client.api_call("admin.users.remove")


@pytest.mark.parametrize("method", sorted(METHODS.keys() - {"api.test"}))
def test_every_method_wants_a_token(sandbox: RunningSandbox, method: str) -> None:
    without = loopback.post(f"{sandbox.slack_api_url}{method}").json()
    wrong = loopback.post(f"{sandbox.slack_api_url}{method}", headers={"Authorization": "Bearer nobody"}).json()

    assert (without["error"], wrong["error"]) == ("not_authed", "invalid_auth")


def test_the_token_may_come_in_the_body_and_arguments_as_json_or_form(sandbox: RunningSandbox) -> None:
    body = {"token": "sandbox-bot-token", "channel": "C0HELP", "text": "hi"}

    as_form = loopback.post(f"{sandbox.slack_api_url}chat.postMessage", data=body).json()
    as_json = loopback.post(f"{sandbox.slack_api_url}chat.postMessage", json=body).json()
    broken = loopback.post(
        f"{sandbox.slack_api_url}chat.postMessage", content=b"{", headers={"Content-Type": "application/json"}
    ).json()

    assert (as_form["ok"], as_json["ok"], broken["error"]) == (True, True, "invalid_json")


def test_auth_test_says_who_calls(client: WebClient, sandbox: RunningSandbox) -> None:
    mine = client.auth_test()

    assert (mine["user_id"], mine["bot_id"], mine["team_id"]) == ("U0BATON", "B0BATON", "T0HANEUL")
    assert "bot_id" not in admin(sandbox).auth_test().data


def test_a_reply_needs_its_parent(client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C0HELP", text="parent")["ts"]
    reply = client.chat_postMessage(channel="C0HELP", text="reply", thread_ts=parent)

    assert reply["message"]["thread_ts"] == parent
    for nothing in ("1.000000", reply["ts"]):
        with failing("thread_not_found"):
            client.chat_postMessage(channel="C0ALERTS", text="lost", thread_ts=nothing)


@pytest.mark.parametrize(("channel", "error"), [("C0NOWHERE", "channel_not_found"), ("#nowhere", "channel_not_found")])
def test_nothing_is_posted_to_a_channel_that_is_not_there(client: WebClient, channel: str, error: str) -> None:
    with failing(error):
        client.chat_postMessage(channel=channel, text="x")


def test_a_channel_may_be_named_and_a_person_written_to(client: WebClient, sandbox: RunningSandbox) -> None:
    named = client.chat_postMessage(channel="#data-help", text="by name")
    direct = client.chat_postMessage(channel="U0MINJI", text="just you")

    assert named["channel"] == "C0HELP"
    minji, junho = sandbox.person("U0MINJI").state(), sandbox.person("U0JUNHO").state()
    assert [c["name"] for c in minji["channels"] if c["is_im"]] == ["baton"]
    assert [c["name"] for c in junho["channels"] if c["is_im"]] == []
    assert [m["text"] for m in sandbox.person("U0MINJI").messages(direct["channel"])] == ["just you"]


def test_text_of_an_app_is_stored_as_given(client: WebClient, sandbox: RunningSandbox) -> None:
    client.chat_postMessage(channel="C0HELP", text="a & b <!channel> <@U0MINJI>")

    assert sandbox.person("U0MINJI").messages("C0HELP")[0]["text"] == "a & b <!channel> <@U0MINJI>"


def test_an_update_with_text_alone_removes_the_blocks_and_keeps_the_metadata(client: WebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {"id": "1"}}
    posted = client.chat_postMessage(channel="C0HELP", text="x", blocks=[section()], metadata=metadata)
    assert posted["message"]["blocks"][0]["block_id"]

    changed = client.chat_update(channel="C0HELP", ts=posted["ts"], text="y")

    assert "blocks" not in changed["message"]
    assert changed["message"]["metadata"] == metadata
    assert changed["message"]["edited"]["user"] == "U0BATON"


def test_an_update_keeps_attachments_until_an_empty_list_removes_them(client: WebClient) -> None:
    bar = [{"color": "#a30200", "blocks": [section()]}]
    posted = client.chat_postMessage(channel="C0HELP", text="x", attachments=bar)
    kept = client.chat_update(channel="C0HELP", ts=posted["ts"], text="y")["message"]
    removed = client.chat_update(channel="C0HELP", ts=posted["ts"], text="z", attachments=[])["message"]

    assert (kept["attachments"][0]["color"], kept["attachments"][0]["fallback"]) == ("a30200", "[no preview available]")
    assert "attachments" not in removed


def test_only_own_messages_can_be_changed(client: WebClient, sandbox: RunningSandbox) -> None:
    ts = sandbox.person("U0MINJI").say("C0HELP", "mine")["ts"]

    with failing("cant_update_message"):
        client.chat_update(channel="C0HELP", ts=ts, text="yours")
    with failing("cant_delete_message"):
        client.chat_delete(channel="C0HELP", ts=ts)
    with failing("message_not_found"):
        client.chat_update(channel="C0HELP", ts="1.000000", text="nothing")


def test_an_ephemeral_is_seen_by_one_person_and_cannot_be_updated(client: WebClient, sandbox: RunningSandbox) -> None:
    shown = client.chat_postEphemeral(channel="C0HELP", user="U0MINJI", text="psst")["message_ts"]

    assert [m["text"] for m in sandbox.person("U0MINJI").messages("C0HELP")] == ["psst"]
    assert sandbox.person("U0JUNHO").messages("C0HELP") == []
    assert client.conversations_history(channel="C0HELP")["messages"] == []
    with failing("message_not_found"):
        client.chat_update(channel="C0HELP", ts=shown, text="louder")
    with failing("user_not_in_channel"):
        client.chat_postEphemeral(channel="C0ALERTS", user="U0GUEST", text="psst")


def test_history_pages_from_the_newest_and_threads_from_the_oldest(client: WebClient, sandbox: RunningSandbox) -> None:
    sandbox.limits(enforce=False)
    parent = client.chat_postMessage(channel="C0HELP", text="m0")["ts"]
    for number in range(1, 5):
        client.chat_postMessage(channel="C0HELP", text=f"m{number}")
        client.chat_postMessage(channel="C0HELP", text=f"r{number}", thread_ts=parent)

    pages = [page["messages"] for page in client.conversations_history(channel="C0HELP", limit=2)]
    thread = [
        m["text"]
        for page in client.conversations_replies(channel="C0HELP", ts=parent, limit=2)
        for m in page["messages"]
    ]

    assert [[m["text"] for m in page] for page in pages] == [["m4", "m3"], ["m2", "m1"], ["m0"]]
    assert thread == ["m0", "r1", "r2", "r3", "r4"]
    assert (pages[2][0]["reply_count"], pages[2][0]["reply_users"]) == (4, ["U0BATON"])


def test_a_deleted_reply_is_no_longer_counted(client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C0HELP", text="parent")["ts"]
    reply = client.chat_postMessage(channel="C0HELP", text="reply", thread_ts=parent)["ts"]
    client.chat_delete(channel="C0HELP", ts=reply)

    assert "reply_count" not in client.conversations_history(channel="C0HELP")["messages"][0]
    assert len(client.conversations_replies(channel="C0HELP", ts=parent)["messages"]) == 1


def test_history_between_two_moments(client: WebClient, sandbox: RunningSandbox) -> None:
    sandbox.limits(enforce=False)
    first, second, third = (client.chat_postMessage(channel="C0HELP", text=t)["ts"] for t in "abc")

    between = client.conversations_history(channel="C0HELP", oldest=first, latest=third)["messages"]
    inclusive = client.conversations_history(channel="C0HELP", oldest=second, latest=second, inclusive=True)["messages"]

    assert [m["text"] for m in between] == ["b"]
    assert [m["text"] for m in inclusive] == ["b"]


def test_metadata_is_shown_only_when_asked_for(client: WebClient) -> None:
    client.chat_postMessage(channel="C0HELP", text="x", metadata={"event_type": "n", "event_payload": {"id": "7"}})

    plain = client.conversations_history(channel="C0HELP")["messages"][0]
    full = client.conversations_history(channel="C0HELP", include_all_metadata=True)["messages"][0]

    assert "metadata" not in plain
    assert full["metadata"]["event_payload"] == {"id": "7"}


def test_lists_are_paged_and_a_made_up_cursor_is_refused(client: WebClient) -> None:
    names = [c["name"] for page in client.conversations_list(limit=2) for c in page["channels"]]

    assert names == ["data-alerts", "data-infra-alerts", "data-help", "data-oncall", "baton-review"]
    with failing("invalid_cursor"):
        client.conversations_list(cursor="AAAA")


def test_a_locale_is_told_only_when_asked_for(client: WebClient) -> None:
    assert "locale" not in client.users_info(user="U0MINJI")["user"]
    assert client.users_info(user="U0MINJI", include_locale=True)["user"]["locale"] == "ko-KR"
    assert client.users_info(user="U0ALEX")["user"]["tz"] == "Europe/Berlin"
    assert client.users_lookupByEmail(email="dana@haneul.example")["user"]["id"] == "U0DANA"
    with failing("users_not_found"):
        client.users_lookupByEmail(email="nobody@haneul.example")


def test_slackbot_is_in_the_list_and_says_that_it_is_no_bot(client: WebClient) -> None:
    members = {m["id"]: m for m in client.users_list()["members"]}

    assert members["USLACKBOT"]["is_bot"] is False
    assert members["U0BATON"]["is_bot"] is True
    assert members["U0GUEST"]["is_restricted"] is True


def test_a_reaction_is_added_once(client: WebClient, sandbox: RunningSandbox) -> None:
    ts = sandbox.post_alert("B0AIRFLOW", "C0ALERTS", {"text": "failed"})
    client.reactions_add(channel="C0ALERTS", timestamp=ts, name="eyes")

    with failing("already_reacted"):
        client.reactions_add(channel="C0ALERTS", timestamp=ts, name="eyes")
    assert client.reactions_get(channel="C0ALERTS", timestamp=ts)["message"]["reactions"] == [
        {"name": "eyes", "users": ["U0BATON"], "count": 1}
    ]
    client.reactions_remove(channel="C0ALERTS", timestamp=ts, name="eyes")
    with failing("no_reaction"):
        client.reactions_remove(channel="C0ALERTS", timestamp=ts, name="eyes")
    with failing("invalid_name"):
        client.reactions_add(channel="C0ALERTS", timestamp=ts, name=":eyes:")


def test_a_topic_is_set_and_said_in_the_channel(client: WebClient, sandbox: RunningSandbox) -> None:
    client.conversations_setTopic(channel="C0ONCALL", topic="on call: minji")

    assert client.conversations_info(channel="C0ONCALL")["channel"]["topic"]["value"] == "on call: minji"
    assert sandbox.person("U0MINJI").messages("C0ONCALL")[0]["subtype"] == "channel_topic"
    with failing("too_long"):
        client.conversations_setTopic(channel="C0ONCALL", topic="x" * 251)


def test_a_permalink_points_into_the_thread(client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C0HELP", text="parent")["ts"]
    reply = client.chat_postMessage(channel="C0HELP", text="reply", thread_ts=parent)["ts"]

    link = client.chat_getPermalink(channel="C0HELP", message_ts=reply)["permalink"]

    assert link == f"https://haneul.slack.com/archives/C0HELP/p{reply.replace('.', '')}?thread_ts={parent}&cid=C0HELP"


def test_buttons_without_an_action_id_get_one(client: WebClient) -> None:
    nameless = {key: value for key, value in button().items() if key != "action_id"}

    posted = client.chat_postMessage(channel="C0HELP", text="x", blocks=[actions(nameless)])

    assert posted["message"]["blocks"][0]["elements"][0]["action_id"]


def test_a_caller_reads_only_what_it_may_see(client: WebClient, sandbox: RunningSandbox) -> None:
    assert client.conversations_join(channel="C0HELP")["warning"] == "already_in_channel"
    assert client.conversations_members(channel="C0REVIEW")["members"] == ["U0DANA", "U0BATON"]
    direct = client.conversations_open(users="U0MINJI")["channel"]["id"]
    with failing("channel_not_found"):
        admin(sandbox).conversations_history(channel=direct)
