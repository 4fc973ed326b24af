"""通过: an admin passes reports; from then on their figures count."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.marks import parted
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.supervising.buttons import seen_mark
from handlers.supervising.numbers import MOST_AT_ONCE, only_numbers
from handlers.supervising.review_duties import reviewed_by_speaker, to_review
from handlers.supervising.reviewing import (
    Case,
    Review,
    accept,
    case_for_review,
    endorse,
    reporters,
    reviews,
    step_in,
    with_alike,
)
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.rules.review import Step
from models.submission import SubmissionState

_ALL = frozenset(("全部", "所有", "全部通过"))
HOW = "请写明报送编号，例如：\n通过 128\n通过 128 129\n通过 128-131"


@command(
    "accept",
    "通过",
    "审核通过",
    usage="通过 128 [129 …]",
    about="审核通过一件或几件报送",
    roles=(RoleName.ADMIN,),
    reviewers=True,
    group=InGroup.REFUSE,
)
def accept_reports(ctx: Context, rest: str) -> Reply:
    """Pass each report named; one that cannot be passed does not hold up the others.

    The first 通过 of a report that is reviewed twice endorses it, the second accepts it.

    What was reported along with it in the very same words passes along.
    """
    rest, seen = parted(rest)
    if command_key(rest) in _ALL:
        return Reply(_asked_for_all(ctx))
    cases, endorsed, lines = list[Case](), list[Case](), []
    named = only_numbers(rest, HOW)
    for number in with_alike(ctx, named, (SubmissionState.SUBMITTED,)):
        try:
            case = case_for_review(ctx, number)
            (cases if _is_accepted(ctx, case) else endorsed).append(case)
        except Refused as refusal:
            lines.append(refusal.text)
    _refuse_unseen([*cases, *endorsed], named, seen)
    passed, first = reviews(ctx, cases), reviews(ctx, endorsed)
    _tell(ctx, passed)
    done = [f"已通过：{each.title}" for each in passed]
    done += [f"初审通过，待终审：{each.title}" for each in first]
    return Reply("\n".join([*done, *lines]))


def _is_accepted(ctx: Context, case: Case) -> bool:
    """Pass it; False where that was the first of two reviews."""
    if step_in(ctx, case) is Step.ENDORSE:
        endorse(ctx, case)
        return False
    accept(ctx, case)
    return True


def _refuse_unseen(cases: Sequence[Case], named: Sequence[int], seen: str) -> None:
    """Undo what a button passed that was corrected since; *seen* is its mark, empty for words."""
    for report in (each.submission for each in cases if each.submission.id in named):
        if seen and seen != seen_mark(report):
            number, version = report.id, report.version
            raise Refused(
                f"#{number} 其后有更正（第{version}版），未通过。请发“查看 {number}”看后再审。"
            )


def _asked_for_all(ctx: Context) -> str:
    """What to send to pass all: their numbers, so that nothing unseen passes along."""
    found = to_review(ctx, reviewed_by_speaker(ctx))
    numbers = [each.waiting.submission.id for each in found]
    if not numbers:
        return "目前没有待审的报送。"
    shown = numbers[:MOST_AT_ONCE]
    listed = " ".join(map(str, shown))
    rest = f"（先列最早的{len(shown)}件）" if len(shown) < len(numbers) else ""
    return f"待审共{len(numbers)}件{rest}，尚未通过。确认通过请发：\n通过 {listed}"


def _tell(ctx: Context, passed: list[Review]) -> None:
    """One short message for each person, whatever the number of their reports."""
    by_person: dict[int, list[Review]] = {}
    for each in passed:
        for member_id in reporters(ctx, each.first):
            by_person.setdefault(member_id, []).append(each)
    for member_id, theirs in by_person.items():
        listed = "；".join(each.subject for each in theirs)
        ctx.tell(member_id, Reply(f"已审核通过：{listed}。"), "accept")
