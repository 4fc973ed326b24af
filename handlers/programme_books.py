"""A programme's workbook sent by chat: what it would change, and the change once that is agreed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from handlers.books import book_of
from handlers.context import Context
from handlers.lists import forget_list, keep_list
from handlers.reading.harmless import harmless
from handlers.reporting.sheets import LARGEST, is_workbook
from handlers.schedules import seed_schedules
from handlers.supervising.bulletin_templates import is_word, offered
from handlers.workbooks import further_files
from models.errors import Problem, ProgrammeError, Refused
from models.media import Media
from models.member import RoleName
from models.message import Choice, Reply
from models.programme import Programme, programme_by_code
from models.programmes.areas import known_units
from models.programmes.loader import LoadReport, load, untold
from models.programmes.people import RosterReport, load_roster
from models.programmes.unit_questions import unit_questions
from models.rules.unit_names import KnownUnit

if TYPE_CHECKING:
    from models.programmes.workbook import Book

#: How many lines of one kind are shown on a phone; the rest is counted.
SHOWN = 12
#: In place of the fingerprint of a programme that is not there yet.
_NEW = "new"
_NOBODY = RosterReport(0, 0, 0)
#: What is tried while others wait for the database: more goes by the command line.
MOST_TASKS = 500
_WORD_BY_COMMAND = "Word 和文字材料请交运维人员用 dajuan load 载入。"
_BY_COMMAND = "请交运维人员用 dajuan load 载入。"
_DOCUMENTS = (".docx", ".doc", ".wps", ".pdf", ".txt", ".rtf", ".md", ".tsv")


@dataclass(frozen=True)
class _Outcome:
    """What a load did, or would do."""

    programme: Programme
    report: LoadReport
    people: RosterReport
    is_new: bool


class _Undone(Exception):
    """Leaves a savepoint whose changes were only looked at."""


def offer_load(context: Context, media: Media) -> Reply:
    """What the workbook would change; `确认` loads it. Nothing is changed yet."""
    context.moved = True
    if is_word(media) and (offer := offered(context, media)):
        name = harmless(media.name)
        return Reply(f"《{name}》不是工作簿，未载入。{_WORD_BY_COMMAND}\n{offer}")
    _refuse_other_files(context, media)
    book = _read(context, media)
    _refuse_strangers(context, book)
    known = _fingerprint(context, book)
    text = _tried(context, media.name, book)
    if text is None:
        return Reply(f"《{media.name}》与现有专项一致，没有要改动的，未作处理。")
    # What is agreed to are these changes, to the programme as it stands now.
    agreed = f"{media.sha} {known}"
    keep_list(context, "载入 {}", [agreed])
    choices = (Choice("确认载入", f"载入 {agreed}"),)
    return Reply("\n".join(filter(None, [text, further_files(context)])), choices=choices)


def _tried(context: Context, name: str, book: "Book") -> str | None:
    """The changes in words, made and undone again; None where there are none."""
    text: str | None = None
    # Who is known already: afterwards the workbook's own units are.
    known = known_units(context.session)(book.definition.area)
    try:
        with context.session.begin_nested():
            outcome = _loaded(context, book)
            if outcome.is_new or outcome.report.changed or outcome.people.changed:
                text = _would(name, outcome, book, known)
            raise _Undone
    except _Undone:
        context.session.expire_all()
    return text


def take_load(context: Context, agreed: str) -> Reply:
    """Load the workbook that was offered; whoever confirms must be allowed to.

    Where the programme has changed since, by another admin's workbook, the changes are shown
    anew: what was agreed to is no longer what would happen.
    """
    sha, _, known = agreed.strip().partition(" ")
    media = context.session.get(Media, sha.lower())
    if media is not None and not known:
        return offer_load(context, media)
    if media is None:
        raise Refused("没有等待载入的工作簿。请先发送 .xlsx 文件，空白模板请发“模板”。")
    book = _read(context, media)
    _refuse_strangers(context, book)
    if known != _fingerprint(context, book):
        shown = offer_load(context, media)
        if not shown.choices:
            return shown
        said = f"列出变化之后，该专项又有改动，尚未载入。现在的变化：\n{shown.text}"
        return replace(shown, text=said)
    before = {} if known == _NEW else {"fingerprint": known}
    outcome = _loaded(context, book)
    forget_list(context.session, context.speaker.id)
    seed_schedules(context.session, outcome.programme, context.services.registry)
    context.record(
        "载入",
        "programme",
        outcome.programme.id or 0,
        before=before,
        after={
            "fingerprint": outcome.programme.fingerprint,
            "differences": list(outcome.report.differences),
            "roles": list(outcome.people.roles),
        },
    )
    return Reply(_done(outcome))


def _done(outcome: _Outcome) -> str:
    report = outcome.report
    lines = [
        f"已载入专项“{harmless(outcome.programme.short_title)}”："
        f"{len(report.tasks)}项任务，{_counted(report)}。",
        *_people_lines(outcome.people),
    ]
    if report.newly_assumed:
        lines.append("有推定的报送期限，确认前不催报，请发“期限”核对。")
    return "\n".join(lines)


def _fingerprint(context: Context, book: "Book") -> str:
    """Which version of the programme stands in the database."""
    programme = programme_by_code(context.session, book.definition.code)
    return programme.fingerprint if programme else _NEW


def _refuse_other_files(context: Context, media: Media) -> None:
    suffix = PurePath(media.name.lower()).suffix
    if suffix in _DOCUMENTS:
        raise Refused(
            f"《{media.name}》不是工作簿，未载入。聊天中请发 .xlsx（空白模板请发“模板”）；"
            f"{_WORD_BY_COMMAND}"
        )
    if not is_workbook(media):
        raise Refused(f"《{media.name}》不能载入。专项请发 .xlsx 工作簿，空白模板请发“模板”。")


def _read(context: Context, media: Media) -> "Book":
    """The workbook's content; what is wrong in it is the answer, place by place."""
    if media.size > LARGEST:
        raise Refused(f"《{media.name}》超过300KB，聊天中不载入。{_BY_COMMAND}")
    try:
        book = book_of(media, context.services.media)
    except ProgrammeError as error:
        raise Refused(_wrong(media.name, error.problems)) from error
    if (count := len(book.definition.tasks)) > MOST_TASKS:
        raise Refused(f"《{media.name}》有{count}项任务，超过{MOST_TASKS}项。{_BY_COMMAND}")
    return book


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
        raise Refused(
            f"您不是专项“{programme.short_title}”的管理员，不能载入它的工作簿，请联系其管理员。"
        )
    if book.roster is not None:
        raise Refused("“人员”表需由负责全部专项的管理员载入；请删去“人员”表的内容后重新发送。")


