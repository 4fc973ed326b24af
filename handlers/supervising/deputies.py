"""代理 arranged, shown and ended; and who stood in when a report was made."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reporting.texts import day_text
from handlers.supervising.texts import some
from models.deputy import Deputy, deputyships_from, deputyships_of
from models.member import (
    Member,
    RoleName,
    liaisons_among,
    members_by_id,
    reporting_for,
    roles_of,
)
from models.message import Reply
from models.programme import active_programmes
from models.reviewer import reviewed_by
from models.rules.deputy import Leave, refuse_wrong_leave
from models.unit import units_by_id

_DAY = timedelta(days=1)
#: What lists the work that is done for somebody else.
_LISTS = {"报送": "“任务”", "审核": "“待审”"}
#: So many lines of a list fit into one message.
MOST = 30


def arrange(ctx: Context, member: Member, deputy: Member, since: date, until: date) -> list[str]:
    """Let *deputy* do the work of *member* on these days; an earlier word for them gives way."""
    wish = Leave(member.id or 0, deputy.id or 0, since, until)
    known = deputyships_from(ctx.session, ctx.today)
    refuse_wrong_leave(wish, [_leave(row) for row in known], ctx.today)
    for row in known:
        if row.member_id == wish.member_id and _leave(row).meets(wish):
            _make_way(ctx, row, since)
    row = Deputy(
        member_id=wish.member_id,
        deputy_id=wish.deputy_id,
        since=since,
        until=until,
        made_at=ctx.now,
        made_by=ctx.speaker.id,
    )
    ctx.session.add(row)
    ctx.session.flush()
    _record(ctx, row, "deputy", {})
    return _told(ctx, row, member, deputy)


def _told(ctx: Context, row: Deputy, member: Member, deputy: Member) -> list[str]:
    days, name = days_text(row), harmless(deputy.name)
    does = works_of(ctx.session, [row.member_id])[row.member_id]
    units = _units_text(ctx, member)
    whole = [f"报送{units}的事项"] if units else []
    what = "和".join([*whole, *(["审核分工内的报送"] if "审核" in does else [])])
    reminds = "，期间提醒发给您" if units else ""
    send = "、".join(word for each, word in _LISTS.items() if each in does)
    word = (
        f"【代理】{harmless(member.name)}{days}请假，由您代为{what}{reminds}。"
        f"待办请发{send}；不便代理，请联系本人或管理员。"
    )
    is_reached = ctx.tell(deputy.id or 0, Reply(word), "deputy")
    follows = f"，提醒随之转给{name}" if units else ""
    lines = [f"已安排：{days}由{name}代{harmless(member.name)}{what}{follows}。"]
    if member.id != ctx.speaker.id:
        ctx.tell(member.id or 0, Reply(f"管理员已安排：{days}由{name}代您{does}。"), "deputy")
    lines.append("已告知对方。" if is_reached else f"{name}暂无法送达，请自行告知。")
    return [*lines, *_cannot_review(ctx, row, name), "提前结束请发“代理 取消”。"]


def _cannot_review(ctx: Context, row: Deputy, name: str) -> list[str]:
    """Which programmes a deputy has no part in, and so cannot review."""
    own = {role.programme_id for role in roles_of(ctx.session, row.deputy_id)}
    reviewed = reviewed_by(ctx.session, [row.member_id])[row.member_id]
    if not reviewed or None in own or reviewed <= own:
        return []
    titles = [p.short_title for p in active_programmes(ctx.session) if p.id in reviewed - own]
    where = "、".join(titles)
    return [f"{name}在{where}没有角色，不能代为审核，请另安排审核人。"] if titles else []


def works_of(session: Session, member_ids: Iterable[int]) -> dict[int, str]:
    """What these members do and others may do for them: 报送, 审核, or both; two queries."""
    wanted = list(member_ids)
    reviewed, reporting = reviewed_by(session, wanted), liaisons_among(session, wanted)
    works = {
        each: [*(["报送"] if each in reporting else []), *(["审核"] if reviewed[each] else [])]
        for each in wanted
    }
    return {each: "和".join(does) or "报送" for each, does in works.items()}


def cancel(ctx: Context, rows: Iterable[Deputy]) -> list[str]:
    """End these now, or before they begin; both sides hear of it."""
    rows = list(rows)
    people = members_by_id(ctx.session, [i for r in rows for i in (r.member_id, r.deputy_id)])
    does = works_of(ctx.session, [row.member_id for row in rows])
    lines = []
    for row in rows:
        member, deputy = people[row.member_id], people[row.deputy_id]
        whose = f"{harmless(member.name)}{does[row.member_id]}"
        said = f"{harmless(deputy.name)}代{whose}（{days_text(row)}）"
        _end(ctx, row)
        for each in (member, deputy):
            if each.id != ctx.speaker.id:
                word = f"代理已取消：{said}。提醒和待办仍归{harmless(member.name)}。"
                ctx.tell(each.id or 0, Reply(word), "deputy")
        lines.append(f"已取消：{said}。提醒和待办仍归{harmless(member.name)}。")
    return lines


def _make_way(ctx: Context, row: Deputy, since: date) -> None:
    """A deputyship that meets a later word goes on until the day before, if it has begun then."""
    if row.since >= since:
        _end(ctx, row)
        return
    before = {"until": str(row.until)}
    row.until = since - _DAY
    ctx.session.flush()
    _record(ctx, row, "shorten_deputy", before)


def _end(ctx: Context, row: Deputy) -> None:
    row.ended_at = ctx.now
    ctx.session.flush()
    _record(ctx, row, "end_deputy", {"until": str(row.until)})


def _record(ctx: Context, row: Deputy, action: str, before: dict[str, str]) -> None:
    ctx.record(
        action,
        "deputy",
        row.id or 0,
        before=before,
        after={"since": str(row.since), "until": str(row.until)},
    )


def arranged(ctx: Context, member_ids: Iterable[int]) -> list[Deputy]:
    """What holds today or later of these members, on either side."""
    own = set(member_ids)
    rows = deputyships_from(ctx.session, ctx.today)
    return [row for row in rows if own & {row.member_id, row.deputy_id}]


def lines_of(ctx: Context, rows: Sequence[Deputy]) -> list[str]:
    """One line each, in three queries."""
    people = members_by_id(ctx.session, [i for r in rows for i in (r.member_id, r.deputy_id)])
    does = works_of(ctx.session, [row.member_id for row in rows])
    lines = [
        f"{harmless(people[row.deputy_id].name)}代{harmless(people[row.member_id].name)}"
        f"{does[row.member_id]}，{days_text(row)}"
        for row in rows[:MOST]
    ]
    return [*lines, *([f"另有{len(rows) - MOST}条"] if len(rows) > MOST else [])]


def days_text(row: Deputy) -> str:
    """9月20日至9月30日, or the one day."""
    first, last = day_text(row.since), day_text(row.until)
    return first if row.since == row.until else f"{first}至{last}"


def _units_text(ctx: Context, member: Member) -> str:
    roles = roles_of(ctx.session, member.id or 0)
    ids = [role.unit_id for role in roles if role.role == RoleName.LIAISON and role.unit_id]
    return some([unit.name for unit in units_by_id(ctx.session, ids).values()])


def _leave(row: Deputy) -> Leave:
    return Leave(row.member_id, row.deputy_id, row.since, row.until)


def acting_text(ctx: Context) -> str:
    """For whom the speaker stands in today; empty where for nobody."""
    rows = [row for row in arranged(ctx, [ctx.speaker.id]) if row.deputy_id == ctx.speaker.id]
    now = [row for row in rows if row.since <= ctx.today]
    return "；".join(lines_of(ctx, now))


@dataclass(frozen=True)
class Act:
    """Something that a member did, and when."""

    member_id: int
    name: str
    at: datetime


def names_of(
    session: Session, acts: Sequence[Act], unit_ids: Iterable[int], zone: ZoneInfo
) -> list[str]:
    """Who did each for these units; a deputy with the name of whom they stood in for."""
    rows = deputyships_of(session, [act.member_id for act in acts])
    if not rows:
        return [harmless(act.name) for act in acts]
    represented = members_by_id(session, [row.member_id for row in rows])
    involved = [each for row in rows for each in (row.member_id, row.deputy_id)]
    own = reporting_for(session, involved, unit_ids)
    return [_named(act, rows, own, represented, zone) for act in acts]


def _named(
    act: Act,
    rows: Sequence[Deputy],
    own: Collection[int],
    represented: Mapping[int, Member],
    zone: ZoneInfo,
) -> str:
    name, day = harmless(act.name), act.at.astimezone(zone).date()
    if act.member_id in own:
        return name
    for row in rows:
        is_theirs = row.deputy_id == act.member_id and row.since <= day <= row.until
        holds = is_theirs and (row.ended_at is None or act.at <= row.ended_at)
        if holds and row.member_id in own:
            return f"{name}（代{harmless(represented[row.member_id].name)}）"
    return name
