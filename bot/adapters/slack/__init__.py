"""The one way to Slack's Web API outside the handlers."""

from bot.adapters.slack.door import SlackDoor, connect

__all__ = ["SlackDoor", "connect"]
