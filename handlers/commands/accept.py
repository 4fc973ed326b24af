"""通过: an admin passes reports; from then on their figures count."""

import re

from handlers.context import Context
from handlers.reading.normalise import normalise
from handlers.registry import InGroup, command
from handlers.supervising.reviewing import Case, accept, case_for_review, reporters
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

_NUMBERS = re.compile(r"#?\d{1,9}(?:[\s,，、;；]+#?\d{1,9})*[。.]?")
HOW = "请写明报送编号，例如：\n通过 128\n通过 128 129 130"


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
    cases, lines = list[Case](), []
    for number in _numbers(rest):
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


def _numbers(rest: str) -> list[int]:
    """The numbers in order, each once, smaller ones locked first so that nobody waits in a ring."""
    plain = normalise(rest).strip()
    if not _NUMBERS.fullmatch(plain):
        raise Refused(HOW)
    return sorted({int(each) for each in re.findall(r"\d+", plain)})


def _tell(ctx: Context, cases: list[Case]) -> None:
    """One short message for each person, whatever the number of their reports."""
    by_person: dict[int, list[Case]] = {}
    for case in cases:
        for member_id in reporters(ctx, case):
            by_person.setdefault(member_id, []).append(case)
    for member_id, theirs in by_person.items():
        listed = "；".join(f"#{case.submission.id} {case.subject}" for case in theirs)
        ctx.tell(member_id, Reply(f"已审核通过：{listed}。"), "accept")
