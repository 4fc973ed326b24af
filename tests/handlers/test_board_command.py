"""看板 and 上传 in chat: who is given which link, where it is said, and how it is taken back."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.audit import Audit
from models.chat import Chat
from models.link import Link, LinkKind
from models.member import RoleName
from models.unit import Unit
from tests.conftest import at
from tests.factories import a_member
from tests.talk import Talk

LEADER, ADMIN, LIAISON = "领导甲", "管理员甲", "州公安局联络员"
HEAD = "州公安局负责人"


@pytest.fixture
def talk(database) -> Talk:
    talk = Talk(database)
    with database.write() as session:
        police = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        a_member(session, HEAD, (RoleName.UNIT_HEAD, police))
    return talk


def _links(talk: Talk) -> list[Link]:
    with talk.database.read() as session:
        return list(session.exec(select(Link).order_by(col(Link.id))).all())


def _chat(talk: Talk, link: Link) -> Chat:
    with talk.database.read() as session:
        return session.get_one(Chat, link.chat_id)


def test_a_leader_gets_a_link_for_each_programme_in_the_single_chat(talk: Talk) -> None:
    [answer] = talk.say(LEADER, "看板")

    assert "【答卷专栏】看板：\nhttps://dajuan.example/board/1" in answer
    assert "【重点民生实事】看板：\nhttps://dajuan.example/board/2" in answer
    assert answer.endswith("8月27日09:00前有效，仅供您本人查看，请勿转发；到期再发“看板”。")


def test_one_programme_is_named(talk: Talk) -> None:
    [answer] = talk.say(LEADER, "看板 民生实事")

    assert "【重点民生实事】" in answer
    assert len(_links(talk)) == 1


def test_an_unknown_programme_is_refused_with_those_there_are(talk: Talk) -> None:
    [answer] = talk.say(LEADER, "看板 植树[链接](http://x)")

    assert answer.startswith("没有认出专项")
    assert "可查看：答卷专栏、重点民生实事" in answer
    assert "http:" not in answer
    assert _links(talk) == []


def test_in_the_leaders_group_the_link_is_the_groups_own(talk: Talk) -> None:
    [answer] = talk.say(LEADER, "看板", group="领导群")

    assert "仅供本群查看" in answer
    assert talk.heard_in("领导群") == [answer]
    assert {_chat(talk, link).name for link in _links(talk)} == {"领导群"}


def test_in_another_group_it_goes_to_the_single_chat(talk: Talk) -> None:
    [answer] = talk.say(LEADER, "看板", group="联络员群")

    assert talk.heard_in("联络员群") == []
    assert talk.heard(LEADER) == [answer]
    assert {_chat(talk, link).kind for link in _links(talk)} == {"single"}


def test_a_group_of_one_programme_gets_the_link_to_that_alone(talk: Talk) -> None:
    with talk.database.write() as session:
        group = session.exec(select(Chat).where(Chat.name == "领导群")).one()
        group.programme_id = 2
    [answer] = talk.say(LEADER, "看板", group="领导群")

    assert "【重点民生实事】" in answer
    assert "答卷专栏" not in answer


def test_a_unit_head_gets_the_page_of_the_own_unit_alone(talk: Talk) -> None:
    [answer] = talk.say(HEAD, "看板", group="领导群")

    assert "看板（本单位）" in answer
    assert talk.heard_in("领导群") == []
    assert all(_chat(talk, link).kind == "single" for link in _links(talk))


def test_a_liaison_is_told_who_may(talk: Talk) -> None:
    [answer] = talk.say(LIAISON, "看板")

    assert "仅限单位负责人、领导或管理员使用" in answer


@pytest.mark.parametrize("words", ["把看板发我一下", "大屏在哪看", "看板链接发一个"])
def test_everyday_words_for_it_are_understood(talk: Talk, words: str) -> None:
    [answer] = talk.say(LEADER, words)

    assert "https://dajuan.example/board/" in answer


def test_asking_again_hands_out_the_same_link_while_it_lives_another_day(talk: Talk) -> None:
    talk.say(LEADER, "看板 民生实事")
    talk.later(days=5)
    talk.say(LEADER, "看板 民生实事")
    assert len(_links(talk)) == 1
    talk.later(days=1, hours=1)
    talk.say(LEADER, "看板 民生实事")

    assert len(_links(talk)) == 2


def test_an_admin_takes_the_groups_links_back_and_it_is_recorded(talk: Talk) -> None:
    talk.say(LEADER, "看板", group="领导群")
    talk.say(LEADER, "看板")

    [answer] = talk.say(ADMIN, "看板 收回", group="领导群")

    assert answer == ("已收回本群的看板链接2个，再打开即提示失效。需要时请再发“看板”取新链接。")
    revoked = [link for link in _links(talk) if link.revoked_at is not None]
    assert {_chat(talk, link).name for link in revoked} == {"领导群"}
    with talk.database.read() as session:
        [act] = session.exec(select(Audit).where(Audit.action == "board.revoke")).all()
    assert act.row == revoked[0].chat_id
    assert talk.say(ADMIN, "看板 收回", group="领导群") == ["本群没有有效的看板链接。"]


def test_in_the_single_chat_the_admin_chooses_whose_links_go(talk: Talk) -> None:
    talk.say(LEADER, "看板", group="领导群")
    talk.say(ADMIN, "看板")

    [offered] = talk.say(ADMIN, "看板链接作废")
    assert "1. 领导群" in offered
    assert "2. 我的单聊" in offered
    [answer] = talk.say(ADMIN, "1")

    assert answer.startswith("已收回领导群的看板链接2个")
    assert sum(link.revoked_at is not None for link in _links(talk)) == 2
    assert talk.say(ADMIN, "看板 收回 全部")[0].startswith("已收回我的单聊的看板链接2个")
    assert talk.say(ADMIN, "看板 收回") == ["目前没有有效的看板链接。"]


def test_a_leader_takes_nothing_back(talk: Talk) -> None:
    talk.say(LEADER, "看板", group="领导群")

    [answer] = talk.say(LEADER, "看板 收回", group="领导群")

    assert answer.startswith("“看板 收回”仅限管理员使用")
    assert all(link.revoked_at is None for link in _links(talk))


def test_a_liaison_gets_an_upload_link_for_this_chat_that_lives_two_hours(talk: Talk) -> None:
    [answer] = talk.say(LIAISON, "上传")

    [link] = _links(talk)
    assert f"https://dajuan.example/upload/{link.id}" in answer
    assert "8月20日11:00前有效，仅限您本人使用" in answer
    assert (link.kind, link.expires_at) == (LinkKind.UPLOAD, at("2021-08-20T11:00"))
    assert link.expires_at - link.made_at == timedelta(hours=2)
    assert _chat(talk, link).kind == "single"


def test_a_group_hands_out_no_upload_link(talk: Talk) -> None:
    [answer] = talk.say(LIAISON, "上传", group="联络员群")

    assert answer == "“上传”请在与我的单聊中发送。"
    assert _links(talk) == []


def test_a_leader_has_nothing_to_upload(talk: Talk) -> None:
    [answer] = talk.say(LEADER, "上传")

    assert "“上传”仅限联络员使用" in answer
