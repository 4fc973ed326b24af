"""Reporting as conversation: one message is enough, and what is understood is said back."""

from decimal import Decimal

import pytest
from sqlmodel import col, select

from models.audit import trail_of
from models.draft import Draft
from models.figure import Figure, Series
from models.obligation import Obligation, ObligationState
from models.submission import Submission, SubmissionState, SubmissionVersion
from models.task import Task
from tests.pictures import a_photo
from tests.talk import Talk

POLICE = "州公安局联络员"
LABOUR = "州人社局联络员"
FARMING = "州农业农村局联络员"
HEALTH = "州卫健委联络员"
ROADS = "州交通运输局联络员"

BRIGHT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度\n问题：山区供电不稳"


def obligation_of(talk: Talk, number: str, month: int = 7) -> Obligation:
    with talk.database.read() as session:
        rows = session.exec(
            select(Obligation)
            .join(Task, col(Task.id) == col(Obligation.task_id))
            .where(Task.number == number)
        ).all()
    return next(row for row in rows if row.covers_to and row.covers_to.month == month)


def figures(talk: Talk) -> list[Figure]:
    with talk.database.read() as session:
        return list(session.exec(select(Figure).order_by(col(Figure.id))).all())


def submissions(talk: Talk) -> list[Submission]:
    with talk.database.read() as session:
        return list(session.exec(select(Submission).order_by(col(Submission.id))).all())


def drafts(talk: Talk) -> list[Draft]:
    with talk.database.read() as session:
        return list(session.exec(select(Draft)).all())


def test_a_complete_report_is_one_message(talk: Talk) -> None:
    [answer] = talk.say(POLICE, BRIGHT)

    assert "已收到 #1 州1-7 雪亮工程（1—7月）" in answer
    assert "乡村公共部位安防设备1710个，完成28.50%，序时58.33%" in answer
    assert "截至7月31日" in answer
    assert "逾期" not in answer
    [figure] = figures(talk)
    assert (figure.value, figure.accepted_at) == (Decimal(1710), None)
    assert obligation_of(talk, "州1-7").state == ObligationState.SUBMITTED
    assert obligation_of(talk, "州1-7", 8).state == ObligationState.OWED
    assert drafts(talk) == []
    with talk.database.read() as session:
        version = session.exec(select(SubmissionVersion)).one()
        assert version.sections == {"措施": "逐村安装，按月调度", "问题": "山区供电不稳"}
        assert version.original.endswith("问题：山区供电不稳")
        assert [act.action for act in trail_of(session, "submission", 1)] == ["submit"]


@pytest.mark.parametrize(
    ("person", "text", "said"),
    [
        (FARMING, "报送 续8\n截至8月31日\n完成数：3633", "农村户用厕所3633个，完成4.69%"),
        (
            HEALTH,
            "报送 州1-12\n截至7月31日\n完成数：0.93万人次\n措施：筛查到村到户",
            "9300人次，完成56.36%",
        ),
        (
            POLICE,
            "上报 州1－7\n截止：7月31日\n完成数:一千七百一十个\n措施：逐村安装到位",
            "1710个，完成28.50%",
        ),
        (
            POLICE,
            "填报 雪亮工程\n截至 7月底\n完成数 1710(28.5%)\n措施：逐村安装到位",
            "1710个，完成28.50%",
        ),
        (
            POLICE,
            "报送雪量工程\n截至：7月31日\n完成数：1,710个\n措施：逐村安装到位",
            "1710个，完成28.50%",
        ),
        (
            POLICE,
            "報送 州1-7 截至7月31日；完成数：1710個；措施：逐村安装到位",
            "1710个，完成28.50%",
        ),
    ],
    ids=["3633 of 77500", "wan", "full-width", "no colons", "typo", "one line, traditional"],
)
def test_people_write_as_they_write(light: Talk, person: str, text: str, said: str) -> None:
    if "续8" in text:
        light.set_clock("2021-09-08T10:00")
    [answer] = light.say(person, text)

    assert answer.startswith("已收到 #1")
    assert said in answer


