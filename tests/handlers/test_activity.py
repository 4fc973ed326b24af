"""动态: what a task published is recorded for its month, once, and what is lacking is said."""

from datetime import date

import pytest
from sqlmodel import col, select

from models.activity import Activity
from models.db import Database
from models.member import RoleName
from models.programme import programme_by_code
from models.unit import Unit
from tests.factories import a_member, a_programme, a_task, a_unit
from tests.livelihood import livelihood_talk
from tests.talk import Talk

LIAISON = "残联联络员"
LINK = "https://www.example.gov.cn/a/1.html"
OWN = "无障碍改造"


@pytest.fixture
def talk(database: Database) -> Talk:
    return livelihood_talk(database)


def rows(talk: Talk) -> list[Activity]:
    """What was recorded here, beside what the circular ticked."""
    with talk.database.read() as session:
        return list(
            session.exec(
                select(Activity).where(Activity.source == "").order_by(col(Activity.id))
            ).all()
        )


def test_an_item_without_a_month_counts_for_this_one(talk: Talk) -> None:
    said = talk.say(LIAISON, f"动态 感14 无障碍改造全部完工 {LINK}")[0]

    assert said.splitlines() == [
        "已登记 动态5 感14 困难重度残疾人家庭无障碍改造",
        "9月新闻报道：无障碍改造全部完工（https：//www.example.gov.cn/a/1.html）",
        "计入9月（未写月份，按本月）。类别未写，按新闻报道登记。",
        "每月不少于1条，今年1—9月有5个月不足（1月、2月、3月、4月、7月）。",
        "要改请发“更正 动态5 8月”等，要收回请发“撤回 动态5”。",
    ]
    (row,) = rows(talk)
    assert (row.month, row.kind, row.link) == (date(2024, 9, 1), "新闻报道", LINK)
    assert row.project_id is not None


def test_a_stated_month_is_taken_and_fills_a_gap(talk: Talk) -> None:
    said = talk.say(LIAISON, f"动态 感14 7月 工作总结 改造工作半年小结 {LINK}")[0]

    assert "7月工作总结：改造工作半年小结" in said
    assert "计入7月。" in said
    assert "今年1—9月有4个月不足（1月、2月、3月、4月）" in said


def test_a_month_in_the_title_counts_and_is_said(talk: Talk) -> None:
    said = talk.say(LIAISON, f"动态 感14 8月无障碍改造进度专报 {LINK}")[0]

    assert "8月工作专报：8月无障碍改造进度专报" in said
    assert "计入8月（按标题中的月份）。" in said


def test_a_project_is_named_like_a_task(talk: Talk) -> None:
    said = talk.say("人社局联络员", f"动态 促进高质量充分就业 招聘会举办 {LINK}")[0]

    assert "已登记 动态5 促进高质量充分就业" in said
    assert "今年1—9月有8个月不足" in said
    (row,) = rows(talk)
    assert row.task_id is None
    assert row.project_id is not None


def test_the_running_month_can_still_be_filled(talk: Talk) -> None:
    said = talk.say("人社局联络员", f"动态 感26 8月 招聘会举办 {LINK}")[0]

    assert "8个月不足" in said
    assert "9月，其中本月还可补" in said


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (f"无障碍改造全部完工 {LINK}", f"换个标题 {LINK}"),
        ("三季度总结 无链接", "三季度总结 无链接"),
    ],
    ids=["the same link", "the same title where neither has a link"],
)
def test_the_same_item_is_recorded_once(talk: Talk, first: str, again: str) -> None:
    talk.say(LIAISON, f"动态 感14 {first}")

    assert "此前已登记为 动态5，未重复登记" in talk.say(LIAISON, f"动态 感14 {again}")[0]
    assert len(rows(talk)) == 1


def test_a_general_title_with_another_link_is_another_item(talk: Talk) -> None:
    talk.say(LIAISON, f"动态 感14 工作动态 {LINK}")

    assert "已登记 动态6" in talk.say(LIAISON, "动态 感14 工作动态 https://b.cn/2")[0]
    assert [row.link for row in rows(talk)] == [LINK, "https://b.cn/2"]


