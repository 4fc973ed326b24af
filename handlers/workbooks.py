"""A programme's workbook sent by chat: what it would change, and loading it once that is agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.context import Context
from handlers.lists import keep_list
from handlers.schedules import seed_schedules
from models.audit import record
from models.errors import Problem, ProgrammeError, Refused
from models.media import Media
from models.member import RoleName
from models.message import Reply
from models.programme import Programme, programme_by_code
from models.programmes.loader import LoadReport, load, untold
from models.programmes.people import RosterReport, load_roster

if TYPE_CHECKING:
    from models.programmes.workbook import Book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: How many lines of one kind are shown on a phone; the rest is counted.
SHOWN = 12


@dataclass(frozen=True)
class _Outcome:
    """What a load did, or would do."""

    programme: Programme
    report: LoadReport
    people: RosterReport | None
    is_new: bool


class _Undone(Exception):
    """Leaves a savepoint whose changes were only looked at."""


def workbook_sent(context: Context) -> Media | None:
    """The workbook that an admin sent with this message, the first of several."""
    if not context.speaker.has(RoleName.ADMIN):
        return None
    return next((each for each in context.media if each.mime == XLSX), None)


def offer_load(context: Context, media: Media) -> Reply:
    """What the workbook would change; `确认` loads it. Nothing is changed yet."""
    context.moved = True
    book = _read(context, media)
    _refuse_strangers(context, book)
    outcome: _Outcome | None = None
    try:
        with context.session.begin_nested():
            outcome = _loaded(context, book)
            text = _would(media.name, outcome, book)
            raise _Undone
    except _Undone:
        pass
    context.session.expire_all()
    if outcome is not None and not (outcome.is_new or outcome.report.changed or outcome.people):
        return Reply(f"《{media.name}》与现有专项一致，没有要改动的，未作处理。")
    keep_list(context, "载入 {}", [media.sha])
    return Reply(text)


def take_load(context: Context, sha: str) -> Reply:
    """Load the workbook that was offered; whoever confirms must be allowed to."""
    media = context.session.get(Media, sha.strip().lower())
    if media is None or media.mime != XLSX:
        raise Refused("没有等待载入的工作簿。请先发送 .xlsx 文件，空白模板请发“模板”。")
    book = _read(context, media)
    _refuse_strangers(context, book)
    outcome = _loaded(context, book)
    programme = outcome.programme
    seed_schedules(context.session, programme, context.services.registry)
    record(
        context.session,
        at=context.now,
        member_id=context.speaker.id,
        action="载入",
        table="programme",
        row=programme.id or 0,
        after={
            "fingerprint": programme.fingerprint,
            "differences": len(outcome.report.differences),
        },
    )
    report = outcome.report
    lines = [
        f"已载入专项“{programme.short_title}”：{len(report.tasks)}项任务，{_counted(report)}。",
        *_people_lines(outcome.people),
    ]
    if report.assumed:
        lines.append("有推定的报送期限，确认前不催报，请发“期限”核对。")
    return Reply("\n".join(lines))


def _read(context: Context, media: Media) -> "Book":
    """The workbook's content; what is wrong in it is the answer, place by place."""
    from models.programmes.workbook import read_workbook  # its library costs a start 0.1 s

    try:
        return read_workbook(context.services.media.get(media.stored_sha), media.name)
    except ProgrammeError as error:
        raise Refused(_wrong(media.name, error.problems)) from error


def _wrong(name: str, problems: Sequence[Problem]) -> str:
    head = f"《{name}》有{len(problems)}处要改，未载入任何内容："
    return "\n".join([head, *_few([str(each) for each in problems]), "改好后请重新发送。"])


def _refuse_strangers(context: Context, book: "Book") -> None:
    """An admin changes the own programmes; a new one, and people, need an admin of all."""
    programme = programme_by_code(context.session, book.definition.code)
    speaks_for_all = any(
        role.role == RoleName.ADMIN and role.programme_id is None for role in context.speaker.roles
    )
    if speaks_for_all:
        return
    if programme is None:
        raise Refused("新建专项需由负责全部专项的管理员载入，请转给他，或请运维人员用命令行载入。")
    if not context.speaker.has(RoleName.ADMIN, programme_id=programme.id):
        raise Refused(f"您不是专项“{programme.short_title}”的管理员，不能载入它的工作簿。")
    if book.roster is not None:
        raise Refused("“人员”表需由负责全部专项的管理员载入；请删去“人员”表的内容后重新发送。")


def _loaded(context: Context, book: "Book") -> _Outcome:
    session = context.session
    before = programme_by_code(session, book.definition.code)
    try:
        demo = any(each.demo for each in context.programmes)
        report = load(session, book.definition, context.now, demo=demo)
        people = load_roster(session, book.roster, context.now) if book.roster else None
    except ProgrammeError as error:
        raise Refused(_wrong("工作簿", error.problems)) from error
    programme = programme_by_code(session, report.programme)
    assert programme is not None, "a loaded programme is in the database"
    return _Outcome(programme, report, people, before is None)


def _would(name: str, outcome: _Outcome, book: "Book") -> str:
    report, programme = outcome.report, outcome.programme
    assumed = (*book.assumed, *untold(report.assumed, book.assumed))
    missed = (*book.not_understood, *untold(report.not_understood, book.not_understood))
    what = "新建" if outcome.is_new else "更新"
    lines = [
        f"《{name}》将{what}专项“{programme.title}”（{programme.code}，{programme.year}年）：",
        f"{len(report.tasks)}项任务，{_counted(report)}。",
        *_people_lines(outcome.people),
        *_block("变化", report.differences),
        *_block("推定", [str(each) for each in assumed]),
        *_block("未读懂", [str(each) for each in missed]),
        "尚未载入。载入请回复“确认”，不载入不用回复。",
    ]
    return "\n".join(lines)


def _counted(report: LoadReport) -> str:
    made = report.obligations
    parts = [
        f"新增{report.created}条" if report.created else "",
        f"更新{report.updated}条" if report.updated else "",
        f"期次新增{made.created}个" if made.created else "",
        f"期次调整{made.updated}个" if made.updated else "",
        f"期次取消{made.waived}个" if made.waived else "",
    ]
    return "、".join(part for part in parts if part) or "没有改动"


def _people_lines(people: RosterReport | None) -> list[str]:
    if people is None:
        return []
    return [f"人员新增{people.members}人，会话新增{people.groups}个。"]


def _block(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title}{len(lines)}处：", *_few(lines)] if lines else []


def _few(lines: Sequence[str]) -> list[str]:
    shown = [f"- {line}" for line in lines[:SHOWN]]
    return [*shown, f"……另有{len(lines) - SHOWN}处"] if len(lines) > SHOWN else shown
