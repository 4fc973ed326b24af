"""Who may record contacts and 动态 of a task: its lead units' liaisons, a county's own, admins."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from handlers.context import Context
from handlers.reading.names import Name, find
from handlers.reading.normalise import command_key
from handlers.supervising.choosing import Subject, subject_called
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme
from models.task import TaskUnit, UnitRole, task_units
from models.unit import Unit, UnitKind, units_of

NOT_LEAD = "“{name}”不是您单位牵头的事项，不能登记{what}。您的事项请发“任务”查看。"
NOT_YOURS = "{number} 不是您单位登记的，不能更正或撤回。确需改动，请联系登记单位或管理员。"
_LIST = re.compile("[、/,，;；]|和|及|与")
_WORD = re.compile(r"[\s、,，;；]+")
#: Counties and parks work for an item beside its lead unit.
LOCAL = (UnitKind.COUNTY, UnitKind.PARK)


def unit_named(units: Sequence[Unit], text: str) -> Unit | None:
    """The unit of this very name or alias, else the one that *text* can only mean, or None.

    An alias wins over a longer name that holds it: 高新区 is the one that is so called.
    """
    key = command_key(text)
    same = [u for u in units if key and key in map(command_key, (u.name, *u.aliases))]
    if len(same) == 1:
        return same[0]
    names = [Name(str(at), "", u.name, tuple(u.aliases)) for at, u in enumerate(units)]
    best = find(text, names).best if key else None
    return units[int(best.key)] if best else None


@dataclass(frozen=True)
class Rights:
    """What the speaker may record in one programme; *local* are its counties and parks."""

    is_admin: bool
    own: frozenset[int]
    local: tuple[Unit, ...]
    parts: Mapping[int, Sequence[TaskUnit]]

    def leads(self, task_ids: Iterable[int]) -> bool:
        """Whether one of the speaker's units leads one of these tasks."""
        return any(
            part.role == UnitRole.LEAD and part.unit_id in self.own
            for task_id in task_ids
            for part in self.parts.get(task_id, ())
        )

    def local_called(self, text: str) -> Unit | None:
        """The county or park that *text* surely names, or None."""
        return unit_named(self.local, text)

    def local_at(self, text: str) -> Unit | None:
        """The county or park with whose full name *text* begins, or None."""
        found = (unit for unit in self.local if text.startswith(unit.name))
        return max(found, key=lambda unit: len(unit.name), default=None)

    def unit_for(self, task_ids: Sequence[int], named: Unit | None, refusal: str) -> int | None:
        """The county whose fact this is, None for the lead unit's own; refused without a right."""
        if named is not None and (self.is_admin or named.id in self.own):
            return named.id
        if self.is_admin or self.leads(task_ids):
            return named.id if named else None
        mine = [unit.id for unit in self.local if unit.id in self.own]
        if named is None and len(mine) == 1:
            return mine[0]
        raise Refused(refusal)

    def may_change(
        self, task_ids: Sequence[int], unit_id: int | None, *, is_reporter: bool = False
    ) -> bool:
        """Whether a recorded fact of *unit_id* (None: the lead unit) is the speaker's to change.

        The lead unit may put right what it recorded for a county, and nothing a county recorded.
        """
        if self.is_admin or (unit_id is not None and unit_id in self.own):
            return True
        return self.leads(task_ids) and (unit_id is None or is_reporter)


def rights_in(ctx: Context, programme: Programme, task_ids: Sequence[int]) -> Rights:
    """What the speaker may record of these tasks."""
    units = units_of(ctx.session, programme.area_id)
    return Rights(
        ctx.speaker.has(RoleName.ADMIN, programme_id=programme.id),
        frozenset(ctx.speaker.unit_ids(RoleName.LIAISON, programme_id=programme.id)),
        tuple(unit for unit in units if unit.kind in LOCAL),
        task_units(ctx.session, task_ids),
    )


def tell_reporter(ctx: Context, reporter: int | None, said: str, about: str) -> None:
    """Let who recorded a fact know that somebody else changed it or took it back."""
    if reporter is not None and reporter != ctx.speaker.id:
        words = f"{ctx.speaker.member.name} 处理了您登记的内容：\n{said}"
        ctx.tell(reporter, Reply(words), about)


def subject_meant(
    ctx: Context, name: str, subjects: Sequence[Subject], template: str, names: str
) -> Subject | Reply:
    """The subject that *name* means; of several with that name, the one the speaker leads.

    Refused where nothing is so named, or where several are named at once; otherwise the question
    which one is meant, among those the speaker may record of where there are any.
    """
    words = template.replace("{{", "{").replace("}}", "}").partition("{}")[2]
    refuse_several(name, words, subjects)
    found = subject_called(ctx, name, subjects, template, names)
    if isinstance(found, Subject):
        return found
    led = [each for each in subjects if _leads(ctx, each)]
    try:
        return subject_called(ctx, name, led, template, names)
    except Refused:
        return subject_called(ctx, name, subjects, template, names)


def refuse_several(name: str, words: str, subjects: Sequence[Subject]) -> None:
    """激7、激6 and 激7 激6: one is recorded at a time, and the others are named as left over.

    *words* is what follows the *name*.
    """
    known = {command_key(each.word) for each in subjects}
    parts = [part for part in _LIST.split(name) if part]
    # 激7、激6; what stands behind as a word of its own counts as long as it is a number, too.
    further = list(takewhile(lambda word: command_key(word) in known, _WORD.split(words.strip())))
    numbers = [part for part in parts if command_key(part) in known]
    if (len(parts) > 1 and numbers) or (numbers and further):
        came = "、".join(each[:20] for each in (*parts, *further))
        raise Refused(f"一次登记一个事项，收到{came}，均未登记。请按事项分条发送。")


def _leads(ctx: Context, subject: Subject) -> bool:
    if subject.task is None:
        return False
    return rights_in(ctx, subject.programme, [subject.task.id or 0]).leads([subject.task.id or 0])
