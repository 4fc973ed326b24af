"""The reports that a person has begun: the open one and those put aside, by name and in order."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.reading.names import Name, find
from handlers.reading.normalise import name_key
from handlers.reporting.drafts import kept_in
from handlers.reporting.kept import Parked
from handlers.standing.matters import Matter, matter_of, matters_of
from models.draft import draft_of
from models.obligation import Obligation
from models.task import Task


@dataclass(frozen=True)
class Begun:
    """A report that was begun; *is_open* for the one that the next message goes on with."""

    obligation_id: int
    matter: Matter
    is_open: bool


def under_way(context: Context) -> list[Begun]:
    """What the speaker has begun and not finished: the open one first, the newest next."""
    draft = draft_of(context.session, context.speaker.id)
    if draft is None:
        return []
    kept = kept_in(draft)
    ids = [each.obligation_id for each in reversed(kept.parked)]
    has_open = not kept.content.says_nothing
    if has_open:
        ids.insert(0, draft.obligation_id)
    rows = [context.session.get_one(Obligation, each) for each in ids]
    tasks = {each.task_id: context.session.get_one(Task, each.task_id) for each in rows}
    known = matters_of(context.session, rows, tasks)
    return [Begun(id_, known[id_], has_open and at == 0) for at, id_ in enumerate(ids)]


def parked_text(context: Context, parked: Parked | None) -> str:
    """What is said about a report that was put aside for another."""
    if parked is None:
        return ""
    obligation = context.session.get_one(Obligation, parked.obligation_id)
    matter = matter_of(context.session, obligation)
    return (
        f"{matter.name} 尚未报完，先为您放下，本项报完后接着报；"
        f"要先报它请发“继续 {matter.number}”。"
    )


def begun_called(begun: list[Begun], text: str) -> Begun | None:
    """The one of them that *text* surely names, by its number or a name; None for any other."""
    key = name_key(text)
    for each in begun:
        if key in map(name_key, (each.matter.number, each.matter.label)):
            return each
    names = [_name(str(at), each.matter) for at, each in enumerate(begun)]
    best = find(text, names).best
    return begun[int(best.key)] if best else None


def names_of(begun: list[Begun]) -> str:
    """They as one line: 州1-7 雪亮工程（正在填报）、州1-12 产前筛查（已放下）."""
    marks = {True: "（正在填报）", False: "（已放下）"}
    return "、".join(f"{each.matter.name}{marks[each.is_open]}" for each in begun)


def _name(key: str, matter: Matter) -> Name:
    if matter.clause is not None:
        return Name(key, matter.number, matter.clause.text)
    return Name(key, matter.task.number, matter.task.title, tuple(matter.task.aliases))
