"""`dajuan member erase`, `erase-again` and `export`: what is kept about one person."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli_house import fail
from bot.erased import Register
from bot.erased_files import files_naming, withdraw
from bot.person_export import write_person
from bot.roster import remove_member
from models.erasure import Erased, Plan, erase, plan_erasure
from models.member import Member
from models.person import member_meant, person_of

if TYPE_CHECKING:
    from bot.app import House

#: So many places in the record are listed; the rest are counted.
_MOST_LISTED = 50


class _Rehearsed(Exception):
    """Leaves a transaction of which nothing is to stay."""


def erase_person(house: "House", who: str, *, is_meant: bool) -> list[str]:
    """Erase the one of this number or account; returns what was done, a line each.

    Without *is_meant* nothing stays done. Raises Refused for nobody and for who is still here.
    """
    with house.database.read() as session:
        plan = plan_erasure(session, member_meant(session, who))
    files = frozenset[str]()
    if name := plan.mentions.name:
        files = files_naming(house.database, house.services.media, name)
    lines = list[str]()
    try:
        with house.database.write() as session:
            done = erase(session, plan, house.clock())
            lines = [*_said(plan, done, withdraw(session, files, house.clock()))]
            if not is_meant:
                raise _Rehearsed
            # Before the commit: whoever is erased is on the list, whatever happens in between.
            Register().add(session.get_one(Member, plan.person.member_id))
    except _Rehearsed:
        lines.append("nothing was changed: this cannot be undone, add --yes to do it")
    return lines


def _said(plan: Plan, done: Erased, withdrawn: int) -> Iterator[str]:
    yield (
        f"member {plan.person.member_id} → {plan.pseudonym}: {done.messages} messages and "
        f"{done.words} words emptied, {done.replaced} mentions replaced, "
        f"{withdrawn} files withdrawn"
    )
    if plan.is_shared:
        yield "somebody else has the same name: it was left where sentences name either of them"
    for account in sorted(plan.person.passed_on):
        yield f"{':'.join(account)} is somebody else's now: what was written by it stays"
    if left := plan.left:
        yield f"the record still names the person, and stays as it was sent: {len(left)} rows"
        yield from (f"  {place}" for place in left[:_MOST_LISTED])
        if len(left) > _MOST_LISTED:
            yield f"  … {len(left) - _MOST_LISTED} more"


def erase_again(house: "House") -> list[str]:
    """After a restore: erase again everybody on the list; returns what was done, a line each."""
    lines = list[str]()
    for note in Register().notes():
        with house.database.write() as session:
            member = session.get(Member, note.member_id)
            if member is None or not note.is_of(member):
                lines.append(f"member {note.member_id} is not in this database")
                continue
            if member.left_at is None:
                remove_member(session, note.member_id, house.clock())
        lines += erase_person(house, str(note.member_id), is_meant=True)
    return lines or ["nobody was erased so far"]


def export_person(house: "House", who: str, out: Path) -> list[str]:
    """Write what is kept about the one of this number or account; returns what it holds."""
    with house.database.read() as session:
        person = person_of(session, member_meant(session, who))
        try:
            return write_person(
                session, person, house.services.media, out, house.clock(), house.services.zone
            )
        except FileExistsError:
            fail(f"{out} is there already: name another file", 1)
