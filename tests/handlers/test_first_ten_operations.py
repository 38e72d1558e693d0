"""docs/first-ten-operations.md names only commands and buttons that there are."""

import re
from pathlib import Path

from bot.manifest import COMMANDS
from bot.views.catalogs import entries

PAGE = (Path(__file__).parents[2] / "docs" / "first-ten-operations.md").read_text("utf-8")
BUTTON = re.compile(r"(?:^|\.)button\.")


def test_it_has_ten():
    assert re.findall(r"^### (\d+)\.", PAGE, re.MULTILINE) == [str(number) for number in range(1, 11)]


def test_every_command_on_it_is_one_of_slacks():
    known = {command for command, _, _ in COMMANDS}

    assert set(re.findall(r"`(/[a-z-]+)", PAGE)) <= known


def test_every_button_on_it_exists():
    written = set(re.findall(r"\*\*([^*]+)\*\*", PAGE))
    words = {form for name, entry in entries("en").items() if BUTTON.search(name) for form in entry.forms}

    assert {word for word in written if not any(button.startswith(word) for button in words)} == set()
