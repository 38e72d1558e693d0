"""Brings the schema up to date (Alembic)."""

from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.store.engine import open_engine

_SCRIPTS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x6261746F6E  # "baton": one process migrates, the others wait


def upgrade(url: str) -> None:
    """Migrate to the newest revision. Safe to call from several processes at once."""
    engine = open_engine(url, pool_size=1)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            if not _is_newest(connection):
                _run(connection)
    finally:
        engine.dispose()


class SchemaIsOld(Exception):
    """The database has not the schema of this version. Nothing was changed; run `baton db upgrade` first."""


def check(url: str) -> None:
    """Raise SchemaIsOld unless the database has the newest schema."""
    engine = open_engine(url, pool_size=1)
    try:
        with engine.connect() as connection:
            if not _is_newest(connection):
                raise SchemaIsOld
    finally:
        engine.dispose()


def _is_newest(connection: Connection) -> bool:
    from alembic.migration import MigrationContext  # noqa: PLC0415 - a quarter of a second that only a start needs

    return MigrationContext.configure(connection).get_current_revision() == _newest()


@cache
def _newest() -> str | None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def _run(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
