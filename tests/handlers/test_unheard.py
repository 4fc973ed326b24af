"""Words that a platform keeps back: who wrote gets the form as the way in, operators know once."""

import re

import pytest
from sqlmodel import select

from models.db import Database
from models.link import Link, LinkKind
from models.member import RoleName
from models.message import MessageKind
from tests.factories import a_member
from tests.supervising import outbox, with_open_chats
from tests.talk import Talk

LIAISON, LEADER, OPERATOR = "州公安局联络员", "领导甲", "值班员"
KEPT_BACK = MessageKind.WITHHELD


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = Talk(database)
    with database.write() as session:
        a_member(session, OPERATOR, (RoleName.OPERATOR, None))
    return with_open_chats(talk)


def links(talk: Talk) -> list[Link]:
    with talk.database.read() as session:
        return list(session.exec(select(Link).where(Link.kind == LinkKind.UPLOAD)).all())


def alarms(talk: Talk) -> list[str]:
    return [row.text for row in outbox(talk.database, "alarm:withheld:")]


def test_27_a_liaison_gets_the_form_as_the_way_in(talk: Talk) -> None:
    [said] = talk.say(LIAISON, kind=KEPT_BACK)

    assert "刚才的内容没有传到" in said
    assert "提交文字、图片或文件：\nhttps://dajuan.example/upload/1\n" in said
    assert "11:00前有效" in said


def test_the_same_link_is_not_said_again_while_it_lives(talk: Talk) -> None:
    assert talk.say(LIAISON, kind=KEPT_BACK)
    for _ in range(3):
        talk.later(minutes=30)
        assert talk.say(LIAISON, kind=KEPT_BACK) == []

    assert len(links(talk)) == 1


def test_a_fresh_link_comes_once_the_last_one_ran_out(talk: Talk) -> None:
    talk.say(LIAISON, kind=KEPT_BACK)
    talk.later(hours=2)
    [said] = talk.say(LIAISON, kind=KEPT_BACK)

    assert re.findall(r"/upload/(\d+)", said) == ["2"]


def test_a_link_that_was_asked_for_before_is_handed_out_again(talk: Talk) -> None:
    talk.say(LIAISON, "上传")
    [said] = talk.say(LIAISON, kind=KEPT_BACK)

    assert re.findall(r"/upload/(\d+)", said) == ["1"]


def test_whom_the_form_would_turn_away_is_told_once_a_day_whom_to_ask(talk: Talk) -> None:
    [said] = talk.say(LEADER, kind=KEPT_BACK)

    assert "急件请直接联系管理员" in said
    assert "http" not in said
    assert talk.say(LEADER, kind=KEPT_BACK) == []
    talk.later(days=1)
    assert len(talk.say(LEADER, kind=KEPT_BACK)) == 1


def test_a_stranger_gets_no_link(talk: Talk) -> None:
    [said] = talk.say("陌生人", kind=KEPT_BACK)

    assert "http" not in said
    assert links(talk) == []


def test_a_group_reads_no_personal_link(talk: Talk) -> None:
    [said] = talk.say(LIAISON, group="联络员群", kind=KEPT_BACK)

    assert "报送请在与我的单聊中发一句话" in said
    assert "http" not in said
    assert links(talk) == []


def test_27_operators_are_told_once_a_month(talk: Talk) -> None:
    for _ in range(3):
        talk.say(LIAISON, kind=KEPT_BACK)
        talk.say(LEADER, kind=KEPT_BACK)
        talk.later(days=1)
    [told] = alarms(talk)

    assert "额度本月已用完：来信不再带内容" in told
    assert "逐人答复上传链接" in told
    assert "发“额度”登记" in told

    talk.set_clock("2021-09-01T09:00")
    talk.say(LIAISON, kind=KEPT_BACK)
    assert len(alarms(talk)) == 2
