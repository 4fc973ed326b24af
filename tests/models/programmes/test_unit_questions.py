"""Units that may be one are asked about: inside a workbook, and against those of the area."""

from pathlib import Path

import pytest
from sqlmodel import Session

from models.programmes.areas import known_units
from models.programmes.documents import Source
from models.programmes.loader import load
from models.programmes.sources import read_source
from models.programmes.unit_questions import unit_questions
from models.rules.unit_names import KnownUnit
from tests.conftest import at
from tests.models.programmes.workbook.books import PLAIN, read, saved, workbook


def asked(*units: list[str], known: tuple[KnownUnit, ...] = ()) -> list[str]:
    """What a workbook with these further units is asked."""
    definition = read(workbook(单位=[*PLAIN["单位"], *units])).definition
    return [str(problem) for problem in unit_questions(definition, known)]


def test_two_units_with_nearly_one_name_are_asked_about_once() -> None:
    assert asked(["国网望城电力公司"], ["国网望城供电公司"]) == [
        "单位 国网望城供电公司：“国网望城供电公司”与“国网望城电力公司”是否同一单位？"
        "如是，请把其中一个写入另一个的“别名”；如不是，照此载入"
    ]


def test_a_name_written_with_another_word_for_and_is_asked_about() -> None:
    told = asked(["市水利和湖泊局"], ["市水利与湖泊局"])

    assert len(told) == 1
    assert "“市水利与湖泊局”与“市水利和湖泊局”是否同一单位？" in told[0]


def test_a_name_near_an_alias_is_asked_about_with_both_names() -> None:
    told = asked(["市人力资源社会保障局"])

    assert len(told) == 1
    assert told[0].startswith("单位 市人力资源社会保障局：“市人力资源社会保障局”与“市人")


def test_an_alias_in_the_workbook_is_the_answer() -> None:
    assert asked(["国网望城供电公司", "国网望城电力公司"]) == []
    assert asked() == []


def test_a_unit_near_one_of_the_area_is_asked_about() -> None:
    known = (KnownUnit("市发展和改革委员会"), KnownUnit("市人社局"))

    assert asked(["市发改委"], known=known) == [
        "单位 市发改委：“市发改委”与已有单位“市发展和改革委员会”是否同一单位？"
        "如是，请把已有名称写入它的“别名”；如不是，照此载入"
    ]
    assert asked(["市发改委", "市发展和改革委员会"], known=known) == []


@pytest.mark.parametrize(
    "known",
    [
        (KnownUnit("国网望城电力公司"), KnownUnit("国网望城供电公司")),
        (KnownUnit("市电力局", ("国网望城电力公司",)), KnownUnit("国网望城供电公司")),
    ],
)
def test_what_the_area_keeps_apart_is_not_asked_again(known: tuple[KnownUnit, ...]) -> None:
    assert asked(["国网望城电力公司"], ["国网望城供电公司"], known=known) == []


def test_one_pair_inside_and_in_the_area_is_one_question() -> None:
    known = (KnownUnit("国网望城电力公司"),)

    assert len(asked(["国网望城电力公司"], ["国网望城供电公司"], known=known)) == 1


def test_a_second_workbook_of_an_area_is_asked_about_the_units_of_the_first(
    session: Session, tmp_path: Path
) -> None:
    load(session, read(workbook()).definition, at("2026-01-05T09:00"))
    rows = [["代码", "fanghuo-2026"] if row[0] == "代码" else row for row in PLAIN["专项"]]
    units = [*PLAIN["单位"], ["市交通运输管理局"]]
    (tmp_path / "防火.xlsx").write_bytes(saved(workbook(专项=rows, 单位=units)))

    source = str(tmp_path / "防火.xlsx")
    draft = read_source(source, Source(), known_units(session))

    assert [problem.where for problem in draft.questions] == ["单位 市交通运输管理局"]
