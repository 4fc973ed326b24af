"""研判: an admin sets how likely an item is to win, for units, all counties, or the item itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reading.judging import Judging, level_begins, means_all_counties, read_judging
from handlers.reading.names import Name, find
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.standing.outlooks import ALL_COUNTIES, ITEM, Outlook, Scope, outlooks
from handlers.standing.tasks import short_name
from handlers.supervising.choosing import Subject, programme_called, subject_called
from handlers.supervising.fact_rights import refuse_several, unit_named
from handlers.supervising.first_word import first_word, repeated
from handlers.supervising.outlook_text import entries_text, level_text, programme_lines
from handlers.supervising.scope import administered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.outlook import OutlookEntry, programmes_judged
from models.programme import Programme
from models.rules.outlook import Level, Origin, highest
from models.task import Task, tasks_of
from models.unit import Unit, UnitKind, units_of

LEVELS = "、".join(level.value for level in Level)
NAMES = "事项编号请发“研判”查看。"
LONGEST_REASON = 500
_PIECES = re.compile(r"(?=[\n；;])")
#: Whoever may win an award: the prefecture itself, its counties and its parks.
_COMPETING = (UnitKind.GOVERNMENT, UnitKind.COUNTY, UnitKind.PARK)


@command(
    "outlook",
    "研判",
    usage="研判 事项 吉首市 很有可能",
    about=f"填写或取消研判（{LEVELS}），可一次多个；只发事项可查看",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def judge_outlook(ctx: Context, rest: str) -> Reply:
    """Set, change or take back levels of one item, all of them or none; else show them."""
    programmes = _judging(ctx)
    named = programme_called(ctx, rest, programmes, by_part=False)
    if named is not None or not rest.strip():
        return Reply(_overview(ctx, [named] if named else programmes))
    subjects = [
        Subject(programme, task=task)
        for programme in programmes
        for task in tasks_of(ctx.session, programme.id or 0)
    ]
    messages = _by_item(rest, subjects)
    answers = [_one(ctx, programmes, subjects, each) for each in messages]
    said = [each for each in answers if isinstance(each, str)]
    question = next((each for each in answers if isinstance(each, Reply)), None)
    if question is not None and len(answers) > 1:
        raise Refused(f"几个事项一起填写请写事项编号，均未更新。{NAMES}")
    return question or Reply("\n\n".join(said))


def _judging(ctx: Context) -> list[Programme]:
    """The speaker's programmes whose items are judged; refused where there is none."""
    own = administered(ctx)
    judged = programmes_judged(ctx.session, [each.id or 0 for each in own])
    found = [each for each in own if each.id in judged]
    if not found:
        raise Refused("您管理的专项没有研判事项：研判用于有激励名额、获奖情况的专项。")
    return found


def _by_item(text: str, subjects: Sequence[Subject]) -> list[str]:
    """What is said of each item: a line or ； with an item's number begins the next one."""
    numbers = {command_key(each.word) for each in subjects}
    found: list[str] = []
    for piece in _PIECES.split(text.strip()):
        name, _ = first_word(piece.lstrip("\n；; "), ())
        if found and command_key(name) not in numbers:
            found[-1] += piece
        else:
            found.append(piece.lstrip("\n；;"))
    return found


def _one(
    ctx: Context, programmes: Sequence[Programme], subjects: Sequence[Subject], text: str
) -> Reply | str:
    """What is said to one item's levels; a Reply where the item itself is in question."""
    name, words = first_word(text, programmes, lambda word: _glued(ctx, programmes, word))
    refuse_several(name, words, subjects)
    subject = subject_called(ctx, name, subjects, repeated("研判 {}", words), _names_of(programmes))
    if isinstance(subject, Reply):
        return subject
    if subject.task is None:
        raise Refused(NAMES)
    item = _item(ctx, subject.programme, subject.task)
    return "\n".join(_shown(item) if not words.strip() else _judged(ctx, item, words))


def _names_of(programmes: Sequence[Programme]) -> str:
    titles = "、".join(each.short_title for each in programmes)
    return f"研判的专项为{titles}，{NAMES}"


def _glued(ctx: Context, programmes: Sequence[Programme], word: str) -> int | None:
    """Where the item's name ends in an unbroken word: before a level or a unit that may win."""
    units = [unit for each in programmes for unit in units_of(ctx.session, each.area_id)]
    ends = [word.find(unit.name) for unit in units if unit.kind in _COMPETING]
    level = level_begins(word)
    found = [end for end in (*ends, level if level is not None else -1) if end > 0]
    return min(found, default=None)


@dataclass(frozen=True)
class _Item:
    """One item with all that was judged of it; *units* are those that may win, as printed."""

    task: Task
    programme: Programme
    units: Sequence[Unit]
    outlook: Outlook

    @property
    def names(self) -> dict[int, str]:
        return {unit.id or 0: unit.name for unit in self.units}

    def name_of(self, scope: Scope) -> str:
        """What a scope is called in answers."""
        if scope.counties:
            return ALL_COUNTIES
        return "事项" if scope.unit_id is None else self.names[scope.unit_id]


def _item(ctx: Context, programme: Programme, task: Task) -> _Item:
    found = outlooks(ctx.session, [task.id or 0])[task.id or 0]
    return _Item(task, programme, units_of(ctx.session, programme.area_id), found)


def _overview(ctx: Context, programmes: Sequence[Programme]) -> str:
    blocks = []
    for programme in programmes:
        tasks = tasks_of(ctx.session, programme.id or 0)
        found = outlooks(ctx.session, [task.id or 0 for task in tasks])
        if any(each.level for each in found.values()):
            lines = programme_lines((task, found[task.id or 0]) for task in tasks)
            blocks.append("\n".join([f"【{programme.short_title}】研判", *lines]))
    how = f"填写请发如：研判 事项 吉首市 很有可能（等级：{LEVELS}）"
    return "\n\n".join(blocks or ["目前没有研判。"]) + f"\n{how}"


