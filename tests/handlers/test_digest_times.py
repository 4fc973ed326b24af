"""Digests by chat: which there are, sent now, at another time, stopped, to other groups."""

import pytest
from sqlmodel import Session, select

from models.audit import Audit
from models.chat import Chat
from models.db import Database
from models.digest import DigestSchedule
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.factories import a_group
from tests.supervising import outbox, seed_digests
from tests.talk import Talk

ADMIN = "管理员甲"


@pytest.fixture
def talk(database: Database) -> Talk:
    """Friday 27 August 2021, after the first due day."""
    talk = Talk(database, now=at("2021-08-27T10:00"))
    seed_digests(talk)
    return talk


def weekly(session: Session) -> list[tuple[str, str, bool]]:
    rows = session.exec(
        select(DigestSchedule)
        .where(DigestSchedule.digest == "weekly_ranking", DigestSchedule.programme_id == 1)
        .order_by(DigestSchedule.id)
    ).all()
    return [(row.purpose, row.cron, row.enabled) for row in rows]


def rows(talk: Talk) -> list[tuple[str, str, bool]]:
    with talk.database.read() as session:
        return weekly(session)


def test_the_list_tells_what_goes_out_when_and_where(talk: Talk) -> None:
    said = talk.say(ADMIN, "发布")[0].splitlines()

    assert said[:3] == [
        "到期提示：每天9:00，发联络员群（答卷专栏、重点民生实事）",
        "月报（月度小结）：每月25日9:00，发领导群（答卷专栏、重点民生实事）",
        "运行简报：每周一9:00，发管理员群（答卷专栏、重点民生实事）",
    ]
    assert "周报（每周排名）：每周一9:00，发领导群（答卷专栏、重点民生实事）" in said
    assert "动态统计" not in talk.say(ADMIN, "发布")[0]
    assert said[-1].startswith("立即发出如“发布 周报”")


@pytest.mark.parametrize("order", ["发布", "定时", "定时 周报"])
def test_asking_what_goes_out_writes_no_times(database: Database, order: str) -> None:
    """A programme whose digests have no rows yet: they are shown at their usual times."""
    talk = Talk(database, now=at("2021-08-27T10:00"))
    assert "周报" in talk.say(ADMIN, order)[0]

    assert rows(talk) == []


def test_a_time_is_set_where_there_was_none_and_the_others_stay_usual(database: Database) -> None:
    talk = Talk(database, now=at("2021-08-27T10:00"))
    talk.say(ADMIN, "周报 每周五9:00 答卷专栏")
    talk.say(ADMIN, "发布 月报 答卷专栏")

    with talk.database.read() as session:
        found = session.exec(select(DigestSchedule)).all()
        assert [(each.digest, each.cron) for each in found] == [
            ("weekly_ranking", "0 9 * * fri"),
            ("monthly", "0 9 25 * *"),
        ]


def test_a_digest_is_sent_by_hand_once_and_not_again_at_its_time(talk: Talk) -> None:
    told = talk.say(ADMIN, "发布 周报 答卷专栏")[0]
    again = talk.say(ADMIN, "发布 周报 答卷专栏")[0]

    assert told == "【答卷专栏】周报（2021年第34周）已发到领导群，本期不再重复发。下次8月30日9:00。"
    assert again.startswith("【答卷专栏】周报（2021年第34周）已于8月27日10:00发到领导群，未重发。")
    assert "下次8月30日9:00" in again
    assert len(talk.heard_in("领导群")) == 1


def test_what_was_sent_on_monday_by_its_time_is_said_to_be_out(talk: Talk) -> None:
    run_digests(talk.database, talk.services, at("2021-08-30T09:00"))
    talk.set_clock("2021-08-30T11:00")

    told = talk.say(ADMIN, "发布周报 民生实事")[0]

    assert "已于8月30日09:00发到领导群，未重发。其后有迟报" in told


