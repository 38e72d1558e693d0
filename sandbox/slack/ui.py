"""What the page, and tests in the role of people, call: `/ui/*`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.slack import interact, modals
from sandbox.slack.core import Slack, StoryPlayer
from sandbox.slack.display import channel_summary, displayed, visible
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json, User


async def state(request: Request) -> Response:
    """What a page starts from; without `user` it is the first person's."""
    slack: Slack = request.app.state.slack
    me = slack.workspace.user(request.query_params.get("user", next(iter(slack.workspace.users))))
    workspace, now = slack.workspace, slack.clock.now()
    manifest = slack.settings.manifest.get("features", {})
    app = slack.world.app
    return JSONResponse(
        {
            "team": slack.world.team.model_dump(),
            "me": me.json(now, with_locale=True),
            "users": [user.json(now, with_locale=True) for user in workspace.users.values()],
            "channels": [
                channel_summary(workspace, c, me.id) for c in workspace.channels.values() if visible(c, me.id)
            ],
            "user_groups": [group.json(with_users=True) for group in workspace.groups.values()],
            "slash_commands": manifest.get("slash_commands", []),
            "shortcuts": manifest.get("shortcuts", []),
            "app": {"id": app.id, "name": app.name, "bot_user": app.bot_user, "bot_id": app.bot_id},
            "clock": slack.clock_json(),
            "elsewhere": [{"title": title, "url": url} for title, url in slack.elsewhere.items()],
            "view": slack.views.top(me.id),
        }
    )


async def messages(request: Request) -> Response:
    """A channel's top-level messages, or one thread with its parent; opening a channel marks it read.

    With `limit` only the newest of a channel; `earlier` says how many those leave out.
    """
    slack, me = _asked(request)
    channel = slack.workspace.channel(request.path_params["channel"])
    if not visible(channel, me.id):
        raise SlackError("channel_not_found")
    thread = request.query_params.get("thread_ts")
    if channel.messages and not thread:
        channel.read_until[me.id] = next(reversed(channel.messages))
    found = [m for m in channel.messages.values() if _belongs(m, thread)]
    left_out = max(0, len(found) - int(request.query_params.get("limit") or len(found)))
    shown = [displayed(slack.workspace, channel, m) for m in found[left_out:]]
    whispers = slack.workspace.ephemerals.values()
    mine = [m for m in whispers if m["channel"] == channel.id and m["to"] == me.id and _whispered(m, thread)]
    return JSONResponse({"messages": sorted([*shown, *mine], key=lambda m: _order(m["ts"])), "earlier": left_out})


async def ephemerals(request: Request) -> Response:
    """What only this person sees, over all channels."""
    slack, me = _asked(request)
    return JSONResponse({"messages": [m for m in slack.workspace.ephemerals.values() if m["to"] == me.id]})


async def stream(request: Request) -> Response:
    slack, me = _asked(request)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(slack.stream.lines(me.id), media_type="text/event-stream", headers=headers)


async def message(request: Request) -> Response:
    slack, me, body = await _told(request)
    return _done(await interact.say(slack, me, body["channel"], body["text"], body.get("thread_ts")))


async def command(request: Request) -> Response:
    slack, me, body = await _told(request)
    return _done(await interact.command(slack, me, body["channel"], body["text"], body.get("thread_ts")))


async def action(request: Request) -> Response:
    slack, me, body = await _told(request)
    return _done(await interact.act(slack, me, body["container"], body["action"]))


async def submit(request: Request) -> Response:
    slack, me, body = await _told(request)
    return _done(await modals.submit(slack, me, body["view_id"], body.get("values", {})))


async def close(request: Request) -> Response:
    slack, me, body = await _told(request)
    return _done(await modals.close(slack, me, body["view_id"]))


async def options(request: Request) -> Response:
    slack, me, body = await _told(request)
    asked = {key: body.get(key) or "" for key in ("action_id", "block_id", "value")}
    return _done(await interact.options(slack, me, body["container"], asked))


