"""A message as it is read: small letters, one form of every sign, no quotations, cut into clauses."""

import re
import unicodedata
from dataclasses import dataclass

from bot.triage.entities import unwrap

LONGEST = 4_000  # characters that are read; who asks says so before
_MOST_CLAUSES = 60
_CODE = re.compile(r"```.{0,4000}?(?:```|\Z)", re.DOTALL)
_EMOJI = re.compile(r":[a-z0-9+-]{1,40}_[a-z0-9_+-]{1,60}:")  # their names look like those of tables
_QUOTED_LINE = re.compile(r"^(?:>|&gt;).*$", re.MULTILINE)
_GROUP = re.compile(r"<!subteam\^[^<>\n]{1,100}>")
_LINK = re.compile(r"<https?://[^<>\n]{1,2000}>")
_SAID = re.compile(
    r"\"[^\"\s]{1,60}(?: [^\"\s]{1,60}){2,60}\""
    r"|(?:\b(?:said|says|asks?|asked|asking|wrote|quote)\b[ ,:]{0,3})[\"'][^\"\n]{3,300}[\"']"
    r"|[\"'][^\"'\n]{3,300}[\"'] ?(?:이?라고|라는|라며|하고|란)"
)
_WIDE = {chr(sign): chr(sign - 0xFEE0) for sign in range(0xFF01, 0xFF5F)}
_ONE_FORM = str.maketrans({**_WIDE, "\u3000": " ", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."})
_END = re.compile(
    r"(?<=[!?;])\s+|(?<=[가-힣ㅠㅜㅎㅋ!?]~)\s+|(?<!\d)(?<=[.])\s+|\n+|(?<=[.!?])(?=[가-힣])"
    r"|(?<=니다|세요|어요|아요|해요|네요|데요|까요|나요|가요|려요|예요|에요|게요|군요|구요|지요|여요|와요|세여)"
    r"[,~^ㅠㅜㅎㅋ:)]{0,8}\s+"
    r"|,?\s+(?=so (?:please|pls|plz|can|could|would)\b)|,\s+(?=(?:please|pls|plz|can|could|would|but|so|any)\b)"
    r"|(?<=[^\d\s])\s+[-–—]\s+(?=\D)"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """`written` and `text`, in small letters, keep code and quotations, since names stand in them.

    `clauses` have only what the writer says.
    """

    written: str
    text: str
    clauses: tuple[str, ...]

    @property
    def spoken(self) -> str:
        """What the writer says, clause by clause in lines."""
        return "\n".join(self.clauses)

    @property
    def language(self) -> str:
        return "ko" if any("가" <= sign <= "힣" or "ㄱ" <= sign <= "ㅣ" for sign in self.text) else "en"


def plain(message: str) -> Plain:
    """Return what there is to read of a message, in Slack's markup or without."""
    said = _one_form(_LINK.sub(" link ", message[:LONGEST])).casefold()
    said = _SAID.sub(" ", _QUOTED_LINE.sub(" ", _CODE.sub(" ", _EMOJI.sub(" ", said))))
    lines = (" ".join(line.split()) for line in said.splitlines())
    clauses = (clause.strip() for clause in _END.split("\n".join(filter(None, lines))) if clause)
    written = _one_form(message[:LONGEST])
    return Plain(written, written.casefold(), tuple(clause for clause in clauses if clause)[:_MOST_CLAUSES])


def _one_form(markup: str) -> str:
    return unicodedata.normalize("NFC", unwrap(_GROUP.sub("@team", markup), []))[:LONGEST].translate(_ONE_FORM)
