"""The circular of May 2021 from its data: the document's figures, statuses and county counts."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from handlers.digests.circular import build
from handlers.render.document import plain
from handlers.render.document_parts import Grid, Printed, Style, parts
from handlers.render.word import word_file
from handlers.render.word_check import check_word
from handlers.standing.circular import circular_data
from models.db import Database
from models.figure import Figure
from models.indicator import Allotment, Indicator
from models.programme import programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.task import Task
from models.unit import Unit
from tests.circulars import MAY, built, may
from tests.conftest import at
from tests.supervising import counted_queries, hand_in
from tests.talk import Talk

DONE, ON_TRACK, BEHIND = "达到省定验收标准", "工作有序推进", "工作进度相对滞后"
#: What the issued circular prints for each project: figures, percentages, status.
PRINTED = [
    ("新1", "7 6 5 4", "", BEHIND),
    ("新2", "583 386 4425 243", "", DONE),
    ("新3", "10265 15368 10573", "44.63 51.23 85.96", ON_TRACK),
    ("新4", "6", "", ON_TRACK),
    ("新5", "550", "", BEHIND),
    ("新6", "7 25", "", DONE),
    ("新7", "1710 6000", "28 243 55 15.19 10.94", BEHIND),
    ("新8", "22 64", "3.3", BEHIND),
    ("新9", "66 118", "", ON_TRACK),
    ("新10", "798", "44", ON_TRACK),
    ("续1", "4346", "44.8", ON_TRACK),
    ("续2", "6923", "41.96", ON_TRACK),
    ("续3", "23421", "80.76", ON_TRACK),
    ("续4", "260", "", BEHIND),
    ("续5", "85 473.975", "", ON_TRACK),
    ("续6", "100", "", DONE),
    ("续7", "717 2067.7", "130.36 46.99", ON_TRACK),
    ("续8", "3633", "5", BEHIND),
    ("续9", "100 80", "30", BEHIND),
    ("续10", "6498", "73.84", ON_TRACK),
]
JUDGED = {"新1", "新4", "续5"}
COUNTIES = {
    "吉首市": "18 24 8 9 7",
    "泸溪县": "19 26 9 6 11",
    "凤凰县": "18 24 7 8 9",
    "古丈县": "16 22 6 6 10",
    "花垣县": "16 22 8 9 5",
    "保靖县": "17 22 7 12 3",
    "永顺县": "19 25 9 7 9",
    "龙山县": "19 25 6 11 8",
}


def sentences(document_parts: list[object]) -> list[str]:
    """The numbered sentences, one a project."""
    texts = [plain(each.text) for each in document_parts if isinstance(each, Printed)]
    return [text for text in texts if re.match(r"\d+．", text)]


def table(document_parts: list[object], place: int) -> list[list[str]]:
    grids = [each for each in document_parts if isinstance(each, Grid)]
    rows = grids[place].table.rows
    return [[plain(getattr(cell, "text", cell)) for cell in row] for row in rows]


MAY_PARTS = list(parts(built(may())))


@pytest.mark.parametrize(
    ("place", "printed"), list(enumerate(PRINTED)), ids=[each[0] for each in PRINTED]
)
def test_each_sentence_carries_the_documents_figures(
    place: int, printed: tuple[str, str, str, str]
) -> None:
    number, figures, percents, status = printed
    sentence = sentences(MAY_PARTS)[place]
    numbers = re.findall(r"\d+(?:\.\d+)?", sentence)
    shares = [Decimal(each) for each in re.findall(r"(\d+(?:\.\d+)?)%", sentence)]

    assert set(figures.split()) <= set(numbers)
    for percent in percents.split():
        assert any(abs(share - Decimal(percent)) <= Decimal("0.5") for share in shares), percent
    assert status in sentence
    assert ("经研判评定为" in sentence) == (number in JUDGED)


def test_seventeen_statuses_follow_by_rule_and_all_add_up() -> None:
    overview = next(
        plain(e.text) for e in MAY_PARTS if isinstance(e, Printed) and e.style is Style.BODY
    )

    assert overview == (
        f"截至2021年5月31日，20个项目中，{DONE}的3个，{ON_TRACK}的10个，{BEHIND}的7个。"
        "现将有关情况通报如下。"
    )


@pytest.mark.parametrize("county", COUNTIES)
def test_each_county_line_has_the_documents_counts(county: str) -> None:
    line = next(
        plain(e.text)
        for e in MAY_PARTS
        if isinstance(e, Printed) and f"）{county}：" in plain(e.text)
    )

    assert re.findall(r"\d+", line) == COUNTIES[county].split()


def test_the_tables_say_what_the_sentences_say() -> None:
    rows, counties = table(MAY_PARTS, 0), table(MAY_PARTS, 1)

    assert ["新7", "6000个", "1710个", "28.50", "41.67", BEHIND] == [
        text
        for at, text in enumerate(next(r for r in rows if r[0] == "新7"))
        if at not in (1, 2, 3)
    ]
    assert next(row for row in rows if row[0] == "新1")[-1] == f"{BEHIND}（评定）"
    assert [" ".join(row[1:3] + row[3:6]) for row in counties] == list(COUNTIES.values())


def test_a_percentage_stated_for_the_whole_is_marked_and_its_parts_are_not_called_missing() -> None:
    sentence = sentences(MAY_PARTS)[18]

    assert "形象进度30.00%（自报）" in sentence
    assert "尚未报送" not in sentence


def test_a_section_without_words_has_no_heading_and_takes_no_number() -> None:
    texts = {"features": "", "problems": "省里没有下达项目明细。", "next": ""}
    found = list(parts(build(may(), texts)))
    headings = [
        plain(e.text) for e in found if isinstance(e, Printed) and e.style is Style.HEADING_1
    ]

    assert headings == ["一、项目进展", "二、县市情况", "三、存在问题"]


def test_first_words_are_proposed_and_name_no_figures() -> None:
    drafts = may()["drafts"]

    assert drafts["features"].startswith("已完成年度目标的项目：城乡低保、农村通信网络")
    assert "农村公路提质改造：省里没有下达项目明细。" in drafts["problems"]
    assert not re.search(r"\d", drafts["features"] + drafts["next"])


def accept_in_counties(talk: Talk, values: dict[str, str]) -> None:
    """Accepted figures of 农村户用厕所 by county, as of the end of August."""
    with talk.database.write() as session:
        indicator = session.exec(select(Indicator).where(Indicator.name == "农村户用厕所")).one()
        units = {unit.name: unit.id for unit in session.exec(select(Unit)).all()}
        for name, value in values.items():
            session.add(
                Figure(
                    task_id=indicator.task_id,
                    indicator_id=indicator.id,
                    unit_id=units[name],
                    as_of=date(2021, 8, 31),
                    value=Decimal(value),
                    accepted_at=talk.now,
                )
            )


def test_the_county_section_is_made_of_declared_figures_where_nothing_was_issued(
    talk: Talk,
) -> None:
    """吉首市 2742 of 4113 is just what eight months ask; 龙山县 has 9000 of 20000."""
    accept_in_counties(talk, {"吉首市": "2742", "龙山县": "9000"})
    with talk.database.read() as session:
        programme = programme_by_code(session, "minsheng-2021")
        assert programme is not None
        counties = circular_data(session, programme, date(2021, 8, 31))["counties"]

    assert [(each["unit"], each["items"], each["indicators"]) for each in counties] == [
        ("吉首市", 1, 1),
        ("龙山县", 1, 1),
    ]
    assert [each["count"] for each in counties[0]["statuses"]] == [0, 1, 0]
    assert [each["count"] for each in counties[1]["statuses"]] == [0, 0, 1]
    assert counties[1]["named"] == ["农村户用厕所"]


def declare_shares(session: Session, county: str) -> None:
    """24 shares of 100 in 18 projects: 8 done, 9 at 70 of 100, 7 at 10 at the end of August."""
    unit = session.exec(select(Unit).where(Unit.name == county)).one()
    rows = session.exec(
        select(Indicator)
        .join(Task, col(Task.id) == col(Indicator.task_id))
        .where(col(Task.number).not_in(["新1", "新2"]))
        .order_by(col(Task.position), col(Indicator.position))
    ).all()
    growing = [each for each in rows if not each.threshold]
    values = dict(zip((e.id for e in growing), ["100"] * 6 + ["70"] * 9 + ["10"] * 7, strict=True))
    for old in session.exec(select(Allotment).where(Allotment.unit_id == unit.id)).all():
        session.delete(old)
    session.flush()
    for each in rows:
        session.add(Allotment(indicator_id=each.id, unit_id=unit.id, target=Decimal(100)))
        session.add(
            Figure(
                task_id=each.task_id,
                indicator_id=each.id,
                unit_id=unit.id,
                as_of=date(2021, 8, 31),
                value=Decimal(values.get(each.id, "100")),
                accepted_at=at("2021-09-10T09:00"),
            )
        )


def test_a_generated_county_line_counts_and_adds_up_as_the_issued_one(database: Database) -> None:
    """吉首市: 18 items, 24 indicators, 8 + 9 + 7, from declared shares; the file passes."""
    with database.write() as session:
        load(session, read_definition("minsheng-2021"), at("2021-08-16T08:00"))
        declare_shares(session, "吉首市")
        programme = programme_by_code(session, "minsheng-2021")
        assert programme is not None
        snapshot = json.loads(json.dumps(circular_data(session, programme, date(2021, 8, 31))))
    line = next(
        plain(e.text)
        for e in parts(built(snapshot))
        if isinstance(e, Printed) and "）吉首市：承担" in plain(e.text)
    )

    assert re.findall(r"\d+", line) == COUNTIES["吉首市"].split()
    assert len(snapshot["counties"][0]["named"]) == 7
    assert check_word(word_file(built(snapshot)), built(snapshot), snapshot) == ()


def test_a_county_without_figures_is_unknown_not_behind(talk: Talk) -> None:
    accept_in_counties(talk, {"吉首市": "2742"})
    with talk.database.read() as session:
        programme = programme_by_code(session, "minsheng-2021")
        assert programme is not None
        data = circular_data(session, programme, date(2021, 8, 31))

    assert data["counties"][1]["unknown"] == 1
    assert data["counties"][1]["named"] == []
    assert "暂无数据的1个" in "".join(
        plain(e.text) for e in parts(built(data)) if isinstance(e, Printed)
    )


def test_a_programme_without_figures_still_makes_a_document(talk: Talk) -> None:
    with talk.database.read() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        data = circular_data(session, programme, date(2021, 7, 31))
    found = list(parts(built(data)))

    assert data["counties"] == []
    assert any("尚未报送" in text for text in sentences(found))
    assert any("进度暂不能判定" in text for text in sentences(found))


def test_what_only_asks_for_texts_is_said_to_be_reported_or_not(talk: Talk) -> None:
    """州3-1 and 省2 of the columns have no figures: they neither lag nor lack data."""
    hand_in(talk, "州3-1", accepted=True)
    with talk.database.read() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        data = circular_data(session, programme, date(2021, 7, 31))
    said = sentences(list(parts(built(data))))

    assert data["counts"]["uncounted"] == 2
    assert any(text.endswith("“州优化营商环境”事项：已报送材料。") for text in said)
    assert any(text.endswith("总体报告”事项：本期尚未报送材料。") for text in said)
    assert check_word(word_file(built(data)), built(data), data) == ()


def test_the_number_of_queries_does_not_grow_with_what_was_reported(talk: Talk) -> None:
    def count() -> int:
        with talk.database.read() as session:
            programme = programme_by_code(session, "minsheng-2021")
            assert programme is not None
            with counted_queries(talk.database) as seen:
                circular_data(session, programme, date(2021, 8, 31))
            return len(seen)

    talk.set_clock("2021-09-12T09:00")
    before = count()
    hand_in(talk, "新7", {"乡村公共部位安防设备": "4200"}, month=9, accepted=True)
    hand_in(talk, "续8", {"农村户用厕所": "30000"}, month=9, accepted=True)
    accept_in_counties(talk, {"吉首市": "2742", "龙山县": "9000"})

    assert count() == before <= 14


def test_the_day_of_the_data_is_that_of_the_issue() -> None:
    assert may()["day"] == MAY.isoformat()