def test_a_task_with_several_indicators_names_each(talk: Talk) -> None:
    [answer] = talk.say(
        LABOUR,
        "报送 州1-3\n截至：7月31日\n城镇新增就业：10265人\n转移就业：12000人\n"
        "职业技能培训：15368人次\n措施：送岗下乡，送训到村",
    )

    assert "城镇新增就业10265人，完成51.33%" in answer
    assert "农村劳动力转移就业12000人，完成60.00%" in answer
    assert "技能培训15368人次，完成66.82%" in answer
    assert len(figures(talk)) == 3


def test_what_is_missing_is_asked_once_and_answered_in_any_order(talk: Talk) -> None:
    [asked] = talk.say(LABOUR, "报送 州1-3\n城镇新增就业：10265人")

    assert "截至7月31日（本期末）" in asked
    for line in (
        "农村劳动力转移就业（人）：",
        "政府补贴性职业技能培训（人次）：",
        "措施：",
    ):
        assert f"\n{line}\n" in asked
    assert submissions(talk) == []
    [still] = talk.say(LABOUR, "措施：送岗下乡，送训到村\n截至：7月31日")
    assert "农村劳动力转移就业（人）：" in still
    assert "\n措施：" not in still
    [answer] = talk.say(LABOUR, "职业技能培训 15368人次，转移就业12000人")
    assert "已收到 #1" in answer


def test_a_bare_answer_fills_the_one_figure_and_the_day_that_were_asked(talk: Talk) -> None:
    talk.set_clock("2021-07-30T09:00")
    talk.say(POLICE, "报送 州1-7\n措施：逐村安装，按月调度")

    assert "截至：" in talk.say(POLICE, "1710个")[0]
    talk.set_clock("2021-07-31T09:00")
    assert "1710个，完成28.50%" in talk.say(POLICE, "7月31日")[0]


def test_a_bare_number_after_a_question_is_the_figure_not_a_place_in_an_old_list(
    talk: Talk,
) -> None:
    talk.say(POLICE, "任务")
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n措施：逐村安装，按月调度")

    assert "已收到 #1" in talk.say(POLICE, "171")[0]
    assert [figure.value for figure in figures(talk)] == [Decimal(171)]


