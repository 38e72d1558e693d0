"""Slack in: one listener for each kind of payload, which hands it to the one function for what was pressed or said.

Slack's framework looks through its listeners one by one, so there are few; a dictionary finds the function.
"""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.operations.catalog import CATALOG
from handlers import (
    access,
    addressed,
    alerts,
    approvals,
    covers,
    directory,
    envelope,
    errors,
    evidence,
    feedback,
    first_shift,
    handoff,
    home,
    incidents,
    oncall,
    operations,
    paging,
    reports,
    request_forms,
    requests,
    search,
    silences,
    storms,
)
from handlers.express import Express
from handlers.press import Listener, Press
from handlers.provider_hooks import ProviderHook

__all__ = ["Express", "ProviderHook", "register"]

EVENTS: Mapping[str, Any] = {
    "app_home_opened": home.app_home_opened,
    "app_mention": addressed.app_mention,
    "message": alerts.message,
    "user_change": directory.user_change,
    "team_join": directory.user_change,
}
COMMANDS: Mapping[str, Listener] = {
    "/baton": operations.baton,
    "/oncall": oncall.oncall,
    "/incidents": search.incidents,
    **{f"/{name}": operations.command(name) for name in CATALOG},
    "/silence": silences.silence,
    "/my-access": access.my_access,
    "/ask": requests.ask,
    "/requests": requests.listing,
}
ACTIONS: Mapping[str, Listener] = {
    "incident.acknowledge": incidents.acknowledge,
    "incident.resolve": incidents.ask_how_it_was_resolved,
    "incident.note_fix": incidents.ask_how_it_was_resolved,
    "incident.clear": incidents.clear,
    "incident.rerun": incidents.rerun,
    "incident.open": storms.open_thread,
    "storm.open": storms.open_thread,
    "storm.acknowledge": storms.acknowledge,
    "storm.show": storms.show,
    **access.ACTIONS,
    **addressed.ACTIONS,
    **covers.ACTIONS,
    **evidence.ACTIONS,
    **approvals.ACTIONS,
    **feedback.ACTIONS,
    **first_shift.ACTIONS,
    **home.ACTIONS,
    **handoff.ACTIONS,
    **oncall.ACTIONS,
    **operations.ACTIONS,
    **paging.ACTIONS,
    **reports.ACTIONS,
    **request_forms.ACTIONS,
    **requests.ACTIONS,
    **search.ACTIONS,
    **silences.ACTIONS,
}
FORMS: Mapping[str, Listener] = {
    "incident.resolve": incidents.resolve,
    "incident.note_fix": incidents.note_fix,
    **evidence.FORMS,
    **approvals.FORMS,
    **covers.FORMS,
    **feedback.FORMS,
    **handoff.FORMS,
    **operations.FORMS,
    **paging.FORMS,
    **request_forms.FORMS,
    **silences.FORMS,
}
SHORTCUTS: Mapping[str, Listener] = requests.SHORTCUTS
MENUS: Mapping[str, Listener] = {"storm.open": storms.suggest}

_ANY = re.compile(r".*", re.DOTALL)


def register(app: AsyncApp, desk: Desk) -> None:
    app.error(errors.explainer(desk))
    app.use(envelope.open_envelope)

    @app.event(_ANY)
    async def _event(body: dict[str, Any]) -> None:
        if listener := EVENTS.get(str(body["event"].get("type"))):
            await listener(desk, body)

    @app.command(_ANY)
    async def _command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await COMMANDS.get(body["command"], operations.baton)(desk, Press(body, ack, client))

    @app.action(_ANY)
    async def _action(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        press = Press(body, ack, client)
        await ACTIONS.get(press.verb, operations.nothing)(desk, press)
        await home.pressed(desk, press)

    @app.shortcut(_ANY)
    async def _shortcut(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        press = Press(body, ack, client)
        await SHORTCUTS.get(str(body["callback_id"]), operations.nothing)(desk, press)

    @app.view(_ANY)
    async def _form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        name = str(body["view"]["callback_id"]).partition(":")[0]
        press = Press(body, ack, client)
        await FORMS[name](desk, press)
        await home.submitted(desk, press)

    @app.options(_ANY)
    async def _options(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await MENUS.get(str(body.get("action_id")), operations.suggest)(desk, Press(body, ack, client))