def test_the_same_link_for_another_month_says_how_to_change_it(talk: Talk) -> None:
    talk.say(LIAISON, f"动态 感14 8月 无障碍改造月报 {LINK}")

    said = talk.say(LIAISON, f"动态 感14 7月 无障碍改造月报 {LINK}")[0]

    assert "要改为计入7月，请发“更正 动态5 7月”。" in said
    assert "7月新闻报道" in talk.say(LIAISON, "更正 动态5 7月")[0]


def test_a_message_taken_back_takes_its_item_along(talk: Talk) -> None:
    talk.say(LIAISON, f"动态 感14 7月 无障碍改造全部完工 {LINK}")

    said = talk.recall(LIAISON)[0]

    assert said.startswith("您撤回了消息。已撤回 动态5")
    assert [row.withdrawn for row in rows(talk)] == [False, True]


def test_the_same_title_in_another_month_is_another_item(talk: Talk) -> None:
    talk.say(LIAISON, f"动态 感14 8月 无障碍改造月报 {LINK}")
    talk.say(LIAISON, "动态 感14 9月 无障碍改造月报 https://b.cn/2")

    assert [row.month.month for row in rows(talk)] == [8, 9]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("感14 招聘会举办", "还缺链接，尚未登记。"),
        (f"感14 {LINK}", "还缺标题，尚未登记。"),
        ("感14 招聘会 www.example.cn", "链接应以 http:// 或 https:// 开头，尚未登记。"),
        ("感14 招聘会 https://a.cn/1 https://a.cn/2", "一次登记一条动态，收到几个链接"),
        (f"感14 13月 招聘会 {LINK}", "“13月”没有这个月，尚未登记。"),
        (f"感14 10月 招聘会 {LINK}", "“10月”还没有到，尚未登记。"),
        (f"感14 3月开工8月完工 {LINK}", "标题中有几个月份（3月、8月）"),
        (f"火星探测 招聘会 {LINK}", "没有找到“火星探测”"),
        (f"感26 招聘会 {LINK}", "不是您单位牵头的事项，不能登记动态"),
        (f"感14、感30 招聘会 {LINK}", "一次登记一个事项，收到感14、感30，均未登记。"),
        (f"感14 感30 招聘会 {LINK}", "一次登记一个事项，收到感14、感30，均未登记。"),
        (f"感14 2023年9月 招聘会 {LINK}", "“2023年9月”不在2024年度，尚未登记。"),
        (f"感14 招聘会 {LINK}{'x' * 500}", "最多500个，尚未登记。"),
        (f"感14 {'招聘会' * 70} {LINK}", "标题有210个字符，最多200个，尚未登记。"),
        ("", "动态 任务 标题 https://……"),
    ],
)
def test_what_cannot_be_recorded_is_answered_and_stored_nowhere(
    talk: Talk, words: str, answer: str
) -> None:
    assert answer in talk.say(LIAISON, f"动态 {words}".strip())[0]
    assert rows(talk) == []


def test_without_a_link_it_must_be_said_so(talk: Talk) -> None:
    assert "9月工作总结：三季度工作总结" in talk.say(LIAISON, "动态 感14 三季度工作总结 无链接")[0]


def test_a_correction_keeps_the_number(talk: Talk) -> None:
    talk.say(LIAISON, f"动态 感14 无障碍改造全部完工 {LINK}")

    said = talk.say(LIAISON, "更正 动态5 7月")[0]

    assert said.splitlines()[:3] == [
        "已更正 动态5 困难重度残疾人家庭无障碍改造",
        "原：9月新闻报道：无障碍改造全部完工（https：//www.example.gov.cn/a/1.html）",
        "现：7月新闻报道：无障碍改造全部完工（https：//www.example.gov.cn/a/1.html）",
    ]
    assert "有4个月不足（1月、2月、3月、4月）" in said
    assert "动态5 没有变化" in talk.say(LIAISON, "更正 动态5 7月")[0]
    assert "开头" in talk.say(LIAISON, "更正 动态5 www.b.cn")[0]


