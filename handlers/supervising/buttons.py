"""Buttons of an admin: what decides on a report, a wish or a draft, by its number and state."""

from handlers.marks import marked
from models.bulletin import Bulletin
from models.message import Choice
from models.submission import Submission


def review_buttons(report: Submission) -> tuple[Choice, ...]:
    """Passing a report as it was seen, or sending it back; the reason is asked for then."""
    return (
        Choice("通过", marked(f"通过 {report.id}", seen_mark(report))),
        Choice("退回", f"退回 {report.id}"),
    )


def look_button(report: Submission) -> Choice:
    """Reading a report in full before it is decided on."""
    return Choice(f"查看 {report.id}", f"查看 {report.id}")


def seen_mark(report: Submission) -> str:
    """Which version was seen: 第2版."""
    return f"第{report.version}版"


def wish_buttons(number: int) -> tuple[Choice, ...]:
    """The answers to what a liaison asked for; the reason of a refusal is asked for then."""
    return (Choice("同意", f"同意 {number}"), Choice("不同意", f"不同意 {number}"))


def issue_button(row: Bulletin) -> Choice:
    """Issuing this draft and no other."""
    return Choice("签发", marked("签发", draft_mark(row)))


def draft_mark(row: Bulletin) -> str:
    """Which draft is meant: 草稿3."""
    return f"草稿{row.id}"
