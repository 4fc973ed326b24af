"""查看: one report in full, as it was read, with its pictures and versions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from handlers.context import Context
from handlers.reading.normalise import normalise
from handlers.registry import InGroup, command
from handlers.render.mark import mark_picture
from handlers.reporting.extra_rows import TITLES, extra_text, extras_of_version
from handlers.reporting.figure_texts import figure_text
from handlers.reporting.intake import mime_of
from handlers.reporting.texts import period_text
from handlers.standing.duties import timed_duty
from handlers.standing.matters import Matter, matter_of
from handlers.supervising.buttons import review_buttons
from handlers.supervising.deputies import Act, names_of
from handlers.supervising.differences import caption_text, differences
from handlers.supervising.review_duties import reviews_report
from handlers.supervising.reviewing import no_such_report
from handlers.supervising.scope import NOT_YOURS, scope_in
from handlers.supervising.texts import (
    DEMO,
    full_day_text,
    moment_text,
    state_title,
)
from models.card import about_report
from models.errors import MediaUnavailable, Refused
from models.figure import Series, figures_of_version
from models.indicator import indicators_of
from models.member import Member, RoleName
from models.message import Choice, MediaRef, Reply
from models.obligation import Obligation, owing_units
from models.picture import Picture, pictures_of_version
from models.programme import Programme
from models.rules.reporting import IN_REVIEW, Duty, State, is_chased, is_late, state_at
from models.rules.rounding import percent_text
from models.rules.unit import amount_text
from models.submission import AnswerKind, Submission, SubmissionState, SubmissionVersion
from models.unit import Unit, units_by_id

HOW = "请写明报送编号，例如：\n查看 128"


@command(
    "show",
    "查看",
    "查看报送",
    usage="查看 128",
    about="一件报送的全部内容、图片和版本",
    roles=(RoleName.ADMIN, RoleName.LEADER, RoleName.UNIT_HEAD, RoleName.LIAISON),
    group=InGroup.REFUSE,
    takes_typos=True,
)
def show(ctx: Context, rest: str) -> Reply:
    """A report that the speaker may read: the version in force, and an open correction beside."""
    wanted = normalise(rest).strip().lstrip("#")
    if not wanted.isdecimal() or len(wanted) > 9:
        raise Refused(HOW)
    report = _report(ctx, int(wanted))
    lines = [*_head(ctx, report), *_figures(ctx, report), *_words(report)]
    lines += [*_changes(ctx, report), *_versions(ctx, report)]
    choices: tuple[Choice, ...] = ()
    if report.state in IN_REVIEW and _may_review(ctx, report):
        lines.append(f"审核请发“通过 {wanted}”或“退回 {wanted} 原因”。")
        choices = review_buttons(report.submission)
    pictures, lost = _pictures(ctx, report)
    if lost:
        lines.append(f"有{lost}张图片暂时取不到，已保存，请稍后再查看。")
    about = about_report(report.submission.id) if choices else ""
    return Reply("\n".join(lines), pictures, choices=choices, about=about)


@dataclass(frozen=True)
class _Report:
    """A report with all that is shown of it; *versions* oldest first.

    *version* is shown in full. *other* differs from it: the open correction of what is in force,
    or what a resubmitted report said before. *pictures* are those to be looked at now.
    """

    submission: Submission
    obligation: Obligation
    matter: Matter
    programme: Programme
    unit: Unit
    state: State
    title: str
    timely: str
    versions: tuple[tuple[SubmissionVersion, str], ...]
    version: SubmissionVersion
    other: SubmissionVersion | None
    captions: tuple[Picture, ...]
    pictures: tuple[Picture, ...]

    @property
    def task_id(self) -> int:
        """The id of the task that it is on."""
        return self.matter.task.id or 0

    @property
    def corrects(self) -> bool:
        """Whether the other version is a correction that does not count yet."""
        return self.other is not None and self.other.version > self.version.version


def _report(ctx: Context, number: int) -> _Report:
    session = ctx.session
    submission = session.get(Submission, number)
    if submission is None:
        raise no_such_report(number)
    obligation = session.get_one(Obligation, submission.obligation_id)
    programme = session.get_one(Programme, obligation.programme_id)
    owing = owing_units(session, [obligation.id or 0])[obligation.id or 0]
    units = units_by_id(session, [submission.unit_id, *owing])
    reads = scope_in(ctx, programme).reads_units(units.values())
    if not (reads or reviews_report(ctx, programme, submission)):
        raise Refused(NOT_YOURS)
    versions = session.exec(
        select(SubmissionVersion, Member.name)
        .join(Member, col(Member.id) == col(SubmissionVersion.member_id))
        .where(SubmissionVersion.submission_id == number)
        .order_by(col(SubmissionVersion.version))
    ).all()
    acts = [Act(version.member_id, name, version.received_at) for version, name in versions]
    names = names_of(session, acts, units, ctx.services.zone)
    shown, other = _in_force(submission, [version for version, _ in versions])
    newest = max(filter(None, (shown, other)), key=lambda version: version.version)
    duty = timed_duty(session, obligation, submission, ctx.services.zone)
    return _Report(
        submission=submission,
        obligation=obligation,
        matter=matter_of(session, obligation),
        programme=programme,
        unit=units[submission.unit_id],
        state=state_at(duty, ctx.now),
        title=state_title(duty, state_at(duty, ctx.now), closed=False),
        timely=_timely(duty),
        versions=tuple(zip((version for version, _ in versions), names, strict=True)),
        version=shown,
        other=other,
        captions=tuple(pictures_of_version(session, shown.id or 0)),
        pictures=tuple(pictures_of_version(session, newest.id or 0)),
    )


def _timely(duty: Duty) -> str:
    if not is_chased(duty):
        return "不计时限"
    return "逾期报送" if is_late(duty) else "按时"


def _in_force(
    submission: Submission, versions: Sequence[SubmissionVersion]
) -> tuple[SubmissionVersion, SubmissionVersion | None]:
    """The version to show in full, and the one to compare it with, if any."""
    newest = next(each for each in versions if each.version == submission.version)
    accepted = next((v for v in versions if v.version == submission.accepted_version), None)
    if accepted is not None:
        return accepted, newest if newest is not accepted else None
    earlier = [each for each in versions if each.version < newest.version]
    return newest, earlier[-1] if earlier else None


def _may_review(ctx: Context, report: _Report) -> bool:
    is_admin = ctx.speaker.has(RoleName.ADMIN, programme_id=report.programme.id)
    return is_admin or reviews_report(ctx, report.programme, report.submission)


def _head(ctx: Context, report: _Report) -> Iterator[str]:
    submission = report.submission
    mark = f"【{DEMO}】" if report.programme.demo else ""
    yield f"{mark}#{submission.id} {report.unit.name} {report.matter.name}"
    came = moment_text(submission.first_received_at, ctx.services.zone)
    title = "已撤回" if submission.state == SubmissionState.WITHDRAWN else report.title
    period = f"{report.programme.short_title}，{period_text(report.obligation)}"
    yield f"{period}；{title}；首次报送{came}（{report.timely}）"
    if submission.endorsed_at is not None and report.state in IN_REVIEW:
        yield f"已初审（{moment_text(submission.endorsed_at, ctx.services.zone)}），待终审"
    if submission.return_reason:
        yield f"退回原因：{submission.return_reason}"
    if report.version.kind == AnswerKind.NIL:
        yield "无变化，沿用上次通过的数据"
    if report.version.as_of is not None:
        yield f"截至：{full_day_text(report.version.as_of)}"


def _figures(ctx: Context, report: _Report) -> Iterator[str]:
    """The figures as they were read, counties behind their indicator."""
    rows = figures_of_version(ctx.session, report.version.id or 0)
    indicators = indicators_of(ctx.session, [report.task_id])[report.task_id]
    counties = units_by_id(ctx.session, [row.unit_id for row in rows if row.unit_id])
    for indicator in indicators:
        own = [row for row in rows if row.indicator_id == indicator.id]
        reported = [row for row in own if row.series == Series.REPORTED]
        yield from (figure_text(row, indicator) for row in reported if row.unit_id is None)
        parts = [
            f"{counties[row.unit_id].name}{amount_text(row.value, indicator.unit)}"
            for row in reported
            if row.unit_id in counties
        ]
        if parts:
            yield f"  其中：{'、'.join(parts)}"
    if report.version.stated_percent is not None:
        yield f"自报进度：{percent_text(report.version.stated_percent)}"
    for said in extras_of_version(ctx.session, report.version.id or 0):
        yield f"{TITLES[said.extra]}：{extra_text(said, report.matter.task.stages)}"


def _words(report: _Report) -> Iterator[str]:
    """Sections, captions and the warnings that were confirmed."""
    for name, text in report.version.sections.items():
        yield f"{name}：{text}"
    for number, picture in enumerate(report.captions, start=1):
        yield f"图{number}：{caption_text(picture)}"
    yield from _confirmed(report.version)


def _confirmed(version: SubmissionVersion) -> Iterator[str]:
    for each in version.confirmed:
        if note := each.get("note"):
            yield f"提示：{note}"
            continue
        reason = f"（原因：{each['reason']}）" if each.get("reason") else ""
        yield f"已确认的提醒：{each.get('text', '')}{reason}"


def _changes(ctx: Context, report: _Report) -> Iterator[str]:
    """The open correction, or what a resubmitted report changed, old → new."""
    if report.other is None:
        return
    old, new = sorted((report.version, report.other), key=lambda version: version.version)
    state = "已退回" if report.state is State.RETURNED else "待审"
    title = f"更正（第{new.version}版，{state}，以上数据仍有效）："
    yield title if report.corrects else f"较第{old.version}版的修改："
    changed = list(differences(ctx.session, report.task_id, old, new))
    yield from changed or ["内容没有变化"]
    if report.corrects:
        yield from _confirmed(new)


def _versions(ctx: Context, report: _Report) -> Iterator[str]:
    if len(report.versions) > 1:
        listed = "；".join(
            f"第{version.version}版 {moment_text(version.received_at, ctx.services.zone)} {name}"
            for version, name in report.versions
        )
        yield f"版本：{listed}"
    else:
        yield f"报送人：{report.versions[0][1]}"


def _pictures(ctx: Context, report: _Report) -> tuple[tuple[MediaRef, ...], int]:
    """What goes out of each picture, marked in a demonstration, and how many cannot be had."""
    refs, lost = [], 0
    for number, picture in enumerate(report.pictures, start=1):
        try:
            data = ctx.services.media.get(picture.delivered_sha)
        except MediaUnavailable:
            lost += 1
            continue
        sha = picture.delivered_sha
        if report.programme.demo:
            data = mark_picture(data, DEMO)
            sha = ctx.services.media.put(data)
        mime = mime_of(data, "")
        name = f"{report.submission.id}-图{number}.{mime.rpartition('/')[2]}"
        refs.append(MediaRef(sha, name, mime))
    return tuple(refs), lost
