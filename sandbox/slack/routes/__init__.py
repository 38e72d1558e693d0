"""Web API methods, one file per family: each is `(slack, caller, args) -> answer` or raises SlackError."""
