"""Several own tasks in one sentence, each in a clause with its figure, cut into their parts."""

import re

from handlers.context import Context
from handlers.reading.names import Name, find
from handlers.reading.normalise import normalise
from handlers.reporting.blocks import Block, Cut
from handlers.reporting.choose import own_duties

_LONGEST = 240
_MOST_CLAUSES = 12
_CLAUSE_END = re.compile(r"[，,；;。]|\s+(?=[一-鿿]{4})")
#: 无障碍改造完成319户: the name, and the figure with its verb.
_TOLD = re.compile(
    r"\s*(?P<name>[^\d:：]{3,24}?)(?:已|累计|一共|共|目前|完成|建成|达到?|了|是|为|有|[\s:：])*(?P<figure>\d.*)"
)


def cut_by_clause(context: Context, text: str) -> Cut | None:
    """The parts of a sentence whose clauses name different own tasks; None where it is none."""
    if "\n" in text.strip() or len(text) > _LONGEST:
        return None
    clauses = [each for each in _CLAUSE_END.split(normalise(text)) if each.strip()]
    told = [_TOLD.fullmatch(each) for each in clauses]
    if not 1 < sum(each is not None for each in told) <= _MOST_CLAUSES:
        return None
    own = {str(each.task.id): each.task for each in own_duties(context)}
    names = [Name(key, task.number, task.title, tuple(task.aliases)) for key, task in own.items()]
    blocks: list[tuple[str, list[str]]] = []
    for clause, found in zip(clauses, told, strict=True):
        best = find(found["name"], names).best if found else None
        if found and best and own[best.key].number not in [number for number, _ in blocks]:
            blocks.append((own[best.key].number, [found["figure"]]))
        elif blocks:
            blocks[-1][1].append(clause)
        else:
            return None
    if len(blocks) < 2:
        return None
    return Cut("", tuple(Block(number, "，".join(said)) for number, said in blocks), has_own=True)
