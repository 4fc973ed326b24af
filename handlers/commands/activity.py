"""动态: news, summaries, reports and cases of a task or project are recorded by month."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from handlers.context import Context
from handlers.reading.normalise import command_key
from handlers.reading.publications import LinkProblem, Publication, read_publication
from handlers.registry import InGroup, command
from handlers.standing.policy import activity_policy
from handlers.supervising.activity_text import activity_text, lacking_text, matrix_of, month_text
from handlers.supervising.fact_rights import tell_reporter
from handlers.supervising.fact_words import number_first
from handlers.supervising.first_word import first_word, repeated
from handlers.supervising.publishing import (
    Topic,
    published,
    require_right,
    topic_called,
    topic_of,
)
from models.activity import Activity, ActivityKind, activity_numbered
from models.audit import record
from models.corrected import Numbered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

HOW = "请写明任务或项目、标题和链接，如：\n动态 任务 标题 https://……"
WHO = (RoleName.LIAISON, RoleName.ADMIN)
LONGEST_TITLE = 200
LONGEST_LINK = 1000


@command(
    "activity",
    "动态",
    "工作动态",
    usage="动态 任务 标题 链接",
    about="登记新闻报道、工作总结、专报、案例；默认计入本月，也可写“动态 任务 8月 标题 链接”",
    roles=WHO,
    group=InGroup.MOVE,
    alone=True,
)
def report_activity(ctx: Context, rest: str) -> Reply:
    """Record one published item, or say what is missing, or that it is recorded already."""
    if not rest.strip():
        return Reply(HOW)
    name, words = first_word(rest, ctx.programmes)
    topic = topic_called(ctx, name, ctx.programmes, repeated("动态 {}", words), HOW)
    if isinstance(topic, Reply):
        return topic
    require_right(ctx, topic)
    said = read_publication(words, topic.programme.year, ctx.today)
    _refuse_incomplete(topic, said)
    month = _month(ctx, topic, said)
    before = published(ctx, topic)
    if (same := _same(before, said, month.first)) is not None:
        return Reply(
            f"这条动态此前已登记为 动态{same.number}，未重复登记："
            f"{activity_text(same.row, ctx.today)}"
        )
    row = _stored(ctx, topic, said, month.first)
    _record(ctx, row, "report_activity", {})
    return Reply("\n".join(_receipt(ctx, topic, row, month, said)))


@dataclass(frozen=True)
class _Month:
    """The month for which an item counts, and how that is known."""

    first: date
    note: str


def _refuse_incomplete(topic: Topic, said: Publication) -> None:
    """One answer for a missing title and a missing or unusable link."""
    sample = f"动态 {topic.word} {said.title or '标题'} https://……"
    if said.problem is LinkProblem.SEVERAL:
        raise Refused(f"一次登记一条动态，收到几个链接，尚未登记。请分条发送，如：\n{sample}")
    if said.problem is LinkProblem.FOREIGN:
        raise Refused(f"链接应以 http:// 或 https:// 开头，尚未登记。请改好后整条发回：\n{sample}")
    missing = [] if command_key(said.title) else ["标题"]
    if said.problem is LinkProblem.NONE and not said.needs_no_link:
        missing.append("链接")
    if missing:
        raise Refused(
            f"还缺{'、'.join(missing)}，尚未登记。请补全后整条发回（确无链接请在末尾写“无链接”）：\n"
            f"{sample}"
        )


def _month(ctx: Context, topic: Topic, said: Publication) -> _Month:
    """The stated month, else the one that the title speaks of, else the present one."""
    this = ctx.today.replace(day=1)
    example = f"动态 {topic.word} {this.month}月 标题 链接"
    if said.no_such_month:
        raise Refused(f"“{said.no_such_month}”没有这个月，尚未登记。请改好后重发，如：\n{example}")
    if said.month is not None and said.month > this:
        shown = month_text(said.month, ctx.today.year)
        raise Refused(f"“{shown}”还没有到，尚未登记。请改正月份后重发，如：\n{example}")
    if said.month is not None:
        return _Month(said.month, "")
    spoken = [month for month in said.title_months if month <= this]
    if len(spoken) > 1:
        listed = "、".join(month_text(month, ctx.today.year) for month in spoken)
        raise Refused(f"标题中有几个月份（{listed}），尚未登记。请写明计入哪个月，如：\n{example}")
    if spoken:
        return _Month(spoken[0], "（按标题中的月份）")
    return _Month(this, "（未写月份，按本月）")


def _same(
    before: list[Numbered[Activity]], said: Publication, month: date
) -> Numbered[Activity] | None:
    """What was recorded with this link, or with this title in the same month."""
    title = command_key(said.title)
    return next(
        (
            each
            for each in before
            if (said.link and each.row.link == said.link)
            or (each.row.month == month and title and command_key(each.row.title) == title)
        ),
        None,
    )


def _stored(ctx: Context, topic: Topic, said: Publication, month: date) -> Activity:
    row = Activity(
        task_id=topic.task.id if topic.task else None,
        project_id=topic.project.id if topic.project else None,
        month=month,
        kind=said.kind or ActivityKind.NEWS,
        title=said.title[:LONGEST_TITLE],
        link=said.link[:LONGEST_LINK],
        reported_at=ctx.now,
        reported_by=ctx.speaker.id,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def _receipt(
    ctx: Context, topic: Topic, row: Activity, month: _Month, said: Publication
) -> list[str]:
    kind = "" if said.kind else "类别未写，按新闻报道登记。"
    under = f"{topic.task.number} " if topic.task and topic.project else ""
    lines = [
        f"已登记 动态{row.id} {under}{topic.name}",
        activity_text(row, ctx.today),
        f"计入{month_text(row.month, ctx.today.year)}{month.note}。{kind}",
    ]
    lines += _lacking(ctx, topic)
    return [*lines, f"要改请发“更正 动态{row.id} 8月”等，要收回请发“撤回 动态{row.id}”。"]


def _lacking(ctx: Context, topic: Topic) -> list[str]:
    """How many months still lack an item, where the programme asks for them."""
    policy = activity_policy(topic.programme)
    if policy is None:
        return []
    rows = published(ctx, topic)
    matrix = matrix_of(topic.name, rows, topic.programme.year, ctx.today, policy)
    return [] if matrix is None else [lacking_text(matrix, policy, ctx.today)]


def _record(ctx: Context, row: Activity, action: str, before: dict[str, Any]) -> None:
    record(
        ctx.session,
        at=ctx.now,
        member_id=ctx.speaker.id,
        action=action,
        table="activity",
        row=row.id or 0,
        before=before,
        after={} if row.withdrawn else _facts(row),
    )


def _facts(row: Activity) -> dict[str, Any]:
    return row.model_dump(mode="json", include={"month", "kind", "title", "link"})


@command(
    "amend_activity",
    "更正动态",
    "订正动态",
    "动态更正",
    usage="更正动态 7 8月",
    about="更正一条动态的月份、标题、类别或链接，只写要改的内容",
    roles=WHO,
    group=InGroup.MOVE,
)
def amend_activity(ctx: Context, rest: str) -> Reply:
    """A further row with what was changed; the number stays."""
    number, words = _numbered(rest, "更正")
    old, topic = _own(ctx, number)
    reporter = ctx.session.get_one(Activity, number).reported_by
    said = read_publication(words, topic.programme.year, ctx.today)
    if said.problem in (LinkProblem.SEVERAL, LinkProblem.FOREIGN):
        _refuse_incomplete(topic, replace(said, title=said.title or old.title))
    month = _month(ctx, topic, said).first if said.month or said.no_such_month else old.month
    row = _copy(ctx, old, month=month)
    row.kind, row.link = said.kind or old.kind, said.link[:LONGEST_LINK] or old.link
    row.title = said.title[:LONGEST_TITLE] or old.title
    if _facts(row) == _facts(old):
        raise Refused(f"动态{number} 没有变化。请写明要改的内容，如：\n更正 动态{number} 8月")
    ctx.session.add(row)
    ctx.session.flush()
    _record(ctx, row, "amend_activity", _facts(old))
    lines = [
        f"已更正 动态{number} {topic.name}",
        f"原：{activity_text(old, ctx.today)}",
        f"现：{activity_text(row, ctx.today)}",
    ]
    tell_reporter(ctx, reporter, "\n".join(lines), "activity")
    return Reply("\n".join([*lines, *_lacking(ctx, topic)]))


@command(
    "withdraw_activity",
    "撤回动态",
    "收回动态",
    "动态撤回",
    usage="撤回动态 7",
    about="收回一条动态",
    roles=WHO,
    group=InGroup.MOVE,
)
def withdraw_activity(ctx: Context, rest: str) -> Reply:
    """A further row that takes the item back; nothing is deleted."""
    number, _ = _numbered(rest, "撤回")
    old, topic = _own(ctx, number)
    row = _copy(ctx, old, month=old.month)
    row.withdrawn = True
    ctx.session.add(row)
    ctx.session.flush()
    _record(ctx, row, "withdraw_activity", _facts(old))
    said = f"已撤回 动态{number} {topic.name}（{activity_text(old, ctx.today)}）。"
    tell_reporter(ctx, ctx.session.get_one(Activity, number).reported_by, said, "activity")
    return Reply("\n".join([said, *_lacking(ctx, topic)]))


def _copy(ctx: Context, old: Activity, month: date) -> Activity:
    """A further row of the same item; what an issued document ticked becomes the reporter's."""
    return Activity(
        task_id=old.task_id,
        project_id=old.project_id,
        unit_id=old.unit_id,
        month=month,
        kind=old.kind,
        title=old.title,
        link=old.link,
        replaces_id=old.id,
        reported_at=ctx.now,
        reported_by=ctx.speaker.id,
    )


def _numbered(rest: str, word: str) -> tuple[int, str]:
    found = number_first(rest, "动态")
    if found is None:
        raise Refused(f"请写明登记时收到的动态编号，如“{word} 动态7”。")
    return found


def _own(ctx: Context, number: int) -> tuple[Activity, Topic]:
    """The item that stands under *number*; refused where there is none or it is not theirs."""
    row = activity_numbered(ctx.session, number)
    if row is None:
        raise Refused(f"没有编号为“动态{number}”的登记。请核对登记时收到的编号。")
    if row.withdrawn:
        raise Refused(f"动态{number} 此前已撤回。重新登记请发“动态”加任务、标题和链接。")
    topic = topic_of(ctx, row)
    require_right(ctx, topic)
    return row, topic
