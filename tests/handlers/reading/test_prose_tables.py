"""Tables copied as text: a cell is what its heading says, of the county its row names."""

from datetime import date

from handlers.reading.prose import read_prose
from handlers.reading.prose.tables import Headings

TODAY = date(2021, 6, 10)
TABLE = "县市\t任务数\t完成数\t完成率\n吉首市\t412户\t1000户\t243%\n花垣县\t500户\t275户\t55%"


def test_every_cell_is_read_under_its_heading() -> None:
    found = read_prose(TABLE, TODAY).figures

    assert [(f.place, f.text, f.kind.value, f.certain) for f in found] == [
        ("吉首市", "412户", "target", True),
        ("吉首市", "1000户", "done", True),
        ("吉首市", "243%", "percent", True),
        ("花垣县", "500户", "target", True),
        ("花垣县", "275户", "done", True),
        ("花垣县", "55%", "percent", True),
    ]


def test_a_unit_in_the_heading_has_to_be_asked() -> None:
    (figure,) = read_prose("县市\t完成（公里）\n吉首市\t12.5", TODAY).figures

    assert (figure.unit, figure.certain) == ("", False)


def test_a_row_without_a_heading_is_only_guessed() -> None:
    found = read_prose("吉首市\t1000个\t243%", TODAY).figures

    assert [figure.certain for figure in found] == [False, False]


def test_a_line_of_another_width_is_no_heading() -> None:
    assert Headings("县市\t完成\n吉首市\t12\t5%").above(13) is None
