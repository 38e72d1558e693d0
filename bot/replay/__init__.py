"""Recorded Slack messages through triage and the incident rules, with their timestamps as the clock."""

from bot.replay.compare import compare
from bot.replay.explain import explain
from bot.replay.lines import replay
from bot.replay.setup import Setup

__all__ = ["Setup", "compare", "explain", "replay"]
