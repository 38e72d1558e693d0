"""The words about grants that are said in threads, and to whom they are said aloud. Pure."""

from bot.access.members import Key, word_for
from bot.access.model import Ending, Grant
from bot.config.who import Who, WhoKind
from bot.text import Code, Mention, Param, Text, text


def holder(grant: Grant) -> Param:
    """Return who has the access: the person, or the address."""
    return Mention(grant.person.id) if grant.person else Code(grant.member.email)


def what(grant: Grant) -> Text:
    """Say `reader on project.dataset`."""
    return text("grant.what", role=Code(word_for(grant.role)), resource=Code(str(grant.resource)))


def moment(ending: Ending) -> Text:
    """Return the line of its history that says why it ends."""
    return text(f"grant.moment.{ending.value}")


def called(owner: Who | None, grant: Grant) -> tuple[Mention, ...]:
    """Return who is told aloud that something went wrong: the dataset's owner, else whoever asked."""
    if owner is not None and owner.kind in {WhoKind.USER, WhoKind.GROUP}:
        return (Mention(owner.id, notify=True),)
    return (Mention(grant.asked_by.id, notify=True),) if grant.asked_by.is_person else ()


def concerned(grant: Grant) -> tuple[Mention, ...]:
    """Return the people who have the access or asked for it, told aloud."""
    people = dict.fromkeys(each.id for each in (grant.person, grant.asked_by) if each and each.is_person)
    return tuple(Mention(user, notify=True) for user in people)


def others(left: tuple[Key, ...]) -> Text:
    """Say what the same member still has, through somebody else."""
    return text("grant.left", roles=tuple(Code(word_for(key.role)) for key in left))