async def home_open(request: Request) -> Response:
    slack, me, _ = await _told(request)
    return _done(await interact.open_home(slack, me))


async def home(request: Request) -> Response:
    slack, me = _asked(request)
    return JSONResponse({"view": slack.views.homes.get(me.id)})


async def view(request: Request) -> Response:
    """The modal that this person sees, or null."""
    slack, me = _asked(request)
    return JSONResponse({"view": slack.views.top(me.id)})


async def shortcut(request: Request) -> Response:
    slack, me, body = await _told(request)
    return _done(await interact.shortcut(slack, me, body["callback_id"], body.get("channel"), body.get("ts")))


async def user(request: Request) -> Response:
    slack, me, body = await _told(request)
    changes: dict[str, str] = {key: str(body[key]) for key in ("locale", "tz") if key in body}
    return _done(await interact.set_profile(slack, me, changes))


async def reaction(request: Request) -> Response:
    slack, me, body = await _told(request)
    present = bool(body.get("present", True))
    return _done(await interact.react(slack, me, body["channel"], body["ts"], body["name"], present=present))


async def stories(request: Request) -> Response:
    player = request.app.state.slack.stories
    return JSONResponse({"stories": player.list() if player else []})


async def play(request: Request) -> Response:
    player = _player(request)
    body = await request.json() if await request.body() else {}
    await player.play(request.path_params["story"], float(body.get("speed", 1)))
    return JSONResponse({"ok": True})


async def pause(request: Request) -> Response:
    """`{paused}`: hold what plays before its next step, or go on."""
    _player(request).pause(paused=bool((await request.json())["paused"]))
    return JSONResponse({"ok": True})


async def skip(request: Request) -> Response:
    _player(request).skip()
    return JSONResponse({"ok": True})


async def stop(request: Request) -> Response:
    await _player(request).stop()
    return JSONResponse({"ok": True})


ROUTES = [
    Route("/ui/state", state),
    Route("/ui/channels/{channel}/messages", messages),
    Route("/ui/ephemerals", ephemerals),
    Route("/ui/stream", stream),
    Route("/ui/message", message, methods=["POST"]),
    Route("/ui/command", command, methods=["POST"]),
    Route("/ui/action", action, methods=["POST"]),
    Route("/ui/view", view),
    Route("/ui/view/submit", submit, methods=["POST"]),
    Route("/ui/view/close", close, methods=["POST"]),
    Route("/ui/options", options, methods=["POST"]),
    Route("/ui/home", home),
    Route("/ui/home/open", home_open, methods=["POST"]),
    Route("/ui/shortcut", shortcut, methods=["POST"]),
    Route("/ui/user", user, methods=["POST"]),
    Route("/ui/reaction", reaction, methods=["POST"]),
    Route("/ui/stories", stories),
    Route("/ui/stories/pause", pause, methods=["POST"]),
    Route("/ui/stories/next", skip, methods=["POST"]),
    Route("/ui/stories/stop", stop, methods=["POST"]),
    Route("/ui/stories/{story}/play", play, methods=["POST"]),
]


def _asked(request: Request) -> tuple[Slack, User]:
    slack: Slack = request.app.state.slack
    return slack, slack.workspace.user(request.query_params.get("user"))


async def _told(request: Request) -> tuple[Slack, User, Json]:
    slack: Slack = request.app.state.slack
    body: Json = await request.json()
    return slack, slack.workspace.user(body.get("user")), body


def _done(answer: Json) -> Response:
    return JSONResponse(answer)


def _belongs(message: Json, thread: str | None) -> bool:
    parent = message.get("thread_ts", message["ts"])
    if thread:
        return bool(parent == thread)
    return bool(parent == message["ts"]) or message.get("subtype") == "thread_broadcast"


def _whispered(message: Json, thread: str | None) -> bool:
    return bool(message.get("thread_ts") == thread)


def _order(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    return int(seconds), int(micros)


def _player(request: Request) -> StoryPlayer:
    player: StoryPlayer | None = request.app.state.slack.stories
    if player is None:
        raise SlackError("no_stories")
    return player
