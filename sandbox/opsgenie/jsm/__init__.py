"""Jira Service Management Operations: the same schedules and alerts behind Atlassian's edge, in its dialect."""

from __future__ import annotations

from starlette.routing import Route

from sandbox.opsgenie.jsm import alerts, overrides, schedules, users
from sandbox.opsgenie.server import Server


def routes(server: Server) -> list[Route]:
    return [route for family in (schedules, overrides, alerts, users) for route in family.routes(server)]
