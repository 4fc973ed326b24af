"""A stated date is chased although another rule of the same wording still waits."""

from datetime import date

import pytest

from models.rules.assumption import own_assumptions
from models.rules.recurrence import DayKind, DueDay, Every, Recurrence

NO_DAY = "未写明报送日，暂按20日"
NO_YEAR = "日期未写年份，暂按2021年"
SOURCE = "原件只写月调度"
STATED = Recurrence(Every.ONCE, on=date(2021, 8, 25))
QUARTERLY = Recurrence(
    Every.QUARTER, day=DueDay(DayKind.DATE, 20, shift=3), assumed=(NO_DAY,), since=date(2021, 9, 1)
)


@pytest.mark.parametrize(
    ("assumed", "rules", "due", "expected"),
    [
        ((NO_DAY,), (STATED, QUARTERLY), date(2021, 8, 25), ()),
        ((NO_DAY,), (STATED, QUARTERLY), date(2021, 10, 20), (NO_DAY,)),
        ((SOURCE,), (QUARTERLY,), date(2021, 10, 20), (SOURCE,)),
        ((SOURCE, NO_DAY), (STATED, QUARTERLY), date(2021, 8, 25), (SOURCE,)),
        (
            (NO_YEAR,),
            (Recurrence(Every.ONCE, on=date(2021, 8, 25), assumed=(NO_YEAR,)),),
            date(2021, 8, 25),
            (NO_YEAR,),
        ),
        ((), (STATED,), date(2021, 8, 25), ()),
    ],
    ids=[
        "stated-date",
        "rule-without-day",
        "of-the-programme",
        "programme-note-concerns-all",
        "assumed-date",
        "nothing-assumed",
    ],
)
def test_a_due_date_rests_on_its_own_assumptions(
    assumed: tuple[str, ...], rules: tuple[Recurrence, ...], due: date, expected: tuple[str, ...]
) -> None:
    assert own_assumptions(assumed, rules, due) == expected