def test_an_item_taken_back_opens_its_month_again(talk: Talk) -> None:
    talk.say(LIAISON, f"动态 感14 7月 无障碍改造全部完工 {LINK}")

    said = talk.say(LIAISON, "撤回 动态5")[0]

    assert "已撤回 动态5" in said
    assert "有5个月不足" in said
    assert "此前已撤回" in talk.say(LIAISON, "撤回动态 5")[0]
    assert "没有编号为“动态99”的登记" in talk.say(LIAISON, "撤回 动态99")[0]
    assert "动态1 不是您单位登记的" in talk.say("人社局联络员", "撤回 动态1")[0]
    assert "已登记 动态7" in talk.say(LIAISON, f"动态 感14 7月 无障碍改造全部完工 {LINK}")[0]


def test_after_the_year_the_month_must_be_said(talk: Talk) -> None:
    talk.set_clock("2025-01-06T09:00")

    assert "请写明计入2024年哪个月，尚未登记" in talk.say(LIAISON, f"动态 感14 完工 {LINK}")[0]
    assert "计入2024年12月。" in talk.say(LIAISON, f"动态 感14 12月 完工 {LINK}")[0]


def test_one_withdrawal_takes_one_number(talk: Talk) -> None:
    talk.say(LIAISON, f"动态 感14 无障碍改造全部完工 {LINK}")
    talk.say(LIAISON, "动态 感14 8月 无障碍改造过半 https://b.cn/2")

    said = talk.say(LIAISON, "撤回 动态5 动态6")[0]

    assert "“动态6”没有处理，动态5 也未撤回。" in said
    assert not any(row.withdrawn for row in rows(talk))


def test_a_title_mentions_nobody_and_formats_nothing(talk: Talk) -> None:
    said = talk.say(LIAISON, f"动态 感14 @all <b>完工</b> {LINK}")[0]

    assert "@all" not in said
    assert "<b>" not in said


def test_who_recorded_an_item_hears_that_another_changed_it(talk: Talk) -> None:
    talk.say(LIAISON, f"动态 感14 无障碍改造全部完工 {LINK}")

    talk.say("管理员甲", "更正 动态5 7月")
    changed = talk.heard(LIAISON)[-1]
    talk.say("管理员甲", "撤回 动态5")

    assert changed.startswith("管理员甲 处理了您登记的内容：\n已更正 动态5")
    assert "已撤回 动态5" in talk.heard(LIAISON)[-1]


def test_an_item_of_a_programme_without_published_items_is_no_candidate(talk: Talk) -> None:
    with talk.database.write() as session:
        other = a_programme(session, "dajuan-2021", "答卷", year=2024)
        office = session.exec(select(Unit).where(Unit.name == "残联")).one()
        a_task(session, other, "州1-7", "残疾人无障碍示范", [office])

    assert "没有找到“州1-7”" in talk.say(LIAISON, f"动态 州1-7 完工 {LINK}")[0]
    assert "已登记 动态5 感14" in talk.say(LIAISON, f"动态 无障碍 完工 {LINK}")[0]


def test_of_several_that_are_meant_only_one_s_own_are_offered(talk: Talk) -> None:
    with talk.database.write() as session:
        programme = programme_by_code(session, "kegan-2024")
        office = session.exec(select(Unit).where(Unit.name == "水利局")).one()
        own = session.exec(select(Unit).where(Unit.name == "残联")).one()
        assert programme is not None
        a_task(session, programme, "感41", "山塘清淤一期", [own])
        a_task(session, programme, "感42", "山塘清淤二期", [own])
        a_task(session, programme, "感43", "山塘清淤三期", [office])

    said = talk.say(LIAISON, f"动态 山塘清淤 完工 {LINK}")[0]

    assert "感41" in said
    assert "感42" in said
    assert "感43" not in said


def test_without_any_such_programme_that_is_said(talk: Talk) -> None:
    with talk.database.write() as session:
        other = a_programme(session, "dajuan-2021", "答卷", year=2024)
        office = a_unit(session, "州公安局")
        a_task(session, other, "州1-7", "雪亮工程", [office])
        role = RoleName.LIAISON, office
        a_member(session, "州公安局联络员", role, programme=other)

    assert "不登记动态" in talk.say("州公安局联络员", f"动态 雪亮工程 完工 {LINK}")[0]
