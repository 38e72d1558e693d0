"""By which name the on-call provider knows a Slack user, or what to add to people.yaml."""

from sqlalchemy import select

from bot.covers import queries
from bot.covers.model import PROVIDERS, Rota
from bot.oncall.queries import Roster
from bot.store import Tx
from bot.store.tables import people
from bot.text import Code, Mention, Text, text


def account(tx: Tx, roster: Roster, rota: Rota, team: str, user: str) -> str | Text:
    """Return the person's name at the provider, or why there is none.

    What people.yaml says wins, then how the rota itself names them, then their e-mail address in Slack.
    """
    if named := (rota.accounts or {}).get(user):
        return named
    own = next(queries.provider_ids(tx, roster, rota.name, user), None)
    mine = people.c.team == team, people.c.user == user, ~people.c.is_guest
    return own or tx.execute(select(people.c.email).where(*mine)).scalar() or _unknown(rota, user)


def _unknown(rota: Rota, user: str) -> Text:
    entry = f"- {{slack: {user}, {rota.provider}: NAME@EXAMPLE.COM}}"
    provider = PROVIDERS.get(rota.provider, rota.provider)
    return text("cover.wrong.no_account", who=Mention(user), provider=provider, entry=Code(entry))
