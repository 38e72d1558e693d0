"""A strict local Slack: Web API, Events, slash commands, interactivity, Socket Mode, and a page for people."""
