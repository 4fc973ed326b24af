"""研判: an admin says how likely an item is to win, and everybody sees what holds."""

from datetime import date

import pytest
from sqlmodel import col, select

from handlers.standing.data import tasks_data
from models.audit import Audit
from models.db import Database
from models.outlook import OutlookEntry
from models.programme import programme_by_code
from models.task import Task
from tests.factories import a_programme, a_task, a_unit
from tests.incentives import incentive_talk
from tests.talk import Talk


@pytest.fixture
def talk(database: Database) -> Talk:
    return incentive_talk(database)


def outlook_data(talk: Talk, number: str) -> object:
    with talk.database.read() as session:
        programme = programme_by_code(session, "jili-2022")
        assert programme is not None
        found = tasks_data(session, programme, date(2022, 10, 10))
    return next(each for each in found if each["number"] == number).get("outlook")


def rows(talk: Talk) -> list[OutlookEntry]:
    with talk.database.read() as session:
        return list(session.exec(select(OutlookEntry).order_by(col(OutlookEntry.id))).all())


def test_an_entry_sets_the_level_of_its_item(talk: Talk) -> None:
    said = talk.say("管理员甲", "研判 质量强省 吉首市 很有可能")[0]

    assert said.splitlines() == [
        "激20 质量强省 研判已更新：",
        "吉首市：无 → 很有可能",
        "事项等级：很有可能（取各单位最高）",
    ]
    assert outlook_data(talk, "激20") == {
        "level": "很有可能",
        "judged": False,
        "entries": {"吉首市": "很有可能"},
    }


def test_several_units_are_judged_in_one_message(talk: Talk) -> None:
    talk.say("管理员甲", "研判 文化和旅游\n州本级、吉首市 很有可能\n凤凰县 有可能；龙山县：有可能")

    assert outlook_data(talk, "激25") == {
        "level": "很有可能",
        "judged": False,
        "entries": {
            "州本级": "很有可能",
            "吉首市": "很有可能",
            "凤凰县": "有可能",
            "龙山县": "有可能",
        },
    }


def test_all_counties_are_one_entry_for_no_county(talk: Talk) -> None:
    said = talk.say("管理员甲", "研判 营商环境 州本级 很有可能，各县市 有可能")[0]

    assert "各县市：无 → 有可能" in said
    assert outlook_data(talk, "激2") == {
        "level": "很有可能",
        "judged": False,
        "entries": {"州本级": "很有可能", "各县市": "有可能"},
    }
    assert [(row.unit_id is None, row.counties) for row in rows(talk)] == [
        (False, False),
        (True, True),
    ]


def test_a_level_without_entries_is_stated_and_gives_way_to_entries(talk: Talk) -> None:
    stated = talk.say("管理员甲", "研判 营商环境 难度较大")[0]
    later = talk.say("管理员甲", "研判 营商环境 花垣县 有可能")[0]

    assert "事项等级：难度较大（按事项填写）" in stated
    assert "事项等级：有可能（取各单位最高）" in later
    assert "此前按事项填写的“难度较大”不再采用。" in later
    assert outlook_data(talk, "激2") == {
        "level": "有可能",
        "judged": False,
        "entries": {"花垣县": "有可能"},
    }


def test_a_level_apart_from_the_entries_needs_a_reason(talk: Talk) -> None:
    talk.say("管理员甲", "研判 营商环境 吉首市 有可能")

    asked = talk.say("管理员甲", "研判 营商环境 很有可能")[0]
    assert asked.splitlines() == [
        "激2 营商环境 各单位研判最高为“有可能”，单独定为“很有可能”须写明原因，请发：",
        "研判 激2 很有可能 原因 ××",
    ]
    assert len(rows(talk)) == 1

    said = talk.say("管理员甲", "研判 激2 很有可能 原因 一个县市已基本确定")[0]
    assert "事项：无 → 很有可能" in said
    assert "很有可能（评定，各单位最高为有可能，原因：一个县市已基本确定）" in said
    assert outlook_data(talk, "激2") == {
        "level": "很有可能",
        "judged": True,
        "entries": {"吉首市": "有可能"},
    }


