"""对接: liaisons record who saw whom at the upper level, and no person's name is kept."""

import pytest
from sqlmodel import col, select

from models.audit import Audit
from models.contact import Contact
from models.db import Database
from tests.incentives import incentive_talk
from tests.talk import Talk

LIAISON = "州发改委联络员"
SAID = "对接 营商环境 9月19日 州领导到省发改委汇报，省里表示支持"


@pytest.fixture
def talk(database: Database) -> Talk:
    return incentive_talk(database)


def rows(talk: Talk) -> list[Contact]:
    with talk.database.read() as session:
        return list(session.exec(select(Contact).order_by(col(Contact.id))).all())


def test_one_sentence_is_one_contact_with_a_number(talk: Talk) -> None:
    said = talk.say(LIAISON, SAID)[0]

    assert said.splitlines() == [
        "已登记 对接1 激2 营商环境",
        "9月19日，州领导对接省发改委；结果：省里表示支持",
        "本事项共登记对接1次。要改请发“更正 对接1 结果：……”，要收回请发“撤回 对接1”。",
    ]
    (row,) = rows(talk)
    assert (row.on.isoformat(), row.until, row.who, row.whom, row.result, row.unit_id) == (
        "2022-09-19",
        None,
        "州领导",
        "省发改委",
        "省里表示支持",
        None,
    )


def test_a_name_is_never_stored_and_that_is_said(talk: Talk) -> None:
    said = talk.say(LIAISON, "对接 营商环境 5月17日，王小明副州长带队到省发改委李大海处长处汇报")[0]

    assert "已按职务登记，不记姓名。" in said
    assert "小明" not in said
    (row,) = rows(talk)
    assert row.who == "副州长"
    assert "大海" not in row.whom
    with talk.database.read() as session:
        acts = session.exec(select(Audit).where(Audit.table == "contact")).all()
    assert "小明" not in str([act.after for act in acts])


@pytest.mark.parametrize(
    ("written", "whom", "result"),
    [
        ("省发改委汇报，李四表示支持", "省发改委", "有关负责人表示支持"),
        ("省发改委汇报，李大海答应帮忙", "省发改委", "有关负责人答应帮忙"),
        ("省发改委汇报，王处答复可以", "省发改委", "有关负责人答复可以"),
        ("省发改委汇报，欧阳振华同意", "省发改委", "有关负责人同意"),
        ("省发改委汇报，联系人：李明，电话0731-88880000", "省发改委", ""),
        ("省发改委汇报，处长（13807431234）同意", "省发改委", "处长同意"),
        ("省发改委刘冬生汇报", "省发改委", ""),
        ("省发改委投资处张三汇报", "省发改委投资处", ""),
        ("省政府督查室李处汇报", "省政府督查室", ""),
    ],
)
def test_what_may_name_somebody_comes_back_without_the_name(
    talk: Talk, written: str, whom: str, result: str
) -> None:
    said = talk.say(LIAISON, f"对接 营商环境 9月19日 州领导到{written}")[0]

    assert said.splitlines() == [
        "对接不记姓名、电话，收到的内容中像有姓名或电话，尚未登记。请核对后整条发回：",
        "对接 激2",
        "时间：9月19日",
        "层级：州领导",
        f"对象：{whom}",
        f"结果：{result}",
    ]
    assert rows(talk) == []
    assert "已登记 对接1" in talk.say(LIAISON, said.split("\n", 1)[1])[0]


def test_a_correction_that_names_somebody_comes_back_with_what_it_changes(talk: Talk) -> None:
    talk.say(LIAISON, SAID)

    said = talk.say(LIAISON, "更正 对接1 结果：毛大伟省长和李四表示支持")[0]

    assert said.splitlines()[1:] == ["更正 对接1", "结果：省长和有关负责人表示支持"]
    assert len(rows(talk)) == 1
    talk.say(LIAISON, said.split("\n", 1)[1])
    assert rows(talk)[-1].result == "省长和有关负责人表示支持"


def test_a_result_too_long_is_refused_and_never_cut(talk: Talk) -> None:
    said = talk.say(LIAISON, f"{SAID}{'，并研究具体措施' * 50}")[0]

    assert "结果有" in said
    assert "一次最多300字，尚未登记" in said
    assert rows(talk) == []


def test_several_days_are_several_contacts(talk: Talk) -> None:
    said = talk.say(LIAISON, "对接 营商环境 3月5日、7月26日，局主要负责人带队到省发改委汇报")[0]

    assert "已登记 对接1、对接2 激2 营商环境" in said
    assert "结果未填" in said
    assert [row.on.isoformat() for row in rows(talk)] == ["2022-03-05", "2022-07-26"]