def _shown(item: _Item) -> list[str]:
    lines = [f"{short_name(item.task)}（{item.programme.short_title}）研判"]
    lines.append(f"事项等级：{level_text(item.outlook)}")
    if entries := entries_text(item.outlook, item.names):
        lines.append(entries)
    return [*lines, f"修改请发如：研判 {item.task.number} 吉首市 有可能"]


def _judged(ctx: Context, item: _Item, words: str) -> list[str]:
    read = read_judging(words)
    wanted = _wanted(item, read)
    _refuse_unexplained(item, wanted, read.reason)
    changed = [
        _change(ctx, item, scope, level, read.reason[:LONGEST_REASON])
        for scope, level in wanted.items()
    ]
    after = _item(ctx, item.programme, item.task)
    is_same = after.outlook.holding == item.outlook.holding
    head = f"{short_name(item.task)} 研判{'没有变化。' if is_same else '已更新：'}"
    return [head, *filter(None, changed), *_superseded(item.outlook, after.outlook)]


def _superseded(before: Outlook, after: Outlook) -> Iterator[str]:
    """The level now, and the one that was stated for the item until units got theirs."""
    yield f"事项等级：{level_text(after)}"
    was, now = before.level, after.level
    if was and now and was.origin is Origin.STATED and now.origin is Origin.ENTRIES:
        yield f"此前按事项填写的“{was.level.value}”不再采用。"


def _wanted(item: _Item, read: Judging) -> dict[Scope, Level | None]:
    """The level for each scope that is named, None to take it back; refused if any is unclear."""
    number = item.task.number
    if read.unread or not read.parts:
        came = (
            f"“{harmless(read.unread[0][:20])}”没有写明等级。"
            if read.unread
            else "没有写明研判等级。"
        )
        raise Refused(f"{came}等级为{LEVELS}，取消写“取消”。请发如：研判 {number} 吉首市 有可能")
    wanted: dict[Scope, Level | None] = {}
    for part in read.parts:
        for scope in [_scope(item, name) for name in part.names] or [ITEM]:
            if wanted.get(scope, part.level) != part.level:
                raise Refused(f"{item.name_of(scope)}写了两个等级，未作修改。请只写一个后重发。")
            wanted[scope] = part.level
    return wanted


def _scope(item: _Item, name: str) -> Scope:
    """The unit or all counties that *name* means; refused naming those that come near."""
    if means_all_counties(name):
        return Scope(counties=True)
    unit = unit_named(item.units, name)
    if unit is None:
        near = "、".join(_near(item, name))
        hint = f"是否为{near}？" if near else f"请写州本级、县市、园区的名称或“{ALL_COUNTIES}”。"
        raise Refused(f"没有认出单位“{name[:20]}”，未作修改。{hint}改好后请重发整条。")
    if unit.kind not in _COMPETING:
        raise Refused(
            f"“{unit.name}”不是研判对象，未作修改。研判按本级、县市、园区填写；"
            f"事项本身的等级请发：研判 {item.task.number} 有可能"
        )
    return Scope(unit.id)


def _near(item: _Item, name: str) -> list[str]:
    known = [Name(str(at), "", u.name, tuple(u.aliases)) for at, u in enumerate(item.units)]
    return [item.units[int(each.key)].name for each in find(name, known).candidates[:3]]


def _refuse_unexplained(item: _Item, wanted: Mapping[Scope, Level | None], reason: str) -> None:
    """A level apart from the entries, as they will be, needs a reason; so does none of them."""
    level = wanted.get(ITEM)
    entries: dict[Scope, Level | None] = {**item.outlook.entries, **wanted}
    best = highest(each for scope, each in entries.items() if each and not scope.is_item)
    if level is None or best is None or level is best or reason:
        return
    raise Refused(
        f"{short_name(item.task)} 各单位研判最高为“{best.value}”，单独定为“{level.value}”"
        f"须写明原因，请发：\n研判 {item.task.number} {level.value} 原因 ××"
    )


def _change(ctx: Context, item: _Item, scope: Scope, level: Level | None, reason: str) -> str:
    """Add the row that changes one scope; empty where that holds already."""
    standing = item.outlook.holding.get(scope)
    before = Level(standing.level) if standing else None
    if level is None and before is None:
        return f"{item.name_of(scope)}：没有研判，无需取消"
    if level is before and (not reason or (standing is not None and standing.reason == reason)):
        return ""
    row = OutlookEntry(
        task_id=item.task.id or 0,
        unit_id=scope.unit_id,
        counties=scope.counties,
        level=level or before or Level.UNLIKELY,
        withdrawn=level is None,
        reason=reason,
        made_at=ctx.now,
        made_by=ctx.speaker.id,
    )
    ctx.session.add(row)
    ctx.session.flush()
    _record(ctx, item, scope, row, standing)
    return "：".join((item.name_of(scope), " → ".join(_steps(before, level))))


def _steps(before: Level | None, after: Level | None) -> Iterator[str]:
    yield before.value if before else "无"
    yield after.value if after else "已取消"


def _record(
    ctx: Context, item: _Item, scope: Scope, row: OutlookEntry, standing: OutlookEntry | None
) -> None:
    ctx.record(
        "withdraw_outlook" if row.withdrawn else "judge_outlook",
        "outlook",
        row.id or 0,
        before={"level": standing.level, "reason": standing.reason} if standing else {},
        after={
            "task": item.task.number,
            "of": item.name_of(scope),
            "messages": [ctx.inbox_id],
            **({} if row.withdrawn else {"level": row.level, "reason": row.reason}),
        },
    )
