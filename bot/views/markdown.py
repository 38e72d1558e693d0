"""Markdown as Slack's mrkdwn: a page becomes sections and dividers that keep Slack's limits."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from bot.triage.escape import escape
from bot.views import limits
from bot.views.blocks import Block, divider, raw_section
from bot.views.escape import mrkdwn_code, mrkdwn_fence, safe_url

Resolve = Callable[[str], str | None]

_MARKS = {"strong_open": "*", "strong_close": "*", "em_open": "_", "em_close": "_", "s_open": "~", "s_close": "~"}
_BULLETS = ("•", "◦", "▪")
_INDENT = "    "
_SEAM = "\u200b"  # Slack ends bold and code only before a space or a sign; Korean particles follow directly
_RULE = "\0"
_FENCE = "```"


def sections(tokens: Sequence[Token], resolve: Resolve) -> list[Block]:
    """Return the blocks of parsed Markdown; each heading begins a section.

    `resolve` makes addresses absolute. Where it returns None, or the address is not for the web, the label stays.
    """
    blocks: list[Block] = []
    pending = ""
    for chunk in _chunks(tokens, resolve):
        joined = f"{pending}\n\n{chunk}" if pending else chunk
        if not chunk.startswith(("*", _RULE)) and len(joined) <= limits.SECTION:
            pending = joined
            continue
        blocks += [raw_section(pending)] if pending else []
        blocks += [divider()] if chunk == _RULE else []
        pending = "" if chunk == _RULE else chunk
    return [*blocks, raw_section(pending)] if pending else blocks


def _chunks(tokens: Sequence[Token], resolve: Resolve) -> Iterator[str]:
    """Yield mrkdwn for each top-level element (a list is one), cut where it is longer than a section."""
    writer = _Writer(tokens, resolve)
    lines: list[str] = []
    for position, token in enumerate(tokens):
        lines += writer.lines(position, token)
        if token.level == 0 and token.nesting <= 0 and lines:
            yield from _cut("\n".join(lines))
            lines = []


@dataclass
class _Writer:
    """The walk over the block tokens: knows the lists and quotes that are open."""

    tokens: Sequence[Token]
    resolve: Resolve
    lists: list[int | None] = field(default_factory=list)  # the next number, None for bullets
    quotes: int = 0

    def lines(self, position: int, token: Token) -> list[str]:
        match token.type:
            case "inline":
                return self._inline_lines(position, token)
            case "fence" | "code_block":
                return [mrkdwn_fence(token.content)]
            case "html_block":
                return [] if token.content.lstrip().startswith("<!--") else [escape(token.content.strip())]
            case "hr":
                return [_RULE]
            case "table_open":
                return [mrkdwn_fence(_table(_rows(self.tokens[position:])))]
            case _:
                self._nest(token)
                return []

    def _nest(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self.lists.append(None)
            case "ordered_list_open":
                self.lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "blockquote_open" | "blockquote_close":
                self.quotes += token.nesting

    def _inline_lines(self, position: int, token: Token) -> list[str]:
        match self.tokens[position - 1].type:
            case "th_open" | "td_open":
                return []
            case "heading_open":
                return [f"*{escape(_words(token))}*"]
        lines = _Inline(self.resolve).write(token).split("\n")
        if self.lists:
            lines = self._item(lines, starts=self.tokens[position - 2].type == "list_item_open")
        return [escape("> ") * self.quotes + line for line in lines]

    def _item(self, lines: list[str], *, starts: bool) -> list[str]:
        """Return the lines of a list's item, behind its bullet or number, or below its first paragraph."""
        indent, number = _INDENT * (len(self.lists) - 1), self.lists[-1]
        sign = _BULLETS[min(len(self.lists), len(_BULLETS)) - 1] if number is None else f"{number}."
        if starts and number is not None:
            self.lists[-1] = number + 1
        first = f"{indent}{sign} " if starts else indent + _INDENT
        return [(indent + _INDENT if n else first) + line for n, line in enumerate(lines)]


@dataclass
class _Inline:
    """One paragraph's words."""

    resolve: Resolve
    out: str = ""
    links: list[str] = field(default_factory=list)  # what closes each open link: ">" or nothing

    def write(self, token: Token) -> str:
        for child in token.children or ():
            self._add(self._piece(child))
        return self.out

    def _add(self, piece: str) -> None:
        is_glued = self.out.endswith(("*", "_", "~", "`")) and piece[:1].isalnum()
        opens = self.out.endswith((" *", " _", " ~")) or self.out in {"*", "_", "~"}
        self.out += (_SEAM if is_glued and not opens else "") + piece

    def _piece(self, child: Token) -> str:
        match child.type:
            case "code_inline":
                return mrkdwn_code(child.content)
            case "softbreak":
                return " "
            case "hardbreak":
                return "\n"
            case "link_open":
                return self._open_link(str(child.attrGet("href") or ""))
            case "link_close":
                return self.links.pop()
            case _:
                return _MARKS.get(child.type) or escape(child.content)

    def _open_link(self, address: str) -> str:
        absolute = self.resolve(address)
        url = safe_url(absolute) if absolute else None
        self.links.append(">" if url else "")
        return f"<{escape(url)}|" if url else ""


def _words(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _rows(tokens: Sequence[Token]) -> list[list[str]]:
    """Return the cells of the table that starts here."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_words(token))
    return rows


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows as aligned text: Slack has no tables in mrkdwn. Korean letters are two columns wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    shown = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([shown[0], "  ".join("-" * width for width in widths), *shown[1:]])


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in cell)


def _cut(chunk: str) -> Iterator[str]:
    """Yield the chunk in parts that fit a section, cut between lines; a block of code is one in every part."""
    if len(chunk) <= limits.SECTION:
        yield chunk
        return
    fence = f"{_FENCE}\n" if chunk.startswith(_FENCE) else ""
    room = limits.SECTION - 2 * len(fence) - 1
    part = ""
    for line in chunk.removeprefix(fence).removesuffix(f"\n{_FENCE}" if fence else "").split("\n"):
        short = limits.shorten_mrkdwn(line, room)
        if part and len(part) + 1 + len(short) > room:
            yield _fenced(part, fence)
            part = short
        else:
            part = f"{part}\n{short}" if part else short
    yield _fenced(part, fence)


def _fenced(part: str, fence: str) -> str:
    return f"{fence}{part}\n{_FENCE}" if fence else part
