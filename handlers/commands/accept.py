"""通过: an admin passes reports; from then on their figures count."""

from handlers.context import Context
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.supervising.numbers import MOST_AT_ONCE, only_numbers
from handlers.supervising.reviewing import Case, accept, case_for_review, reporters
from handlers.supervising.scope import administered
from handlers.supervising.waiting import waiting_reports
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

_ALL = frozenset(("全部", "所有", "全部通过"))
HOW = "请写明报送编号，例如：\n通过 128\n通过 128 129\n通过 128-131"


@command(
    "accept",
    "通过",
    "审核通过",
    usage="通过 128 [129 …]",
    about="审核通过一件或几件报送",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
)
def accept_reports(ctx: Context, rest: str) -> Reply:
    """Pass each report named; one that cannot be passed does not hold up the others."""
    if command_key(rest) in _ALL:
        return Reply(_asked_for_all(ctx))
    cases, lines = list[Case](), []
    for number in only_numbers(rest, HOW):
        try:
            case = case_for_review(ctx, number)
            accept(ctx, case)
        except Refused as refusal:
            lines.append(refusal.text)
        else:
            cases.append(case)
    _tell(ctx, cases)
    passed = [f"已通过：{case.title}" for case in cases]
    return Reply("\n".join([*passed, *lines]))


def _asked_for_all(ctx: Context) -> str:
    """What to send to pass all: their numbers, so that nothing unseen passes along."""
    numbers = [each.submission.id for each in waiting_reports(ctx, administered(ctx))]
    if not numbers:
        return "目前没有待审的报送。"
    shown = numbers[:MOST_AT_ONCE]
    listed = " ".join(map(str, shown))
    rest = f"（先列最早的{len(shown)}件）" if len(shown) < len(numbers) else ""
    return f"待审共{len(numbers)}件{rest}，尚未通过。确认通过请发：\n通过 {listed}"


def _tell(ctx: Context, cases: list[Case]) -> None:
    """One short message for each person, whatever the number of their reports."""
    by_person: dict[int, list[Case]] = {}
    for case in cases:
        for member_id in reporters(ctx, case):
            by_person.setdefault(member_id, []).append(case)
    for member_id, theirs in by_person.items():
        listed = "；".join(f"#{case.submission.id} {case.subject}" for case in theirs)
        ctx.tell(member_id, Reply(f"已审核通过：{listed}。"), "accept")
