"""A count is surely done only where no word around it can turn that; else its likeliest kind."""

from datetime import date

import pytest

from handlers.reading.prose import read_prose

TODAY = date(2021, 6, 10)

TURNED = {
    "supposed": "可建成12所 若能建成12个 如完成12个就达标 估计完成12个 有可能建成12个 差点完成12个",
    "wished": "想完成12个 希望完成12个 建议新增12个 承诺完成12个 同意新增12个 责令完成12个",
    "to come": "即将完成12个 马上建成12个 10月完成12个 四季度完成12个 下周完成12个 年底完成12个",
    "each": "每个村完成12户 平均完成12个",
    "in error": "误报完成12个 虚报完成12个 原报完成12个 重复发放12户 欠发放12户 漏发放12户",
    "given up": "取消建设12个 停止办理12个 拒绝受理12件 退回办理12件 推迟完成12个 逾期办结12件",
    "in part": "初步完成12个 基本完成12个 部分完成12个 试点完成12个 受理中12件",
    "a measure": "按完成12个测算 围绕完成12个 通过建成12个 完成12个算及格 建成12个为止",
    "of what": "已完成12个项目的设计 完成12个项目的招标 建成后闲置12个 新增问题12个",
}


@pytest.mark.parametrize("text", [text for members in TURNED.values() for text in members.split()])
def test_a_word_beside_the_verb_keeps_a_count_from_being_surely_done(text: str) -> None:
    figure = next(each for each in read_prose(text, TODAY).figures if each.value == 12)

    assert (figure.kind.value, figure.certain) != ("done", True)


@pytest.mark.parametrize(
    "text",
    "需要投入资金50万元 申请拨付50万元 误发放50万元 收回拨付50万元 若完成50% 全省平均完成率50% "
    "完成任务50%以上的县 计划增长50% 预计同比增长50% 若增长50%".split(),
)
def test_money_and_shares_that_are_supposed_are_asked_for(text: str) -> None:
    (figure,) = read_prose(text, TODAY).figures

    assert not figure.certain or figure.kind.value in ("target", "other")


@pytest.mark.parametrize(
    "text", "已建成12个 累计完成12个 今年以来新建12个 5月完成12个 已于5月底前建成12个".split()
)
def test_a_count_that_is_told_stays_sure(text: str) -> None:
    (figure,) = read_prose(text, TODAY).figures

    assert (figure.kind.value, figure.certain) == ("done", True)


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        # a lack, a loss, troubles under their heading
        ("暴雨造成倒塌房屋17间", 17, "other"),
        ("存在问题：一是3个项目用地未批；二是专业人员缺11名", 3, "other"),
        ("存在问题：一是3个项目用地未批；二是专业人员缺11名", 11, "other"),
        ("不足之处。（一）6个乡镇设备老化。", 6, "other"),
        # what is said of the things counted is no achievement
        ("建成5座，2座在架梁", 2, "other"),
        ("群众反映强烈的9个堵点，打通7个", 9, "other"),
        ("因灾停电的340户恢复供电300户", 340, "other"),
        # the whole before its parts, and what is owed
        ("公厕改造一共18座，14座能用了，另外4座还差验收", 18, "target"),
        ("应派工作队138支，实派130支", 138, "target"),
        ("年初下达132公里，完成99公里", 132, "target"),
        ("已上线13个，年底前再上线4个", 4, "target"),
        # so many of the task are just the share that is told
        ("骨干企业125户，达到任务数222户的56.3%", 125, "done"),
        # beyond a task, against an earlier time, spans of time
        ("检查12014人，超任务14人", 14, "other"),
        ("完成99公里，较上月推进11公里", 11, "growth"),
        ("工程干了一半，审批拖了40天", 40, "other"),
    ],
)
def test_a_count_without_a_verb_is_guessed_by_what_stands_around(
    text: str, number: int, kind: str
) -> None:
    figure = next(each for each in read_prose(text, TODAY).figures if each.value == number)

    assert figure.kind.value == kind


def test_a_fraction_of_one_sign_is_one_number() -> None:
    (figure,) = read_prose("管道完成½公里", TODAY).figures

    assert (str(figure.value), figure.unit) == ("0.5", "公里")


def test_a_fraction_run_together_with_a_whole_is_no_figure() -> None:
    assert read_prose("完成2½公里", TODAY).figures == ()
