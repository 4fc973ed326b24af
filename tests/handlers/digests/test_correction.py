"""更正说明: what changed in an issued document, old → new, from its snapshot and today's data."""

import copy
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import col, select

from handlers.digests.correction import build
from handlers.render.document import plain
from handlers.render.document_parts import Grid, parts
from handlers.render.word import word_file
from handlers.render.word_check import check_word
from handlers.render.word_read import read_word
from handlers.supervising.corrections import NO_LONGER, NOT_THERE, changes
from models.bulletin import Bulletin
from models.figure import Figure
from models.indicator import Indicator
from models.task import Task
from tests.circulars import built, may, tampered
from tests.supervising import hand_in
from tests.talk import Talk

ADMIN = "管理员甲"
DEVICES = "乡村公共部位安防设备"


@pytest.fixture
def issued(talk: Talk) -> Talk:
    """The circular of August is issued on 12 September: 4200 of 6000 devices are built."""
    talk.set_clock("2021-09-12T09:00")
    hand_in(talk, "新7", {DEVICES: "4200"}, month=9, accepted=True)
    talk.say(ADMIN, "通报 重点民生实事 8月")
    talk.say(ADMIN, "签发")
    return talk


def accept(talk: Talk, value: str) -> None:
    with talk.database.write() as session:
        indicator = session.exec(
            select(Indicator)
            .join(Task, col(Task.id) == col(Indicator.task_id))
            .where(Task.number == "新7")
        ).one()
        session.add(
            Figure(
                task_id=indicator.task_id,
                indicator_id=indicator.id,
                as_of=date(2021, 8, 31),
                value=Decimal(value),
                accepted_at=talk.now,
            )
        )


def rows_of_last(talk: Talk) -> list[tuple[str, ...]]:
    """The table of the last file that the admin got."""
    body = read_word(talk.pictures_of(ADMIN)[-1]).body
    return list(next(each for each in body if not isinstance(each, str))[1:])


def test_every_printed_figure_that_changed_is_listed_old_and_new(issued: Talk) -> None:
    accept(issued, "3900")
    issued.later(days=1)
    [answer] = issued.say(ADMIN, "更正说明 1号")
    changed = {(row[3], row[4]) for row in rows_of_last(issued)}

    assert "更正说明（2021年9月13日，更正通报2021年第1号）草稿已生成" in answer
    assert {("4200个", "3900个"), ("70.00", "65.00")} <= changed
    assert ("工作有序推进", "工作进度相对滞后") in changed
    assert ("1", "0") in changed
    assert "“工作有序推进的”之后" in [row[2] for row in rows_of_last(issued)]


def test_the_issued_document_itself_never_changes(issued: Talk) -> None:
    [before] = [row.media_sha for row in _issued(issued)]
    accept(issued, "3900")
    issued.say(ADMIN, "更正说明 1号")
    issued.say(ADMIN, "签发")

    assert _issued(issued)[0].media_sha == before
    assert [row.kind for row in _issued(issued)] == ["circular", "correction"]


def test_a_leader_sees_the_correction_listed_and_gets_the_circular(issued: Talk) -> None:
    accept(issued, "3900")
    issued.say(ADMIN, "更正说明 1号")
    issued.say(ADMIN, "签发")
    lines = issued.say("领导甲", "通报")[0].splitlines()

    assert "更正说明" in lines[1]
    assert lines[-1] == (
        "附件为【重点民生实事】通报（2021年8月）；其他各期请发文号，例如“通报 1号”。"
    )


def test_the_next_correction_begins_where_the_last_one_ended(issued: Talk) -> None:
    accept(issued, "3900")
    issued.later(days=1)
    issued.say(ADMIN, "更正说明 1号")
    issued.say(ADMIN, "签发")
    accept(issued, "4500")
    issued.later(days=1)
    issued.say(ADMIN, "更正说明 通报 1号")

    changed = {(row[3], row[4]) for row in rows_of_last(issued)}
    assert ("3900个", "4500个") in changed
    assert not any("4200" in old for old, _ in changed)


def test_nothing_changed_needs_no_correction(issued: Talk) -> None:
    assert "没有变化，不用出更正说明" in issued.say(ADMIN, "更正说明 1号")[0]


def test_what_was_never_issued_cannot_be_put_right(talk: Talk) -> None:
    assert "没有找到这份已签发的文件" in talk.say(ADMIN, "更正说明 7号")[0]


def _issued(talk: Talk) -> list[Bulletin]:
    with talk.database.read() as session:
        rows = session.exec(select(Bulletin).where(Bulletin.state == "issued")).all()
        return sorted(rows, key=lambda row: row.id or 0)


def test_one_project_more_shifts_no_others() -> None:
    """The snapshot of May with 续8 gone and a name less among 龙山县's laggards."""
    before, after = may(), may()
    gone = next(each for each in after["tasks"] if each["number"] == "续8")
    after["tasks"].remove(gone)
    name = after["counties"][7]["named"].pop()
    found = changes((built(before), before), (built(after), after))

    assert {(each["old"], each["new"]) for each in found} == {("续8", NO_LONGER), (name, NO_LONGER)}


def test_a_figure_that_was_not_printed_before_is_called_so() -> None:
    before, after = may(), may()
    task = next(each for each in before["tasks"] if each["number"] == "续10")
    task["notes"] = []
    next(e for e in after["tasks"] if e["number"] == "续10")["notes"] = ["已验收3处"]
    found = changes((built(before), before), (built(after), after))

    assert [(each["old"], each["new"]) for each in found] == [(NOT_THERE, "已验收3处")]


def test_two_indicators_of_one_name_are_two_figures() -> None:
    before = may()
    twice = before["tasks"][6]["indicators"]
    twice.append({**twice[0], "amount": "5个"})
    after = copy.deepcopy(before)
    after["tasks"][6]["indicators"][1]["amount"] = "6个"
    [found] = changes((built(before), before), (built(after), after))

    assert (found["old"], found["new"]) == ("5个", "6个")


def test_places_name_project_and_column() -> None:
    before, after = may(), may()
    after["tasks"][6]["indicators"][0]["amount"] = "1711个"
    [found] = changes((built(before), before), (built(after), after))

    assert found["place"] == "附件1"
    assert found["what"].startswith("新7 乡村‘雪亮工程’")
    assert found["what"].endswith("完成数")


def test_the_check_passes_and_catches_tampering() -> None:
    snapshot = {
        "title": "关于2021年1—8月重点民生实事进展情况的通报",
        "number": "重点民生实事通报〔2021〕1号",
        "issued": "2021-09-12",
        "addressee": "各县市、各责任单位：",
        "count": 1,
        "what": ["新7 雪亮工程 完成数" + "长" * 40],
        "changes": [{"place": "附件1", "old": "4200个", "new": "3900个"}],
        "after": {},
    }
    document = build(snapshot, {"why": "{{ 7*7 }}"})
    data = word_file(document)

    assert check_word(data, document, snapshot) == ()
    assert check_word(tampered(data, "3900个", "3901个"), document, snapshot)
    assert check_word(tampered(data, "4200个", "4201个"), document, snapshot)
    grid = next(each for each in parts(document) if isinstance(each, Grid))
    assert [plain(cell) for cell in grid.table.rows[0][3:]] == ["4200个", "3900个"]
