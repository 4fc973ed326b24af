"""评定: a status set by an admin holds at the data date, is shown as judged, and is taken back."""

import pytest
from sqlmodel import select

from models.judgement import Judgement
from tests.supervising import hand_in, with_open_chats
from tests.talk import Talk

ADMIN, LEADER, POLICE = "管理员甲", "领导甲", "州公安局联络员"


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """July's figures are accepted: 1710 of 6000 cameras against 58.33 % scheduled."""
    talk.set_clock("2021-09-16T10:00")
    hand_in(talk, "州1-7", {"乡村公共部位安防设备": "1710"}, accepted=True)
    return with_open_chats(talk)


def test_a_judged_status_is_shown_as_judged_everywhere(talk: Talk) -> None:
    answer = talk.say(ADMIN, "评定 州1-7 有序 招标已完成，设备集中到货")[0]

    assert "已评定：州1-7 雪亮工程（答卷专栏，数据截至2021年7月31日）为“工作有序推进”" in answer
    assert "按规则为：工作进度相对滞后（完成28.50%，序时58.33%）" in answer
    assert "状态：工作有序推进（评定）" in talk.say(ADMIN, "进度 州1-7 答卷专栏")[0]
    assert "没有滞后的事项" in talk.say(LEADER, "滞后 答卷专栏")[0]
    assert "州1-7 雪亮工程：工作有序推进，原因：招标已完成" in talk.say(ADMIN, "评定 答卷专栏")[0]


def test_what_was_judged_is_taken_back_and_stays_in_the_trail(talk: Talk) -> None:
    talk.say(ADMIN, "评定 州1-7 有序 招标已完成")

    assert "按规则为：工作进度相对滞后" in talk.say(ADMIN, "评定 州1-7 取消")[0]

    assert "（评定）" not in talk.say(ADMIN, "进度 州1-7 答卷专栏")[0]
    assert "没有评定，无需取消" in talk.say(ADMIN, "评定 州1-7 取消")[0]
    with talk.database.read() as session:
        rows = session.exec(select(Judgement.withdrawn).order_by(Judgement.id)).all()
    assert rows == [False, True]
    assert "评定" in talk.say(ADMIN, "审计 州1-7")[0]


def test_taken_back_is_also_said_before_the_task(talk: Talk) -> None:
    talk.say(ADMIN, "评定 州1-7 滞后 资金未到位")

    assert talk.say(ADMIN, "评定 取消 州1-7")[0].startswith("已取消评定")


def test_a_newer_figure_is_judged_along_with_the_data_date(talk: Talk) -> None:
    hand_in(talk, "州1-7", {"乡村公共部位安防设备": "2000"}, month=9, accepted=True)

    talk.say(ADMIN, "评定 州1-7 有序 招标已完成")

    assert "（评定）" in talk.say(ADMIN, "进度 州1-7 答卷专栏")[0]
    with talk.database.read() as session:
        days = session.exec(select(Judgement.data_date).order_by(Judgement.id)).all()
    assert [str(day) for day in days] == ["2021-07-31", "2021-08-31"]


def test_a_slip_in_the_label_is_asked(talk: Talk) -> None:
    assert "您是要评定为“工作进度相对滞后”吗" in talk.say(ADMIN, "评定 州1-7 滞厚 没有动工")[0]
    assert "已评定" in talk.say(ADMIN, "1")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("评定 州1-7 滞后", "评定需要写明原因，状态没有变"),
        ("评定 州1-7 很好 看过现场", "没有认出档次“很好”"),
        ("评定 州1-77 滞后 没有动工", "没有找到“州1-77”"),
        ("评定 雪亮工程 滞后 没有动工", "您指的是哪一项？"),
        ("评定 州1-7", "没有评定"),
    ],
)
def test_what_is_missing_or_wrong_is_named(light: Talk, text: str, expected: str) -> None:
    assert expected in light.say(ADMIN, text)[0]
    with light.database.read() as session:
        assert session.exec(select(Judgement)).all() == []


@pytest.mark.parametrize("person", [POLICE, LEADER])
def test_only_admins_judge_and_not_in_groups(light: Talk, person: str) -> None:
    assert "仅限管理员使用" in light.say(person, "评定 州1-7 滞后 没有动工")[0]
    assert "单聊中发送" in light.say(ADMIN, "评定 州1-7 滞后 没有动工", group="领导群")[0]