def _loaded(context: Context, book: "Book") -> _Outcome:
    session = context.session
    before = programme_by_code(session, book.definition.code)
    try:
        demo = any(each.demo for each in context.programmes)
        report = load(session, book.definition, context.now, demo=demo)
        people = _NOBODY
        if book.roster is not None:
            people = load_roster(session, book.roster, context.now)
    except ProgrammeError as error:
        raise Refused(_wrong("工作簿", error.problems)) from error
    programme = programme_by_code(session, report.programme)
    assert programme is not None, "a loaded programme is in the database"
    return _Outcome(programme, report, people, before is None)


def _would(name: str, outcome: _Outcome, book: "Book", known: Sequence[KnownUnit]) -> str:
    report, programme = outcome.report, outcome.programme
    assumed = (*book.assumed, *untold(report.newly_assumed, book.assumed))
    missed = (*book.not_understood, *untold(report.not_understood, book.not_understood))
    questions = unit_questions(book.definition, known)
    what = "新建" if outcome.is_new else "更新"
    lines = [
        f"《{name}》将{what}专项“{harmless(programme.title)}”（{programme.code}，{programme.year}年）：",
        f"{len(report.tasks)}项任务，{_counted(report)}。",
        *_people_lines(outcome.people),
        *_block("变化", report.differences),
        *_block("推定", [str(each) for each in assumed]),
        *_block("未读懂", [str(each) for each in missed]),
        *_block("待确认", [str(each) for each in questions]),
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


def _people_lines(people: RosterReport) -> list[str]:
    """Who comes in with which role: nobody gets one unseen."""
    if not people.changed:
        return []
    head = f"人员新增{people.members}人，会话新增{people.groups}个。"
    return [head, *_block("新角色", people.roles)]


def _block(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title}{len(lines)}处：", *_few(lines)] if lines else []


def _few(lines: Sequence[str]) -> list[str]:
    shown = [f"- {harmless(line)}" for line in lines[:SHOWN]]
    return [*shown, f"……另有{len(lines) - SHOWN}处"] if len(lines) > SHOWN else shown
