"""What a view makes of a state: a whole Slack message."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rendered:
    """`text` is what notifications and screen readers say; `reaction` shows the state on a tool's own message."""

    text: str
    blocks: tuple[dict[str, Any], ...]
    reaction: str | None = None