def test_several_programmes_are_asked_about_by_number(talk: Talk) -> None:
    asked = talk.say(ADMIN, "发布 周报")[0]

    assert asked.splitlines() == [
        "您指哪个专项？请回复序号：",
        "1. 答卷专栏",
        "2. 重点民生实事",
        "3. 全部",
    ]
    assert "【重点民生实事】周报（2021年第34周）已发到领导群" in talk.say(ADMIN, "2")[0]


def test_a_missing_group_is_named_with_how_to_register_it(talk: Talk) -> None:
    told = talk.say(ADMIN, "发布 运行简报")[0]

    assert told == "还没有管理员群，“运行简报”未发出。请在群里发“登记本群 管理员群”后再试。"


def test_a_digest_that_has_nothing_to_say_says_so_to_the_admin_only(talk: Talk) -> None:
    told = talk.say(ADMIN, "发布 退回清单 答卷专栏")[0]

    assert "目前没有可发的内容，未发出。" in told
    assert talk.heard_in("联络员群") == []


@pytest.mark.parametrize(
    ("order", "line", "told"),
    [
        ("周报 答卷专栏 每周四15:00", "0 15 * * thu", "每周四15:00，发领导群。下次9月2日15:00。"),
        (
            "周报 答卷专栏 每周一上午10点半",
            "30 10 * * mon",
            "每周一10:30，发领导群。下次8月30日10:30。",
        ),
        ("定时 周报 答卷专栏 每周五", "0 9 * * fri", "每周五9:00，发领导群。下次9月3日9:00。"),
        ("周报：答卷专栏 每月25日 8点", "0 8 25 * *", "每月25日8:00，发领导群。下次9月25日8:00。"),
    ],
)
def test_a_time_is_set_and_shown_back(talk: Talk, order: str, line: str, told: str) -> None:
    said = talk.say(ADMIN, order)[0].splitlines()

    assert said[0] == f"【答卷专栏】周报：{told}"
    assert said[1].startswith("已改。")
    assert rows(talk) == [("leaders", line, True)]


def test_a_time_for_all_programmes_is_chosen_by_number(talk: Talk) -> None:
    talk.say(ADMIN, "周报 每周二9:00")

    said = talk.say(ADMIN, "3")[0].splitlines()

    assert [line.split("】")[0] for line in said[:2]] == ["【答卷专栏", "【重点民生实事"]
    assert rows(talk) == [("leaders", "0 9 * * tue", True)]


def test_a_digest_is_stopped_and_goes_on(talk: Talk) -> None:
    stopped = talk.say(ADMIN, "周报 答卷专栏 停")[0]
    run_digests(talk.database, talk.services, at("2021-08-30T09:00"))
    none = outbox(talk.database, "digest:dajuan-2021:weekly")
    talk.set_clock("2021-08-31T10:00")
    back = talk.say(ADMIN, "周报 答卷专栏 恢复")[0]

    assert stopped == "【答卷专栏】周报：已停发。\n已改。恢复请发“周报 恢复”。"
    assert none == []
    assert "每周一9:00，发领导群。下次9月6日9:00。" in back


def test_corrections_of_a_digest_are_stopped_and_go_on(talk: Talk) -> None:
    stopped = talk.say(ADMIN, "周报 不更正 答卷专栏")[0].splitlines()
    again = talk.say(ADMIN, "周报 不更正 答卷专栏")[0].splitlines()
    refused = talk.say(ADMIN, "到期提示 不更正 答卷专栏")[0]
    resumed = talk.say(ADMIN, "周报 更正 答卷专栏")[0].splitlines()

    assert stopped[0].startswith("【答卷专栏】周报：每周一9:00，发领导群，迟报不更正。")
    assert again[-1] == "原来就是这样，未作改动。"
    assert refused.startswith("“到期提示”发出后不再更正，未作改动。")
    assert resumed[0].startswith("【答卷专栏】周报：每周一9:00，发领导群。")
    with talk.database.read() as session:
        assert len(session.exec(select(Audit).where(Audit.action == "digest_again")).all()) == 2


