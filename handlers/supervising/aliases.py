"""Other names of units and tasks: shown, given and taken back by admins."""

import re
from collections.abc import Iterable, Sequence

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reading.names import How, find
from handlers.reading.normalise import clean, command_key, name_key
from handlers.reading.task_numbers import is_number, number_key
from handlers.standing.tasks import short_name
from handlers.supervising.alias_words import why_no_name
from handlers.supervising.choosing import Subject, all_subjects, named_as, subject_called
from handlers.supervising.scope import administered
from models.alias import Alias
from models.errors import Refused
from models.message import Reply
from models.programme import Programme

#: How long another name may be.
SHORTEST, LONGEST = 2, 20
_MOST_NAMED = 3
#: From here on a name is found by the sound or the initials of another.
_LIKE = 80.0
_HEARD = frozenset((How.SOUND, How.INITIALS))
HOW = (
    "请写明单位或任务和它的叫法，例如：\n别名 州发改委 发改委\n别名 州1-7 天网工程\n"
    "只发“别名 州发改委”可查看已有的叫法。"
)
HOW_TO_REMOVE = "请写明要删除的叫法，例如：\n删除别名 州发改委 发改委"
_WHERE = "单位或任务请写全称、编号或已有的叫法。"
_NAME = re.compile(r"[\w一-鿿“”\"·（）()\-—]+")
_BETWEEN = re.compile(r"[、,，;；\s]+")


def show_names(ctx: Context, text: str) -> Reply:
    """Every name of the one unit or task that *text* means."""
    subject = subject_called(ctx, text, _subjects(ctx), "别名 {}", _WHERE)
    if isinstance(subject, Reply):
        return subject
    word, names = subject.word, _others(subject)
    shown = f"也叫：{'、'.join(map(harmless, names))}。" if names else "没有其他叫法。"
    lines = [f"{_label(subject)} {shown}", f"增加请发“别名 {word} 新叫法”。"]
    if _removable(subject):
        lines.append(f"删除请发“删除别名 {word} {harmless(_removable(subject)[-1])}”。")
    return Reply("\n".join(lines))


def give_names(ctx: Context, target: str, text: str) -> Reply:
    """Give the names in *text* to what *target* means; all of them or, when refused, none."""
    subjects = _subjects(ctx)
    subject = _subject(ctx, target, text, subjects, "别名")
    if isinstance(subject, Reply):
        return subject
    names = list(dict.fromkeys(each for each in _BETWEEN.split(clean(text).strip()) if each))
    for name in names:
        _check(ctx, name, subject, subjects)
    _keep(ctx, subject, names, withdrawn=False)
    return Reply(f"已记下：{_label(subject)} 也叫{_listed(names)}。")


def take_name(ctx: Context, target: str, name: str) -> Reply:
    """Take one name back; without *target* from whatever bears it."""
    subjects = _subjects(ctx)
    key = name_key(name)
    if target:
        subject = _subject(ctx, target, name, subjects, "删除别名")
        if isinstance(subject, Reply):
            return subject
    else:
        bearers = [each for each in subjects if key in map(name_key, _others(each))]
        if len(bearers) != 1:
            where = "、".join(_label(each) for each in bearers)
            raise Refused(
                f"{f'“{harmless(name)}”是{where}的叫法。' if bearers else ''}{HOW_TO_REMOVE}"
            )
        subject = bearers[0]
    stored = next((each for each in _others(subject) if name_key(each) == key), None)
    if stored is None:
        own = "、".join(map(harmless, _removable(subject))) or "无"
        raise Refused(f"{_label(subject)} 没有“{harmless(name)}”这个叫法。可删除的有：{own}。")
    if command_key(stored) != command_key(name):
        raise Refused(
            f"{_label(subject)} 的叫法写作“{harmless(stored)}”，未作改动。\n"
            f"确要删除请发“删除别名 {subject.word} {harmless(stored)}”。"
        )
    if stored not in _removable(subject):
        raise Refused(f"“{harmless(stored)}”是 {_label(subject)} 的简称，各处显示用它，不能删除。")
    _keep(ctx, subject, [stored], withdrawn=True)
    back = f"别名 {subject.word} {harmless(stored)}"
    return Reply(f"已删除：{_label(subject)} 不再叫{_listed([stored])}。恢复请发“{back}”。")


def split_target(text: str, programmes: Iterable[Programme]) -> tuple[str, str]:
    """What is named and the names that follow; 州1-7 dajuan-2021 is one target."""
    words = clean(text).split()
    codes = {command_key(word) for each in programmes for word in (each.code, each.short_title)}
    size = 2 if len(words) > 1 and command_key(words[1]) in codes else 1
    return " ".join(words[:size]), " ".join(words[size:])


def _subjects(ctx: Context) -> list[Subject]:
    return all_subjects(ctx, administered(ctx))


