"""审计 in words: who did what when, before → after, and nothing of what people wrote."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.reading.harmless import harmless, shown
from handlers.reporting.texts import day_text
from handlers.supervising.deputies import Act, names_of
from handlers.supervising.texts import moment_text
from models.audit import Audit

#: What each act is called.
ACTIONS = {
    "submit": "报送",
    "correct": "更正",
    "withdraw": "撤回",
    "accept": "通过",
    "endorse": "初审通过",
    "send_back": "退回",
    "change_reason": "改退回原因",
    "chase": "催报",
    "escalate_unit_head": "逾期告知单位负责人",
    "escalate_order": "逾期告知管理员",
    "extend": "延期",
    "undo_extension": "取消延期",
    "waive": "免报",
    "restore": "恢复报送",
    "ask_exception": "申请",
    "allow_exception": "同意申请",
    "refuse_exception": "不同意申请",
    "withdraw_exception": "撤回申请",
    "judge": "评定",
    "withdraw_judgement": "取消评定",
    "confirm_deadline": "确认期限",
    "amend_deadline": "改写期限",
    "withdraw_deadline": "恢复原期限",
    "order_offered": "建议督办",
    "order_issued": "下达督办",
    "order_told": "送达",
    "order_reminded": "提醒",
    "order_evidence": "报送整改情况",
    "order_extension_asked": "申请延期",
    "order_extended": "同意延期",
    "order_extension_refused": "不同意延期",
    "order_sent_back": "退回整改",
    "order_withdrawn": "撤回",
    "order_closed": "销号",
    "order_reopened": "恢复办理",
    "order_dropped": "撤销督办",
}
#: What liaisons do, and whoever stands in for one; the same person may decide as an admin.
_OF_LIAISONS = frozenset(
    (
        *("submit", "correct", "withdraw", "ask_exception", "withdraw_exception"),
        *("order_evidence", "order_extension_asked", "order_withdrawn"),
    )
)
#: What a reader needs of before and after; everything else stays in the rows.
_FIELDS = {
    "state": "",
    "version": "版本",
    "returns": "退回次数",
    "extended_to": "延至",
    "status": "",
    "wording": "写法",
    "request": "申请",
    "reason": "原因",
}
_STATES = {
    "owed": "待报",
    "submitted": "待审",
    "returned": "已退回",
    "accepted": "已通过",
    "waived": "免报",
    "withdrawn": "已撤回",
    "asked": "待答复",
    "allowed": "已同意",
    "refused": "未同意",
    "offered": "建议",
    "open": "办理中",
    "answered": "待复核",
    "closed": "已销号",
    "dropped": "已撤销",
}
_LONGEST = 40
#: What a service or the command line did has no member.
_NOBODY = "系统"


def trail_lines(
    session: Session,
    rows: Sequence[tuple[Audit, str | None]],
    unit_ids: Iterable[int],
    zone: ZoneInfo,
    about: Mapping[tuple[str, int], str] | None = None,
) -> list[str]:
    """One line an act; *about* says what a row is, where several are listed together."""
    reported = [(row, name) for row, name in rows if row.action in _OF_LIAISONS]
    acts = [Act(row.member_id or 0, name or _NOBODY, row.at) for row, name in reported]
    named = names_of(session, acts, unit_ids, zone)
    names = {row.id: name for (row, _), name in zip(reported, named, strict=True)}
    return [
        _line(
            row,
            names.get(row.id) or harmless(name or _NOBODY),
            zone,
            (about or {}).get((row.table, row.row), ""),
        )
        for row, name in rows
    ]


def _line(row: Audit, name: str, zone: ZoneInfo, of: str) -> str:
    when = moment_text(row.at, zone)
    what = ACTIONS.get(row.action, row.action)
    changed = "，".join(_changes(row.before, row.after, zone))
    subject = f"{of} " if of else ""
    return f"{when} {name}：{subject}{what}{f'（{changed}）' if changed else ''}"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], zone: ZoneInfo) -> Iterator[str]:
    for key, title in _FIELDS.items():
        old, new = before.get(key), after.get(key)
        if old == new or (old is None and new is None):
            continue
        pair = [_value(each, zone) for each in (old, new) if each is not None]
        yield f"{title}{' → '.join(pair)}"


def _value(value: Any, zone: ZoneInfo) -> str:
    text = str(value)
    if text in _STATES:
        return _STATES[text]
    if _is_moment(text):
        moment = datetime.fromisoformat(text)
        return day_text(moment.astimezone(zone).date())
    return shown(text, _LONGEST)


def _is_moment(text: str) -> bool:
    try:
        return len(text) > len(date.min.isoformat()) and bool(datetime.fromisoformat(text))
    except ValueError:
        return False
