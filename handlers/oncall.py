"""Who is on call."""

from bot.desk import Desk, Tx
from bot.oncall.rules import asked_for
from bot.views import blocks
from bot.views import oncall as view
from handlers.press import Press


async def oncall(desk: Desk, press: Press) -> None:
    """Answer from the stored copy, in Slack's answer itself: nothing is asked of the provider.

    A word chooses among the schedules.
    """

    def look(tx: Tx) -> tuple[str, list[blocks.Block]]:
        reader = desk.reader_of(tx, press.team, press.user)
        duties = desk.roster.duties(tx, desk.now())
        found = asked_for(duties, press.words)
        own = desk.roster.upcoming(tx, press.user, desk.now())
        not_found = "" if found else press.words
        shown = found or duties
        return blocks.fallback(view.spoken(shown), reader), view.oncall(shown, own, reader, not_found=not_found)

    words, shown = await desk.read(look)
    await press.ack(text=words, blocks=shown)