def _subject(
    ctx: Context, target: str, text: str, subjects: Sequence[Subject], word: str
) -> Subject | Reply:
    again = clean(text).replace("{", "{{").replace("}", "}}")
    return subject_called(ctx, target, subjects, f"{word} {{}} {again}", _WHERE)


def _check(ctx: Context, name: str, subject: Subject, subjects: Iterable[Subject]) -> None:
    """Refuse what is no name, or is the name of something else in the same area or programme."""
    key, shown = name_key(name), harmless(name[:LONGEST])
    if not SHORTEST <= len(name) <= LONGEST or not _NAME.fullmatch(name) or len(key) < SHORTEST:
        raise Refused(f"“{shown}”不能作叫法。叫法应为{SHORTEST}至{LONGEST}个字，不含标点。\n{HOW}")
    if is_number(number_key(name)) or ctx.services.registry.is_word(command_key(name)):
        raise Refused(f"“{shown}”是编号或操作用语，不能作叫法，请换一个。")
    if reason := why_no_name(name, ctx.services.registry, ctx.today):
        raise Refused(f"“{shown}”{reason}，不能作叫法，请换一个。")
    subjects = tuple(subjects)
    _refuse_known(key, shown, subject, subjects)
    _refuse_part(name, key, subject, subjects)


def _refuse_known(key: str, shown: str, subject: Subject, subjects: Iterable[Subject]) -> None:
    for other in subjects:
        if _is_near(other, subject) and key in map(name_key, _all_names(other)):
            if _is_same(other, subject):
                raise Refused(f"{_label(subject)} 已有“{shown}”这个叫法，无需再加。")
            raise Refused(
                f"“{shown}”已是 {_label(other)} 的叫法，未作改动。请换一个，或先把它从那里删除。"
            )


def _refuse_part(name: str, key: str, subject: Subject, subjects: Iterable[Subject]) -> None:
    """Refuse a part of another's name, its sound or initials: both would be meant from now on."""
    others = [e for e in subjects if _is_near(e, subject) and not _is_same(e, subject)]
    named = [named_as(str(at), each) for at, each in enumerate(others)]
    match = find(name, named, len(named))
    likely = {int(c.key) for c in match.candidates if c.score >= _LIKE and c.how in _HEARD}
    found = [
        each
        for at, each in enumerate(others)
        if at in likely or any(key in name_key(called) for called in _all_names(each))
    ]
    if found:
        which = "、".join(map(_label, found[:_MOST_NAMED]))
        rest = f"等{len(found)}项" if len(found) > _MOST_NAMED else ""
        raise Refused(
            f"发“{harmless(name)}”也会找到 {which}{rest}，容易混淆，未作改动。请换个更具体的叫法。"
        )


def _is_near(other: Subject, subject: Subject) -> bool:
    """Units are told apart within their area, tasks within their programme, units from both."""
    if other.task is not None and subject.task is not None:
        return other.programme.id == subject.programme.id
    return other.programme.area_id == subject.programme.area_id


def _is_same(one: Subject, other: Subject) -> bool:
    if one.task is not None and other.task is not None:
        return one.task.id == other.task.id
    return one.unit is not None and other.unit is not None and one.unit.id == other.unit.id


def _all_names(subject: Subject) -> tuple[str, ...]:
    known = named_as("", subject)
    return (*filter(None, (known.number,)), known.title, *known.aliases)


def _others(subject: Subject) -> list[str]:
    bearer = subject.task or subject.unit
    return list(bearer.aliases) if bearer else []


def _removable(subject: Subject) -> list[str]:
    """All but a task's first: its short name, which every list shows."""
    return _others(subject)[1:] if subject.task is not None else _others(subject)


def _label(subject: Subject) -> str:
    return short_name(subject.task) if subject.task is not None else harmless(subject.word)


def _listed(names: Iterable[str]) -> str:
    return "、".join(f"“{harmless(name)}”" for name in names)


def _keep(ctx: Context, subject: Subject, names: Sequence[str], *, withdrawn: bool) -> None:
    """The names as they hold from now on, what was said, and who said it."""
    bearer = subject.task or subject.unit
    if bearer is None:
        return
    before = list(bearer.aliases)
    bearer.aliases = (
        [each for each in before if each not in names] if withdrawn else [*before, *names]
    )
    task_id = bearer.id if subject.task is not None else None
    unit_id = bearer.id if subject.task is None else None
    for name in names:
        ctx.session.add(
            Alias(
                unit_id=unit_id,
                task_id=task_id,
                name=name,
                withdrawn=withdrawn,
                made_at=ctx.now,
                made_by=ctx.speaker.id,
            )
        )
    ctx.session.add(bearer)
    ctx.record(
        "remove_alias" if withdrawn else "add_alias",
        "task" if subject.task is not None else "unit",
        bearer.id or 0,
        before={"aliases": before},
        after={"aliases": list(bearer.aliases)},
    )
    ctx.session.flush()
