"""待审: the reports that nobody has reviewed yet, by the number that every command takes."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.lists import keep_numbers, page_asked, page_of
from handlers.registry import InGroup, command
from handlers.reporting.texts import period_text
from handlers.supervising.buttons import look_button, review_buttons
from handlers.supervising.choosing import programme_called
from handlers.supervising.review_duties import ToReview, reviewed_by_speaker, to_review
from handlers.supervising.scope import NO_PROGRAMME
from handlers.supervising.texts import moment_text
from models.card import about_report
from models.errors import Refused
from models.member import RoleName
from models.message import Choice, Reply

#: More would not fit into one message on a phone; those that wait longest go first.
MOST = 20


@command(
    "pending",
    "待审",
    "待审核",
    "审核",
    usage="待审 [专项]",
    about="等您审核的报送",
    roles=(RoleName.ADMIN,),
    reviewers=True,
    group=InGroup.REFUSE,
    alone=True,
    takes_typos=True,
)
def pending(ctx: Context, rest: str) -> Reply:
    """The unreviewed reports: first those assigned to the speaker, then an admin's others."""
    programmes = reviewed_by_speaker(ctx)
    if not programmes:
        raise Refused(NO_PROGRAMME)
    name, page = page_asked(rest)
    named = programme_called(ctx, name, programmes) if name else None
    if name and named is None:
        titles = "、".join(each.short_title for each in programmes)
        raise Refused(f"没有认出专项“{name[:20]}”。您审核的专项有：{titles}。")
    reports = to_review(ctx, [named] if named else programmes)
    if not reports:
        return Reply("目前没有待审的报送。")
    text = "\n".join(_lines(ctx, reports, page, f"待审 {name}".strip()))
    about = about_report(reports[0].waiting.submission.id) if len(reports) == 1 else ""
    return Reply(text, choices=_buttons(reports), about=about)


def _buttons(reports: Sequence[ToReview]) -> tuple[Choice, ...]:
    """Where one alone waits it can be read and decided on at once."""
    if len(reports) != 1:
        return ()
    report = reports[0].waiting.submission
    return (look_button(report), *review_buttons(report))


def _lines(ctx: Context, reports: Sequence[ToReview], page: int, again: str) -> list[str]:
    places = page_of(page, len(reports), MOST, f"待审共{len(reports)}件")
    begin, shown = places.start, reports[places]
    keep_numbers(ctx, "查看 {}")
    whole = f"（第{begin + 1}至{begin + len(shown)}件）" if len(shown) < len(reports) else ""
    own = sum(each.is_own for each in reports)
    first_ones = f"，其中分给您的{own}件在前" if 0 < own < len(reports) else ""
    lines = [f"待审{len(reports)}件{whole}{first_ones}："]
    groups = _of_one_message(shown)
    lines += [_line(ctx, each) for each in groups]
    if begin + len(shown) < len(reports):
        lines.append(f"其余{len(reports) - begin - len(shown)}件请发“{again} 第{page + 1}页”。")
    numbers = " ".join(str(each[0].waiting.submission.id) for each in groups[:2])
    first = groups[0][0].waiting.submission.id
    lines.append(f"查看请发“查看 {first}”，通过请发“通过 {numbers}”，退回请发“退回 {first} 原因”。")
    if any(len(each) > 1 for each in groups):
        lines.append("内容相同的只审一次，通过或退回其中一件，其余一并处理。")
    return lines


def _of_one_message(shown: Sequence[ToReview]) -> list[list[ToReview]]:
    """The reports in order, those of one message on one subject and period together."""
    groups: dict[tuple[object, ...], list[ToReview]] = {}
    for one in shown:
        each = one.waiting
        made_of = each.version.inbox_id or -(each.submission.id or 0)
        of = (each.unit.id, each.matter.task.id, each.matter.clause_id, each.obligation.covers_to)
        groups.setdefault((made_of, each.version.original, *of, one.level), []).append(one)
    return list(groups.values())


def _line(ctx: Context, same: Sequence[ToReview]) -> str:
    each = same[0].waiting
    submission = each.submission
    kind = "更正" if each.is_correction else "重报" if submission.version > 1 else ""
    marks = "".join(f"（{mark}）" for mark in (kind, same[0].level) if mark)
    came = moment_text(each.version.received_at, ctx.services.zone)
    subject = f"{each.matter.name}（{period_text(each.obligation)}）"
    numbers = "、".join(f"#{one.waiting.submission.id}" for one in same)
    alike = "，内容相同" if len(same) > 1 else ""
    return f"{numbers} {each.unit.name} {subject}{marks} {came}{alike}"
