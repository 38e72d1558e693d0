"""Durable rows. Knows no domain type."""

from bot.store.store import Store, Tx

__all__ = ["Store", "Tx"]