def test_another_group_or_both_get_it(talk: Talk) -> None:
    talk.say(ADMIN, "周报 答卷专栏 发到 联络员群")
    assert rows(talk) == [("leaders", "0 9 * * mon", False), ("liaisons", "0 9 * * mon", True)]

    told = talk.say(ADMIN, "周报 答卷专栏 每周一9:30 发到 领导群和联络员群")[0]
    run_digests(talk.database, talk.services, at("2021-08-30T09:30"))

    assert "每周一9:30，发领导群、联络员群。" in told
    keys = {
        row.key.split(":chat")[1][0] for row in outbox(talk.database, "digest:dajuan-2021:week")
    }
    assert len(keys) == 2


def test_a_time_that_has_passed_today_is_not_made_up_for(talk: Talk) -> None:
    talk.set_clock("2021-08-27T10:00")
    talk.say(ADMIN, "周报 答卷专栏 每周五9:00")

    assert run_digests(talk.database, talk.services, at("2021-08-27T10:01")) == 0


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("周报 答卷专栏 有空再发", "没有看懂“有空再发”，未作改动。请写："),
        (
            "周报 答卷专栏 每周一6:00",
            "简报只在8:00至20:00之间发到群里，收到“每周一6:00”，未作改动。",
        ),
        ("周报 答卷专栏 发到 家属群", "收到“家属群”，“每周排名”可发到：领导群、联络员群、管理员群"),
        ("运行简报 发到 领导群", "“运行简报”可发到：管理员群，未作改动。"),
        ("定时 日报 每天9:00", "没有认出“日报”。可写："),
        ("发布 年报", "没有认出“年报”。可写："),
        ("发布 周报 扶贫", "没有认出“扶贫”，未发出。"),
        ("动态统计 停", "没有可写进“动态统计”的内容"),
    ],
)
def test_what_is_not_understood_changes_nothing(talk: Talk, order: str, said: str) -> None:
    assert said in talk.say(ADMIN, order)[0]
    assert rows(talk) == [("leaders", "0 9 * * mon", True)]


def test_the_same_again_is_said_to_hold_already(talk: Talk) -> None:
    assert "原来就是这样，未作改动。" in talk.say(ADMIN, "周报 答卷专栏 每周一9:00")[0]


def test_who_changed_what_is_kept(talk: Talk) -> None:
    talk.say(ADMIN, "周报 答卷专栏 每周四9:00")
    with talk.database.read() as session:
        trail = session.exec(select(Audit).where(Audit.table == "digest_schedule")).all()

    assert [(row.action, row.before["cron"], row.after["cron"]) for row in trail] == [
        ("digest_time", "0 9 * * mon", "0 9 * * thu")
    ]


@pytest.mark.parametrize("order", ["发布 周报", "定时 周报 停", "定时"])
def test_only_admins_and_only_alone(talk: Talk, order: str) -> None:
    assert "管理员" in talk.say("领导甲", order)[0]
    assert "单聊" in talk.say(ADMIN, order, group="领导群")[0]
    assert rows(talk) == [("leaders", "0 9 * * mon", True)]


def test_people_who_only_speak_of_it_change_nothing(talk: Talk) -> None:
    for text in ("周报写好了吗", "月报数据我下午发您", "发布会改到下午", "发布了吗"):
        assert "已改" not in talk.say(ADMIN, text)[0]

    assert rows(talk) == [("leaders", "0 9 * * mon", True)]


def test_a_group_of_its_own_programme_gets_no_other(talk: Talk) -> None:
    with talk.database.write() as session:
        group = a_group(session, "民生领导群")
        group.purpose, group.programme_id = "leaders", 2
        session.exec(select(Chat).where(Chat.name == "领导群")).one().programme_id = 1

    talk.say(ADMIN, "发布 周报 全部")

    assert all("民生实事" in text for text in talk.heard_in("民生领导群"))
    assert all("答卷专栏" in text for text in talk.heard_in("领导群"))
