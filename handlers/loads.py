"""The list of loads."""

from bot.desk import Desk
from bot.views import loads as view
from handlers.press import Press


async def command(desk: Desk, press: Press, _words: str) -> None:
    """Answer `/baton loads` to the one who asked."""
    reader = await desk.read(lambda tx: desk.reader_of(tx, press.team, press.user))
    await press.ack(text=view.spoken(reader), blocks=view.page(desk.operations.ports.loads, reader))
