"""Why somebody is not one of those whom the policy names, in words for them. Pure."""

from collections.abc import Iterable

from bot.actor import ActorKind
from bot.config.who import Who, WhoKind
from bot.operations.facts import Answer, Facts, Standing, Subject, belongs, expanded
from bot.text import Code, Mention, Text, text


def why_barred(facts: Facts) -> Text | None:
    """Return why this actor may do nothing at all, whatever the rules say."""
    match facts.actor.kind:
        case ActorKind.CLI | ActorKind.BATON:
            return None
        case ActorKind.SEEN_IN:
            return text("policy.not_a_person")
        case ActorKind.PERSON:
            return None if facts.standing is Standing.MEMBER else text(f"policy.standing.{facts.standing.value}")


def why_none_of(listed: Iterable[Who], subject: Subject, facts: Facts) -> tuple[Text, ...]:
    """Return why the actor is none of those whom the list names; empty where they are one."""
    named = tuple(listed)
    answers = [(who, belongs(facts, who)) for who in expanded(named, subject)]
    if any(answer is Answer.YES for _, answer in answers):
        return ()
    unnamed = (who for who in named if who.kind.is_of_the_thing and not tuple(expanded((who,), subject)))
    return (
        *(_not_one_of(who, answer) for who, answer in answers),
        *(text(f"policy.{who.kind}.none") for who in unnamed),
    )


def _not_one_of(who: Who, answer: Answer) -> Text:
    suffix = "unknown" if answer is Answer.UNKNOWN else "not"
    match who.kind:
        case WhoKind.GROUP:
            return text(f"policy.group.{suffix}", group=Mention(who.id))
        case WhoKind.USER:
            return text("policy.user.not", user=Mention(who.id))
        case WhoKind.CLI:
            return text("policy.cli.not", who=Code(who.id))
        case WhoKind.MEMBER:
            return text("policy.member.not")
        case _:
            return text(f"policy.on_call.{suffix}")
