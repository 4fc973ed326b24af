"""审核分工 read, kept and shown: who reviews what, and whether once or twice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from handlers.context import Context
from handlers.reading.harmless import harmless, shown
from handlers.reading.normalise import command_key
from handlers.standing.policy import review_levels
from handlers.supervising.choosing import programme_called
from handlers.supervising.exceptions_meant import Names
from models.errors import Refused
from models.member import Member, members_by_id
from models.message import Reply
from models.programme import Programme
from models.reviewer import Reviewer, reviewers_of
from models.rules.review import ONE_LEVEL, TWO_LEVELS, Level
from models.unit import units_by_id

_TOKEN = re.compile(r"[^\s,，、:：;；]+")
_LEVELS = {"初审": Level.FIRST, "终审": Level.FINAL, "复审": Level.FINAL}
_TITLES = {Level.FIRST: "初审", Level.FINAL: "终审"}
_TWICE = {
    "两级": TWO_LEVELS,
    "二级": TWO_LEVELS,
    "两级审核": TWO_LEVELS,
    "一级": ONE_LEVEL,
    "一级审核": ONE_LEVEL,
}
_BACK = ("取消", "撤销", "删除")
_ALL = ("全部", "所有")
HOW = (
    "分工请发“审核分工 姓名 全部”，或写单位、任务，如“审核分工 管理员乙 州公安局 州1-3”；"
    "取消请发“审核分工 取消 姓名”；先初审再终审请发“审核分工 {title} 两级”。"
)


@dataclass
class Wanted:
    """What an order says: of whom, at which level, for which units and tasks."""

    programme: Programme | None = None
    levels: int | None = None
    level: Level | None = None
    is_back: bool = False
    is_all: bool = False
    unit_ids: list[int] = field(default_factory=list)
    task_ids: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def scopes(self) -> list[tuple[int | None, int | None]]:
        """Task or unit of each row; neither where all reports are meant."""
        whole: list[tuple[int | None, int | None]] = [(None, None)] if self.is_all else []
        return [*whole, *((t, None) for t in self.task_ids), *((None, u) for u in self.unit_ids)]


def read_wanted(ctx: Context, text: str, programmes: Sequence[Programme]) -> Wanted:
    """The order's words, each by what it names; what is no name is a person's."""
    known, wanted = Names(ctx, programmes), Wanted()
    for found in _TOKEN.finditer(text):
        _take(ctx, wanted, found[0], known, programmes)
    if wanted.programme is None and len(programmes) == 1:
        wanted.programme = programmes[0]
    return wanted


def _take(
    ctx: Context, wanted: Wanted, word: str, known: Names, programmes: Sequence[Programme]
) -> None:
    key = command_key(word)
    programme = programme_called(ctx, word, programmes, by_part=False)
    if programme is not None:
        wanted.programme = programme
    elif key in _TWICE:
        wanted.levels = _TWICE[key]
    elif key in _LEVELS:
        wanted.level = _LEVELS[key]
    elif key in _BACK:
        wanted.is_back = True
    elif key in _ALL:
        wanted.is_all = True
    elif (unit := known.unit_called(word)) is not None:
        wanted.unit_ids.append(unit.id or 0)
    elif tasks := list(known.tasks_called(word)):
        of = [each for each in tasks if wanted.programme in (None, each.programme)]
        if len(of) != 1:
            raise Refused(f"“{shown(word, 20)}”在几个专项中都有，请写明专项。")
        wanted.programme = of[0].programme
        wanted.task_ids += [of[0].task.id or 0] if of[0].task else []
    else:
        wanted.names.append(word)


def set_levels(ctx: Context, programme: Programme, levels: int) -> Reply:
    """Let the programme's reports be reviewed once or twice."""
    before = review_levels(programme)
    if before == levels:
        return Reply(f"【{programme.short_title}】原来就是{_levels_text(levels)}，没有变化。")
    programme.amend("review", {"levels": levels})
    ctx.record(
        "review_levels",
        "programme",
        programme.id or 0,
        before={"levels": before},
        after={"levels": levels},
    )
    lines = [f"【{programme.short_title}】已改为{_levels_text(levels)}。"]
    rows = reviewers_of(ctx.session, [programme.id or 0])[programme.id or 0]
    if levels == TWO_LEVELS and not any(row.level == Level.FIRST for row in rows):
        lines.append("尚未安排初审人，请发“审核分工 初审 姓名 单位”；没有初审人的报送仍审一次。")
    return Reply("\n".join(lines))


def _levels_text(levels: int) -> str:
    return "两级审核（先初审、再终审）" if levels == TWO_LEVELS else "一级审核"


