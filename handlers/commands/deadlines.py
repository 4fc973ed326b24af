"""期限: an admin confirms assumed deadlines or gives another wording."""

import re

from handlers.context import Context
from handlers.lists import keep_list, page_asked, page_of, shown_list
from handlers.reading.normalise import command_key, normalise
from handlers.registry import InGroup, command
from handlers.supervising.choosing import programme_called
from handlers.supervising.deadlines import (
    EXAMPLE,
    DeadlineGroup,
    all_groups,
    confirm_group,
    group_lines,
    group_of,
    pending_groups,
    uncounted,
    undated,
)
from handlers.supervising.rewriting import amend_group, changed_since, withdraw_group
from handlers.supervising.scope import administered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme

_TEMPLATE = "期限 {}"
#: What 确认 repeats after a rewriting was only shown.
_AGREED_TEMPLATE = "期限 改写 {}"
_WITHDRAW_TEMPLATE = "期限 撤回核对 {}"
_ALL = frozenset(("全部", "所有", "全部确认"))
_CONFIRM = re.compile(r"确认\s*(?P<which>.*)", re.DOTALL)
#: A group by what a list holds of it, with a mark of the wording seen there.
_GROUP = r"组\d+(?:-[0-9a-f]{8})?"
_AGREED = re.compile(rf"改写\s*(?P<group>{_GROUP})\s+(?P<wording>\S.*)", re.DOTALL)
_CHOSEN = re.compile(
    rf"(?P<group>{_GROUP}|\d{{1,3}}(?=[\s:：.、,，]|$))[\s:：.、,，]*(?P<wording>.*)", re.DOTALL
)
_WITHDRAW = re.compile(rf"撤回\s*(?P<agreed>核对)?\s*(?P<group>{_GROUP}|\d{{1,3}})")
#: How many groups are shown at once; confirming them makes room for the rest.
_SHOWN = 15
LIST_FIRST = "请先发“期限”查看清单，再按清单上的序号办理。"


