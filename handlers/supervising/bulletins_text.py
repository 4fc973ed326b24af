"""What is said about documents: drafts with their check, what was issued, what to send next."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.reading.harmless import harmless, shown
from handlers.supervising.bulletin_files import Made, document_of, file_of, kind_of
from handlers.supervising.bulletins import Issued
from handlers.supervising.buttons import issue_button
from handlers.supervising.mastheads import PARTS
from handlers.supervising.texts import DEMO, full_day_text, issue_text
from models.bulletin import Bulletin
from models.card import about_draft
from models.message import Choice, Reply
from models.programme import Programme

_MOST_FAULTS = 8
_MOST_CHANGES = 5


def head(ctx: Context, row: Bulletin) -> str:
    """【重点民生实事】通报（2021年8月）."""
    programme = ctx.session.get_one(Programme, row.programme_id)
    kind = kind_of(ctx.services, row)
    mark = f"【{DEMO}】" if programme.demo else ""
    about = f"{issue_text(row.period)}{row.subject}"
    if row.corrects_id is not None:
        put_right = ctx.session.get_one(Bulletin, row.corrects_id)
        title = kind_of(ctx.services, put_right).title
        about = f"{issue_text(row.period)}，更正{title}{put_right.year}年第{put_right.number}号"
    return f"{mark}【{harmless(programme.short_title)}】{kind.title}（{harmless(about)}）"


def draft_reply(ctx: Context, row: Bulletin, made: Made, done: str = "草稿已生成") -> Reply:
    """The draft's file, what its check found, which words may be changed, and what to send."""
    lines = [f"{head(ctx, row)}{done}，数据截至{full_day_text(row.data_date)}。"]
    lines += _check_lines(made)
    lines += [f"提示：{shown(note, 80)}" for note in made.notes]
    programme = ctx.session.get_one(Programme, row.programme_id)
    document = document_of(kind_of(ctx.services, row), programme, row, ctx.services.zone)
    if titles := [each.title for each in document.editable()]:
        lines.append(f"可改文字：{'、'.join(titles)}，例如“通报 修改 {titles[0]} ……”。")
    ready = "核对无误请发“签发”" if not made.faults else "改好后请重发“通报”更新草稿"
    lines.append(f"{ready}，不用请发“通报 作废”。")
    about, choices = about_draft(row.id), _choices(row, made)
    return Reply("\n".join(lines), files=(made.file,), choices=choices, about=about)


def _choices(row: Bulletin, made: Made) -> tuple[Choice, ...]:
    """Nothing that has faults can be issued."""
    return () if made.faults else (issue_button(row),)


def _check_lines(made: Made) -> list[str]:
    if not made.faults:
        return ["自检：文件中的数与数据一致，合计、占比、名单相符。"]
    return [f"自检发现{len(made.faults)}处，改好前不能签发：", *fault_lines(made)]


def fault_lines(made: Made) -> list[str]:
    """The first disagreements with their places, and how many more there are."""
    lines = [f"- {shown(str(each), 120)}" for each in made.faults[:_MOST_FAULTS]]
    left = len(made.faults) - _MOST_FAULTS
    return [*lines, f"……另有{left}处"] if left > 0 else lines


def issued_reply(ctx: Context, row: Bulletin, result: Issued) -> Reply:
    """Issued under its number; or what changed since the draft, or what has to be mended first."""
    if result.changes:
        changes = [f"- {shown(each, 80)}" for each in result.changes[:_MOST_CHANGES]]
        left = len(result.changes) - _MOST_CHANGES
        more = [f"……另有{left}处"] if left > 0 else []
        lines = [
            f"{head(ctx, row)}起草后数据有更新，尚未签发，草稿已更新：",
            *changes,
            *more,
            *_check_lines(result.made),
            "核对无误请再发“签发”。",
        ]
        choices = _choices(row, result.made)
        about = about_draft(row.id)
        return Reply("\n".join(lines), files=(result.made.file,), choices=choices, about=about)
    if result.made.faults:
        lines = [
            f"{head(ctx, row)}未签发，自检发现{len(result.made.faults)}处：",
            *fault_lines(result.made),
            "请先更正数据或文字，再发“签发”。",
        ]
        return Reply("\n".join(lines), files=(result.made.file,))
    how = "" if row.is_letter or row.corrects_id else f"数据有误请发“更正说明 {row.number}号”。"
    return Reply(
        f"{head(ctx, row)}已签发，{row.year}年第{row.number}号。内容已固定。{how}",
        files=(result.made.file,),
    )


def notice(ctx: Context, row: Bulletin, *, named: bool) -> Reply:
    """What a leaders' group hears of an issued document; the file names who lags."""
    text = f"{head(ctx, row)}已印发，{row.year}年第{row.number}号，见附件。"
    if named:
        return Reply(text, files=(file_of(ctx.services, ctx.session, row),))
    text = f"{head(ctx, row)}已印发，{row.year}年第{row.number}号。查看请在单聊中发“通报”。"
    return Reply(text)


def overview(
    ctx: Context, drafts: Sequence[Bulletin], done: Sequence[Bulletin], *, named: bool
) -> Reply:
    """Open drafts for an admin, and the last issued ones with the newest circular's file."""
    newest = circulars(ctx, done)[:1]
    lines = [f"{head(ctx, row)}有草稿，签发请发“签发”。" for row in drafts]
    if done:
        lines.append("最近签发：")
        lines += [f"- {head(ctx, row)}{row.year}年第{row.number}号" for row in done]
        lines.append(_where_they_are(ctx, done, newest) if named else "")
    else:
        lines.append("还没有签发过通报。")
    files = tuple(file_of(ctx.services, ctx.session, row) for row in newest if named)
    if done and not named:
        lines.append("文件请在单聊中发“通报”查看。")
    return Reply("\n".join(filter(None, lines)), files=files)


def _where_they_are(ctx: Context, done: Sequence[Bulletin], newest: Sequence[Bulletin]) -> str:
    """Which document is attached, and how the others are read."""
    if len(done) == len(newest):
        return "全文见附件。"
    attached = f"附件为{head(ctx, newest[0])}；其他" if newest else ""
    return f"{attached}各期请发文号，例如“通报 {done[-1].number}号”。"


def circulars(ctx: Context, rows: Sequence[Bulletin]) -> list[Bulletin]:
    """Those that report on a programme: no letters to one unit, no corrections."""
    return [row for row in rows if not kind_of(ctx.services, row).by_hand]


HOW = (
    "起草请发“通报 8月”，改文字请发“通报 修改 特点 ……”，签发请发“签发”，作废请发“通报 作废”；"
    f"{'、'.join(PARTS)}可用“通报 文号 州民实通”设定。"
)