def test_a_reason_mentions_nobody_and_links_nowhere(talk: Talk) -> None:
    talk.say("管理员甲", "研判 营商环境 吉首市 有可能")
    said = talk.say(
        "管理员甲", "研判 激2 很有可能 原因 @所有人 [详情](http://a.cn/x) <b>已基本确定</b>"
    )[0]
    shown = talk.say("领导甲", "进度 激2", group="领导群")[0]

    for text in (said, shown):
        assert "＠所有人 ［详情］(http：//a.cn/x) ＜b＞已基本确定" in text
        assert not any(mark in text for mark in ("@", "[", "<b>", "://"))


def test_a_short_name_from_a_workbook_is_harmless_in_every_heading(talk: Talk) -> None:
    with talk.database.write() as session:
        task = session.exec(select(Task).where(Task.number == "激2")).one()
        task.aliases = ["**营商** @所有人"]

    shown = talk.say("领导甲", "进度 激2", group="领导群")[0]

    assert "激2 ＊＊营商＊＊ ＠所有人" in shown
    assert "@" not in shown


def test_taking_a_judged_level_back_lets_the_entries_speak_again(talk: Talk) -> None:
    talk.say("管理员甲", "研判 营商环境 吉首市 有可能")
    talk.say("管理员甲", "研判 营商环境 很有可能 原因 一个县市已基本确定")

    said = talk.say("管理员甲", "研判 营商环境 取消")[0]

    assert "事项：很有可能 → 已取消" in said
    assert "事项等级：有可能（取各单位最高）" in said


def test_an_entry_taken_back_stays_in_the_history(talk: Talk) -> None:
    talk.say("管理员甲", "研判 质量强省 吉首市 很有可能；凤凰县 有可能")
    said = talk.say("管理员甲", "研判 质量强省 吉首 取消")[0]

    assert "吉首市：很有可能 → 已取消" in said
    assert outlook_data(talk, "激20") == {
        "level": "有可能",
        "judged": False,
        "entries": {"凤凰县": "有可能"},
    }
    assert [row.withdrawn for row in rows(talk)] == [False, False, True]
    again = talk.say("管理员甲", "研判 质量强省 吉首市 取消")[0]
    assert "研判没有变化。" in again
    assert "吉首市：没有研判，无需取消" in again


def test_a_change_shows_old_and_new_and_is_audited(talk: Talk) -> None:
    talk.say("管理员甲", "研判 质量强省 龙山县 有可能")
    said = talk.say("管理员甲", "研判 质量强省 龙山县 很有可能")[0]
    same = talk.say("管理员甲", "研判 质量强省 龙山县 很有可能")[0]

    assert "龙山县：有可能 → 很有可能" in said
    assert "研判没有变化。" in same
    with talk.database.read() as session:
        acts = session.exec(
            select(Audit).where(Audit.table == "outlook").order_by(col(Audit.id))
        ).all()
    assert [(act.action, act.before.get("level"), act.after["level"]) for act in acts] == [
        ("judge_outlook", None, "有可能"),
        ("judge_outlook", "有可能", "很有可能"),
    ]
    assert acts[1].after["of"] == "龙山县"


def test_an_item_alone_is_shown_and_nothing_at_all_shows_the_programme(talk: Talk) -> None:
    talk.say("管理员甲", "研判 质量强省 吉首市 很有可能；凤凰县 有可能")

    shown = talk.say("管理员甲", "研判 质量强省")[0]
    overview = talk.say("管理员甲", "研判")[0]

    assert "很有可能：吉首市；有可能：凤凰县" in shown
    assert "【真抓实干】研判" in overview
    assert "很有可能1项：激20" in overview
    assert "未研判2项：激2、激25" in overview


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (
            "研判 营商环境 吉首市",
            "“吉首市”没有写明等级。等级为很有可能、有可能、难度较大、不太可能",
        ),
        ("研判 营商环境 火星县 有可能", "没有认出单位“火星县”，未作修改。"),
        ("研判 营商环境 州发改委 有可能", "“州发改委”不是研判对象，未作修改。"),
        ("研判 营商环境 吉首市 有可能；吉首市 很有可能", "吉首市写了两个等级，未作修改。"),
        ("研判 火星探测 有可能", "没有找到“火星探测”"),
    ],
    ids=["no level", "no unit", "a bureau", "two levels", "no item"],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(
    talk: Talk, words: str, answer: str
) -> None:
    assert answer in talk.say("管理员甲", words)[0]
    assert rows(talk) == []