def assign(ctx: Context, programme: Programme, member: Member, wanted: Wanted) -> list[str]:
    """Add what the member did not review yet and tell them."""
    level = wanted.level or Level.FINAL
    rows = reviewers_of(ctx.session, [programme.id or 0])[programme.id or 0]
    known = {(r.level, r.task_id, r.unit_id) for r in rows if r.member_id == member.id}
    new = [
        Reviewer(
            programme_id=programme.id or 0,
            member_id=member.id or 0,
            level=level,
            task_id=task_id,
            unit_id=unit_id,
        )
        for task_id, unit_id in wanted.scopes
        if (level, task_id, unit_id) not in known
    ]
    if not new:
        return [f"{harmless(member.name)}原来就是这样分工的，没有变化。"]
    ctx.session.add_all(new)
    ctx.session.flush()
    what = scope_text(ctx, new)
    after = {"member": member.id, "level": str(level), "scopes": [*map(list, wanted.scopes)]}
    ctx.record("assign_reviewer", "programme", programme.id or 0, after=after)
    kind = f"【{programme.short_title}】{_TITLES[level]}"
    lines = [f"已安排{harmless(member.name)}负责{kind}：{what}。"]
    if level is Level.FIRST and review_levels(programme) == ONE_LEVEL:
        lines.append(f"目前为一级审核，初审在发“审核分工 {programme.short_title} 两级”后生效。")
    if member.id != ctx.speaker.id:
        word = f"您负责{kind}：{what}。等您审核的报送请发“待审”查看。"
        is_reached = ctx.tell(member.id or 0, Reply(word), "reviewer")
        lines.append("已告知本人。" if is_reached else "本人暂无法送达，请自行告知。")
    return lines


def unassign(ctx: Context, programme: Programme, member: Member, wanted: Wanted) -> list[str]:
    """Take back what is named, or everything where nothing is."""
    rows = reviewers_of(ctx.session, [programme.id or 0])[programme.id or 0]
    gone = [
        row
        for row in rows
        if row.member_id == member.id
        and wanted.level in (None, row.level)
        and (not wanted.scopes or (row.task_id, row.unit_id) in wanted.scopes)
    ]
    if not gone:
        return [f"{harmless(member.name)}没有这样的审核分工，无需取消。查看请发“审核分工”。"]
    what = scope_text(ctx, gone)
    for row in gone:
        ctx.session.delete(row)
    ctx.session.flush()
    before = {"member": member.id, "scopes": [[row.task_id, row.unit_id] for row in gone]}
    ctx.record("unassign_reviewer", "programme", programme.id or 0, before=before)
    if member.id != ctx.speaker.id:
        word = f"【{programme.short_title}】您的审核分工已取消：{what}。"
        ctx.tell(member.id or 0, Reply(word), "reviewer")
    return [f"已取消{harmless(member.name)}在【{programme.short_title}】的审核分工：{what}。"]


def scope_text(ctx: Context, rows: Sequence[Reviewer]) -> str:
    """What these rows cover: 全部报送, or 州公安局、州1-3."""
    units = units_by_id(ctx.session, [row.unit_id for row in rows if row.unit_id])
    return "、".join(_scopes(ctx, rows, {id_: unit.name for id_, unit in units.items()}))


def _scopes(ctx: Context, rows: Sequence[Reviewer], units: dict[int, str]) -> Iterator[str]:
    for row in rows:
        if row.task_id is not None:
            task = ctx.tasks.get(row.task_id)
            yield task.number if task else "已停用的任务"
        elif row.unit_id is not None:
            yield units.get(row.unit_id, "")
        else:
            yield "全部报送"


def listed(ctx: Context, programmes: Sequence[Programme]) -> list[str]:
    """Each programme's levels and who reviews what, in a fixed number of queries."""
    rows = reviewers_of(ctx.session, [each.id or 0 for each in programmes])
    all_ = [row for found in rows.values() for row in found]
    people = members_by_id(ctx.session, [row.member_id for row in all_])
    found = units_by_id(ctx.session, [row.unit_id for row in all_ if row.unit_id])
    units = {id_: unit.name for id_, unit in found.items()}
    lines = []
    for programme in programmes:
        own = rows[programme.id or 0]
        default = "" if own else "，管理员审核全部"
        lines.append(
            f"【{programme.short_title}】{_levels_text(review_levels(programme))}{default}"
        )
        for member_id, level in dict.fromkeys((r.member_id, r.level) for r in own):
            theirs = [r for r in own if (r.member_id, r.level) == (member_id, level)]
            title = _TITLES[Level(level)]
            name = harmless(people[member_id].name)
            lines.append(f"{name}（{title}）：{'、'.join(_scopes(ctx, theirs, units))}")
    return [*lines, HOW.format(title=programmes[0].short_title)]