def test_a_span_and_a_rough_time_are_kept_as_such(talk: Talk) -> None:
    span = talk.say(LIAISON, "对接 激2 4月27日--29日 州领导到省地方金融监管局、湖南证监局汇报")[0]
    rough = talk.say(LIAISON, "对接 激2 8月中旬 局领导到省发改委沟通")[0]
    month = talk.say(LIAISON, "对接 激2 10月 局领导到省发改委沟通")[0]

    assert "4月27日至29日，州领导对接省地方金融监管局、湖南证监局" in span
    assert "8月中旬，局领导对接省发改委" in rough
    assert "10月，局领导对接省发改委" in month


def test_what_is_missing_is_asked_once_and_the_answer_can_be_sent_back(talk: Talk) -> None:
    asked = talk.say(LIAISON, "对接 营商环境 9月19日，省里表示支持")[0]

    assert "还缺层级、对象，尚未登记。" in asked
    assert asked.splitlines()[1:] == [
        "对接 激2",
        "时间：9月19日",
        "层级：",
        "对象：",
        "结果：省里表示支持",
    ]
    assert rows(talk) == []

    filled = "对接 激2\n时间：9月19日\n层级：州领导\n对象：省发改委\n结果：省里表示支持"
    assert "已登记 对接1" in talk.say(LIAISON, filled)[0]


def test_two_visits_in_one_message_are_asked_for_apart(talk: Talk) -> None:
    said = talk.say(LIAISON, "对接 激2 9月1日 局长到省发改委汇报；9月20日 副局长到省统计局汇报")[0]

    assert "一次登记一次对接，收到几次，尚未登记。" in said
    assert rows(talk) == []


def test_a_bare_name_is_asked_for_its_rank(talk: Talk) -> None:
    asked = talk.say(LIAISON, "对接 营商环境 9月19日 王小明到省发改委汇报")[0]

    assert "还缺层级" in asked
    assert "人员请写职务或层级，不写姓名。" in asked
    assert "小明" not in asked


@pytest.mark.parametrize("when", ["12月3日", "10月9日至12日", "11月"])
def test_a_day_that_has_not_come_is_refused(talk: Talk, when: str) -> None:
    said = talk.say(LIAISON, f"对接 营商环境 {when} 州领导到省发改委汇报")[0]

    assert f"对接时间“{when}”还没有到，尚未登记。" in said
    assert rows(talk) == []


def test_a_day_that_does_not_exist_is_named(talk: Talk) -> None:
    said = talk.say(LIAISON, "对接 营商环境 9月31日 州领导到省发改委汇报")[0]

    assert "“9月31日”没有这一天。" in said
    assert "层级：州领导" in said


def test_a_visit_of_an_earlier_year_is_refused(talk: Talk) -> None:
    said = talk.say(LIAISON, "对接 营商环境 2021年12月3日 州领导到省发改委汇报")[0]

    assert "对接时间“2021年12月3日”不在2022年度，未作登记。" in said
    assert rows(talk) == []


def test_this_month_is_a_rough_time_that_has_begun(talk: Talk) -> None:
    assert "10月，州领导对接省发改委" in talk.say(LIAISON, "对接 激2 本月 州领导到省发改委汇报")[0]


def test_the_word_and_the_number_may_be_glued(talk: Talk) -> None:
    assert "已登记 对接1 激2" in talk.say(LIAISON, "对接激2 9月19日 州领导到省发改委汇报")[0]
    assert "有可能" in talk.say("管理员甲", "研判激2 吉首市 有可能")[0]


def test_what_was_read_comes_back_where_a_part_is_missing(talk: Talk) -> None:
    said = talk.say("管理员甲", "对接 激2 花垣县 9月4日 县领导汇报，省里表示支持")[0]

    assert "县市：花垣县" in said
    assert "时间：9月4日" in said
    assert "省里表示支持" in said


def test_the_same_visit_is_recorded_once(talk: Talk) -> None:
    talk.say(LIAISON, SAID)
    again = talk.say(LIAISON, SAID)[0]

    assert again == "对接1 此前已登记，未重复登记。"
    assert len(rows(talk)) == 1


def test_a_correction_keeps_the_number_and_the_earlier_row(talk: Talk) -> None:
    talk.say(LIAISON, SAID)

    said = talk.say(LIAISON, "更正 对接1 结果：省里答复10月底前反馈")[0]
    again = talk.say(LIAISON, "更正对接 1 时间：9月20日")[0]

    assert said.splitlines() == [
        "已更正 对接1 激2 营商环境",
        "原：9月19日，州领导对接省发改委；结果：省里表示支持",
        "现：9月19日，州领导对接省发改委；结果：省里答复10月底前反馈",
    ]
    assert "现：9月20日，州领导对接省发改委；结果：省里答复10月底前反馈" in again
    assert [row.replaces_id for row in rows(talk)] == [None, 1, 2]


