"""验收进度, 群众意见 and 阶段 in reports: read, checked, accepted with them, and never guessed."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import col, select

from handlers.standing.data import tasks_data
from models.comment import CommentCount
from models.db import Database
from models.figure import Figure, Series
from models.programme import programme_by_code
from tests.conftest import at
from tests.livelihood import livelihood_talk
from tests.talk import Talk

LIAISON = "残联联络员"
REPORT = (
    "报送 感14\n截至：9月30日\n完成数：285户\n验收进度：100%\n"
    "群众意见：收到12件，办结12件\n进展：全部完工并交付使用"
)


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = livelihood_talk(database)
    talk.now = at("2024-10-08T09:00")
    return talk


def counts(talk: Talk) -> list[tuple[int, int, bool]]:
    with talk.database.read() as session:
        rows = session.exec(select(CommentCount).order_by(col(CommentCount.id))).all()
    return [(row.received, row.handled, row.accepted_at is not None) for row in rows]


def rates(talk: Talk) -> list[tuple[Decimal, bool]]:
    with talk.database.read() as session:
        rows = session.exec(
            select(Figure).where(Figure.series == Series.VERIFIED).order_by(col(Figure.id))
        ).all()
    return [(row.value, row.accepted_at is not None) for row in rows]


def task_data(talk: Talk, number: str, day: date) -> dict[str, object]:
    with talk.database.read() as session:
        programme = programme_by_code(session, "kegan-2024")
        assert programme is not None
        found = tasks_data(session, programme, day)
    return next(each for each in found if each["number"] == number)


def test_the_template_lists_the_lines_of_the_form(talk: Talk) -> None:
    lines = talk.say(LIAISON, "报送 感14")[0].splitlines()

    assert lines[-3:] == ["验收进度（%）：", "群众意见（收到、办理条数）：", "进展："]


def test_acceptance_and_comments_count_once_the_report_is_accepted(talk: Talk) -> None:
    said = talk.say(LIAISON, REPORT)[0]

    assert "验收进度：100%" in said
    assert "群众意见：收到12条 办理12条，办理率100.00%" in said
    assert (rates(talk), counts(talk)) == ([(Decimal(100), False)], [(12, 12, False)])
    assert "verified" not in task_data(talk, "感14", date(2024, 9, 30))
    shown = talk.say("管理员甲", "查看 1")[0]
    assert "验收进度：100%" in shown
    assert "群众意见：收到12条 办理12条" in shown

    talk.say("管理员甲", "通过 1")

    assert (rates(talk), counts(talk)) == ([(Decimal(100), True)], [(12, 12, True)])
    assert task_data(talk, "感14", date(2024, 9, 30))["verified"] == "100.00"


def test_what_is_left_out_is_not_known_and_not_nought(talk: Talk) -> None:
    said = talk.say(LIAISON, "报送 感14\n完成数：285户\n验收进度（%）：\n进展：全部完工")[0]

    assert "未附：验收进度、群众意见" in said
    assert rates(talk) == []
    assert counts(talk) == []


def test_the_next_template_holds_what_was_accepted_last(talk: Talk) -> None:
    talk.say(LIAISON, REPORT)
    talk.say("管理员甲", "通过 1")
    talk.set_clock("2024-11-05T09:00")

    lines = talk.say(LIAISON, "报送 感14")[0].splitlines()

    assert "验收进度：100%（9月30日数，请改为最新）" in lines
    assert "群众意见：收到12条 办理12条（9月30日数，请改为最新）" in lines
    copied = "\n".join(lines[lines.index("报送 感14") :]) + "完工并投入使用"
    assert "群众意见：收到12条 办理12条" in talk.say(LIAISON, copied)[0]


@pytest.mark.parametrize(
    ("written", "received", "handled"),
    [
        ("收到12件，办结12件", 12, 12),
        ("收到12条 办理11条", 12, 11),
        ("共收到建议12件，均已办结", 12, 12),
        ("12件，已回复10件", 12, 10),
        ("收到12件，全部办结", 12, 12),
        ("收到 12 条，处理率100%", 12, 12),
        ("没有收到", 0, 0),
        ("收到0件", 0, 0),
        ("无", 0, 0),
        ("0条", 0, 0),
        ("暂无群众意见", 0, 0),
        ("收到12件，其中10件已办结", 12, 10),
        ("截至9月30日，收到12件，完成12件", 12, 12),
    ],
)
def test_counts_are_read_as_people_write_them(
    talk: Talk, written: str, received: int, handled: int
) -> None:
    talk.say(LIAISON, f"报送 感14\n完成数：285户\n群众意见：{written}\n进展：全部完工")

    assert counts(talk) == [(received, handled, False)]


def test_a_share_below_the_demand_is_said(talk: Talk) -> None:
    said = talk.say(LIAISON, REPORT.replace("办结12件", "办结9件"))[0]

    assert "收到12条 办理9条，办理率75.00%，未达100%" in said


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "群众意见：收到12件，办结13件",
            "办理数多于收到数，应为12条以内。请发“修改 群众意见 收到12条 办理12条”",
        ),
        ("群众意见：收到12件", "群众意见“收到12件”读不全，应为年初以来累计的收到数和办理数。"),
        ("群众意见：收到12条，处理率83.3%", "群众意见“收到12条，处理率83.3%”读不全"),
        (
            "群众意见：收到12条、未办理2条",
            "群众意见“收到12条、未办理2条”写的不是已办理的条数，应为年初以来累计的收到数和办理数。"
            "请发“修改 群众意见 收到××条 办理××条”",
        ),
        ("群众意见：收到3000元办结2件", "的单位不是条或件，"),
        ("群众意见：9月收到5件，累计收到12件", "写的是一个月的数，应为年初以来累计的"),
        (
            "验收进度：还差5%",
            "验收进度“还差5%”写的不是已达到的部分，应为0%至100%的一个百分数。"
            "请发“修改 验收进度 ××%”",
        ),
        ("验收进度：已验收85户", "验收进度“已验收85户”的单位不是百分数，"),
        ("验收进度：由80%提高到90%", "写的是前后变化，"),
        ("验收进度：预计90%", "写的是计划或目标，"),
        ("验收进度：目标100%，已完成60%", "验收进度“目标100%，已完成60%”写的是计划或目标，"),
        ("验收进度：120%", "验收进度“120%”超出范围，应为0%至100%。"),
        ("验收进度：尚未验收", "验收进度“尚未验收”读不出百分比，应为0%至100%的一个百分数。"),
    ],
)
def test_what_cannot_be_is_asked_back_with_a_line_to_send(
    talk: Talk, line: str, answer: str
) -> None:
    said = talk.say(LIAISON, f"报送 感14\n完成数：285户\n{line}\n进展：全部完工")[0]

    assert answer in said
    assert counts(talk) == []
    assert rates(talk) == []


def test_a_part_of_the_line_is_no_figure_of_the_task(talk: Talk) -> None:
    said = talk.say(LIAISON, "报送 感14\n完成数：285户\n验收进度：目标100%，已完成60%\n进展：完工")[
        0
    ]
    mended = talk.say(LIAISON, "修改 验收进度 60%")[0]

    assert "自报进度" not in said
    assert "自报进度" not in mended
    assert "验收进度：60%" in mended
    assert rates(talk) == [(Decimal(60), False)]


def test_what_follows_in_the_same_line_is_still_read(talk: Talk) -> None:
    said = talk.say(LIAISON, "报送 感14 验收100%，完成数285户，群众意见：无；进展：全部完工")[0]

    assert "285户" in said
    assert (rates(talk), counts(talk)) == ([(Decimal(100), False)], [(0, 0, False)])


def test_a_wrong_count_is_mended_by_one_line(talk: Talk) -> None:
    talk.say(LIAISON, REPORT.replace("办结12件", "办结13件"))

    assert "已收到 #1" in talk.say(LIAISON, "修改 群众意见 收到13件，办结13件")[0]
    assert counts(talk) == [(13, 13, False)]


def test_what_falls_below_the_last_is_confirmed_with_a_reason(talk: Talk) -> None:
    talk.say(LIAISON, REPORT)
    talk.say("管理员甲", "通过 1")
    talk.set_clock("2024-11-05T09:00")

    asked = talk.say(
        LIAISON,
        "报送 感14\n完成数285户，验收进度90%，群众意见收到10件办结10件\n进展：完工并投入使用",
    )[0]
    assert "1. 验收进度90%低于上次通过的100%。请发“修改 验收进度 100%”" in asked
    assert "请发“修改 群众意见 收到22条 办理22条”" in asked

    assert "已收到 #2" in talk.say(LIAISON, "确认 重复计入的已核减")[0]


def test_a_correction_shows_old_and_new_and_counts_when_accepted(talk: Talk) -> None:
    talk.say(LIAISON, REPORT)
    talk.say("管理员甲", "通过 1")

    listed = talk.say(LIAISON, "更正 1")[0]
    said = talk.say(LIAISON, "更正 1\n验收进度：96.5%\n群众意见：收到13件，办结12件")[0]

    assert "验收进度：100%" in listed
    assert "群众意见：收到12条 办理12条" in listed
    assert "验收进度96.5%低于上次通过的100%" not in said
    assert "验收进度 100% → 96.5%" in said
    assert "群众意见 收到12条 办理12条 → 收到13条 办理12条" in said
    assert "群众意见 收到12条 办理12条 → 收到13条 办理12条" in talk.say("管理员甲", "查看 1")[0]
    talk.say("管理员甲", "通过 1")
    assert rates(talk) == [(Decimal(100), False), (Decimal("96.5"), True)]
    assert counts(talk) == [(12, 12, False), (13, 12, True)]


def test_the_same_value_again_is_no_correction(talk: Talk) -> None:
    talk.say(LIAISON, REPORT)

    assert "内容与现有版本相同" in talk.say(LIAISON, "更正 1\n验收进度：100.0%")[0]


def test_a_nil_report_repeats_what_was_accepted(talk: Talk) -> None:
    talk.say(LIAISON, REPORT)
    talk.say("管理员甲", "通过 1")
    talk.set_clock("2024-11-05T09:00")

    said = talk.say(LIAISON, "无变化 感14")[0]

    assert "验收进度：100%" in said
    assert "群众意见：收到12条 办理12条" in said
    assert counts(talk) == [(12, 12, True), (12, 12, False)]


def test_a_stage_is_the_progress_of_a_milestone_task(talk: Talk) -> None:
    template = talk.say("水利局联络员", "报送 感30")[0]
    said = talk.say("水利局联络员", "报送 感30\n阶段：主体完工\n进展：正在安装设备")[0]
    talk.say("管理员甲", "通过 1")

    assert "阶段请写已完成到的一个：立项、开工、主体完工、设备安装、验收投用。" in template
    assert "阶段：主体完工（3/5，60.00%）" in said
    assert task_data(talk, "感30", date(2024, 9, 30))["done"] == "60.00"


@pytest.mark.parametrize(
    ("written", "reached"),
    [
        ("主体完工", "主体完工"),
        ("已到主体完工阶段", "主体完工"),
        ("第三阶段", "主体完工"),
        ("第3阶段", "主体完工"),
        ("3/5", "主体完工"),
        ("设备安装中", None),
        ("正在主体施工", None),
        ("开工和主体完工", None),
        ("竣工", None),
    ],
)
def test_a_stage_is_taken_only_when_it_is_clear(
    talk: Talk, written: str, reached: str | None
) -> None:
    said = talk.say("水利局联络员", f"报送 感30\n阶段：{written}\n进展：按计划施工")[0]

    if reached:
        assert f"阶段：{reached}（" in said
    else:
        assert "应为已完成到的阶段（立项、开工、主体完工、设备安装、验收投用）之一" in said


def test_a_stage_under_way_offers_the_one_before_and_its_name_alone_answers(talk: Talk) -> None:
    asked = talk.say("水利局联络员", "报送 感30\n阶段：设备安装中\n进展：按计划施工")[0]

    assert "请发“修改 阶段 主体完工”" in asked
    assert "阶段：主体完工（3/5，60.00%）" in talk.say("水利局联络员", "主体完工")[0]


def test_of_two_stages_the_first_is_offered(talk: Talk) -> None:
    asked = talk.say("水利局联络员", "报送 感30\n阶段：主体完工，正在设备安装\n进展：按计划施工")[0]

    assert "请发“修改 阶段 主体完工”" in asked


def test_a_whole_report_in_one_line_is_read(talk: Talk) -> None:
    said = talk.say(LIAISON, "报送 感14 完成数285户 验收100% 群众意见12件全部办结 进展：全部完工")[
        0
    ]

    assert "验收进度：100%" in said
    assert "群众意见：收到12条 办理12条" in said
    assert "未读懂" not in said


def test_a_stage_that_falls_back_is_asked_about(talk: Talk) -> None:
    talk.say("水利局联络员", "报送 感30\n阶段：主体完工\n进展：按计划施工")
    talk.say("管理员甲", "通过 1")
    talk.set_clock("2024-11-05T09:00")

    asked = talk.say("水利局联络员", "报送 感30\n阶段：开工\n进展：返工重建")[0]

    assert "阶段开工低于上次通过的主体完工。请发“修改 阶段 主体完工”" in asked
    assert "确认 原因" in asked


def test_a_form_without_these_lines_does_not_take_them(talk: Talk) -> None:
    said = talk.say("水利局联络员", "报送 感30\n阶段：开工\n进展：验收进度良好，群众意见不大")[0]

    assert "已收到 #1" in said
    assert rates(talk) == []
    assert counts(talk) == []
