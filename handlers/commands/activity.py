"""动态: news, summaries, reports and cases of a task or project are recorded by month."""

from dataclasses import dataclass, replace
from datetime import date

from handlers.context import Context
from handlers.reading.normalise import command_key
from handlers.reading.publications import LinkProblem, Publication, read_publication
from handlers.registry import InGroup, command
from handlers.standing.policy import activity_policy
from handlers.supervising.activities import (
    Known,
    changeable,
    copy_of,
    take_back,
)
from handlers.supervising.activity_text import activity_text, lacking_text, matrix_of, month_text
from handlers.supervising.fact_rights import tell_reporter
from handlers.supervising.fact_store import facts_of, store
from handlers.supervising.fact_words import number_first, only_number
from handlers.supervising.first_word import first_word, repeated
from handlers.supervising.publishing import Topic, published, require_right, topic_called
from models.activity import Activity, ActivityKind
from models.corrected import Numbered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme
from models.project import projects_of

HOW = "请写明任务或项目、标题和链接，如：\n动态 任务 标题 https://……"
WHO = (RoleName.LIAISON, RoleName.ADMIN)
LONGEST_TITLE = 200
LONGEST_LINK = 500


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
    programmes = _publishing(ctx)
    name, words = first_word(rest, programmes)
    topic = topic_called(ctx, name, programmes, repeated("动态 {}", words), HOW)
    if isinstance(topic, Reply):
        return topic
    require_right(ctx, topic)
    said = read_publication(words, topic.programme.year, ctx.today)
    _refuse_incomplete(topic, said)
    _refuse_too_long(said)
    month = _month(ctx, topic, said)
    before = published(ctx, topic)
    if (same := _same(before, said, month.first)) is not None:
        return Reply(_said_before(ctx, same, month.first))
    row = _row(ctx, topic, said, month.first)
    store(ctx, row, "report_activity", {})
    return Reply("\n".join(_receipt(ctx, topic, row, month, said)))


def _publishing(ctx: Context) -> list[Programme]:
    """The speaker's programmes that ask for 动态; refused where there is none."""
    found = [
        each
        for each in ctx.programmes
        if activity_policy(each) is not None or projects_of(ctx.session, each.id or 0)
    ]
    if not found:
        raise Refused("您的专项不登记动态。工作进展请发“报送”加任务编号和内容。")
    return found


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


def _refuse_too_long(said: Publication) -> None:
    """What is too long is refused, since half a link leads nowhere."""
    for name, text, longest in (
        ("链接", said.link, LONGEST_LINK),
        ("标题", said.title, LONGEST_TITLE),
    ):
        if len(text) > longest:
            raise Refused(
                f"{name}有{len(text)}个字符，最多{longest}个，尚未登记。请改短后整条重发。"
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
    year = topic.programme.year
    if said.month is not None and said.month.year != year:
        shown = month_text(said.month, ctx.today.year)
        raise Refused(f"“{shown}”不在{year}年度，尚未登记。请改正月份后重发，如：\n{example}")
    if said.month is not None:
        return _Month(said.month, "")
    spoken = [month for month in said.title_months if month <= this and month.year == year]
    if len(spoken) > 1:
        listed = "、".join(month_text(month, ctx.today.year) for month in spoken)
        raise Refused(f"标题中有几个月份（{listed}），尚未登记。请写明计入哪个月，如：\n{example}")
    if spoken:
        return _Month(spoken[0], "（按标题中的月份）")
    if this.year != year:
        raise Refused(
            f"请写明计入{year}年哪个月，尚未登记，如：\n动态 {topic.word} {year}年12月 标题 链接"
        )
    return _Month(this, "（未写月份，按本月）")


def _same(
    before: list[Numbered[Activity]], said: Publication, month: date
) -> Numbered[Activity] | None:
    """What was recorded with this link; by title and month only where neither has a link."""
    title = command_key(said.title)
    return next(
        (
            each
            for each in before
            if (each.row.link == said.link if said.link or each.row.link else False)
            or (
                not (said.link or each.row.link)
                and each.row.month == month
                and title
                and command_key(each.row.title) == title
            )
        ),
        None,
    )


def _said_before(ctx: Context, same: Numbered[Activity], month: date) -> str:
    """That it is recorded already, and how another month is set."""
    word = f"动态{same.number}"
    lines = [f"这条动态此前已登记为 {word}，未重复登记：{activity_text(same.row, ctx.today)}"]
    if same.row.month != month:
        wanted = month_text(month, ctx.today.year)
        lines.append(f"要改为计入{wanted}，请发“更正 {word} {wanted}”。")
    return "\n".join(lines)


def _row(ctx: Context, topic: Topic, said: Publication, month: date) -> Activity:
    return Activity(
        task_id=topic.task.id if topic.task else None,
        project_id=topic.project.id if topic.project else None,
        month=month,
        kind=said.kind or ActivityKind.NEWS,
        title=said.title,
        link=said.link,
        reported_at=ctx.now,
        reported_by=ctx.speaker.id,
    )


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
    found = number_first(rest, "动态")
    if found is None:
        raise Refused("请写明登记时收到的动态编号，如“更正 动态7”。")
    number, words = found
    known = changeable(ctx, number)
    row = _amended(ctx, known, words)
    if facts_of(row) == facts_of(known.row):
        raise Refused(f"动态{number} 没有变化。请写明要改的内容，如：\n更正 动态{number} 8月")
    store(ctx, row, "amend_activity", facts_of(known.row))
    lines = [
        f"已更正 动态{number} {known.topic.name}",
        f"原：{activity_text(known.row, ctx.today)}",
        f"现：{activity_text(row, ctx.today)}",
    ]
    tell_reporter(ctx, known.reporter, "\n".join(lines), "activity")
    return Reply("\n".join([*lines, *_lacking(ctx, known.topic)]))


def _amended(ctx: Context, known: Known, words: str) -> Activity:
    """The further row with what *words* change."""
    old, topic = known.row, known.topic
    said = read_publication(words, topic.programme.year, ctx.today)
    if said.problem in (LinkProblem.SEVERAL, LinkProblem.FOREIGN):
        _refuse_incomplete(topic, replace(said, title=said.title or old.title))
    _refuse_too_long(said)
    row = copy_of(ctx, old)
    if said.month or said.no_such_month:
        row.month = _month(ctx, topic, said).first
    row.kind, row.link = said.kind or old.kind, said.link or old.link
    row.title = said.title or old.title
    return row


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
    known = changeable(ctx, only_number(rest, "动态", "撤回"))
    said = take_back(ctx, known)
    tell_reporter(ctx, known.reporter, said, "activity")
    return Reply("\n".join([said, *_lacking(ctx, known.topic)]))
