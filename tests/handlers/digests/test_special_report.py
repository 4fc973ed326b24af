"""S5's special report of September 2024 from its data: 25, 19, 1, acceptance, 动态, comments."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from handlers.digests.special_report import build
from handlers.render.document import Document
from handlers.render.word import word_file
from handlers.render.word_check import check_word
from handlers.standing.special_report import special_report_data
from models.activity import Activity
from models.comment import CommentCount
from models.db import Database
from models.figure import Figure, Series
from models.programme import programme_by_code
from models.task import tasks_of
from tests.circulars import tampered
from tests.conftest import at
from tests.livelihood import livelihood_talk
from tests.published import changed, paragraphs, published, tables
from tests.supervising import counted_queries

SEPTEMBER = date(2024, 9, 27)
#: 完成比例 of annexes 1 to 3 as printed; 感23's is not.
PRINTED = (
    "100 100 100 100 100 115 107.9 259.5 100 100 100 100 100 100 140 105.8 165.4 105 100.1 100 "
    "100 100 - 103.4 100",
    "87.4 76 95 94.5 96.2 81.2 90 90 75.1 75 75 75 75 92 75 75 94.5 80 75.3",
    "32",
)
#: Annex 4: in how many of its 23 projects something was published, March to September.
TICKED = [4, 2, 11, 5, 10, 23, 23]


@cache
def _september() -> str:
    with changed("kegan-2024") as (session, programme):
        return json.dumps(special_report_data(session, programme, SEPTEMBER))


def september() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_september())
    return data


def built(snapshot: Mapping[str, Any]) -> Document:
    return build(snapshot, snapshot["drafts"])


DOCUMENT = built(september())
TABLES = tables(DOCUMENT)


def test_25_items_are_done_19_on_schedule_and_one_behind() -> None:
    assert [len(table) for table in TABLES[:3]] == [25, 19, 1]
    assert (
        "共办理45项，其中省实事34项、湘潭市实事13项，2项两级重合，涉及责任单位16个。"
        "截至9月，已完成的25项，达到序时进度的19项，未达序时进度的1项。各项情况见附件。"
    ) in paragraphs(DOCUMENT)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_percentage_stands_within_half_a_point_of_the_printed_one(place: int) -> None:
    found = [row[6].removesuffix("（自报）") for row in TABLES[place]]
    printed = PRINTED[place].split()

    for done, said in zip(found, printed, strict=True):
        assert said == "-" or abs(Decimal(done) - Decimal(said)) <= Decimal("0.5")


def test_the_laggard_is_named_with_what_was_done() -> None:
    [row] = TABLES[2]

    assert row[2:6] == [
        "农村道路隐患治理",
        "公安局交警大队",
        "22处",
        "完成7处；按整改7处计算为31.8%",
    ]
    assert row[6] == "32.00（自报）"
    assert "请责任单位对农村道路隐患治理倒排工期" in september()["drafts"]["next"]


def test_only_one_item_has_an_acceptance_and_44_gaps_are_unknown_not_zero() -> None:
    [said] = [text for text in paragraphs(DOCUMENT) if text.startswith("验收情况。")]

    assert "有验收率的1项，差距未知的44项" in said
    assert "10月31日前进度与验收率相差不超过10个百分点" in said
    accepted = next(row for row in TABLES[0] if row[2] == "无障碍改造")
    assert accepted[7:] == ["100.00", "0.00"]
    assert TABLES[2][0][7:] == ["—", "—"]


def test_in_october_gaps_of_more_than_ten_points_are_named() -> None:
    """Declared data: 100 and 85 accepted are too far apart, 81.2 and 75 are not."""
    with changed("kegan-2024") as (session, programme):
        tasks = {task.number: task for task in tasks_of(session, programme.id or 0)}
        for number, value in (("感7", "85"), ("感31", "75")):
            session.add(
                Figure(
                    task_id=tasks[number].id or 0,
                    series=Series.VERIFIED,
                    as_of=date(2024, 10, 31),
                    value=Decimal(value),
                    accepted_at=at("2024-11-01T09:00"),
                )
            )
        session.flush()
        data = json.loads(json.dumps(special_report_data(session, programme, date(2024, 10, 31))))
    document = built(data)
    [said] = [text for text in paragraphs(document) if text.startswith("验收情况。")]

    assert "符合要求的2项，超过的1项（青年创业免费工位）" in said
    row = next(row for table in tables(document) for row in table if row[2] == "青年创业免费工位")
    assert row[7:] == ["85.00", "15.00（超）"]
    assert check_word(word_file(document), document, data) == ()


def test_the_matrix_ticks_the_months_of_the_document() -> None:
    *rows, totals = TABLES[3]

    assert len(rows) == 23
    assert [int(each) for each in totals[1:8]] == TICKED
    assert rows[0] == ["1", "人社局", "促进高质量充分就业", *"√,,√,√,√,√,√".split(","), "6"]
    assert rows[13][3:] == [*",,,,,√,√".split(","), "2"]


def test_the_check_passes_and_catches_tampering_anywhere() -> None:
    data = word_file(DOCUMENT)

    assert check_word(data, DOCUMENT, september()) == ()
    for old, new in (("107.86", "107.9"), ("√", "×"), ("7处", "8处"), ("省实事34项", "省实事35项")):
        assert check_word(tampered(data, old, new), DOCUMENT, september()), old


def test_comments_are_added_up_and_the_rate_follows(database: Database) -> None:
    """Declared data: 40 of 50 comments are handled, all of them must be."""
    talk = livelihood_talk(database)
    with talk.database.write() as session:
        programme = programme_by_code(session, "kegan-2024")
        assert programme is not None
        first, second, _ = tasks_of(session, programme.id or 0)
        for task, received, handled in ((first, 30, 30), (second, 20, 10)):
            session.add(
                CommentCount(
                    task_id=task.id or 0,
                    as_of=date(2024, 9, 20),
                    received=received,
                    handled=handled,
                    accepted_at=talk.now,
                )
            )
        session.flush()
        data = json.loads(json.dumps(special_report_data(session, programme, SEPTEMBER)))
    document = built(data)

    assert (
        f"群众意见。收到50条，办理40条，处理率80.00%（要求达到100%），未办10条：{second.title}。"
    ) in paragraphs(document)
    assert check_word(word_file(document), document, data) == ()


def test_statements_do_not_grow_with_what_is_known() -> None:
    def count() -> int:
        with counted_queries(published("kegan-2024")) as seen:
            special_report_data(session, programme, SEPTEMBER)
        return len(seen)

    with changed("kegan-2024") as (session, programme):
        before = count()
        for task in tasks_of(session, programme.id or 0):
            session.add(
                Activity(
                    task_id=task.id,
                    month=date(2024, 9, 1),
                    kind="新闻报道",
                    reported_at=at("2024-09-20T09:00"),
                )
            )
        session.flush()

        assert count() == before <= 13


def test_a_programme_without_data_still_makes_a_report(database: Database) -> None:
    talk = livelihood_talk(database)
    with talk.database.read() as session:
        programme = programme_by_code(session, "kegan-2024")
        assert programme is not None
        data = json.loads(json.dumps(special_report_data(session, programme, date(2024, 1, 31))))
    document = built(data)

    assert any("暂无数据的3项" in text for text in paragraphs(document))
    assert check_word(word_file(document), document, data) == ()


def test_a_report_may_be_written_before_its_month_has_ended(database: Database) -> None:
    """As the real one was, on 27 September; drafted again in October it holds the whole month."""
    talk = livelihood_talk(database)
    [early] = talk.say("管理员甲", "通报 9月")
    talk.set_clock("2024-10-08T09:00")
    [later] = talk.say("管理员甲", "通报 9月")
    [coming] = talk.say("管理员甲", "通报 11月")

    assert early.startswith("【民生可感】专报（2024年9月）草稿已生成，数据截至2024年9月27日。")
    assert later.startswith("【民生可感】专报（2024年9月）草稿已生成，数据截至2024年9月30日。")
    assert "2024年11月还没有结束" in coming


def test_what_was_issued_early_is_found_by_its_month(database: Database) -> None:
    talk = livelihood_talk(database)
    talk.say("管理员甲", "通报 9月")
    talk.say("管理员甲", "签发")

    assert "2024年第1号，见附件" in talk.say("领导甲", "通报 9月")[0]
