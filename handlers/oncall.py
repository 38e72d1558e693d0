"""Who is on call."""

from bot.desk import Desk, Tx
from bot.views import blocks
from bot.views import oncall as view
from handlers.press import Press


async def oncall(desk: Desk, press: Press) -> None:
    """Answer from the stored copy, in Slack's answer itself: nothing is asked of the provider."""

    def look(tx: Tx) -> tuple[str, list[blocks.Block]]:
        reader = desk.reader_of(tx, press.team, press.user)
        duties = desk.roster.duties(tx, desk.now())
        own = desk.roster.upcoming(tx, press.user, desk.now())
        return blocks.fallback(view.spoken(duties), reader), view.oncall(duties, own, reader)

    words, shown = await desk.read(look)
    await press.ack(text=words, blocks=shown)
