"""定时: when which digest goes to whom, as an admin reads and sets it; also 周报 每周一9:00."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.supervising.digest_times import (
    Timed,
    change,
    digest_called,
    listed,
    next_text,
    of_digest,
    programmes_called,
    timed,
    wanted_from,
    which_programme,
)
from handlers.supervising.scope import administered
from models.member import RoleName
from models.message import Reply

NEXT = (
    "改时间如“周报 每周一9:00”，停发如“周报 停”，换群如“周报 发到 领导群”，"
    "迟报后不再更正如“周报 不更正”，立即发出如“发布 周报”。"
)


@command(
    "digest_times",
    "定时",
    usage="定时 周报 每周一9:00",
    about="简报何时发到哪些群；可直接写“周报 停”“周报 发到 领导群”",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def digest_times(ctx: Context, rest: str) -> Reply:
    """All times, one digest's, or what was changed, shown back in plain words."""
    if not rest.strip():
        return Reply("\n".join([*listed(timed(ctx, administered(ctx))), NEXT]))
    digest, text = digest_called(ctx, rest)
    called = programmes_called(ctx, text, digest)
    if not called.left:
        return Reply("\n".join([*(_shown(ctx, each) for each in called.found), NEXT]))
    wanted = [wanted_from(called.left, each) for each in called.found]
    if called.is_unclear:
        return which_programme(ctx, called.found, f"定时 {digest.word}", called.left)
    changed = [change(ctx, *pair) for pair in zip(called.found, wanted, strict=True)]
    now = of_digest(ctx, [each.programme for each in called.found], digest)
    lines = [_shown(ctx, each) for each in now]
    return Reply("\n".join([*lines, _outcome(now[0], is_changed=any(changed))]))


def _shown(ctx: Context, each: Timed) -> str:
    """【答卷专栏】周报：每周一9:00，发领导群。下次9月6日9:00。"""
    title = "" if each.digest.shared else f"【{each.programme.short_title}】"
    following = next_text(ctx, each)
    return f"{title}{each.digest.word}：{each.text}。{f'{following}。' if following else ''}"


def _outcome(each: Timed, *, is_changed: bool) -> str:
    word = each.digest.word
    if not is_changed:
        return "原来就是这样，未作改动。"
    if not each.on:
        return f"已改。恢复请发“{word} 恢复”。"
    return f"已改。停发请发“{word} 停”；立即发出请发“发布 {word}”。"
