"""Whatever stands in a cell, the workbook is read or refused with a place, and never breaks."""

from datetime import date, time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from models.errors import ProgrammeError
from models.programmes.workbook import template
from tests.models.programmes.workbook.books import PLAIN, opened, read, workbook

texts = st.text(max_size=12).map(lambda text: ILLEGAL_CHARACTERS_RE.sub("", text))
marked = st.text("、；，,;\n「」（）()“”：:/=+-@%.0１是全部例说明", max_size=8)
numbers = st.integers(-(10**16), 10**16) | st.floats(allow_nan=False, allow_infinity=False)
moments = st.dates(date(1950, 1, 1), date(2100, 1, 1)) | st.times().map(
    lambda moment: time(moment.hour, moment.minute)
)
values = st.one_of(st.none(), st.booleans(), texts, marked, numbers, moments)


@st.composite
def places(draw: st.DrawFn) -> tuple[str, int, int]:
    title = draw(st.sampled_from(sorted(PLAIN)))
    row = draw(st.integers(1, len(PLAIN[title]) + 1))
    return title, row, draw(st.integers(1, len(PLAIN[title][0]) + 1))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(places(), values), min_size=1, max_size=4))
def test_any_value_in_any_cell_is_read_or_told_its_place(
    spoilt: list[tuple[tuple[str, int, int], object]],
) -> None:
    made = workbook()
    for (title, row, column), value in spoilt:
        made[title].cell(row, column).value = value  # type: ignore[union-attr]
    try:
        assert read(made).definition.tasks
    except ProgrammeError as error:
        told = error.problems

        assert told
        assert all(problem.where.startswith("《实事.xlsx》") for problem in told)
        assert all(len(problem.text) > 5 for problem in told)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(opened(template()).sheetnames), st.integers(1, 16), values)
def test_any_value_on_any_sheet_of_the_template_is_told_its_place(
    title: str, column: int, value: object
) -> None:
    made = opened(template())
    made[title].cell(5, column).value = value
    try:
        read(made)
    except ProgrammeError as error:
        told = error.problems

    assert all(problem.where.startswith("《实事.xlsx》") for problem in told)