def test_a_contact_taken_back_is_gone_but_not_deleted(talk: Talk) -> None:
    talk.say(LIAISON, SAID)

    said = talk.say(LIAISON, "撤回 对接1")[0]

    assert said == "已撤回 对接1 激2 营商环境（9月19日，州领导对接省发改委；结果：省里表示支持）。"
    assert [row.withdrawn for row in rows(talk)] == [False, True]
    assert "此前已撤回" in talk.say(LIAISON, "撤回 对接1")[0]
    assert "此前已撤回" in talk.say(LIAISON, "更正 对接1 时间：9月20日")[0]
    assert "已登记 对接3" in talk.say(LIAISON, SAID)[0]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("更正 对接9 时间：9月20日", "没有编号为“对接9”的登记。"),
        ("更正 对接1", "对接1 没有变化。"),
        ("更正 对接1 省里支持", "没有读懂“省里支持”要改哪一项。未作修改。"),
        ("更正 对接1 时间：9月31日", "“9月31日”没有这一天。未作修改。"),
        ("更正 对接1 层级：张三", "人员请写职务或层级，不写姓名。未作修改。"),
        ("更正 对接1 时间：12月3日", "还没有到"),
        ("更正 对接", "请写明登记时收到的对接编号，如“更正 对接12”。"),
        ("撤回 对接", "请写明登记时收到的对接编号，如“撤回 对接12”。"),
    ],
)
def test_a_change_that_cannot_be_is_answered_and_changes_nothing(
    talk: Talk, words: str, answer: str
) -> None:
    talk.say(LIAISON, SAID)

    assert answer in talk.say(LIAISON, words)[0]
    assert len(rows(talk)) == 1


def test_a_county_records_its_own_contacts(talk: Talk) -> None:
    own = talk.say("吉首市联络员", "对接 营商环境 9月2日 市领导赴省发改委汇报")[0]
    named = talk.say(LIAISON, "对接 营商环境 9月3日 吉首市领导到省发改委汇报")[0]
    begun = talk.say("管理员甲", "对接 营商环境 花垣县 9月4日 县领导到省发改委汇报")[0]

    assert "9月2日，吉首市 市领导对接省发改委" in own
    assert "9月3日，吉首市领导对接省发改委" in named
    assert "9月4日，花垣县 县领导对接省发改委" in begun
    assert [row.unit_id for row in rows(talk)] == [2, 2, 3]


def test_who_neither_leads_nor_competes_is_refused(talk: Talk) -> None:
    said = talk.say("州文旅广电局联络员", SAID)[0]
    other = talk.say("吉首市联络员", "对接 营商环境 花垣县 9月4日 县领导到省发改委汇报")[0]

    assert "“激2 营商环境”不是您单位牵头的事项，不能登记对接。" in said
    assert "不能登记对接" in other
    assert "仅限" in talk.say("领导甲", SAID)[0]
    assert rows(talk) == []


def test_nobody_changes_what_another_unit_recorded(talk: Talk) -> None:
    talk.say(LIAISON, SAID)

    assert "对接1 不是您单位登记的" in talk.say("州文旅广电局联络员", "撤回 对接1")[0]
    assert "已撤回 对接1" in talk.say("管理员甲", "撤回 对接1")[0]


@pytest.mark.parametrize("words", ["撤回 对接1", "更正 对接1 结果：省里没有表态"])
def test_a_county_changes_nothing_that_the_lead_unit_recorded(talk: Talk, words: str) -> None:
    talk.say(LIAISON, SAID)

    said = talk.say("吉首市联络员", words)[0]

    assert said == "对接1 不是您单位登记的，不能更正或撤回。确需改动，请联系登记单位或管理员。"
    assert len(rows(talk)) == 1


@pytest.mark.parametrize("words", ["撤回 对接1", "更正 对接1 结果：省里没有表态"])
def test_the_lead_unit_changes_nothing_that_a_county_recorded(talk: Talk, words: str) -> None:
    talk.say("吉首市联络员", "对接 营商环境 9月2日 市领导赴省发改委汇报")

    assert "对接1 不是您单位登记的" in talk.say(LIAISON, words)[0]
    assert "对接1" in talk.say("吉首市联络员", words)[0]
    assert len(rows(talk)) == 2


