"""与 and 和 are one word wherever a name is compared: of tasks, units, counties and sections."""

import pytest

from handlers.reading.headings import Heading, Vocabulary
from handlers.reading.names import Name
from handlers.reporting.blocks import Known, are_tasks, cut, named_in
from handlers.reporting.cells import Row
from handlers.reporting.county_tables import read_county_table
from handlers.reporting.table_words import Kind, kind_of
from handlers.reporting.tables import read_table

RESCUE = Known(Name("1", "州1-9", "应急救援和救助能力建设", ("应急救援和救助",)))
ROADS = Known(Name("2", "州1-3", "农村公路提质改造"))
KNOWN = (RESCUE, ROADS)


@pytest.mark.parametrize("written", ["应急救援与救助能力建设", "应急救援和救助能力建设"])
def test_a_task_is_named_in_a_cell(written: str) -> None:
    assert named_in(written, KNOWN) == (RESCUE,)
    assert are_tasks([written, "农村公路提质改造"], KNOWN)


@pytest.mark.parametrize("word", ["与", "和"])
def test_each_part_of_a_message_begins_with_its_task(word: str) -> None:
    parts = cut(f"应急救援{word}救助\n完成数：12次\n农村公路提质改造\n完成数：30公里", KNOWN)

    assert [each.name for each in parts.blocks] == [f"应急救援{word}救助", "农村公路提质改造"]


@pytest.mark.parametrize("word", ["与", "和"])
def test_headers_and_own_units_of_a_table(word: str) -> None:
    rows = [
        Row(1, ("任务", "报送单位", "完成数", f"困难{word}问题")),
        Row(2, (f"应急救援{word}救助", f"州住房{word}城乡建设局", "12", "人手不足")),
    ]

    table = read_table(rows, KNOWN, (), ["州住房和城乡建设局"])

    assert kind_of(f"困难{word}问题") is Kind.SECTION
    assert table is not None
    [item] = table.items
    assert item.unit == f"州住房{word}城乡建设局"
    assert item.text == f"完成数：12\n困难{word}问题：人手不足"


@pytest.mark.parametrize("word", ["与", "和"])
def test_a_place_of_a_county_table(word: str) -> None:
    words = Vocabulary((Heading("1", ("应急演练",)),))
    rows = [
        Row(1, ("县市", "完成数")),
        Row(2, (f"经开区{word}高新区", "2")),
        Row(3, ("吉首市", "3")),
    ]

    table = read_county_table(rows, ("经开区和高新区", "吉首市"), words)

    assert table is not None
    assert table.lines == ("各县市：", f"经开区{word}高新区：2", "吉首市：3")