def test_one_wrong_piece_leaves_the_others_unset(talk: Talk) -> None:
    talk.say("管理员甲", "研判 营商环境 吉首市 有可能；火星县 有可能")

    assert rows(talk) == []


def test_a_level_glued_to_the_item_is_understood(talk: Talk) -> None:
    assert "事项：无 → 难度较大" in talk.say("管理员甲", "研判 营商环境难度较大")[0]


def test_a_unit_glued_to_the_item_is_never_lost(talk: Talk) -> None:
    assert "吉首市：无 → 有可能" in talk.say("管理员甲", "研判 营商环境吉首市 有可能")[0]
    assert "花垣县：无 → 有可能" in talk.say("管理员甲", "研判 激2花垣县有可能")[0]


def test_a_unit_s_own_name_wins_over_a_longer_one_that_holds_it(talk: Talk) -> None:
    assert "花垣县：无 → 有可能" in talk.say("管理员甲", "研判 营商环境 花垣 有可能")[0]
    assert (
        "花垣产业开发区：无 → 有可能"
        in talk.say("管理员甲", "研判 营商环境 花垣产业开发区 有可能")[0]
    )


def test_only_an_admin_judges_and_only_alone(talk: Talk) -> None:
    assert "仅限" in talk.say("州发改委联络员", "研判 营商环境 吉首市 有可能")[0]
    assert "单聊" in talk.say("管理员甲", "研判 营商环境", group="领导群")[0]
    assert rows(talk) == []


def test_levels_stand_first_or_say_what_held_before(talk: Talk) -> None:
    first = talk.say("管理员甲", "研判 激2 有可能：吉首市、花垣县")[0]
    changed = talk.say("管理员甲", "研判 激2 吉首市由有可能改为难度较大")[0]

    assert "吉首市：无 → 有可能" in first
    assert "花垣县：无 → 有可能" in first
    assert "吉首市：有可能 → 难度较大" in changed


@pytest.mark.parametrize("between", ["\n", "；"])
def test_several_items_are_judged_in_one_message(talk: Talk, between: str) -> None:
    said = talk.say("管理员甲", f"研判 激2 吉首市 有可能{between}激20 花垣县 很有可能")[0]

    assert "激2 营商环境 研判已更新：\n吉首市：无 → 有可能" in said
    assert "激20 质量强省 研判已更新：\n花垣县：无 → 很有可能" in said
    assert len(rows(talk)) == 2


def test_of_several_items_all_are_judged_or_none(talk: Talk) -> None:
    said = talk.say("管理员甲", "研判 激2 吉首市 有可能\n激20 火星县 很有可能")[0]

    assert "没有认出单位“火星县”" in said
    assert rows(talk) == []
    assert "收到激2、激20，均未" in talk.say("管理员甲", "研判 激2、激20 有可能")[0]
    assert rows(talk) == []


def test_an_item_of_a_programme_without_awards_is_not_judged(talk: Talk) -> None:
    with talk.database.write() as session:
        other = a_programme(session, "dajuan-2021", "答卷", year=2021)
        a_task(session, other, "州1-7", "营商环境示范", [a_unit(session, "州公安局")])

    said = talk.say("管理员甲", "研判 州1-7 很有可能")[0]

    assert "没有找到“州1-7”这个单位或事项。研判的专项为真抓实干" in said
    assert rows(talk) == []
    assert "吉首市：无 → 有可能" in talk.say("管理员甲", "研判 营商环境 吉首市 有可能")[0]
    assert "答卷" not in talk.say("管理员甲", "研判")[0]
