"""S2's five annexes from the entries of October 2022, against the document's own numbers."""

import io
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from docx import Document as open_file
from docx.oxml.ns import qn

from handlers.digests.incentive_annexes import build
from handlers.render.document import Document
from handlers.render.word import word_file
from handlers.render.word_check import check_word
from handlers.standing.incentives import incentive_data
from models.note import Note, NoteKind
from models.outlook import OutlookEntry
from models.task import tasks_of
from models.unit import units_of
from tests.circulars import tampered
from tests.conftest import at
from tests.models.programmes.test_jili_2022_outlooks import ANNEX_1, ANNEX_2
from tests.published import changed, paragraphs, published, tables
from tests.supervising import counted_queries

OCTOBER = date(2022, 10, 10)


@cache
def _october() -> str:
    with changed("jili-2022") as (session, programme):
        return json.dumps(incentive_data(session, programme, OCTOBER))


def october() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_october())
    return data


def built(snapshot: Mapping[str, Any]) -> Document:
    return build(snapshot, snapshot["drafts"])


DOCUMENT = built(october())
TABLES = tables(DOCUMENT)


def test_annex_1_counts_the_levels_of_26_lead_units() -> None:
    total, *units = TABLES[0]
    printed = [line.split() for line in ANNEX_1.replace("\n", "；").split("；") if line]

    assert total == ["合计", "65", "12", "30", "21", "2"]
    assert [[cell or "0" for cell in row] for row in units] == printed
    assert len(units) == 26


def test_the_first_sentence_says_the_same() -> None:
    assert (
        "截至2022年10月10日，65个事项中，很有可能的12项，有可能的30项，难度较大的21项，不太可能的2项。"
        "现将研判和进展情况通报如下。"
    ) in paragraphs(DOCUMENT)


@pytest.mark.parametrize("unit", [each for each in ANNEX_2 if each != "龙山县"])
def test_annex_2_lists_the_key_items_of_each_county(unit: str) -> None:
    row = next(row for row in TABLES[1] if row[0] == unit)
    items = [line.partition(".")[2] for line in row[2].split("\n")]
    printed = ANNEX_2[unit].split()

    assert int(row[1]) == len(items) == len(printed)
    assert all(any(item.startswith(word) for item in items) for word in printed)


def test_a_parks_items_stand_under_its_county_and_not_apart() -> None:
    units = [row[0] for row in TABLES[1]]

    assert "花垣产业开发区" not in units
    assert "泸溪高新区" not in units
    assert "促进工业高质量发展" in next(row[2] for row in TABLES[1] if row[0] == "花垣县")
    assert units == list(ANNEX_2)


def test_the_check_finds_the_one_cell_that_the_issued_annex_prints_otherwise() -> None:
    [fault] = check_word(word_file(DOCUMENT), DOCUMENT, october())

    assert "龙山县" in fault.place
    assert fault.text == "一处为“质量强省工作”，一处为“知识产权工作”"


def test_an_admin_is_told_how_to_mend_that_cell() -> None:
    assert october()["notes"] == [
        "龙山县重点事项与当日印发件不一致，研判有误的请发“研判 事项 龙山县 等次”更正后重发“通报”"
    ]


def test_once_the_entry_is_put_right_the_check_passes() -> None:
    with changed("jili-2022") as (session, programme):
        units = {unit.name: unit.id for unit in units_of(session, programme.area_id)}
        tasks = {task.number: task.id for task in tasks_of(session, programme.id or 0)}
        for number, withdrawn in (("激61", True), ("激60", False)):
            session.add(
                OutlookEntry(
                    task_id=tasks[number] or 0,
                    unit_id=units["龙山县"],
                    level="很有可能",
                    withdrawn=withdrawn,
                    made_at=at("2022-10-10T15:00"),
                )
            )
        session.flush()
        data = json.loads(json.dumps(incentive_data(session, programme, OCTOBER)))
    document = built(data)

    assert check_word(word_file(document), document, data) == ()


def test_a_later_judgement_is_no_part_of_an_earlier_day() -> None:
    with changed("jili-2022") as (session, programme):
        task = tasks_of(session, programme.id or 0)[2]
        session.add(
            OutlookEntry(task_id=task.id or 0, level="很有可能", made_at=at("2022-11-02T09:00"))
        )
        session.flush()
        then = incentive_data(session, programme, OCTOBER)
        later = incentive_data(session, programme, date(2022, 11, 30))

    assert then["total"]["levels"][0]["count"] == 12
    assert later["total"]["levels"][0]["count"] == 13


def test_annex_3_prints_entries_quotas_and_awards_since_2017() -> None:
    header = next(row for row in TABLES[2] if "河湖长制" in row[-8])
    judged = next(row for row in TABLES[2] if "固定资产投资" in row)

    assert header[-7:] == [
        "4个市州、10个县市",
        "州本级：有可能\n泸溪县：有可能\n龙山县：有可能",
        "花垣县",
        "保靖县",
        "永顺县",
        "×",
        "×",
    ]
    assert "评定：很有可能（考核细则规定必有1个名额）" in judged[-6]
    assert len(TABLES[2]) == 65


def test_annex_4_has_progress_problems_and_contacts_of_each_item() -> None:
    safety = next(row for row in TABLES[3] if "安全生产" in row)

    assert "自评100分，预计全省第1名" in safety[-3]
    assert len(TABLES[3]) == 65
    assert any("8月中旬，州直部门负责人对接省发改委" in row[-1] for row in TABLES[3])


def test_annex_5_has_the_contacts_of_each_county() -> None:
    rows = TABLES[4]

    assert rows[0][0] == "吉首市"
    assert any("9月19日，州领导对接省市场监督管理局" in row[-1] for row in rows)


def test_tampering_with_any_annex_is_caught() -> None:
    data = word_file(DOCUMENT)
    before = check_word(data, DOCUMENT, october())
    for old, new in (("65", "66"), ("林长制", "林长治"), ("保靖县：很有可能", "保靖县：不太可能")):
        assert len(check_word(tampered(data, old, new), DOCUMENT, october())) > len(before)


def test_statements_do_not_grow_with_what_is_known() -> None:
    def count() -> int:
        with counted_queries(published("jili-2022")) as seen:
            incentive_data(session, programme, OCTOBER)
        return len(seen)

    with changed("jili-2022") as (session, programme):
        before = count()
        for task in tasks_of(session, programme.id or 0):
            session.add(
                OutlookEntry(task_id=task.id or 0, level="有可能", made_at=at("2022-10-09T09:00"))
            )
            session.add(
                Note(task_id=task.id or 0, kind=NoteKind.PROBLEM, text="缺口", as_of=OCTOBER)
            )
        session.flush()

        assert count() == before <= 12


def test_what_parts_the_annexes_takes_no_line() -> None:
    """On the grid of the page a break behind a full table made an empty page."""
    file = open_file(io.BytesIO(word_file(DOCUMENT)))
    breaks = [
        each
        for each in file.element.body.iter(qn("w:pPr"))
        if (line := each.find(qn("w:spacing"))) is not None and line.get(qn("w:line")) == "20"
    ]

    assert len(breaks) >= 9
    assert all(each.find(qn("w:snapToGrid")).get(qn("w:val")) == "0" for each in breaks)


def test_without_any_judgement_there_is_still_a_document() -> None:
    data = october()
    data.update(keys=[], units=[], items=[], counties=[], years=[])
    data["total"] = {"items": 0, "unknown": 0, "levels": data["total"]["levels"]}
    for level in data["total"]["levels"]:
        level["count"] = 0
    document = built(data)

    assert check_word(word_file(document), document, data) == ()
