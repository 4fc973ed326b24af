"""额度: what a platform counts is shown, and what an organisation bought is declared."""

from datetime import date

import pytest
from sqlmodel import select

from models import quota
from models.audit import Audit
from models.db import Database
from models.member import RoleName
from tests.factories import a_member
from tests.talk import Talk

ADMIN, OPERATOR, LIAISON = "管理员甲", "值班员", "州公安局联络员"


@pytest.fixture
def talk(database: Database) -> Talk:
    """Fifteen of the twenty-two working days of August 2021 have passed."""
    talk = Talk(database)
    with database.write() as session:
        a_member(session, OPERATOR, (RoleName.OPERATOR, None))
    return talk


def spent(talk: Talk, units: int, pool: str = "api", month: date = date(2021, 8, 1)) -> None:
    with talk.database.write() as session:
        quota.spend(session, "dingtalk", pool, month, units)


def test_where_nothing_is_counted_there_is_nothing_to_show(talk: Talk) -> None:
    assert talk.say(ADMIN, "额度") == ["本月没有用到按月计量的平台，没有额度要管。"]


@pytest.mark.parametrize("who", [ADMIN, OPERATOR])
def test_use_limit_and_forecast_are_shown(talk: Talk, who: str) -> None:
    spent(talk, 1500)
    [said] = talk.say(who, "额度")

    assert said.splitlines() == [
        "钉钉接口调用（只计发出）：已用1500/5000次（30%），预计月底2200次",
        "钉钉消息推送（收发都计）：已用0/3000次（0%），预计月底0次",
        "数字只计本系统用掉的，同一单位的其他应用也用这份额度。",
        "升级或加购后请登记，如“额度 钉钉 接口 200000”。",
    ]


def test_the_day_is_named_on_which_it_will_be_used_up(talk: Talk) -> None:
    spent(talk, 4200)
    [said] = talk.say(ADMIN, "额度")

    assert "接口调用（只计发出）：已用4200/5000次（84%），按此速度8月25日用完" in said


@pytest.mark.parametrize(
    ("words", "pool", "limit"),
    [
        ("额度 钉钉 接口 200000", "api", 200_000),
        ("额度 钉钉 接口调用：20万次", "api", 200_000),
        ("额度 接口 200,000", "api", 200_000),
        ("额度 dingtalk API 改为200000", "api", 200_000),
        ("额度 钉钉 消息推送 50000", "webhook", 50_000),
        ("额度 钉钉 Webhook＆Stream ５００００", "webhook", 50_000),
        ("额度 钉钉推送5万", "webhook", 50_000),
    ],
)
def test_what_was_bought_is_declared_in_the_words_people_use(
    talk: Talk, words: str, pool: str, limit: int
) -> None:
    spent(talk, 1500)
    [said] = talk.say(ADMIN, words)

    assert f"次/月改为{limit}次/月。" in said
    with talk.database.read() as session:
        assert quota.limits_of(session, "dingtalk")[pool] == limit


def test_who_declared_it_and_what_it_was_stays_in_the_trail(talk: Talk) -> None:
    talk.say(ADMIN, "额度 钉钉 接口 200000")
    with talk.database.read() as session:
        row = session.exec(select(Audit).where(Audit.action == "set_quota")).one()

    assert row.member_id is not None
    assert (row.before["limit"], row.after["limit"]) == (5000, 200_000)


def test_the_same_limit_again_changes_nothing(talk: Talk) -> None:
    [said] = talk.say(ADMIN, "额度 钉钉 接口 5000")

    assert said == "钉钉接口调用额度原来就是5000次/月，没有变化。"
    with talk.database.read() as session:
        assert session.exec(select(Audit)).all() == []


def test_a_limit_bought_after_it_ran_out_lets_it_flow_again(talk: Talk) -> None:
    with talk.database.write() as session:
        quota.note_out(session, "dingtalk", "webhook", talk.now)
    assert "已用0/3000次，平台提示已用完" in talk.say(ADMIN, "额度")[0]

    [said] = talk.say(ADMIN, "额度 钉钉 消息 50000")

    assert "已用0/50000次（0%）" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("额度 钉钉 接口 很多", "“很多”不是每月次数，额度没有变"),
        ("额度 钉钉 接口", "“空”不是每月次数"),
        ("额度 钉钉 接口 0", "“0”不是每月次数"),
        ("额度 钉钉 接口 -5", "“-5”不是每月次数"),
        ("额度 钉钉 接口 1.5", "“1.5”不是每月次数"),
        ("额度 钉钉 接口 99999999999", "不是每月次数"),
        ("额度 钉钉 短信 500", "没有读懂“钉钉 短信 500”，额度没有变"),
        ("额度 企业微信 接口 500", "没有读懂“企业微信 接口 500”"),
    ],
)
def test_what_cannot_be_a_limit_is_refused_with_what_to_send(
    talk: Talk, words: str, why: str
) -> None:
    [said] = talk.say(ADMIN, words)

    assert why in said
    assert "额度 钉钉 接口 200000" in said
    with talk.database.read() as session:
        assert quota.limits_of(session, "dingtalk") == {"api": 5000, "webhook": 3000}


def test_it_is_no_liaisons_matter(talk: Talk) -> None:
    [said] = talk.say(LIAISON, "额度 钉钉 接口 200000")

    assert "仅限管理员" in said
    with talk.database.read() as session:
        assert quota.limits_of(session, "dingtalk")["api"] == 5000
