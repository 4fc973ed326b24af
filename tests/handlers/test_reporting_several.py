"""Several reports in one message: each handled as its own, answered with one summary."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from models.member import Member, Role, RoleName
from models.submission import Submission, SubmissionState
from models.unit import Unit
from tests.pictures import a_photo
from tests.talk import Talk

POLICE = "州公安局联络员"
ROADS = "州交通运输局联络员"
REFORM = "州发改委联络员"

COMPLETE = (
    "报送 州1-5\n截至：7月31日\n完成数：300公里\n措施：逐段安装，按月调度\n\n"
    "报送 州1-14\n截至：7月31日\n完成数：120公里\n措施：逐段改造，按月调度"
)


def submissions(talk: Talk) -> list[Submission]:
    with talk.database.read() as session:
        return list(session.exec(select(Submission).order_by(col(Submission.id))).all())


def give_liaison(session: Session, person: str, unit: str) -> None:
    """Let somebody report for a further unit."""
    member = session.exec(select(Member).where(Member.name == person)).one()
    unit_id = session.exec(select(Unit.id).where(Unit.name == unit)).one()
    session.add(Role(member_id=member.id or 0, role=RoleName.LIAISON, unit_id=unit_id))


def test_two_complete_reports_in_one_message_are_both_submitted(talk: Talk) -> None:
    [answer] = talk.say(ROADS, COMPLETE)

    assert answer.startswith("读到2项：已报送2项。\n已报送：\n#1 州1-5 农村公路安防设施（1—7月）：")
    assert "300公里，完成54.55%" in answer
    assert "#2 州1-14 农村公路提质改造（1—7月）：" in answer
    assert "120公里，完成46.15%" in answer
    assert len(submissions(talk)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "报送\n州1-5\n完成数300公里\n\n州1-14\n完成数：120公里",
        "报送 州1-5 300公里；州1-14 120公里",
        "报送\n州1-5 300公里\n州1-14 120公里",
        "报送：州1－5完成300公里，州1－14完成120公里。",
        "报送\n1. 农村公路安防设施：300公里\n2. 农村公路提质改造：120公里",
        "报送 州1-5 300公里\n上报 州1-14 120公里",
        "报送\n截至7月31日\n州1-5 300公里\n州1-14 120公里",
        "报送\n农村公路安防设施 300公里\n农村公路提制改造 120公里",
    ],
    ids=["blocks", "one line", "lines", "prose", "names", "two words", "one day", "a slip"],
)
def test_the_parts_begin_with_a_number_or_a_name(light: Talk, text: str) -> None:
    [answer] = light.say(ROADS, text)

    assert answer.startswith("读到2项：待补充2项。")
    assert "\n州1-5 农村公路安防设施：农村公路安防设施300公里，完成54.55%" in answer
    assert "\n州1-14 农村公路提质改造：农村公路提质改造120公里，完成46.15%" in answer
    assert "请先补 州1-5 农村公路安防设施：\n措施：" in answer
    assert "300公里" in light.say(ROADS, "提交")[0]
    assert "120公里" in light.say(ROADS, "继续 州1-14")[0]


def test_what_is_complete_goes_and_what_is_missing_is_asked_in_order(talk: Talk) -> None:
    [answer] = talk.say(
        ROADS, "报送\n州1-5 300公里 措施：逐段安装，按月调度\n州1-7 1710个\n州1-14 120公里"
    )

    assert answer.startswith("读到3项：已报送1项，未受理1项，待补充1项。")
    assert "州1-7 雪亮工程 由州公安局报送，不属于您的单位" in answer
    assert "已收到 #2 州1-14" in talk.say(ROADS, "措施：逐段改造，按月调度")[0]


def test_the_missing_parts_of_several_can_come_in_one_message(talk: Talk) -> None:
    talk.say(ROADS, "报送 州1-5 300公里；州1-14 120公里")

    [answer] = talk.say(
        ROADS, "州1-14\n措施：逐段改造，按月调度1次\n\n州1-5\n措施：逐段安装，按月调度1次"
    )

    assert answer.startswith("读到2项：已报送2项。")


def test_an_open_report_is_kept_behind_the_new_ones(talk: Talk) -> None:
    talk.set_clock("2021-09-09T09:00")
    talk.say(POLICE, "报送 新7\n完成数：好几百个")
    [answer] = talk.say(POLICE, "报送\n州1-7 1710个，截至8月31日；措施：逐村安装\n州1-99 3个")

    assert "已报送1项，未受理1项" in answer
    assert "没有找到任务“州1-99”" in answer
    assert "新7 雪亮工程 仍未报完，接着报请发“继续”。" in answer
    assert "好几百" in talk.say(POLICE, "继续")[0]


def test_without_the_word_it_is_offered_and_one_digit_makes_it_reports(talk: Talk) -> None:
    [asked] = talk.say(ROADS, "州1-5 300公里；州1-14 120公里")

    assert "尚未受理" in asked
    assert "请回复 1" in asked
    assert talk.say(ROADS, "1")[0].startswith("读到2项")


def test_others_work_told_in_a_section_is_no_report(light: Talk) -> None:
    light.say(
        REFORM,
        "报送 省2\n成效：全州各项工作有序推进\n措施：按月调度到县到部门\n\n雪亮工程 建成1710个\n\n"
        "州1-12 产前筛查9300人次",
    )

    assert "省2" in light.say(REFORM, "提交")[0]
    assert submissions(light) == []


def test_a_task_told_of_in_front_of_its_own_answer_is_no_other(light: Talk) -> None:
    light.say(POLICE, "报送 州1-7\n截至7月31日")

    assert "1710个" in light.say(POLICE, "州1-7 1710个")[0]


def test_another_task_named_meanwhile_is_offered(light: Talk) -> None:
    light.say(ROADS, "报送 州1-5\n完成数：300公里")

    assert "请回复 1" in light.say(ROADS, "州1-14 120公里")[0]
    [begun] = light.say(ROADS, "1")
    assert "州1-5 农村公路安防设施 尚未报完，先为您放下" in begun
    assert "120公里" in begun


def test_more_than_twenty_are_refused_with_the_limit(light: Talk) -> None:
    [answer] = light.say(ROADS, "报送\n" + "\n".join("州1-5 300公里" for _ in range(50)))

    assert "有50项报送，一次最多20项，均未受理。请分成3条发送" in answer
    assert submissions(light) == []


def test_the_same_message_again_changes_nothing(talk: Talk) -> None:
    talk.say(ROADS, COMPLETE)
    [again] = talk.say(ROADS, COMPLETE)

    assert "未受理2项" in again
    assert "已报送 #1" in again
    assert len(submissions(talk)) == 2


def test_a_recalled_message_takes_all_its_reports_back(talk: Talk) -> None:
    talk.say(ROADS, COMPLETE)

    [answer] = talk.recall(ROADS)

    assert "已撤回 #1" in answer
    assert "已撤回 #2" in answer
    assert {each.state for each in submissions(talk)} == {SubmissionState.WITHDRAWN}


def test_the_pictures_go_to_the_one_report_that_needs_them(talk: Talk) -> None:
    with talk.database.write() as session:
        give_liaison(session, REFORM, "州交通运输局")
    [answer] = talk.say(
        REFORM,
        "报送 省2\n措施：按月调度到县\n成效：各项工作有序推进\n"
        "报送 州1-5 300公里 措施：逐段安装，按月调度\n"
        "图1 调度会；2021年7月20日；吉首市乾州街道",
        pictures=[a_photo(1200, 600)],
    )

    assert "#1 省2" in answer
    assert "图片1张" in answer
    assert "#2 州1-5" in answer


def test_pictures_that_may_be_anybodys_are_asked_about(talk: Talk) -> None:
    [answer] = talk.say(ROADS, COMPLETE, pictures=[a_photo(1200, 600)])

    assert "1张图片属于哪一项？请回复序号：\n1. 更正 1\n2. 更正 2" in answer
    assert "#2 第2版" in talk.say(ROADS, "2")[0]


def test_nothing_has_changed_on_several_tasks(talk: Talk) -> None:
    talk.say(ROADS, COMPLETE)
    talk.say("管理员甲", "通过 1 2")
    talk.set_clock("2021-09-08T09:00")

    [answer] = talk.say(ROADS, "无变化 州1-5、州1-14")

    assert answer.startswith("读到2项：已报送2项。")
    assert "无变化，沿用上次通过的数据" in answer


def test_nothing_has_changed_on_all_where_that_can_be_said(talk: Talk) -> None:
    talk.say(ROADS, COMPLETE.partition("\n\n")[0])
    talk.say("管理员甲", "通过 1")
    talk.set_clock("2021-09-08T09:00")

    [answer] = talk.say(ROADS, "无变化 全部")

    assert "#2 州1-5 农村公路安防设施（1—8月）：无变化" in answer
    assert "还没有通过的数据可沿用" in answer


def test_nothing_changed_leaves_what_is_under_way_alone(talk: Talk) -> None:
    talk.say(ROADS, COMPLETE)
    talk.say("管理员甲", "通过 1 2")
    talk.set_clock("2021-09-08T09:00")
    talk.say(ROADS, "报送 州1-5\n完成数：310公里")

    [answer] = talk.say(ROADS, "无变化 全部")

    assert "正在填报或已退回，未按无变化报：州1-5 农村公路安防设施。" in answer
    assert "310公里" in talk.say(ROADS, "继续")[0]


@pytest.mark.parametrize(
    "text",
    ["州1-5 和州1-14 什么时候报", "请问州1-5报了吗，州1-14呢", "州1-5、州1-14都在推进中"],
)
def test_talk_of_several_tasks_is_no_report(light: Talk, text: str) -> None:
    light.say(ROADS, text)

    assert submissions(light) == []


@pytest.mark.parametrize(
    "text", ["报送 州1-5、州1-14", "报送 州1-5 和 州1-14", "报送\n州1-5\n州1-14"]
)
def test_names_alone_bring_their_forms_together(light: Talk, text: str) -> None:
    [forms] = light.say(ROADS, text)

    assert forms.startswith("请复制下面内容，填好一并发回：\n报送 州1-5\n")
    filled = forms.partition("\n")[2].replace("完成数（公里）：", "完成数：100公里")
    answer = light.say(ROADS, filled.replace("措施：", "措施：逐段推进，按月调度"))[0]
    assert answer.startswith("读到2项：已报送2项。")


def test_a_task_said_by_number_and_name_is_one(light: Talk) -> None:
    assert "填好发回：\n报送 州1-7\n" in light.say(POLICE, "报送 州1-7 雪亮工程")[0]


def test_a_line_on_somebody_elses_task_does_not_end_up_in_ones_own(light: Talk) -> None:
    [answer] = light.say(POLICE, "报送\n雪亮工程 1710个 措施：逐村安装\n产前筛查 9300人次")

    assert "州1-12 产前筛查 由州卫健委报送" in answer


def test_a_bare_figure_replaces_that_of_a_report_under_way(talk: Talk) -> None:
    talk.say(ROADS, "报送 州1-5 300公里；州1-14 120公里")
    talk.say(ROADS, "报送 州1-5 310公里；州1-14 130公里")

    assert "310公里" in talk.say(ROADS, "继续 州1-5")[0]
    assert "130公里" in talk.say(ROADS, "继续 州1-14")[0]


def test_four_thousand_characters_of_parts_are_one_answer(light: Talk) -> None:
    text = "报送\n" + "\n".join(f"州1-5 {number}公里" for number in range(300))

    assert "一次最多20项" in light.say(ROADS, text[:4000])[0]


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            ["州1-5", "州1-14", "州1-7", "报送", "措施：", "无变化", "\n", "；", "、", "："]
        )
        | st.sampled_from([" 300公里", "完成数", "雪亮工程", "\n\n", "截至7月31日", "图1 "])
        | st.text(max_size=4),
        max_size=25,
    )
)
def test_any_message_of_parts_is_answered(light: Talk, pieces: list[str]) -> None:
    assert light.say(ROADS, f"报送 {''.join(pieces)}")


TWICE = "报送 州1-5\n截至7月31日\n完成数：{}公里\n措施：分段验收，按月拨款\n"


def test_two_figures_for_one_task_are_asked_about_and_neither_is_sent(talk: Talk) -> None:
    [asked] = talk.say(ROADS, TWICE.format(300) + TWICE.format(310))

    assert "读到1项：待补充1项" in asked
    assert "（1）300公里" in asked
    assert "（2）310公里" in asked
    assert submissions(talk) == []
    assert "310公里，完成56.36%" in talk.say(ROADS, "2")[0]


def test_the_same_said_twice_is_one_report(light: Talk) -> None:
    assert "读到1项：已报送1项" in light.say(ROADS, TWICE.format(300) * 2)[0]


def test_no_change_and_a_figure_for_one_task_contradict_each_other(light: Talk) -> None:
    [answer] = light.say(ROADS, "报送\n州1-5 300公里 措施：分段验收\n州1-5 无变化")

    assert "既写了“无变化”，又写了内容" in answer
    assert submissions(light) == []


def test_parts_of_one_task_make_one_report(light: Talk) -> None:
    [answer] = light.say(
        "州人社局联络员",
        "报送\n州1-3 城镇新增就业10265人\n州1-3 转移就业12000人\n州1-3 职业技能培训15368人次",
    )

    assert "读到1项：待补充1项" in answer
    assert all(each in answer for each in ("10265人", "12000人", "15368人次"))


@pytest.mark.parametrize(
    "text",
    [
        "报送 截至7月30日\n1. 州1-5：300公里，措施：分段验收\n2. 州1-14：120公里，措施：倒排工期",
        "报送\n州1-5 300公里 措施：分段验收\n州1-14 120公里 措施：倒排工期\n以上截至7月30日",
        "报送 州1-5、州1-14\n截至7月30日\n州1-5 300公里 措施：分段验收\n州1-14 120公里 措施：倒排",
    ],
    ids=["ahead of a list", "behind all", "names first"],
)
def test_one_day_holds_for_all_parts(light: Talk, text: str) -> None:
    [answer] = light.say(ROADS, text)

    assert "读到2项" in answer
    assert answer.count("截至7月30日") == 2


def test_what_two_open_reports_lack_may_come_in_one_message(light: Talk) -> None:
    light.say(ROADS, "报送 州1-5 300公里\n州1-14 120公里")

    [answer] = light.say(ROADS, "州1-14 措施：倒排工期，每旬通报\n州1-5 措施：分段验收，按月拨款")

    assert answer.startswith("读到2项：已报送2项。")


def test_an_unknown_number_among_parts_gives_its_figure_to_no_other(light: Talk) -> None:
    [answer] = light.say(ROADS, "报送 州1-5 300公里；州1-14 120公里；州9-9 10公里")

    assert "没有找到任务“州9-9”" in answer
    assert "待补充2项" in answer


def test_a_name_that_means_two_tasks_is_chosen_by_number(talk: Talk) -> None:
    [asked] = talk.say(
        ROADS, "任务\t完成数\t措施\n农村公路\t300\t分段验收\n州1-14\t120\t倒排工期，按月通报"
    )

    assert "待选择1项" in asked
    assert "1. 州1-5 农村公路安防设施" in asked
    assert "已收到 #2 州1-5" in talk.say(ROADS, "1")[0]
    assert "300公里" in talk.say(ROADS, "查看 2")[0]


def test_whoever_was_slower_hears_the_number_and_by_whom(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7 1710个")
    talk.say("联络员甲", "报送 州1-7 1705个 措施：逐村安装，按月调度")

    [answer] = talk.say(POLICE, "措施：按月调度，逐村安装")

    assert "已报送 #1（联络员甲报送），待审核" in answer


def test_giving_up_is_asked_about_and_one_digit_does_it(light: Talk) -> None:
    light.say(ROADS, "报送 州1-5 300公里")

    assert "取消这一项请回复 1" in light.say(ROADS, "算了，先不报了")[0]
    assert "已取消 州1-5" in light.say(ROADS, "1")[0]


def test_the_list_of_tasks_says_what_waits_for_review(light: Talk) -> None:
    light.say(ROADS, COMPLETE)

    [answer] = light.say(ROADS, "任务")

    assert "等待审核：#1 州1-5 农村公路安防设施、#2 州1-14 农村公路提质改造。" in answer