def test_the_lead_unit_puts_right_what_it_recorded_for_a_county(talk: Talk) -> None:
    talk.say(LIAISON, "对接 营商环境 9月3日 吉首市领导到省发改委汇报")

    assert "已撤回 对接1" in talk.say(LIAISON, "撤回 对接1")[0]


def test_a_county_moves_its_contact_to_no_other_county(talk: Talk) -> None:
    talk.say("吉首市联络员", "对接 营商环境 9月2日 市领导赴省发改委汇报")

    assert "不能登记对接" in talk.say("吉首市联络员", "更正 对接1 县市：花垣县")[0]
    assert "没有认出县市“火星县”" in talk.say("吉首市联络员", "更正 对接1 县市：火星县")[0]
    assert [row.unit_id for row in rows(talk)] == [2]


def test_who_recorded_a_contact_hears_that_another_changed_it(talk: Talk) -> None:
    talk.say(LIAISON, SAID)

    talk.say("管理员甲", "更正 对接1 结果：省里答复年底前反馈")
    changed = talk.heard(LIAISON)[-1]
    talk.say("管理员甲", "撤回 对接1")
    gone = talk.heard(LIAISON)[-1]

    assert changed.startswith("管理员甲 处理了您登记的内容：\n已更正 对接1")
    assert "现：9月19日，州领导对接省发改委；结果：省里答复年底前反馈" in changed
    assert gone.startswith("管理员甲 处理了您登记的内容：\n已撤回 对接1")


def test_who_changes_an_own_contact_is_told_once(talk: Talk) -> None:
    talk.say(LIAISON, SAID)
    talk.say(LIAISON, "撤回 对接1")

    assert len(talk.heard(LIAISON)) == 2


def test_in_a_group_the_answer_comes_in_the_single_chat(talk: Talk) -> None:
    talk.say(LIAISON, SAID, group="联络员群")

    assert "已登记 对接1" in talk.heard(LIAISON)[-1]
    assert talk.heard_in("联络员群") == []


def test_words_alone_are_answered_with_an_example(talk: Talk) -> None:
    assert "对接 营商环境 9月19日 州领导到省发改委汇报" in talk.say(LIAISON, "对接")[0]
    assert "没有找到“火星探测”" in talk.say(LIAISON, "对接 火星探测 9月1日 局长到省厅汇报")[0]


def test_what_was_written_mentions_nobody_and_links_nowhere(talk: Talk) -> None:
    said = talk.say(
        LIAISON, "对接 激2 9月19日 州领导到省发改委汇报，@all 详见[这里](http://a.cn/x)"
    )[0]

    assert "@all" not in said
    assert "http://" not in said


@pytest.mark.parametrize("names", ["激2、激20", "激2 激20", "激2，激20", "激2和激20"])
def test_several_items_in_one_message_are_refused_by_name(talk: Talk, names: str) -> None:
    said = talk.say(LIAISON, f"对接 {names} 9月19日 州领导到省发改委汇报")[0]

    assert "一次登记一个事项，收到激2、激20，均未登记。" in said
    assert rows(talk) == []


def test_one_withdrawal_takes_one_number(talk: Talk) -> None:
    talk.say(LIAISON, "对接 营商环境 3月5日、7月26日，局主要负责人带队到省发改委汇报")

    said = talk.say(LIAISON, "撤回 对接1 对接2")[0]

    assert "“对接2”没有处理，对接1 也未撤回。" in said
    assert not any(row.withdrawn for row in rows(talk))


def test_a_message_taken_back_takes_its_contacts_along(talk: Talk) -> None:
    talk.say(LIAISON, "对接 营商环境 3月5日、7月26日，局主要负责人带队到省发改委汇报")

    said = talk.recall(LIAISON)[0]

    assert "已撤回 对接1" in said
    assert "已撤回 对接2" in said
    assert [row.withdrawn for row in rows(talk)] == [False, False, True, True]


def test_a_contact_corrected_since_outlives_its_message(talk: Talk) -> None:
    talk.say(LIAISON, SAID)
    reported = talk.last_message_id
    talk.say(LIAISON, "更正 对接1 结果：省里答复年底前反馈")
    amended = talk.last_message_id

    assert "更正仍然有效" in talk.recall(LIAISON, amended)[0]
    assert "对接1 此后已更正，仍然有效" in talk.recall(LIAISON, reported)[0]
    assert [row.withdrawn for row in rows(talk)] == [False, False]


def test_a_judgement_outlives_its_message_and_that_is_said(talk: Talk) -> None:
    talk.say("管理员甲", "研判 激2 吉首市 有可能")

    assert "研判仍然有效" in talk.recall("管理员甲")[0]
