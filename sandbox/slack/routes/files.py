"""files.*: the two-step upload, and the files themselves."""

from email.parser import BytesParser
from email.policy import HTTP

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.compose import from_bot, in_thread
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json

ALT_TEXT = 1000  # characters of the text that says what a picture shows


def get_upload_url(slack: Slack, caller: Caller, args: Args) -> Json:
    """First step: where to send the bytes."""
    length = args.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments", "missing required field: length")
    file_id = slack.workspace.new_id("F")
    slack.workspace.files[file_id] = {
        "id": file_id,
        "name": args.need("filename"),
        "user": caller.user,
        "size": length,
        "alt_txt": _alt_text(args),
        "content": None,
    }
    return {"upload_url": f"{slack.base_url}/upload/v1/{file_id}", "file_id": file_id}


def _alt_text(args: Args) -> str:
    """Return what a picture shows in words, at most a thousand characters of it."""
    words = args.text("alt_txt")
    if len(words) > ALT_TEXT:
        raise SlackError("invalid_arguments", "alt_txt must be less than 1001 characters")
    return words


def complete_upload(slack: Slack, caller: Caller, args: Args) -> Json:
    """Last step: name the files and share them as one message."""
    wanted = args.json("files", "invalid_arguments") or []
    if not wanted:
        raise SlackError("invalid_arguments", "missing required field: files")
    files = [_finished(slack, item) for item in wanted]
    if args.has("channel_id"):
        _share(slack, caller, args, files)
    return {"files": files}


def receive(slack: Slack, file_id: str, content_type: str, body: bytes) -> bool:
    """Keep uploaded bytes, raw or as a multipart form; False if no such upload was announced."""
    file = slack.workspace.files.get(file_id)
    if file is None:
        return False
    file["content"] = _first_part(content_type, body) if content_type.startswith("multipart/") else body
    return True


def _first_part(content_type: str, body: bytes) -> bytes:
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    content = next(message.iter_parts()).get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _finished(slack: Slack, item: Json) -> Json:
    file = slack.workspace.files.get(item.get("id", ""))
    if file is None or file["content"] is None:
        raise SlackError("file_not_found")
    name = file["name"]
    file["title"] = item.get("title") or name
    return {
        "id": file["id"],
        "name": name,
        "title": file["title"],
        "user": file["user"],
        "size": len(file["content"]),
        "filetype": name.rpartition(".")[2],
        "created": slack.workspace.seconds(),
        "mode": "hosted",
        "alt_txt": file["alt_txt"],
        "url_private": f"{slack.base_url}/files/{file['id']}/{name}",
        "url_private_download": f"{slack.base_url}/files/{file['id']}/{name}",
    }


def _share(slack: Slack, caller: Caller, args: Args, files: list[Json]) -> None:
    channel = slack.workspace.channels.get(args.need("channel_id"))
    if channel is None or caller.user not in channel.members:
        raise SlackError("channel_not_found")
    thread = in_thread(channel, args.text("thread_ts")) if args.has("thread_ts") else {}
    author = from_bot(slack.workspace, caller.user) if caller.bot_id else {"user": caller.user}
    said = {"text": args.text("initial_comment"), "files": files, "upload": False}
    slack.workspace.post(channel, {**author, **said, **thread})