def test_a_free_text_becomes_the_missing_section_only_after_confirmation(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")

    [asked] = talk.say(POLICE, "各县市已按月调度并逐村安装到位")
    assert "是否作为“措施”" in asked
    assert submissions(talk) == []
    assert "已收到 #1" in talk.say(POLICE, "确认")[0]
    with talk.database.read() as session:
        sections = session.exec(select(SubmissionVersion)).one().sections
    assert sections["措施"] == "各县市已按月调度并逐村安装到位"


@pytest.mark.parametrize("casual", ["在吗", "今天食堂吃什么呀？", "谢谢", "这个怎么弄"])
def test_casual_talk_never_becomes_data(light: Talk, casual: str) -> None:
    light.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    [answer] = light.say(POLICE, casual)

    assert "措施：" in answer
    assert submissions(light) == []
    assert "已收到 #1" in light.say(POLICE, "措施：逐村安装，按月调度")[0]
    with light.database.read() as session:
        assert casual not in session.exec(select(SubmissionVersion)).one().original


def test_the_template_carries_the_last_values(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.say("管理员甲", "通过 1")
    talk.set_clock("2021-09-01T09:00")

    [template] = talk.say(POLICE, "报送 州1-7")
    lines = "报送 州1-7\n截至：8月31日\n完成数：1710个（7月31日数，请改为最新）\n措施：\n问题："
    assert template.endswith(lines)
    assert "完成数已填上次通过的7月31日数据" in template


def test_one_number_is_asked_once_for_linked_indicators(talk: Talk) -> None:
    """雪亮工程 stands in two programmes; what one accepted is offered for the other."""
    talk.set_clock("2021-09-01T09:00")
    talk.say(POLICE, BRIGHT.replace("7月31日", "8月31日").replace("1710", "2000"))
    talk.say("管理员甲", "通过 1")

    [template] = talk.say(POLICE, "报送 新7")
    assert "完成数：2000个" in template
    assert "州1-7已通过的8月31日数据" in template


def test_a_report_is_for_the_oldest_open_period_that_holds_its_day(talk: Talk) -> None:
    talk.set_clock("2021-09-01T09:00")
    talk.say(POLICE, BRIGHT)

    assert obligation_of(talk, "州1-7", 7).state == ObligationState.SUBMITTED
    assert obligation_of(talk, "州1-7", 8).state == ObligationState.OWED


def test_a_late_report_is_taken_and_marked(talk: Talk) -> None:
    talk.set_clock("2021-08-27T09:00")

    assert "逾期报送（应于8月25日前报）" in talk.say(POLICE, BRIGHT)[0]


def test_a_closed_period_is_refused_with_what_to_do(talk: Talk) -> None:
    talk.set_clock("2021-09-25T09:00")
    [answer] = talk.say(POLICE, BRIGHT)

    assert "州1-7 雪亮工程 1—7月一期已于9月20日截止" in answer
    assert "请把“截至”改为8月31日再发" in answer
    assert submissions(talk) == []


def test_a_day_outside_the_period_is_named_with_the_correction(talk: Talk) -> None:
    [asked] = talk.say(POLICE, BRIGHT.replace("7月31日", "8月15日"))
    assert "“8月15日”不在本期范围内" in asked
    assert "修改 截至 7月31日" in asked

    assert "截至7月31日" in talk.say(POLICE, "修改 截至 7月31日")[0]
    assert obligation_of(talk, "州1-7", 7).state == ObligationState.SUBMITTED


def test_the_same_report_again_changes_nothing_and_says_where_it_stands(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    [again] = talk.say(POLICE, BRIGHT)

    assert "已报送 #1，待审核，无需重报" in again
    assert "更正 1" in again
    assert len(submissions(talk)) == 1


def test_the_same_text_in_the_next_month_is_not_taken_for_the_next_period(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.set_clock("2021-09-02T09:00")

    assert "已报送 #1" in talk.say(POLICE, BRIGHT)[0]
    assert obligation_of(talk, "州1-7", 8).state == ObligationState.OWED


def test_another_units_task_is_refused_with_its_units_name(talk: Talk) -> None:
    [answer] = talk.say(POLICE, "报送 州1-12\n完成数：100人次")

    assert "州1-12 产前筛查 由州卫健委报送" in answer
    assert "请发“任务”" in answer
    assert drafts(talk) == []


def test_an_unknown_task_is_answered_with_what_is_owed(talk: Talk) -> None:
    [answer] = talk.say(POLICE, "报送 州9-9")

    assert "没有找到任务“州9-9”" in answer
    assert "州1-7 雪亮工程" in answer


def test_two_near_names_are_offered_and_answered_with_a_number(talk: Talk) -> None:
    [question] = talk.say(
        ROADS, "报送 农村公路\n截至7月31日\n完成数：100公里\n措施：逐段推进，按月验收"
    )
    assert "1. 州1-5 农村公路安防设施" in question
    assert "2. 州1-14 农村公路提质改造" in question
    assert submissions(talk) == []

    [answer] = talk.say(ROADS, "2")
    assert "已收到 #1 州1-14" in answer
    assert "100公里，完成38.46%" in answer


def test_a_name_in_two_programmes_means_the_one_that_is_owed(talk: Talk) -> None:
    assert "州1-7" in talk.say(POLICE, "报送 雪亮工程")[0]


def test_a_name_owed_in_both_programmes_is_asked(talk: Talk) -> None:
    talk.set_clock("2021-09-01T09:00")
    [question] = talk.say(POLICE, "报送 雪亮工程")

    assert "1. 州1-7 雪亮工程（答卷专栏）" in question
    assert "2. 新7 雪亮工程（重点民生实事）" in question


def test_a_joint_task_is_reported_by_whoever_comes_first(talk: Talk) -> None:
    text = (
        "报送 州1-3\n截至：7月31日\n城镇新增就业：10265人\n转移就业：12000人\n"
        "职业技能培训：15368人次\n措施：送岗下乡，送训到村"
    )
    talk.say(LABOUR, text)

    [answer] = talk.say("州文旅广电局联络员", text)
    assert "已报送 #1" in answer
    assert len(submissions(talk)) == 1


def test_a_colleague_may_be_faster_while_a_draft_is_open(talk: Talk) -> None:
    talk.say("州文旅广电局联络员", "报送 州1-3\n截至：7月31日\n城镇新增就业：9000人")
    talk.say(
        LABOUR,
        "报送 州1-3\n截至：7月31日\n城镇新增就业：10265人\n转移就业：12000人\n"
        "职业技能培训：15368人次\n措施：送岗下乡，送训到村",
    )
    [answer] = talk.say(
        "州文旅广电局联络员",
        "转移就业：12000人\n职业技能培训：15368人次\n措施：送岗下乡，送训到村",
    )

    assert "已报送" in answer
    assert len(submissions(talk)) == 1
    assert drafts(talk) == []


def test_county_figures_are_read_and_add_up_beside_the_whole(talk: Talk) -> None:
    talk.set_clock("2021-09-08T10:00")
    [answer] = talk.say(
        FARMING,
        "报送 续8\n截至：8月31日\n完成数：3633个\n吉首市：1200个\n花垣县：1033个\n龙山县：1400个",
    )

    assert "县市数据3项：吉首市1200个、花垣县1033个、龙山县1400个" in answer
    assert len([each for each in figures(talk) if each.unit_id is not None]) == 3


def test_a_sum_that_differs_from_its_counties_needs_a_reason(talk: Talk) -> None:
    talk.set_clock("2021-09-08T10:00")
    [asked] = talk.say(
        FARMING,
        "报送 续8\n截至：8月31日\n完成数：3633个\n吉首市：1200个\n花垣县：1033个\n龙山县：1300个",
    )
    assert "与各县市合计3533个相差100个" in asked
    assert "须写明原因" in talk.say(FARMING, "确认")[0]
    assert submissions(talk) == []

    assert "已收到 #1" in talk.say(FARMING, "确认 州本级另有100个")[0]
    with talk.database.read() as session:
        [warning] = session.exec(select(SubmissionVersion)).one().confirmed
    assert warning["reason"] == "州本级另有100个"


def test_a_stated_percentage_is_kept_beside_the_computed_one(talk: Talk) -> None:
    [answer] = talk.say(POLICE, f"{BRIGHT}\n完成率：28%")

    assert "完成28.50%" in answer
    stated = [each for each in figures(talk) if each.series == Series.STATED]
    assert [(each.value, each.indicator_id) for each in stated] == [(Decimal(28), None)]


def test_leftovers_are_said_and_not_taken(talk: Talk) -> None:
    [answer] = talk.say(POLICE, f"报送 州1-7\n联系电话见通讯录\n{BRIGHT.split(chr(10), 1)[1]}")

    assert "未读懂，未采用：联系电话见通讯录" in answer


def test_a_withdrawn_report_is_owed_again(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    [answer] = talk.say(POLICE, "撤回 1")

    assert "已撤回 #1" in answer
    assert "报送 州1-7" in answer
    assert submissions(talk)[0].state == SubmissionState.WITHDRAWN
    assert obligation_of(talk, "州1-7").state == ObligationState.OWED
    assert "此前已撤回" in talk.say(POLICE, "撤回 1")[0]
    assert "已收到 #2" in talk.say(POLICE, BRIGHT)[0]


@pytest.mark.parametrize(
    "first",
    ["报送 州1-7 1710个", "报送 州 1-7 完成数1710个", "报送 雪亮工程 1710个", "报送州1-7：1710个"],
)
def test_a_figure_may_follow_the_name_at_once(light: Talk, first: str) -> None:
    [answer] = light.say(POLICE, f"{first}\n截至：7月31日\n措施：逐村安装，按月调度")

    assert "1710个，完成28.50%" in answer


def test_words_glued_to_the_number_are_not_lost_silently(talk: Talk) -> None:
    [answer] = talk.say(POLICE, "报送 州1-7今年一共装了一大批")

    assert "未读懂，未采用：今年一共装了一大批" in answer
    assert "措施：" in answer


def test_a_choice_from_a_list_repeats_all_that_was_written(talk: Talk) -> None:
    talk.say(ROADS, "报送 农村公路 100公里\n截至7月31日\n措施：{逐段}推进，按月验收")

    [answer] = talk.say(ROADS, "1")
    assert "农村公路安防设施100公里，完成18.18%" in answer
    with talk.database.read() as session:
        assert session.exec(select(SubmissionVersion)).one().sections["措施"].startswith("{逐段}")


def test_a_report_in_which_nothing_is_compulsory_still_says_something(talk: Talk) -> None:
    [asked] = talk.say("州文旅广电局联络员", "报送 州3-1", pictures=[a_photo()])
    assert "\n目标任务：\n问题：\n" in asked

    [answer] = talk.say("州文旅广电局联络员", "目标任务：全年办结率不低于九成")
    assert "已收到 #1 州3-1" in answer
    assert "未附：问题" in answer


def test_a_percentage_that_differs_names_its_indicator_and_the_line_to_send(talk: Talk) -> None:
    [asked] = talk.say(
        LABOUR,
        "报送 州1-3\n截至：7月31日\n城镇新增就业：10265人，44.63%\n转移就业：12000人\n"
        "职业技能培训：15368人次\n措施：送岗下乡，送训到村",
    )
    assert "城镇新增就业的完成率44.63%与计算结果51.33%" in asked

    send = "修改 城镇新增就业 10265人（51.33%）"
    assert send in asked
    assert "已收到 #1" in talk.say(LABOUR, send)[0]


def test_two_figures_in_one_field_are_asked_and_not_chosen_between(talk: Talk) -> None:
    [asked] = talk.say(POLICE, BRIGHT.replace("1710个", "吉首市1000个，花垣县710个"))

    assert "已收到" not in asked
    assert submissions(talk) == []


def test_a_percentage_beside_a_figure_is_no_second_figure(talk: Talk) -> None:
    [answer] = talk.say(
        HEALTH, "报送 州1-12\n截至7月31日\n产前筛查9300人次、完成56.36%\n措施：筛查到村，送检到县"
    )

    assert "9300人次，完成56.36%" in answer
    stated = [each.value for each in figures(talk) if each.series == Series.STATED]
    assert stated == [Decimal("56.36")]


def test_a_report_without_the_word_is_offered_and_taken_by_one_digit(talk: Talk) -> None:
    [offered] = talk.say(POLICE, "州1-7 截至7月31日\n完成数：1710个\n措施：逐村安装，按月调度")
    assert "按报送处理请回复 1" in offered
    assert submissions(talk) == []

    assert "已收到 #1" in talk.say(POLICE, "1")[0]


def test_the_word_again_goes_on_with_what_was_read(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7\n完成数：1710个")
    [answer] = talk.say(POLICE, "报送 州1-7")

    assert answer.startswith("这一期正在填报：")
    assert "1710个" in answer


@pytest.mark.parametrize(
    "first",
    [
        "上报 州1-7 雪亮工程",
        "上报 州1-7 公共部位安防设备",
        "上报 州1-7 雪亮工程｜1—7月｜8月25日截止（还有5天）｜需完成数、措施",
        "上报 州1-7 雪亮工程（1—7月）",
        "上报 州1-7，实施乡村“雪亮工程”，建设乡村公共部位安防设备6000个",
    ],
    ids=["short name", "part of the title", "line of the list", "with its period", "title"],
)
def test_the_tasks_name_copied_behind_its_number_is_no_riddle(light: Talk, first: str) -> None:
    [answer] = light.say(POLICE, f"{first}\n{BRIGHT.partition(chr(10))[2]}")

    assert "1710个，完成28.50%" in answer
    assert "未读懂" not in answer


def test_progress_so_far_is_a_stated_percentage(talk: Talk) -> None:
    [answer] = talk.say(POLICE, f"{BRIGHT}\n目前进度：28.5%")

    assert "未读懂" not in answer
    stated = [each.value for each in figures(talk) if each.series == Series.STATED]
    assert stated == [Decimal("28.5")]


@pytest.mark.parametrize(
    "text",
    [
        "报送 州1-14，全州农村公路提质改造累计完成74.2公里，占年任务的28.54%。\n截至7月底",
        "报送 州1-14\n截至7月底，全州农村公路提质改造累计完成74.2公里。",
        "报送 州1-14\n截至7月31日\n今年以来全州提质改造已完成74.2公里",
    ],
)
def test_a_figure_in_a_sentence_that_names_its_indicator_is_read(light: Talk, text: str) -> None:
    [answer] = light.say(ROADS, f"{text}\n措施：对路基已完成的路段抢抓晴天铺筑")

    assert "农村公路提质改造74.2公里，完成28.54%" in answer
    assert "未读懂" not in answer


def test_a_planned_figure_in_a_sentence_is_none(talk: Talk) -> None:
    [asked] = talk.say(ROADS, "报送 州1-14\n截至7月31日，农村公路提质改造计划完成74.2公里")

    assert "完成数（公里）：" in asked
    assert submissions(talk) == []


def the_template_of_august(talk: Talk) -> str:
    talk.say(POLICE, BRIGHT)
    talk.say("管理员甲", "通过 1")
    talk.set_clock("2021-09-01T09:00")
    return talk.say(POLICE, "报送 州1-7")[0].partition("填好发回：\n")[2]


def test_a_filled_in_value_sent_back_untouched_is_not_that_of_the_new_day(talk: Talk) -> None:
    filled = the_template_of_august(talk).replace("措施：", "措施：逐村安装，按月调度")

    [asked] = talk.say(POLICE, filled)
    assert "完成数“1710个（7月31日数，请改为最新）”还是上次的数。" in asked
    assert "请发“修改 完成数 ××个”报8月31日的数；没有变化请发“完成数：无变化”。" in asked
    assert "已收到" not in asked
    [receipt] = talk.say(POLICE, "完成数：1710个")
    assert receipt.startswith("已收到 #2")
    assert "未读懂" not in receipt
    assert "提示：完成数1710个与7月31日的数相同。" in talk.say("管理员甲", "查看 2")[0]


def test_a_report_made_whole_after_its_due_time_is_late(talk: Talk) -> None:
    """A word in time would otherwise hold the door open for as long as one likes."""
    talk.set_clock("2021-08-25T20:00")
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    talk.set_clock("2021-08-26T09:00")

    assert "本次为逾期报送" in talk.say(POLICE, "措施：分三批建设，先易后难")[0]


def test_a_filled_in_value_may_be_changed_beside_its_mark(talk: Talk) -> None:
    filled = the_template_of_august(talk).replace("1710个", "1900个")

    assert "1900个，完成31.67%" in talk.say(POLICE, filled.replace("措施：", "措施：逐村安装"))[0]


def test_less_than_the_linked_task_has_needs_a_reason(talk: Talk) -> None:
    talk.set_clock("2021-09-01T09:00")
    talk.say(POLICE, BRIGHT.replace("7月31日", "8月31日").replace("1710", "2000"))
    talk.say("管理员甲", "通过 1")

    [asked] = talk.say(POLICE, "报送 新7\n截至：8月31日\n完成数：1900个")
    assert "完成数1900个少于州1-7在8月31日已通过的2000个" in asked
    assert "须写明原因" in talk.say(POLICE, "确认")[0]
    assert "已收到 #2" in talk.say(POLICE, "确认 口径不同")[0]


@pytest.mark.parametrize(
    ("said", "send"),
    [("6坨", "修改 完成数 6个"), ("1000至1710个", "修改 完成数 ××个")],
    ids=["unknown unit", "range"],
)
def test_a_correction_is_made_of_what_was_sent(light: Talk, said: str, send: str) -> None:
    assert send in light.say(POLICE, BRIGHT.replace("1710个", said))[0]
