"""进度 shows what is known of a task besides its figures, and nothing where nothing is known."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from models.award import Award
from models.comment import CommentCount
from models.contact import Contact
from models.db import Database
from models.figure import Figure, Series
from models.note import Note, NoteKind
from models.programme import Programme
from models.task import Clause, ClauseUnit, Task, UnitRole
from models.unit import Unit
from tests.conftest import at
from tests.factories import a_group, a_task
from tests.incentives import OCTOBER, incentive_talk
from tests.livelihood import SEPTEMBER, livelihood_talk
from tests.talk import Talk

BULLETIN = "2022年第3期"


@pytest.fixture
def talk(database: Database) -> Talk:
    return incentive_talk(database)


@pytest.fixture
def people(database: Database) -> Talk:
    return livelihood_talk(database)


def task_of(session: Session, number: str) -> Task:
    return session.exec(select(Task).where(Task.number == number)).one()


def task_programme(session: Session) -> Programme:
    return session.exec(select(Programme)).one()


def shown(talk: Talk, number: str, who: str = "领导甲") -> list[str]:
    return talk.say(who, f"进度 {number}")[0].splitlines()


def an_award(session: Session, number: str, year: int, *winners: str) -> None:
    task_id = task_of(session, number).id or 0
    session.add(Award(task_id=task_id, year=year, winners=list(winners)))


def a_note(session: Session, kind: NoteKind, text: str, day: date, position: int = 0) -> None:
    session.add(
        Note(
            task_id=task_of(session, "激20").id or 0,
            kind=kind,
            text=text,
            as_of=day,
            source=BULLETIN,
            position=position,
        )
    )


def test_an_item_shows_its_outlook_and_who_stands_behind_it(talk: Talk) -> None:
    talk.say("管理员甲", "研判 质量强省 吉首市、龙山县 很有可能；凤凰县 有可能")

    lines = shown(talk, "激20")

    assert "研判：很有可能（取各单位最高）" in lines
    assert "　很有可能：吉首市、龙山县；有可能：凤凰县" in lines
    assert not any(line.startswith("状态") for line in lines)


def test_a_judged_level_says_why(talk: Talk) -> None:
    talk.say("管理员甲", "研判 营商环境 各县市 有可能")
    talk.say("管理员甲", "研判 营商环境 很有可能 原因 细则规定必有一个名额")

    lines = shown(talk, "激2")

    assert "研判：很有可能（评定，各单位最高为有可能，原因：细则规定必有一个名额）" in lines
    assert "　有可能：各县市" in lines


def test_awards_are_one_line_with_years_won_lost_and_not_given(talk: Talk) -> None:
    with talk.database.write() as session:
        an_award(session, "激25", 2021, "花垣县")
        an_award(session, "激25", 2020)
        an_award(session, "激20", 2019, "湘西州")

    assert "获奖：2021 花垣县；2020 无；2019 未设" in shown(talk, "激25")
    assert "获奖：2021 未设；2020 未设；2019 湘西州" in shown(talk, "激20")


def test_notes_are_those_of_the_last_day_that_has_any(talk: Talk) -> None:
    with talk.database.write() as session:
        a_note(session, NoteKind.PROGRESS, "已完成申报", date(2022, 8, 10))
        a_note(session, NoteKind.PROGRESS, "考核指标均按时序推进", date(2022, 10, 10))
        a_note(session, NoteKind.PROGRESS, "两个县市排名靠前", date(2022, 10, 10), 1)
        a_note(session, NoteKind.PROBLEM, "资金到位偏慢。", date(2022, 8, 10))

    lines = shown(talk, "激20")

    assert "进展（10月10日）：考核指标均按时序推进；两个县市排名靠前" in lines
    assert "问题（8月10日）：资金到位偏慢" in lines


def test_the_last_three_contacts_are_shown_and_all_counted(talk: Talk) -> None:
    for day in ("1月14日", "2月28日", "5月23日", "9月19日"):
        talk.say("州发改委联络员", f"对接 营商环境 {day} 州领导到省发改委汇报，省里表示支持")

    lines = shown(talk, "激2")

    at_ = lines.index("对接共4次，最近3次：")
    assert lines[at_ + 1 : at_ + 4] == [
        "　9月19日，州领导对接省发改委；结果：省里表示支持（对接4）",
        "　5月23日，州领导对接省发改委；结果：省里表示支持（对接3）",
        "　2月28日，州领导对接省发改委；结果：省里表示支持（对接2）",
    ]


def test_a_contact_taken_back_is_not_counted(talk: Talk) -> None:
    talk.say("州发改委联络员", "对接 营商环境 9月19日 州领导到省发改委汇报")
    talk.say("州发改委联络员", "撤回 对接1")

    assert not any("对接共" in line for line in shown(talk, "激2"))


def test_a_group_that_names_nobody_hears_no_unit(talk: Talk) -> None:
    talk.say("管理员甲", "研判 营商环境 吉首市 有可能")
    talk.say("吉首市联络员", "对接 营商环境 9月2日 市领导赴省发改委汇报")
    with talk.database.write() as session:
        a_group(session, "不点名群", names_laggards=False)

    said = talk.say("领导甲", "进度 激2", group="不点名群")[0]

    assert "研判：有可能（取各单位最高）" in said
    assert "吉首市" not in said
    assert "吉首市" in "\n".join(shown(talk, "激2"))


def test_a_county_sees_what_it_may_win(talk: Talk) -> None:
    talk.say("管理员甲", "研判 质量强省 吉首市 很有可能")
    talk.say("管理员甲", "研判 营商环境 州本级 很有可能；各县市 有可能")

    lines = shown(talk, "吉首市")

    assert lines[1:] == ["研判很有可能1项：激20", "各县市均可争取：有可能1项：激2"]
    assert "研判：很有可能2项" in shown(talk, "真抓实干")


def test_a_county_reads_the_items_that_it_may_win(talk: Talk) -> None:
    talk.say("管理员甲", "研判 质量强省 吉首市 很有可能；凤凰县 有可能")
    talk.say("管理员甲", "研判 营商环境 各县市 有可能")
    talk.say("管理员甲", "研判 文化和旅游 龙山县 有可能")

    assert "研判：很有可能（取各单位最高）" in shown(talk, "激20", "吉首市联络员")
    assert "研判：有可能（取各单位最高）" in shown(talk, "激2", "吉首市联络员")
    assert "不是您单位的事项" in shown(talk, "激25", "吉首市联络员")[0]


def test_clauses_are_shown_with_their_units(talk: Talk) -> None:
    with talk.database.write() as session:
        units = {unit.name: unit.id or 0 for unit in session.exec(select(Unit)).all()}
        task = task_of(session, "激2")
        for place, (text, role, unnamed) in enumerate(
            (("完善政务服务", UnitRole.LEAD, []), ("压减审批时限", UnitRole.EACH, ["各部门单位"]))
        ):
            clause = Clause(
                task_id=task.id or 0, position=place, text=text, role=role, unnamed=unnamed
            )
            session.add(clause)
            session.flush()
            if role is UnitRole.LEAD:
                for name, own in (("州发改委", role), ("州市场监管局", UnitRole.SUPPORTING)):
                    session.add(ClauseUnit(clause_id=clause.id or 0, unit_id=units[name], role=own))

    lines = shown(talk, "激2")

    assert "分工1：完善政务服务（牵头：州发改委；配合：州市场监管局）" in lines
    assert "分工2：压减审批时限（分别负责：各部门单位）" in lines


def test_acceptance_stands_beside_progress_with_the_gap_and_the_demand(people: Talk) -> None:
    with people.database.write() as session:
        task = task_of(session, "感14")
        session.add(
            Figure(
                task_id=task.id or 0,
                series=Series.VERIFIED,
                as_of=date(2024, 8, 31),
                value=Decimal(85),
                accepted_at=SEPTEMBER,
            )
        )

    assert (
        "验收进度：85.00%（进度100.00%，相差15个百分点）；10月31日前进度与验收率相差不超过10个百分点"
        in shown(people, "感14")
    )
    people.set_clock("2024-11-05T09:00")
    people.say(
        "残联联络员", "报送 感14\n截至：10月31日\n完成数：285户\n验收进度：92%\n进展：全部完工"
    )
    people.say("管理员甲", "通过 1")
    assert (
        "验收进度：92.00%（进度100.00%，相差8个百分点）；"
        "10月31日前进度与验收率相差不超过10个百分点：已达要求；11月30日前进度和验收率都达到100%"
        in shown(people, "感14")
    )


def test_what_nobody_reported_is_said_to_be_unknown(people: Talk) -> None:
    lines = shown(people, "感26")

    assert "验收进度：尚无通过的数据；10月31日前进度与验收率相差不超过10个百分点" in lines
    assert "群众意见：尚无通过的数据" in lines


def test_comments_show_their_rate_against_the_demand(people: Talk) -> None:
    with people.database.write() as session:
        session.add(
            CommentCount(
                task_id=task_of(session, "感14").id or 0,
                as_of=date(2024, 8, 31),
                received=12,
                handled=9,
                accepted_at=SEPTEMBER,
            )
        )

    assert "群众意见（8月31日）：收到12条 办理9条，办理率75.00%，要求100%" in shown(people, "感14")


def test_a_project_shows_its_ticked_months_and_what_is_lacking(people: Talk) -> None:
    lines = shown(people, "感14")

    assert "动态（困难重度残疾人家庭无障碍改造）：√5月、6月、8月、9月" in lines
    assert "　每月不少于1条，今年1—9月有5个月不足（1月、2月、3月、4月、7月）。" in lines


def test_a_task_without_a_project_shows_how_many_it_published(talk: Talk) -> None:
    with talk.database.write() as session:
        programme = session.exec(select(Programme)).one()
        programme.policy = {"activities": {"monthly": 1}}
    for title in ("跨部门一件事改革经验", "企业开办时限压减"):
        talk.say("州发改委联络员", f"动态 激2 9月 {title} https://a.cn/{len(title)}")

    assert "动态：9月2条" in shown(talk, "激2")


def test_a_milestone_task_shows_its_stage(people: Talk) -> None:
    people.now = at("2024-10-08T09:00")
    people.say("水利局联络员", "报送 感30\n阶段：主体完工\n进展：正在安装设备")
    people.say("管理员甲", "通过 1")

    lines = shown(people, "感30")

    assert "已到“主体完工”阶段，完成60.00%" in lines
    assert "状态：工作进度相对滞后" in lines
    assert "进展（9月30日）：正在安装设备" in lines


def test_a_report_that_was_passed_counts_in_the_overview_as_in_its_own_reply(people: Talk) -> None:
    people.now = at("2024-11-05T09:00")
    people.say("残联联络员", "报送 感14\n截至：10月31日\n完成数：300户\n进展：全部完工并交付使用")
    people.say("残联联络员", "确认 按实际完工数")
    people.say("管理员甲", "通过 1")

    overview = people.say("领导甲", "进度")[0].splitlines()
    unit = people.say("领导甲", "进度 残联")[0].splitlines()

    assert overview[0] == "【民生可感】共3项，数据截至2024年9月30日，另1项已有更新的数据"
    assert unit[1] == "【民生可感】数据截至2024年9月30日，另1项已有更新的数据"
    assert unit[2] == "1. 感14 困难重度残疾人家庭无障碍改造：105.26% 达到省定验收标准"
    assert "完成105.26%" in "".join(shown(people, "感14"))


def test_a_task_of_which_nothing_more_is_known_gets_no_empty_lines(talk: Talk) -> None:
    with talk.database.write() as session:
        lead = session.exec(select(Unit).where(Unit.name == "州发改委")).one()
        a_task(session, task_programme(session), "激3", "社会信用体系建设", [lead], kind="count")

    assert shown(talk, "激3") == [
        "激3 社会信用体系建设（真抓实干）",
        "牵头：州发改委",
        "状态：尚无通过的数据",
    ]


def test_a_later_contact_or_note_is_not_told_before_its_day(talk: Talk) -> None:
    with talk.database.write() as session:
        a_note(session, NoteKind.PROGRESS, "年终考核已完成", date(2022, 12, 20))
        session.add(
            Contact(
                task_id=task_of(session, "激20").id or 0,
                on=date(2022, 12, 20),
                who="州领导",
                whom="省厅",
                source=BULLETIN,
                reported_at=OCTOBER,
            )
        )

    assert not any("12月20日" in line for line in shown(talk, "激20"))
