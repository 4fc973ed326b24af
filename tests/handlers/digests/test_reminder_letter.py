"""提醒函: what a unit owes, with days; drafted by command, sent to the unit once it is issued."""

import pytest
from sqlmodel import col, select

from handlers.context import BulletinContext
from handlers.digests.reminder_letter import reminder_letter
from handlers.render.word_read import read_word
from models.bulletin import Bulletin
from models.programme import programme_by_code
from models.unit import Unit
from tests.conftest import SHANGHAI
from tests.supervising import counted_queries, hand_in, with_open_chats
from tests.talk import Talk

ADMIN = "管理员甲"
LETTER = "提醒函 州公安局"


@pytest.fixture
def late(talk: Talk) -> Talk:
    """27 August 2021, a Friday: what was due on the 25th is two working days late."""
    with_open_chats(talk)
    talk.set_clock("2021-08-27T10:00")
    return talk


def letter(talk: Talk) -> str:
    return read_word(talk.pictures_of(ADMIN)[-1]).everything()


def test_the_letter_lists_what_is_late_and_by_how_many_days(late: Talk) -> None:
    [answer] = late.say(ADMIN, LETTER)
    text = letter(late)

    assert "草稿已生成" in answer
    assert "自检：文件中的数与数据一致" in answer
    assert "州公安局：" in text
    assert "州1-7 雪亮工程" in text
    assert "8月25日" in text
    assert "逾期未报，已过2个工作日" in text
    assert "特此函告。" in text


def test_a_letter_is_signed_as_the_circulars_are_or_as_set_for_letters(late: Talk) -> None:
    late.say(ADMIN, "通报 落款 答卷专栏 州委督查室")
    late.say(ADMIN, LETTER)
    first = letter(late)
    late.say(ADMIN, "通报 落款 答卷专栏 提醒函 州委督查室督查科")
    late.say(ADMIN, LETTER)

    assert "州委督查室" in first.splitlines()
    assert "州委督查室督查科" in letter(late).splitlines()


def test_who_owes_nothing_gets_no_letter(late: Talk) -> None:
    hand_in(late, "州1-7", {"乡村公共部位安防设备": "4200"}, month=8, accepted=True)

    assert "不用发提醒函" in late.say(ADMIN, f"{LETTER} 答卷专栏")[0]


def test_an_issued_letter_goes_to_the_units_people_and_to_no_group(late: Talk) -> None:
    late.say(ADMIN, LETTER)
    [answer] = late.say(ADMIN, "签发")

    assert "已签发，2021年第1号" in answer
    assert "已发给州公安局" in answer
    assert "更正说明" not in answer
    assert any("提醒函" in text for text in late.heard("州公安局联络员"))
    assert not any("提醒函" in text for text in late.heard_in("领导群"))
    assert not any("提醒函" in text for text in late.heard("州妇联联络员"))


def test_two_letters_of_one_day_are_two_documents(late: Talk) -> None:
    late.say(ADMIN, LETTER)
    late.say(ADMIN, "签发")
    late.say(ADMIN, "提醒函 州妇联")
    late.say(ADMIN, "签发")
    with late.database.read() as session:
        rows = session.exec(select(Bulletin).order_by(col(Bulletin.id))).all()

    assert [(row.subject, row.number) for row in rows] == [("州公安局", 1), ("州妇联", 2)]


def test_a_letter_is_nothing_that_leaders_get_as_the_last_circular(late: Talk) -> None:
    late.set_clock("2021-09-12T09:00")
    late.say(ADMIN, "通报 重点民生实事 8月")
    late.say(ADMIN, "签发")
    late.say(ADMIN, LETTER)
    late.say(ADMIN, "签发")
    [listed] = late.say("领导甲", "通报")
    first = read_word(late.pictures_of("领导甲")[-1]).everything()
    [named] = late.say("领导甲", "通报 重点民生实事")

    assert "提醒函" not in listed
    assert listed.splitlines()[1:] == [
        "- 【重点民生实事】通报（2021年8月）2021年第1号",
        "全文见附件。",
    ]
    assert "进展情况的通报" in first
    assert named == "【重点民生实事】通报（2021年8月）2021年第1号，见附件。"


def test_only_an_admin_writes_letters(late: Talk) -> None:
    answers = late.say("州公安局联络员", LETTER)

    assert not any("草稿" in answer for answer in answers)


def test_a_letter_without_a_unit_says_what_to_send(late: Talk) -> None:
    assert "提醒函 州公安局" in late.say(ADMIN, "提醒函")[0]


def test_statements_do_not_grow_with_what_is_owed(late: Talk) -> None:
    """州公安局 owes one report, 州文旅广电局 two."""

    def count(unit_name: str) -> tuple[int, int]:
        with late.database.read() as session:
            programme = programme_by_code(session, "dajuan-2021")
            assert programme is not None
            units = session.exec(select(Unit)).all()
            unit = next(each for each in units if each.name == unit_name)
            day = late.now.astimezone(SHANGHAI).date()
            ctx = BulletinContext(
                session, late.now, late.services, programme, day.isoformat(), day, unit
            )
            with counted_queries(late.database) as seen:
                items = reminder_letter(ctx)["items"]
            return len(seen), len(items)

    assert [count(name) for name in ("州公安局", "州文旅广电局")] == [(6, 1), (6, 2)]