@command(
    "deadlines",
    "期限",
    usage="期限 [全部]；期限 确认 1；期限 1 每季后10日前；期限 撤回 1",
    about="查看推定或未读懂的报送期限，确认或改写后才会催报",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def deadlines(ctx: Context, rest: str) -> Reply:
    """The list, a confirmation, one group in full, another wording for it, or the old one."""
    rest = rest.strip()
    if found := _CONFIRM.fullmatch(rest):
        return Reply("\n".join(_confirmed(ctx, found["which"])))
    if found := _WITHDRAW.fullmatch(rest):
        group = _group_called(ctx, found["group"])
        is_agreed = found["agreed"] is not None
        lines = withdraw_group(ctx, group, template=_WITHDRAW_TEMPLATE, agreed=is_agreed)
        return _done(ctx, group, lines)
    agreed = _AGREED.fullmatch(rest)
    if found := agreed or _CHOSEN.fullmatch(rest):
        group, said = _group_called(ctx, found["group"]), found["wording"].strip()
        if not said:
            return Reply("\n".join(_one(ctx, group)))
        lines = amend_group(ctx, group, said, template=_AGREED_TEMPLATE, agreed=agreed is not None)
        return _done(ctx, group, lines)
    return Reply("\n".join(_list(ctx, rest)))


def _done(ctx: Context, group: DeadlineGroup, lines: list[str]) -> Reply:
    """The answer; the list on the screen means the group as its reader has just changed it."""
    row = shown_list(ctx.session, ctx.speaker.id, ctx.now)
    now = group_of(ctx, administered(ctx), group.requirements[0].id or 0)
    if row is not None and row.template == _TEMPLATE and now is not None:
        head = f"{group.name}-"
        row.entries = [now.key if each.startswith(head) else each for each in row.entries]
    return Reply("\n".join(lines))


def _list(ctx: Context, rest: str) -> list[str]:
    """What waits for a word, or with 全部 every group, of one programme or all of them."""
    asked, page = page_asked(rest)
    words = asked.split()
    is_all = any(word in _ALL for word in words)
    programmes = _chosen(ctx, " ".join(word for word in words if word not in _ALL))
    groups = all_groups(ctx, programmes) if is_all else pending_groups(ctx, programmes)
    if not groups:
        return ["报送期限均已明确，没有需要确认的；已确认和已改写的请发“期限 全部”。"]
    shown = page_of(page, len(groups), _SHOWN, f"共{len(groups)}组")
    keep_list(ctx, _TEMPLATE, [group.key for group in groups])
    lines = [f"共{len(groups)}组报送期限" if is_all else f"有{len(groups)}组报送期限待确认"]
    if len(groups) > _SHOWN:
        more = f"，翻页请发“期限{' 全部' if is_all else ''} 第{page + 1}页”"
        lines[0] += f"，这是第{page}页{more if shown.stop < len(groups) else ''}"
    lines[0] += "：" if is_all else "，确认前不催报："
    title = ""
    for at, group in enumerate(groups[shown], start=shown.start + 1):
        if group.programme.short_title != title:
            title = group.programme.short_title
            lines.append(f"【{title}】")
        lines += _entry(at, group, is_all=is_all)
    lines += [] if is_all else ["认可请发“期限 确认 1”或“期限 确认 全部”；"]
    lines += ["恢复原写法请发“期限 撤回 序号”；"] if any(g.is_amended for g in groups) else []
    return [*lines, f"改写请写序号和期限，{EXAMPLE.format('1')}"]


def _chosen(ctx: Context, text: str) -> list[Programme]:
    """The programme named, or all of the speaker's."""
    programmes = administered(ctx)
    if not command_key(text):
        return programmes
    named = programme_called(ctx, text, programmes)
    if named is None:
        titles = "、".join(each.short_title for each in programmes)
        raise Refused(f"没有认出“{text[:20]}”。可写专项（{titles}），或{EXAMPLE.format('1')}")
    return [named]


def _entry(at: int, group: DeadlineGroup, *, is_all: bool) -> list[str]:
    state = [f"　{_state(group)}"] if is_all or group.is_amended else []
    notes = state + [f"　推定：{note}" for note in group.assumed]
    notes += [f"　未读懂：{why}" for why in group.open]
    notes += [] if group.has_dates else ["　没有日期，不能确认，请改写"]
    return [f"{at}. {group.wording}（{group.tasks_text}）", *notes]


def _state(group: DeadlineGroup) -> str:
    """Whether it is in force, and the declared wording where an admin's own holds."""
    if group.is_pending:
        word = "待确认"
    else:
        word = "已确认" if group.requirements[0].confirmed_at else "原件已写明"
    return f"已改写，{word}；原写法：{group.requirements[0].declared}" if group.is_amended else word


def _one(ctx: Context, group: DeadlineGroup) -> list[str]:
    """The group in full; the list stays as it is, so that its numbers keep their meaning."""
    row = shown_list(ctx.session, ctx.speaker.id, ctx.now)
    entries = list(row.entries) if row is not None and row.template == _TEMPLATE else []
    word = entries.index(group.key) + 1 if group.key in entries else group.name
    can = group.is_pending and group.has_dates
    accept = f"认可请发“期限 确认 {word}”；" if can else ""
    back = f"恢复原写法请发“期限 撤回 {word}”；" if group.is_amended else ""
    how = f"{accept}{back}改写请发序号和期限，{EXAMPLE.format(word)}"
    return [*group_lines(ctx, group), how]


def _confirmed(ctx: Context, which: str) -> list[str]:
    """Confirm the groups named; all of them only where all are asked for."""
    if command_key(which) in _ALL:
        groups = pending_groups(ctx, administered(ctx))
    else:
        named = [_group_called(ctx, each) for each in _numbers(which)]
        groups = [group for group in named if group.is_pending]
        if not groups:
            return ["这些期限此前已经确认，没有变化。"]
    if not groups:
        return ["报送期限均已明确，没有需要确认的。"]
    return _confirm(ctx, groups, is_all=command_key(which) in _ALL)


def _confirm(ctx: Context, groups: list[DeadlineGroup], *, is_all: bool) -> list[str]:
    """Confirm them; of all groups those without dates are left out and named."""
    skipped = [group for group in groups if is_all and not group.has_dates]
    taken = [group for group in groups if group not in skipped]
    for group in taken:
        confirm_group(ctx, group)
    lines = [f"已确认：{group.wording}（{group.tasks_text}）" for group in taken[:_SHOWN]]
    if len(taken) > _SHOWN:
        lines.append(f"等{len(taken)}组")
    lines += [f"未读懂的部分没有期限：{why}" for group in taken for why in group.open]
    lines += [f"未确认，{undated(group)}" for group in skipped[:_SHOWN]]
    if skipped:
        lines.append(f"没有日期的{len(skipped)}组请逐组改写，{LIST_FIRST}")
    if taken:
        lines += [*uncounted(ctx, taken), "从现在起，这些期限到时会照常提醒。"]
    return lines


def _numbers(which: str) -> list[str]:
    plain = normalise(which)
    found = re.findall(r"组\d+|\d{1,3}", plain)
    if not found or re.sub(r"组\d+|\d{1,3}|[\s、,和及]", "", plain):
        raise Refused("请写明要确认的序号，例如：\n期限 确认 1 3\n期限 确认 全部")
    return list(dict.fromkeys(found))


def _group_called(ctx: Context, word: str) -> DeadlineGroup:
    """The group at this place of the list last shown; only this command's own list counts."""
    key = word if word.startswith("组") else _key_at(ctx, int(word))
    name, _, seen = key.partition("-")
    group = group_of(ctx, administered(ctx), int(name.removeprefix("组")))
    if group is None:
        raise Refused(f"这一组期限已不在专项中。{LIST_FIRST}")
    if seen and group.key != f"{group.name}-{seen}":
        raise Refused(f"{changed_since(ctx, group)}，与您看到的不同，未作改动。{LIST_FIRST}")
    return group


def _key_at(ctx: Context, number: int) -> str:
    row = shown_list(ctx.session, ctx.speaker.id, ctx.now)
    if row is None or row.template != _TEMPLATE:
        raise Refused(LIST_FIRST)
    if not 1 <= number <= len(row.entries):
        raise Refused(f"清单上没有第{number}组。{LIST_FIRST}")
    return str(row.entries[number - 1])
