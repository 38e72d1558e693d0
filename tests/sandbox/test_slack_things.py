"""Files, pins, bookmarks and user groups over the Web API."""

from slack_sdk import WebClient

from sandbox.running import RunningSandbox
from tests import loopback
from tests.sandbox.failing import failing


def test_a_file_is_uploaded_in_two_steps_and_can_be_read(client: WebClient, sandbox: RunningSandbox) -> None:
    parent = client.chat_postMessage(channel="C0HELP", text="parent")["ts"]

    client.files_upload_v2(
        channel="C0HELP", thread_ts=parent, content="a,b\n1,2\n", filename="rows.csv", initial_comment="here"
    )

    [reply] = sandbox.person("U0MINJI").messages("C0HELP", parent)[1:]
    assert (reply["text"], reply["files"][0]["name"]) == ("here", "rows.csv")
    assert loopback.get(reply["files"][0]["url_private"]).text == "a,b\n1,2\n"
    with failing("file_not_found"):
        client.files_completeUploadExternal(files=[{"id": "F0NONE"}], channel_id="C0HELP")


def test_a_file_may_also_arrive_as_a_multipart_form(client: WebClient) -> None:
    ticket = client.files_getUploadURLExternal(filename="a.txt", length=3)
    loopback.post(ticket["upload_url"], files={"file": ("a.txt", b"abc")}).raise_for_status()

    done = client.files_completeUploadExternal(files=[{"id": ticket["file_id"], "title": "A"}])

    assert loopback.get(done["files"][0]["url_private"]).content == b"abc"


def test_pins_and_bookmarks(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0ONCALL", text="keep")["ts"]
    client.pins_add(channel="C0ONCALL", timestamp=ts)
    client.bookmarks_add(channel_id="C0ONCALL", title="Runbooks", type="link", link="https://x.example")

    assert [item["message"]["text"] for item in client.pins_list(channel="C0ONCALL")["items"]] == ["keep"]
    assert client.bookmarks_list(channel_id="C0ONCALL")["bookmarks"][0]["title"] == "Runbooks"
    with failing("already_pinned"):
        client.pins_add(channel="C0ONCALL", timestamp=ts)
    client.pins_remove(channel="C0ONCALL", timestamp=ts)
    with failing("no_pin"):
        client.pins_remove(channel="C0ONCALL", timestamp=ts)


def test_a_user_group_cannot_be_emptied_and_takes_no_guests_or_bots(client: WebClient) -> None:
    changed = client.usergroups_users_update(usergroup="S0ONCALL", users=["U0JUNHO", "U0ALEX"])

    assert changed["usergroup"]["users"] == ["U0JUNHO", "U0ALEX"]
    assert client.usergroups_users_list(usergroup="S0ONCALL")["users"] == ["U0JUNHO", "U0ALEX"]
    with failing("no_users_provided"):
        client.usergroups_users_update(usergroup="S0ONCALL", users="")
    for outsider in ("U0GUEST", "U0BATON", "U0NOBODY"):
        with failing("invalid_user"):
            client.usergroups_users_update(usergroup="S0ONCALL", users=f"U0JUNHO,{outsider}")
    with failing("no_such_subteam"):
        client.usergroups_users_list(usergroup="S0NONE")


def test_a_disabled_user_group_is_listed_only_when_asked_for(client: WebClient) -> None:
    client.usergroups_disable(usergroup="S0ONCALL")

    assert [g["id"] for g in client.usergroups_list()["usergroups"]] == ["S0ENG"]
    assert len(client.usergroups_list(include_disabled=True)["usergroups"]) == 2
    client.usergroups_enable(usergroup="S0ONCALL")
    with failing("already_enabled"):
        client.usergroups_enable(usergroup="S0ONCALL")
