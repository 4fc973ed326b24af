"""Word to those who reported, when somebody else of the owing units changes or recalls it."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from handlers.context import Context
from handlers.reporting.texts import period_text
from handlers.standing.matters import matter_of
from models.member import Member, RoleName
from models.message import Reply
from models.obligation import Obligation, owing_units
from models.submission import Submission, SubmissionVersion
from models.unit import units_by_id

#: So much of what a correction changes is told; the rest stands in the report.
_MOST_CHANGES = 3


def tell_of_recall(context: Context, reports: Sequence[Submission], holds_now: str) -> str:
    """Tell whoever made these reports, which are one, that another took them back.

    Returns the line for the speaker; empty where it was their own.
    """
    return _tell(context, reports, "撤回", holds_now)


def tell_of_correction(
    context: Context, reports: Sequence[Submission], changes: Sequence[str]
) -> str:
    """As `tell_of_recall`, of a new version and what it changes."""
    shown = [*changes[:_MOST_CHANGES], *(["……"] if len(changes) > _MOST_CHANGES else [])]
    read = f"新内容请发“查看 {reports[0].id}”。"
    said = "\n".join(["改动：", *shown, read] if shown else [read])
    return _tell(context, reports, "更正", said)


def _tell(context: Context, reports: Sequence[Submission], done: str, more: str) -> str:
    others = _others(context, reports)
    if not others:
        return ""
    word = Reply(f"{_subject(context, reports)}已由{_speaker(context, reports[0])}{done}。{more}")
    told = {each.id: context.tell(each.id or 0, word, "colleague") for each in others}
    reached = "、".join(each.name for each in others if told[each.id])
    lost = "、".join(each.name for each in others if not told[each.id])
    lines = [f"已转告原报送人{reached}。" if reached else ""]
    lines.append(f"原报送人{lost}暂无法送达，请电话告知。" if lost else "")
    return "".join(lines)


def _others(context: Context, reports: Sequence[Submission]) -> list[Member]:
    """Everybody besides the speaker who made a version of these reports."""
    made = select(SubmissionVersion.member_id).where(
        col(SubmissionVersion.submission_id).in_([each.id for each in reports])
    )
    people = select(Member).where(col(Member.id).in_(made), col(Member.id) != context.speaker.id)
    return list(context.session.exec(people.order_by(col(Member.id))).all())


def _subject(context: Context, reports: Sequence[Submission]) -> str:
    obligation = context.session.get_one(Obligation, reports[0].obligation_id)
    numbers = "、".join(f"#{each.id}" for each in reports)
    name = matter_of(context.session, obligation).name
    return f"您报送的 {numbers} {name}（{period_text(obligation)}）"


def _speaker(context: Context, report: Submission) -> str:
    """The speaker with the unit in whose name they may change it."""
    owing = owing_units(context.session, [report.obligation_id])[report.obligation_id]
    own = _own_units(context.session, context, owing)
    return f"{own}（{context.speaker.member.name}）" if own else context.speaker.member.name


def _own_units(session: Session, context: Context, owing: Sequence[int]) -> str:
    own = set(context.speaker.unit_ids(RoleName.LIAISON))
    units = units_by_id(session, [each for each in owing if each in own])
    return "、".join(unit.name for unit in units.values())
