"""代理: between which days somebody may stand in for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.errors import Refused

#: Leave is planned for weeks; who is away longer is replaced by another liaison.
LONGEST_DAYS = 92


@dataclass(frozen=True)
class Leave:
    """One stands in for another from *since* to *until*, both counted."""

    member_id: int
    deputy_id: int
    since: date
    until: date

    def meets(self, other: "Leave") -> bool:
        """Whether both hold on some day."""
        return self.since <= other.until and other.since <= self.until


def refuse_wrong_leave(wish: Leave, known: Iterable[Leave], today: date) -> None:
    """Refuse days that are none or past, and a chain: who stands in is there in person."""
    if wish.member_id == wish.deputy_id:
        raise Refused("代理人不能是本人，请写一位同事的姓名。")
    if wish.since < today:
        raise Refused("代理的开始日期已经过去，请从今天或以后的日期开始。")
    if wish.until < wish.since:
        raise Refused("代理的结束日期早于开始日期，请核对后重发。")
    if (wish.until - wish.since).days >= LONGEST_DAYS:
        raise Refused(f"代理一次最多{LONGEST_DAYS}天；更久请由管理员更换联络员。")
    for other in known:
        if other.meets(wish) and other.member_id == wish.deputy_id:
            raise Refused("这位同事在这段时间也已请人代理，请另写一位。")
        if other.meets(wish) and other.deputy_id == wish.member_id:
            raise Refused("请假人在这段时间正代理他人，请先发“代理”查看并取消，再安排。")
