"""Fixtures of the Opsgenie suite; the suites of the other providers have their own of the same names."""

from tests.contract.paging.opsgenie_fixtures import (
    alerts,
    case,
    coverable,
    covered,
    gap,
    monday,
    now,
    opsgenie_url,
    pages,
    plan,
    sandbox,
    schedules,
)

__all__ = [
    "alerts",
    "case",
    "coverable",
    "covered",
    "gap",
    "monday",
    "now",
    "opsgenie_url",
    "pages",
    "plan",
    "sandbox",
    "schedules",
]
