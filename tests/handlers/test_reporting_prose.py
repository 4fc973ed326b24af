"""People paste what they wrote for the document: it is understood, or one thing is asked."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from models.figure import Figure, Series
from models.indicator import Indicator
from models.member import RoleName
from models.programme import Programme
from models.submission import SubmissionVersion
from models.unit import Unit
from tests.factories import (
    MEASURES,
    NEXT,
    PROBLEMS,
    a_member,
    a_requirement,
    a_task,
    a_unit,
    an_indicator,
    monthly,
)
from tests.handlers.test_buttons import offered
from tests.talk import Talk, light_talk

POLICE = "州公安局联络员"
LABOUR = "州人社局联络员"
DISABLED = "州残联联络员"
CIVIL = "州民政局联络员"
POWER = "电力公司联络员"
COUNTIES = {"name": "县市情况", "aliases": ["各县市情况"], "need": "expected", "minimum": 1}
SAID = {"name": "措施", "aliases": ["主要措施"], "need": "expected", "minimum": 1}
PROGRESS = {"name": "推进进度", "aliases": ["进展情况"], "need": "required", "minimum": 4}

#: Number, title, alias, lead, and name, aliases, unit and target of each indicator.
PROJECTS: tuple[tuple[str, str, str, str, tuple[tuple[str, list[str], str, str], ...]], ...] = (
    (
        "续7",
        "康复救助残疾儿童550人",
        "残疾儿童康复救助",
        "州残联",
        (("残疾儿童康复救助", [], "人", "550"), ("康复训练时间", ["训练时间"], "个月", "4400")),
    ),
    (
        "新8",
        "实施困难残疾人家庭无障碍改造680户",
        "无障碍改造",
        "州残联",
        (("困难残疾人家庭无障碍改造", ["无障碍改造"], "户", "680"),),
    ),
    (
        "新2",
        "提高城乡居民低保水平",
        "城乡低保",
        "州民政局",
        (
            ("城市低保标准", [], "元/月", "550"),
            ("城市低保人均救助水平", [], "元/月", "374"),
            ("农村低保标准", [], "元/年", "4300"),
            ("农村低保人均救助水平", [], "元/月", "230"),
        ),
    ),
    (
        "续9",
        "建设特困供养服务床位100张以上，其中护理床位80张以上",
        "特困供养床位",
        "州民政局",
        (("特困供养服务床位", [], "张", "100"), ("护理床位", [], "张", "80")),
    ),
    (
        "续10",
        "完成8800万元10KV及以下行政村配电网改造工程",
        "配电网改造",
        "电力公司",
        (("配电网改造投资", ["完成投资"], "元", "88000000"),),
    ),
)


def _projects(session: Session) -> None:
    programme = session.exec(select(Programme).where(Programme.code == "minsheng-2021")).one()
    leads: dict[str, Unit] = {}
    for number, title, alias, lead, indicators in PROJECTS:
        if lead not in leads:
            leads[lead] = a_unit(session, lead)
            a_member(session, f"{lead}联络员", (RoleName.LIAISON, leads[lead]))
        task = a_task(
            session,
            programme,
            number,
            title,
            [leads[lead]],
            aliases=[alias],
            stated=number == "续9",
        )
        for at, (name, aliases, unit, target) in enumerate(indicators):
            level = unit.startswith("元/")
            an_indicator(
                session, task, name, unit, target, aliases=aliases, threshold=level, position=at
            )
        sections = (SAID, PROBLEMS, COUNTIES, NEXT)
        needed = a_requirement(session, task, sections=sections, county_figures=True)
        monthly(session, task, [leads[lead]], needed, day=10)


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    for each in light_talk(tmp_path, sqlite_template):
        with each.database.write() as session:
            _projects(session)
        yield each


def whole(talk: Talk) -> dict[str, Decimal]:
    """The stored values of the whole area by indicator."""
    with talk.database.read() as session:
        rows = session.exec(
            select(col(Indicator.name), col(Figure.value))
            .join(Figure, col(Figure.indicator_id) == col(Indicator.id))
            .where(col(Figure.unit_id).is_(None), Figure.series == Series.REPORTED)
        ).all()
    return dict(rows)


def sections(talk: Talk) -> dict[str, str]:
    with talk.database.read() as session:
        return session.exec(select(SubmissionVersion)).one().sections


PARAGRAPH = (
    "截至7月31日，全州建成乡村公共部位安防设备1710个，占年任务的28.5%，进度相对滞后。"
    "主要措施：一是压实责任，州局成立工作专班；二是按周调度，逐县通报。"
    "存在问题：部分山区村供电不稳，个别县配套资金未到位。"
    "下一步，将督促滞后县市加快安装，确保10月底前全面完成6000个的任务。"
)


def test_a_pasted_paragraph_is_a_whole_report(talk: Talk) -> None:
    [answer] = talk.say(POLICE, f"报送 州1-7 {PARAGRAPH}")

    assert answer.startswith("已收到 #1 州1-7")
    assert "截至7月31日" in answer
    assert "1710个，完成28.50%" in answer
    assert "（据“全州建成乡村公共部位安防设备1710个”）" in answer
    assert sections(talk) == {
        "进展情况": PARAGRAPH.partition("主要措施")[0],
        "措施": "一是压实责任，州局成立工作专班；二是按周调度，逐县通报。",
        "问题": "部分山区村供电不稳，个别县配套资金未到位。",
        "下一步": "下一步，将督促滞后县市加快安装，确保10月底前全面完成6000个的任务。",
    }
    with talk.database.read() as session:
        assert PARAGRAPH in session.exec(select(SubmissionVersion)).one().original


def test_the_words_a_figure_came_from_are_said_only_where_it_stood_in_prose(talk: Talk) -> None:
    [answer] = talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装到位")

    assert "1710个，完成28.50%" in answer
    assert "据“" not in answer


def test_three_indicators_of_one_sentence(talk: Talk) -> None:
    [answer] = talk.say(
        LABOUR,
        "报送 州1-3 截至7月底，全州实现城镇新增就业15230人，完成年任务的76.15%；农村劳动力转移就业"
        "13120人，完成65.6%；开展政府补贴性职业技能培训20350人次，完成88.48%，其中农村转移就业劳动者"
        "培训10573人次，工作有序推进。措施：送岗下乡，送训到村",
    )

    assert answer.startswith("已收到 #1")
    assert whole(talk) == {
        "城镇新增就业": 15230,
        "农村劳动力转移就业": 13120,
        "政府补贴性职业技能培训": 20350,
    }


def test_levels_to_be_held(talk: Talk) -> None:
    talk.say(
        CIVIL,
        "报送 新2 截至7月底，全州城市低保标准平均达到583元/月，城市低保人均救助水平达到386元/月，"
        "农村低保标准达到4425元/年，农村低保人均救助水平达到243元/月，均达到省定验收标准。",
    )

    assert list(whole(talk).values()) == [583, 386, 4425, 243]


def test_respectively_gives_each_figure_its_percentage(talk: Talk) -> None:
    [asked] = talk.say(
        DISABLED,
        "报送 续7 截至7月底，全州实施残疾儿童康复救助717人、训练时间2067.7个月，分别完成年任务"
        "130.36%、46.99%，形象进度为46.99%，工作有序推进。",
    )

    assert "残疾儿童康复救助717人，完成130.36%" in asked
    assert "康复训练时间2067.7个月，完成46.99%" in asked
    assert "自报进度46.99%" in asked
    assert "还缺" not in asked
    assert "为年度目标550人的130.36%" in asked
    assert talk.say(DISABLED, "确认")[0].startswith("已收到 #1 续7")


def test_stated_progress_is_enough_for_a_task_that_is_judged_by_it(talk: Talk) -> None:
    [answer] = talk.say(
        CIVIL, "报送 续9 项目场地平整等前期工作基本完成，施工单位已经进场，形象进度为30%。"
    )

    assert answer.startswith("已收到 #1 续9")
    assert "自报进度30.00%" in answer
    assert "未附：特困供养服务床位、护理床位、措施、问题、县市情况" in answer
    assert whole(talk) == {}


def test_money_is_taken_where_money_is_counted(talk: Talk) -> None:
    [answer] = talk.say(
        POWER,
        "报送 续10 截至7月底，完成投资6498万元，占总投资的73.84%，改造台区46个，新建线路132公里。",
    )

    assert "配电网改造投资6498万元，完成73.84%" in answer
    assert whole(talk) == {"配电网改造投资": 64980000}


def test_work_in_progress_is_no_result(talk: Talk) -> None:
    [answer] = talk.say(
        DISABLED,
        "报送 新8 截至7月31日，全州已完成改造22户，64户正在施工，完成年任务3.3%，进度相对滞后。",
    )

    assert "改造22户，完成3.24%" in answer
    assert whole(talk) == {"困难残疾人家庭无障碍改造": 22}


def test_county_figures_are_taken_and_their_percentages_stay_text(talk: Talk) -> None:
    [answer] = talk.say(
        DISABLED,
        "报送 新8 截至7月31日，全州完成困难残疾人家庭无障碍改造322户，完成年任务47.35%。其中吉首市"
        "60户、完成60%，花垣县41户、完成51%，龙山县完成12%。",
    )

    assert "县市数据2项：吉首市60户、花垣县41户" in answer
    assert "龙山县完成12%" in sections(talk)["县市情况"]


def test_one_of_several_figures_is_chosen_by_its_number(talk: Talk) -> None:
    [asked] = talk.say(
        POLICE,
        "报送 州1-7 已安装1710个，接入平台1650个，目前进展顺利。措施：逐村安装，按月调度",
    )

    assert "完成数是哪一个：（1）1710个（“已安装1710个”）、（2）1650个" in asked
    assert whole(talk) == {}
    [answer] = talk.say(POLICE, "2")
    assert answer.startswith("已收到 #1")
    assert whole(talk) == {"乡村公共部位安防设备": 1650}


def test_a_choice_may_as_well_be_answered_with_the_figure(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7 已安装1710个，接入平台1650个，目前进展顺利。措施：逐村安装到位")

    talk.say(POLICE, "1720个")
    assert whole(talk) == {"乡村公共部位安防设备": 1720}


def test_a_figure_that_may_be_of_something_else_is_asked_about(talk: Talk) -> None:
    [asked] = talk.say(POLICE, "报送 州1-7 全州检查网吧旅馆1238个，查处23起。措施：逐村安装到位")

    assert "1238个是不是完成数？是请发“确认”，不是请发“修改 完成数 ××个”" in asked
    assert whole(talk) == {}
    assert "已收到 #1" in talk.say(POLICE, "修改 完成数 1710个")[0]
    assert whole(talk) == {"乡村公共部位安防设备": 1710}


def test_plans_alone_are_no_figures(talk: Talk) -> None:
    [asked] = talk.say(
        POLICE, "报送 州1-7 全州计划建设安防设备6000个，力争10月底前全部完成，目前正在组织招标。"
    )

    assert "文中这些数未采用：全州计划建设安防设备6000个" in asked
    assert "\n完成数（个）：\n" in asked
    assert "6000个，完成" not in asked


def test_another_tasks_paragraph_is_not_taken_silently(talk: Talk) -> None:
    [asked] = talk.say(
        DISABLED,
        "报送 新8 截至7月底，全州实施残疾儿童康复救助717人，训练时间2067.7个月，工作有序推进。",
    )

    assert "像是在说 续7 残疾儿童康复救助，不是本项 新8 无障碍改造" in asked
    assert "还缺" not in asked
    assert whole(talk) == {}
    assert list(offered(talk)) == ["确认", "取消"]


def test_another_tasks_paragraph_leaves_nothing_behind_when_the_right_one_follows(
    talk: Talk,
) -> None:
    talk.say(DISABLED, "报送 新8 截至7月底，全州实施残疾儿童康复救助717人，工作有序推进。")
    talk.say(DISABLED, "在吗")
    [answer] = talk.say(
        DISABLED, "截至7月底，全州完成困难残疾人家庭无障碍改造322户，完成年任务47.35%。"
    )

    assert answer.startswith("已收到 #1 新8")
    assert "717" not in "".join(sections(talk).values())


def test_a_paragraph_is_taken_when_it_is_confirmed_to_be_of_this_task(talk: Talk) -> None:
    talk.say(DISABLED, "报送 新8 截至7月底，残疾儿童康复救助家庭中已完成改造322户，占47.35%。")
    [answer] = talk.say(DISABLED, "确认")

    assert answer.startswith("已收到 #1 新8")
    assert whole(talk) == {"困难残疾人家庭无障碍改造": 322}


def test_last_months_paragraph_is_noticed(talk: Talk) -> None:
    [asked] = talk.say(POLICE, f"报送 州1-7 {PARAGRAPH.replace('7月31日', '6月30日')}")

    assert "文中数据截至6月30日，本期应报至7月31日" in asked
    assert whole(talk) == {}
    assert "截至7月31日" in talk.say(POLICE, "修改 截至 7月31日")[0]
    assert whole(talk) == {"乡村公共部位安防设备": 1710}


def test_a_percentage_that_does_not_fit_is_asked_about(talk: Talk) -> None:
    [asked] = talk.say(POLICE, f"报送 州1-7 {PARAGRAPH.replace('28.5%', '17.1%')}")

    assert "17.1%与计算结果28.50%" in asked


@pytest.mark.parametrize(
    "words",
    [
        "1710个，截至7月31日，措施是逐村安装、按月调度，问题是资金不到位",
        "问题是资金不到位；1710个；主要措施：逐村安装、按月调度；数据截至7月31日",
        "截至7月31日，措施是逐村安装、按月调度。问题是资金不到位。1710个",
    ],
)
def test_answers_come_in_any_order_several_in_one_message(talk: Talk, words: str) -> None:
    talk.say(POLICE, "报送 州1-7")

    assert talk.say(POLICE, words)[0].startswith("已收到 #1")
    assert whole(talk) == {"乡村公共部位安防设备": 1710}
    said = {name: text.rstrip("。") for name, text in sections(talk).items()}
    assert said == {"措施": "逐村安装、按月调度", "问题": "资金不到位"}


def test_words_that_can_only_be_the_missing_section_need_no_heading(talk: Talk) -> None:
    talk.say(POLICE, "报送 州1-7")

    assert "已收到 #1" in talk.say(POLICE, "1710个，截至7月31日，逐村安装并按月调度到位")[0]
    assert sections(talk)["措施"] == "逐村安装并按月调度到位"


def test_a_narrative_task_takes_the_paragraph_by_its_parts(talk: Talk) -> None:
    [asked] = talk.say(
        "州发改委联络员",
        "报送 省2 今年以来，州发改委统筹疫情防控和经济发展。主要措施：一是强化项目调度，领导包联；"
        "二是加大招商力度，签约项目35个。取得的成效：新增规模工业企业22家，产业投资占比达到41%。"
        "下步打算：持续推进园区建设。",
    )

    assert "已附：措施、成效、下一步" in asked
    assert "图片：还差1张" in asked


def test_a_paragraph_for_a_section_about_progress_goes_there_whole(talk: Talk) -> None:
    with talk.database.write() as session:
        programme = session.exec(select(Programme).where(Programme.code == "dajuan-2021")).one()
        unit = session.exec(select(Unit).where(Unit.name == "州人社局")).one()
        task = a_task(session, programme, "省1", "重点民生实事总体情况", [unit], kind="narrative")
        needed = a_requirement(session, task, sections=(PROGRESS, MEASURES | {"need": "optional"}))
        monthly(session, task, [unit], needed)
    text = (
        "今年以来，全州20件重点民生实事总体进展顺利，其中8件已达到省定验收标准，9件有序推进，"
        "3件进度相对滞后，总体进度达到68%。"
    )
    [answer] = talk.say(LABOUR, f"报送 省1 {text}")

    assert answer.startswith("已收到 #1 省1")
    assert "自报进度68.00%" in answer
    assert sections(talk) == {"推进进度": text}


def test_a_correction_may_be_pasted_as_prose(talk: Talk) -> None:
    talk.say(POLICE, f"报送 州1-7 {PARAGRAPH}")
    [answer] = talk.say(
        POLICE, "更正 1 截至7月31日，经核实全州累计建成安防设备1755个，占年任务29.25%。"
    )

    assert "1710个 → 1755个，完成29.25%" in answer


@pytest.mark.parametrize(
    "words",
    [
        "今天食堂做了3个菜，挺好吃的，大家都说不错。",
        "今天开了3个会，培训了2个人，累死了。",
        "我在外面开会，材料晚点发给你们，麻烦跟领导说一声，谢谢。",
    ],
)
def test_talk_in_between_never_becomes_data(talk: Talk, words: str) -> None:
    talk.say(POLICE, "报送 州1-7\n截至：7月31日\n完成数：1710个")
    [answer] = talk.say(POLICE, words)

    assert "措施" in answer
    assert whole(talk) == {}


def test_a_long_paragraph_of_many_figures_gives_one_good_answer(talk: Talk) -> None:
    text = (
        "今年以来，州公安局坚持把乡村“雪亮工程”作为为民办实事的重要内容，高位推动、精准施策。"
        "截至7月31日，全州累计建成乡村公共部位安防设备3860个，占年任务6000个的64.33%，较上月新增520个，"
        "超序时进度6个百分点。一是强化组织领导，成立工作专班，先后召开调度会5次、推进会2次。二是强化"
        "资金保障，整合各类资金1260万元。三是强化督导问效，组建3个督查组对8个县市开展督导2轮，发现并整改"
        "问题47个。目前存在的主要问题：一是部分山区村供电不稳定，约120个点位暂无法通电；二是个别县配套资金"
        "到位率仅58%；三是运维力量薄弱，设备在线率为93.6%。下一步，我局将加快剩余2140个点位建设，确保10月底"
        "前全面完成年度任务，年底前在线率达到98%以上。"
    )
    [answer] = talk.say(POLICE, f"报送 州1-7 {text}")

    assert answer.startswith("已收到 #1")
    assert whole(talk) == {"乡村公共部位安防设备": 3860}
    assert len(answer) < 250
    assert set(sections(talk)) == {"措施", "进展情况", "问题", "下一步"}
