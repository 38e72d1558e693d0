"""Brings the schema up to date (Alembic)."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.store.engine import open_engine

_ADVISORY_LOCK = 0x6261746F6E  # "baton": one process migrates, the others wait


def upgrade(url: str) -> None:
    """Migrate to the newest revision. Safe to call from several processes at once."""
    engine = open_engine(url, pool_size=1)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            _run(connection)
    finally:
        engine.dispose()


def _run(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a quarter of a second that only a start needs
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
