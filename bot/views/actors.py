"""Who did something, as people read it."""

from bot.actor import Actor, ActorKind
from bot.text import Mention, Param, text

SYSTEMS = {"airflow": "Airflow"}


def named(actor: Actor | None) -> Param:
    """Return the actor for a sentence: a person by name without notifying them, the rest in words."""
    if actor is None:
        return text("actor.unknown")
    match actor.kind:
        case ActorKind.PERSON:
            return Mention(actor.id)
        case ActorKind.BATON:
            return "Baton"
        case ActorKind.CLI:
            return text("actor.cli", who=actor.id)
        case ActorKind.SEEN_IN:
            return text("actor.seen_in", where=SYSTEMS.get(actor.id, actor.id))
