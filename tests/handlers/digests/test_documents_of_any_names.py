"""Names of 40 characters, rare ones, formulas and tags in every document: printed, never read."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from handlers.digests import (
    incentive_annexes,
    quarterly_status,
    reminder_letter,
    special_report,
)
from handlers.render.document import Document
from handlers.render.word import word_file
from handlers.render.word_check import check_word
from handlers.render.word_read import read_word
from tests.handlers.digests.test_incentive_annexes import october
from tests.handlers.digests.test_quarterly_status import march
from tests.handlers.digests.test_special_report import september

NAME = "𠮷😀=HYPERLINK(1){{7*7}}<w:t>@all" + "长" * 40
#: What is a person's or an office's own word in a snapshot.
OWN = frozenset({"unit", "title", "name", "text", "short", "lead", "supporting", "titles"})


def renamed(data: Any, key: str = "") -> Any:
    """The snapshot with every name replaced; figures and statuses stay."""
    if isinstance(data, dict):
        return {name: renamed(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [renamed(each, key) for each in data]
    return NAME if key in OWN and isinstance(data, str) else copy.copy(data)


def letter() -> dict[str, Any]:
    return {
        "short": "答卷专栏",
        "unit": "州公安局",
        "day": "2021-08-27",
        "counts": {"all": 1, "late": 1, "back": 0, "coming": 0},
        "names": ["州1-7 雪亮工程"],
        "items": [
            {
                "period": "1—7月",
                "due": "8月25日",
                "state": "逾期未报",
                "days": "已过2个工作日",
                "others": ["州妇联"],
                "reason": None,
            }
        ],
        "drafts": {"next": "{% include x %}"},
    }


def _quarterly(snapshot: Any, texts: Any) -> Document:
    return quarterly_status.build(snapshot, texts, quarterly=True)


@pytest.mark.parametrize(
    ("data", "build"),
    [
        (october, incentive_annexes.build),
        (september, special_report.build),
        (march, _quarterly),
        (letter, reminder_letter.build),
    ],
    ids=["incentives", "special report", "quarter", "letter"],
)
def test_any_name_is_printed_as_it_is(
    data: Callable[[], dict[str, Any]], build: Callable[[Any, Any], Document]
) -> None:
    snapshot = renamed(data())
    document = build(snapshot, dict.fromkeys(snapshot["drafts"], NAME))
    file = word_file(document)
    faults = [each for each in check_word(file, document, snapshot) if "附件2" not in each.place]

    assert faults == []
    assert NAME in read_word(file).everything()
