"""The State Council's notice pasted into the chat: what it would set, and setting it on 确认."""

from handlers.context import Context
from handlers.lists import keep_list
from handlers.supervising.working_days import Effects, days_text
from models.errors import Refused
from models.rules.holiday_notice import HolidayNotice, read_holiday_notice
from models.workday import YearChange, take_year

#: How many disagreements are named in one answer.
_SHOWN = 10


def notice_asked(ctx: Context, text: str, template: str) -> list[str]:
    """What the notice says, holiday by holiday; 确认 repeats it by *template* and takes it."""
    notice = _read(text, ctx)
    change = _tried(ctx, notice)
    lines = [f"读到{notice.year}年放假安排："]
    for each in notice.holidays:
        work = f"；{days_text(each.work)}上班" if each.work else ""
        lines.append(f"{each.name}：{days_text(each.off)}放假{work}")
    if change.is_nothing:
        return [*lines, *_kept(change), _known(notice)]
    keep_list(ctx, template, [text])
    changed = [f"将{line}" for line in _changed(change)]
    return [*lines, *changed, *_kept(change), "核对无误请回复“确认”，即录入全年。"]


class _Tried(Exception):
    """Leaves a savepoint that was only to show what a notice changes."""

    def __init__(self, change: YearChange) -> None:
        self.change = change


def _tried(ctx: Context, notice: HolidayNotice) -> YearChange:
    """What taking the notice would change; nothing is changed."""
    try:
        with ctx.session.begin_nested():
            raise _Tried(take_year(ctx.session, notice.year, notice.days))
    except _Tried as tried:
        ctx.session.expire_all()
        return tried.change


def _changed(change: YearChange) -> list[str]:
    """The days that are otherwise than until now."""
    lines = [f"改为放假：{days_text(change.off)}。"] if change.off else []
    return [*lines, f"改为上班：{days_text(change.work)}。"] if change.work else lines


def _known(notice: HolidayNotice) -> str:
    return f"{notice.year}年放假安排早已录入，没有变化。"


def notice_confirmed(ctx: Context, text: str) -> list[str]:
    """Take the notice and say what changed."""
    notice = _read(text, ctx)
    effects = Effects.before(ctx)
    change = take_year(ctx.session, notice.year, notice.days)
    if change.is_nothing:
        return [_known(notice), *_kept(change)]
    ctx.record(
        "calendar_year",
        "calendar_year",
        notice.year,
        after={"off": [str(d) for d in change.off], "work": [str(d) for d in change.work]},
    )
    head = f"已录入{notice.year}年放假安排：放假改{len(change.off)}天，上班改{len(change.work)}天。"
    return [head, *_changed(change), *_kept(change), *effects.after()]


def _read(text: str, ctx: Context) -> HolidayNotice:
    notice = read_holiday_notice(text)
    if not notice.problems:
        if abs(notice.year - ctx.today.year) > 1:
            raise Refused(f"通知是{notice.year}年的，只录入今年和明年的安排，请核对。")
        return notice
    shown = [f"第{each.line}行：{each.text}" for each in notice.problems[:_SHOWN]]
    if (rest := len(notice.problems) - len(shown)) > 0:
        shown.append(f"另有{rest}处")
    how = "请对照中国政府网的通知原文核对后，重新发“放假”加通知全文。"
    raise Refused("\n".join(["通知有不一致之处，未录入：", *shown, how]))


def _kept(change: YearChange) -> list[str]:
    if not change.kept:
        return []
    return [f"{days_text(change.kept)}此前已由管理员另行设定，保持不变。"]
