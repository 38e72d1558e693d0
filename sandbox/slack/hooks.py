"""URLs that take posts without a token: incoming webhooks, response URLs, uploads; and file downloads."""

import json
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.slack.compose import from_tool, in_thread, new_block_id
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Channel, Json
from sandbox.slack.replies import answer
from sandbox.slack.routes import files
from sandbox.slack.rules import NO_CONTENT, stored_attachments, with_ids
from sandbox.world import Tool

NOT_FOUND = {"expired_url", "used_url", "no_service", "channel_not_found", "message_not_found"}


async def response_url(request: Request) -> Response:
    """Five posts in thirty minutes; answers `ok` or the error."""
    slack: Slack = request.app.state.slack
    given = await _payload(request)
    try:
        answer(slack, slack.responses.use(request.path_params["key"]), given)
    except SlackError as error:
        slack.log.add("hook", "response_url", given, error.answer())
        return JSONResponse(error.answer(), 404 if error.code in NOT_FOUND else 400)
    slack.log.add("hook", "response_url", given, {"ok": True})
    return PlainTextResponse("ok")


async def webhook(request: Request) -> Response:
    """Post as the tool `?bot=` into `?channel=`; with `?ts=` edit that message instead.

    The payload is stored as given, unjudged: tools are not under test. The header
    X-Sandbox-Ts tells the message's ts, which a real webhook does not.
    """
    slack: Slack = request.app.state.slack
    given = await _payload(request)
    try:
        ts = _post(slack, request, given)
    except SlackError as error:
        return PlainTextResponse(error.code, 404 if error.code in NOT_FOUND else 400)
    slack.log.add("hook", "webhook", given, {"ok": True, "ts": ts})
    return PlainTextResponse("ok", headers={"X-Sandbox-Ts": ts})


async def upload(request: Request) -> Response:
    content_type = request.headers.get("content-type", "")
    body = await request.body()
    if files.receive(request.app.state.slack, request.path_params["file_id"], content_type, body):
        return PlainTextResponse(f"OK - {len(body)}")
    return PlainTextResponse("not found", 404)


async def download(request: Request) -> Response:
    """A file's bytes. Slack wants a token here; the page on this machine has none, so it is not asked for."""
    file = request.app.state.slack.workspace.files.get(request.path_params["file_id"])
    if file is None or file["content"] is None:
        return PlainTextResponse("not found", 404)
    kind = "image/png" if file["name"].endswith(".png") else "application/octet-stream"
    return Response(file["content"], media_type=kind)


def _post(slack: Slack, request: Request, given: Json) -> str:
    tool = slack.world.tool(request.query_params.get("bot", ""))
    if tool is None:
        raise SlackError("no_service")
    channel = slack.workspace.channel(request.query_params.get("channel"))
    fields = _content(given)
    if ts := request.query_params.get("ts"):
        return str(slack.workspace.change(channel, ts, fields, tool.user)["ts"])
    return _new(slack, tool, channel, {**given, **fields})


def _new(slack: Slack, tool: Tool, channel: Channel, given: Json) -> str:
    kept: Json = {key: given[key] for key in ("text", "blocks", "attachments", "metadata") if key in given}
    thread = in_thread(channel, str(given["thread_ts"])) if given.get("thread_ts") else {}
    message = {**from_tool(slack.workspace, tool, given), **kept, **thread}
    if given.get("reply_broadcast"):
        message["subtype"] = "thread_broadcast"
    return str(slack.workspace.post(channel, message)["ts"])


def _content(given: Json) -> Json:
    fields: Json = {"text": str(given.get("text") or "")}
    if given.get("blocks"):
        fields["blocks"] = with_ids(given["blocks"], new_block_id)
        fields["text"] = fields["text"] or NO_CONTENT
    if given.get("attachments"):
        fields["attachments"] = stored_attachments(given["attachments"])
    if not any(fields.values()):
        raise SlackError("no_text")
    return fields


async def _payload(request: Request) -> Json:
    """JSON, or a form with the JSON in `payload`."""
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        body = parse_qs(body.decode()).get("payload", ["{}"])[0].encode()
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        given = {}
    return given if isinstance(given, dict) else {}
