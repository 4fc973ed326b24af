"""话术: how messages begin that go out unasked, shown and reworded by an admin."""

from handlers.context import Context
from handlers.reading.harmless import harmless, shown
from handlers.reading.normalise import clean, name_key
from handlers.registry import InGroup, command
from handlers.standing.openings import POLICY, words_of
from handlers.supervising.choosing import programme_called
from handlers.supervising.scope import administered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme
from models.rules.opening import TEMPLATES, Opening, own_words

_BACK = ("恢复", "恢复默认", "默认")
_TO = ("改为", "改成", "改")
_SHOWN = 80


@command(
    "openings",
    "话术",
    "提醒用语",
    usage="话术 逾期提醒",
    about="查看、更改提醒和督办消息的开头；只发“话术”看全部",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def openings(ctx: Context, rest: str) -> Reply:
    """All openings, one of them, or one reworded in a programme."""
    programmes = administered(ctx)
    first, _, more = clean(rest).strip().partition(" ")
    named = programme_called(ctx, first, programmes, by_part=False) if first else None
    text = more.strip() if named else clean(rest).strip()
    chosen = [named] if named else list(programmes)
    if not text:
        return Reply("\n".join(_all(chosen)))
    which, words = _called(text)
    if not words:
        return Reply("\n".join(_one(which, chosen)))
    if len(chosen) > 1:
        example = f"话术 {chosen[0].short_title} {shown(text, 40)}"
        raise Refused(f"您管理几个专项，请写明专项后重发，如“{example}”。")
    return Reply("\n".join(_reworded(ctx, chosen[0], which, words)))


def _all(programmes: list[Programme]) -> list[str]:
    """Every opening as it is, those reworded by programme."""
    lines = ["消息开头如下，开头之后的清单和办法由我自动写明："]
    for which, template in TEMPLATES.items():
        lines.append(f"{which}：{template.words}")
        lines += [
            f"　【{each.short_title}】改为：{harmless(words)}"
            for each in programmes
            if (words := words_of(each, which)) != template.words
        ]
    return [*lines, f"更改请发“话术 {Opening.LATE} 改为 ……”，说明请发“话术 {Opening.LATE}”。"]


def _called(text: str) -> tuple[Opening, str]:
    """The opening that *text* begins with and what follows; refused where it names none."""
    for which in sorted(Opening, key=len, reverse=True):
        head, rest = text[: len(which)], text[len(which) :]
        if name_key(head) == name_key(which) and (not rest or not rest[0].isalnum()):
            return which, rest.strip(" ：:，,")
    names = "、".join(Opening)
    raise Refused(f"没有“{shown(text, 20)}”这条话术。请发“话术”加其中一条的名称：{names}。")


def _one(which: Opening, programmes: list[Programme]) -> list[str]:
    template = TEMPLATES[which]
    lines = [f"{which}：发给{template.reader}。"]
    lines += [f"【{each.short_title}】{harmless(words_of(each, which))}" for each in programmes]
    lines += [f"须保留“{blank}”，发送时填入实际内容。" for blank in template.blanks]
    return [
        *lines,
        f"更改请发“话术 {which} 改为 ……”，恢复请发“话术 {which} 恢复”。",
    ]


def _reworded(ctx: Context, programme: Programme, which: Opening, words: str) -> list[str]:
    """The opening changed, or back to the usual one, and how it reads now."""
    before = words_of(programme, which)
    after = _wanted(which, words)
    if after == before:
        return [f"“{which}”原来就是这样，没有变化。"]
    stated = {**(programme.stated(POLICY) or {}), which.value: after}
    if after == TEMPLATES[which].words:
        del stated[which.value]
    programme.amend(POLICY, stated or None)
    ctx.record(
        "opening",
        "programme",
        programme.id or 0,
        before={which.value: before},
        after={which.value: after},
    )
    lines = [f"已更改，【{programme.short_title}】今后的“{which}”开头为：", harmless(after)]
    back = f"恢复原来的请发“话术 {programme.short_title} {which} 恢复”。"
    return lines if after == TEMPLATES[which].words else [*lines, back]


def _wanted(which: Opening, words: str) -> str:
    if words in _BACK:
        return TEMPLATES[which].words
    said = next((words[len(to) :] for to in _TO if words.startswith(to)), words)
    try:
        return own_words(which, said.strip(" ：:"))
    except ValueError as problem:
        example = TEMPLATES[which].words
        raise Refused(
            f"{problem}，未作更改。例如：\n话术 {which} 改为 {shown(example, _SHOWN)}"
        ) from None
