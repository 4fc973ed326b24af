"""What a wrong workbook is told: the sheet, the cell, what stands there, what to do."""

from datetime import date, datetime

import pytest
from openpyxl.styles import PatternFill
from openpyxl.worksheet.formula import ArrayFormula

from tests.models.programmes.workbook.books import PLAIN, changed, lines, read, refusals, workbook


def place(title: str, cell: str) -> str:
    return f"《实事.xlsx》工作表“{title}”{cell}："


def test_the_plain_workbook_itself_is_right() -> None:
    assert read(workbook()).definition.code == "shishi-2026"


@pytest.mark.parametrize(
    ("title", "cell", "value", "told"),
    [
        ("指标", "D2", "五百五十", "应为数字，现为“五百五十”；请只填数字，如 6000"),
        ("指标", "D2", "550公里", "请只填数字 550，计量单位写在“计量单位”列"),
        ("指标", "D3", "2.3万", "请只填数字 23000，计量单位写在“计量单位”列"),
        ("指标", "D3", "2.3万人", "请只填数字 23000，计量单位写在“计量单位”列"),
        ("指标", "D2", "约550", "请只填数字 550"),
        ("分解", "D2", "0.6万公里", "请只填数字，并与指标的计量单位一致"),
        ("指标", "D2", date(2026, 5, 1), "应为数字，现为“2026-05-01”"),
        ("指标", "D2", True, "应为数字"),
        ("指标", "D2", 0, "目标应大于 0，现为 0；请改正，没有目标的请留空"),
        ("指标", "D2", -5, "应不小于 0，现为 -5；请改正"),
        ("指标", "D2", 1e20, "应不大于 1000000000000，现为 100000000000000000000；请改正"),
        ("分解", "D2", -60, "应不小于 0，现为 -60；请改正"),
        ("专项", "B6", "2026年", "应为整数，现为“2026年”；请只填 2026"),
        ("专项", "B6", 26, "应不小于 2000，现为 26"),
        ("专项", "B7", 32, "应不大于 31，现为 32"),
        ("专项", "B7", datetime(2026, 1, 10), "应为整数"),  # noqa: DTZ001
        ("专项", "B2", "民生2026", "请用小写英文字母开头"),
        ("任务", "A2", datetime(2026, 1, 1), "Excel 把内容变成了日期或时间（2026-01-01）"),  # noqa: DTZ001
        ("报送要求", "B2", date(2026, 8, 25), "先把单元格格式设为“文本”"),
        ("单位", "C2", "机关", "“机关”不在可选项内；请从部门、县市、园区、本级中选一个"),
        ("任务", "E2", None, "“牵头单位”是空的；请填写，或在工作表“分工”中逐条写明"),
        ("任务", "C2", None, "“名称”是空的；请填写"),
        ("指标", "D2", "#REF!", "是错误值（#REF!）；请重新填写"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_a_correction(
    title: str, cell: str, value: object, told: str
) -> None:
    answers = refusals(changed(title, cell, value))

    assert len(answers) == 1
    assert answers[0].startswith(place(title, cell))
    assert told in answers[0]


def test_a_percentage_is_no_number_of_kilometres() -> None:
    made = changed("指标", "D2", 0.95)
    made["指标"]["D2"].number_format = "0%"

    assert refusals(made) == [
        place("指标", "D2") + "单元格是百分数，而计量单位是“公里”；请改为公里数"
    ]


def test_a_date_as_text_is_told_how_to_become_one() -> None:
    made = workbook(验收要求=[["截止日期", "差距上限", "全部完成"], ["2026年10月31日", 10, None]])

    assert refusals(made) == [
        place("验收要求", "A2")
        + "应为日期，现为文字“2026年10月31日”；请把单元格格式设为“日期”后填 2026-10-31"
    ]


def test_a_date_that_does_not_exist_is_no_date() -> None:
    made = workbook(验收要求=[["截止日期", "差距上限"], ["2026-02-30", 10]])

    assert refusals(made) == [place("验收要求", "A2") + "“2026-02-30”没有这一天，请改正日期"]


@pytest.mark.parametrize("title", ["专项", "单位", "任务", "指标", "分解", "报送要求"])
def test_a_missing_sheet_is_named_beside_those_that_are_there(title: str) -> None:
    answers = refusals(workbook(**{title: None}))

    assert answers[0].startswith(f"《实事.xlsx》：缺少工作表“{title}”，现有：")
    assert "不需要填的也请保留空表" in answers[0]


def test_people_may_come_later_by_invitation() -> None:
    assert read(workbook(人员=None)).roster is None


@pytest.mark.parametrize("title", ["专项", "单位", "任务"])
def test_an_empty_sheet_is_told_to_be_filled(title: str) -> None:
    answers = refusals(workbook(**{title: []}))

    assert any(a.startswith(f"《实事.xlsx》工作表“{title}”：没有内容；请") for a in answers)


def test_without_duties_the_workbook_is_taken_and_says_so() -> None:
    book = read(workbook(报送要求=[]))

    assert lines(book.assumed) == [
        "《实事.xlsx》工作表“报送要求”：没有内容，载入后不会产生报送期次"
    ]


def test_a_sheet_without_headers_is_told_which_it_should_have() -> None:
    made = workbook(单位=[["市交通运输局", "部门"], ["市人社局", "部门"]])

    assert place("单位", "") + "没有找到表头；第1行应有：名称" in refusals(made)


def test_a_missing_column_is_named() -> None:
    made = workbook(任务=[["编号", "牵头单位"], ["实1", "市交通运输局"], ["实2", "市人社局"]])

    assert place("任务", "第1行") + "缺少列“名称”；请补上" in refusals(made)


def test_a_column_that_stands_twice_is_not_chosen_from() -> None:
    rows = [[*row, row[0]] for row in PLAIN["指标"]]

    assert refusals(workbook(指标=rows)) == [
        place("指标", "E1") + "列“任务编号”出现了两次；请删去或改名一列"
    ]


def test_doubled_task_numbers_are_told_at_the_second_one() -> None:
    made = changed("任务", "A3", "实1")
    made["指标"]["A3"] = "实1"

    assert refusals(made) == [place("任务", "A3") + "任务编号“实1”重复；请改成不同的编号"]


def test_a_doubled_unit_is_told_with_its_owner() -> None:
    assert refusals(changed("单位", "B4", "市人社局")) == [
        place("单位", "A4")
        + "单位名称“市人社局”重复（已属于“市人社局”）；请保留一个，或改成不同的名称"
    ]


def test_a_doubled_indicator_is_told_at_its_row() -> None:
    made = workbook(指标=[*PLAIN["指标"], ["实1", "农村公路安防设施", "公里", 10]])

    assert refusals(made)[0].startswith(
        place("指标", "B4") + "指标名称“农村公路安防设施”在任务 实1 中重复"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("市交通局运输局", "市交通运输局"),
        ("市人力资源社会保障局", "市人力资源和社会保障局"),
        ("交通运输局", "市交通运输局"),
        ("城关县产业园", "城关产业园"),
    ],
)
def test_an_unknown_unit_is_told_with_the_nearest_one(written: str, meant: str) -> None:
    assert refusals(changed("任务", "E2", written)) == [
        place("任务", "E2") + f"单位“{written}”没有列入工作表“单位”；最相近的是“{meant}”，"
        "请改正，或在“单位”中补上"
    ]


def test_a_unit_like_no_other_is_only_asked_for() -> None:
    assert refusals(changed("任务", "F2", "省气象台")) == [
        place("任务", "F2") + "单位“省气象台”没有列入工作表“单位”；请改正，或在“单位”中补上"
    ]


@pytest.mark.parametrize(
    ("title", "cell"), [("分解", "C2"), ("人员", "B2"), ("单位", "E5"), ("任务", "F2")]
)
def test_an_unknown_unit_is_found_on_every_sheet(title: str, cell: str) -> None:
    answers = refusals(changed(title, cell, "城东县"))

    assert answers[0].startswith(place(title, cell) + "单位“城东县”没有列入工作表“单位”")


@pytest.mark.parametrize(("title", "cell"), [("指标", "A2"), ("报送要求", "A2")])
def test_an_unknown_task_number_is_told_where_it_stands(title: str, cell: str) -> None:
    answers = refusals(changed(title, cell, "实9"))

    assert answers[0].startswith(place(title, cell) + "任务编号“实9”没有列入工作表“任务”")


def test_a_circular_parent_is_refused() -> None:
    made = changed("单位", "E4", "城关产业园")

    assert refusals(made) == [
        place("单位", "E4") + "单位“城关县”的上级成了循环；请改正“上级”",
        place("单位", "E5") + "单位“城关产业园”的上级成了循环；请改正“上级”",
    ]


@pytest.mark.parametrize("formula", ["=500+50", "=SUM(D3:D9)", "=HYPERLINK(A1)"])
def test_a_formula_is_to_be_pasted_as_its_value(formula: str) -> None:
    assert refusals(changed("指标", "D2", formula)) == [
        place("指标", "D2") + f"是公式（{formula}）；请复制后“粘贴为数值”"
    ]


def test_an_array_formula_is_one_too() -> None:
    answers = refusals(changed("专项", "B6", ArrayFormula("B6", "=YEAR(TODAY())")))

    assert answers[0] == place("专项", "B6") + "是公式（=YEAR(TODAY())）；请复制后“粘贴为数值”"


def test_a_merge_across_columns_belongs_to_none_of_them() -> None:
    made = workbook()
    made["任务"].merge_cells("C2:D2")

    assert refusals(made)[0] == (
        place("任务", "C2:D2")
        + "合并单元格跨了名称、简称几列，无法判断属于哪一列；请取消合并后分别填写"
    )


def test_everything_wrong_is_told_at_once() -> None:
    made = changed("指标", "D2", "很多")
    made["任务"]["E3"] = "市人社厅"
    made["任务"]["A3"] = "实1"
    made["专项"]["B2"] = None
    made["报送要求"]["B2"] = None
    made["人员"]["E2"] = "张三"

    told = "\n".join(refusals(made))

    for cell in ("“指标”D2", "“任务”E3", "“任务”A3", "“专项”B2", "“报送要求”B2", "“人员”E2"):
        assert cell in told


def test_a_duty_needs_its_tasks_indicators_and_kinds_to_agree() -> None:
    rows = [[*row, kind] for row, kind in zip(PLAIN["任务"], ["类型", "文字", None], strict=True)]

    assert refusals(workbook(任务=rows)) == [
        place("任务", "G2") + "任务 实1 有指标，类型应为数量、计量、资金或达标；请改正"
    ]


def test_a_counted_task_without_an_indicator_is_told_both_ways_out() -> None:
    rows = [[*row, kind] for row, kind in zip(PLAIN["任务"], ["类型", None, "数量"], strict=True)]
    made = workbook(任务=rows, 指标=PLAIN["指标"][:2])

    assert refusals(made) == [
        place("任务", "G3") + "任务 实2 没有指标；请在“指标”中补上，或把类型改为“文字”"
    ]


@pytest.mark.parametrize(
    ("extra", "cell", "told"),
    [
        ({"比较": "区间"}, "第2行", "比较为“区间”，还没有上限"),
        ({"上限": 600}, "第2行", "写了上限，比较应为“区间”"),
        ({"比较": "区间", "上限": 500}, "F2", "上限 500 小于目标 550"),
        ({"曲线": "10、50、100"}, "E2", "曲线有 3 个数；应为 12 个月或 4 个季度的累计百分比"),
        ({"曲线": "10、50、30、100"}, "E2", "后面的节点不能小于前面的。请改正"),
        ({"曲线": "10、50、80、90"}, "E2", "到年底累计为 100。请改正"),
        ({"曲线": "前松后紧"}, "E2", "应为用“、”分开的数字"),
        ({"关联指标": "去年的"}, "E2", "请写成“专项代码/任务编号/指标名称”"),
    ],
)
def test_an_indicator_says_what_is_missing_in_it(
    extra: dict[str, object], cell: str, told: str
) -> None:
    rows = [list(row) for row in PLAIN["指标"]]
    rows[0] += extra
    rows[1] += extra.values()

    answers = refusals(workbook(指标=rows))

    assert len(answers) == 1
    assert answers[0].startswith(place("指标", cell))
    assert told in answers[0]


def test_a_share_given_twice_is_told_with_the_first_place() -> None:
    made = workbook(分解=[*PLAIN["分解"], ["实1", None, "城关县", 70]])

    assert refusals(made) == [
        place("分解", "C3") + "“城关县”在这个指标中已分解过（C2）；请保留一行"
    ]


def test_a_share_of_no_indicator_is_told_which_there_are() -> None:
    assert refusals(changed("分解", "B2", "安防设备")) == [
        place("分解", "B2") + "任务 实1 没有叫“安防设备”的指标；现有：农村公路安防设施"
    ]


def test_one_form_written_in_two_ways_is_refused() -> None:
    rows = [*PLAIN["报送要求"], ["实2", "每季度末月25日前", "月度进展", "成效", None]]

    assert refusals(workbook(报送要求=rows)) == [
        place("报送要求", "C3") + "“月度进展”与第2行写的内容不同；请只在一行填写，或换一个名称"
    ]


def test_pictures_need_a_number_and_a_reason() -> None:
    rows = [[*row, cell] for row, cell in zip(PLAIN["报送要求"], ["图片张数", 1], strict=True)]

    assert refusals(workbook(报送要求=rows)) == [
        place("报送要求", "第2行") + "写了图片张数，还没有理由；请写明为什么要图片"
    ]


@pytest.mark.parametrize(
    ("row", "cell", "told"),
    [
        (["甲", None, "联络员", "钉钉", "jia"], "B2", "联络员和单位负责人应写明单位"),
        (["甲", "市人社局", "领导", "钉钉", "jia"], "B2", "其他角色不写"),
        (["甲", "市人社局", "组长", "钉钉", "jia"], "C2", "“组长”不在可选项内"),
        (["甲", "市人社局", "联络员", None, "jia"], "D2", "没有写平台"),
        (["甲", "市人社局", "联络员", "微信", "jia"], "D2", "没有“微信”这个平台；请填“企业微信”"),
        (["甲", "市人社局", "联络员", "钉钉", "张三"], "E2", "账号“张三”写法不对"),
    ],
)
def test_a_person_is_told_what_does_not_fit(row: list[object], cell: str, told: str) -> None:
    answers = refusals(workbook(人员=[PLAIN["人员"][0], row]))

    assert len(answers) == 1
    assert answers[0].startswith(place("人员", cell))
    assert told in answers[0]


def test_one_account_cannot_be_two_people() -> None:
    rows = [*PLAIN["人员"], ["联络员乙", "市人社局", "联络员", "企业微信", "lianluojia"]]

    assert refusals(workbook(人员=rows)) == [
        place("人员", "E3") + "账号“lianluojia”已属于“联络员甲”；请核对姓名和账号"
    ]


def test_weights_that_do_not_make_100_are_told_at_the_first() -> None:
    rows = [*PLAIN["专项"], ["排名权重：进度", 60], ["排名权重：时效", 30], ["排名权重：质量", 15]]

    assert refusals(workbook(专项=rows)) == [place("专项", "B8") + "三项权重之和应为 100，现为 105"]


def test_half_a_reminder_ladder_is_told_what_is_missing() -> None:
    rows = [*PLAIN["专项"], ["提醒：提前几个工作日", "5、2"], ["提醒：当天时刻", "09:00"]]

    assert refusals(workbook(专项=rows)) == [
        place("专项", "B8") + f"还缺“{line}”；请补上，或把相关各行都清空"
        for line in ("提醒：逾期几天告知单位负责人", "提醒：逾期几天建议督办")
    ]


def test_a_line_of_the_programme_that_stands_twice_is_told() -> None:
    rows = [*PLAIN["专项"], ["年度", 2025]]

    assert refusals(workbook(专项=rows)) == [
        place("专项", "A8") + "“年度”出现了两次（另一处在第6行）；请保留一行"
    ]


def test_bands_with_a_hole_are_refused() -> None:
    rows = [
        ["档次名称", "含义", "依据", "下限（含）", "上限（不含）"],
        ["完成", "完成", "完成率", 100, None],
        ["正常", "正常", "完成率", 75, 100],
        ["滞后", "滞后", "完成率", None, 60],
    ]

    assert refusals(workbook(判定标准=rows)) == [
        place("判定标准", "A2") + "完成率在 60 至 75 之间没有档次。"
    ]


def test_a_clause_without_anybody_is_told_where_to_name_them() -> None:
    made = workbook(分工=[["任务编号", "内容", "方式"], ["实1", "落实资金", "牵头"]])

    assert refusals(made) == [place("分工", "第2行") + "没有写责任单位；请填“牵头单位”或“未列名”"]


def test_far_more_rows_than_any_programme_has_are_refused_with_the_way_out() -> None:
    made = workbook()
    made["任务"]["A90000"].fill = PatternFill("solid", fgColor="FFFF00")

    assert refusals(made)[0].startswith(
        place("任务", "") + "有 90000 行、6 列，最多 20000 行、100 列；请选中表格外的空行、空列"
    )


@pytest.mark.parametrize(
    ("label", "value", "told"),
    [
        ("提醒：提前几个工作日", "2.5", "应为用“、”分开的整数，现为“2.5”，如 5、2"),
        ("提醒：提前几个工作日", True, "应为数字，现为“True”"),
        ("提醒：当天时刻", "上午九点", "应为时刻，现为“上午九点”；请填如 09:00、15:00"),
        ("图片：宽高比", "二比一", "应为宽高比，现为“二比一”；请填如 2:1"),
        ("群众意见办结率（%）", "全部", "应为数字，现为“全部”"),
        ("遇节假日", "另行通知", "“另行通知”不在可选项内；请从不调整、提前、顺延中选一个"),
        ("每个项目每月动态条数", 0, "应不小于 1，现为 0；请改正"),
    ],
)
def test_a_rule_of_the_programme_is_told_how_it_is_written(
    label: str, value: object, told: str
) -> None:
    answers = refusals(workbook(专项=[*PLAIN["专项"], [label, value]]))

    assert answers[0].startswith(place("专项", "B8"))
    assert told in answers[0]


def test_a_logical_value_is_no_name() -> None:
    assert refusals(changed("任务", "D2", True)) == [
        place("任务", "D2") + "应为文字，现为逻辑值；请重新填写文字"
    ]


def test_the_programme_sheet_needs_its_second_column() -> None:
    made = workbook(专项=[["项目", "填写说明"], ["代码", "必填"]])

    assert place("专项", "") + "缺少列“内容”；请补上" in refusals(made)


def test_one_sheet_in_two_copies_is_not_chosen_from() -> None:
    made = workbook()
    made.create_sheet("任务清单").append(PLAIN["任务"][0])

    assert refusals(made) == [place("任务清单", "") + "与工作表“任务”重复；请保留一个"]


@pytest.mark.parametrize(
    ("rows", "cell", "told"),
    [
        ([["好", "完成", "完成率", 100], ["差", "滞后", None, None]], "C3", "“依据”是空的"),
        ([["好", "完成", None, 100]], "C2", "写了上下限但没有写“依据”"),
        ([["好", "完成", None, None]], "B2", "完成、正常、滞后三种叫法应各写一行"),
    ],
)
def test_bands_are_either_words_or_complete(rows: list[list[object]], cell: str, told: str) -> None:
    answers = refusals(workbook(判定标准=[["档次名称", "含义", "依据", "下限"], *rows]))

    assert answers[0].startswith(place("判定标准", cell))
    assert told in answers[0]


@pytest.mark.parametrize("step", [[10, "是"], [None, None], [None, "否"]])
def test_an_acceptance_step_has_one_demand(step: list[object]) -> None:
    rows = [["截止日期", "差距上限", "全部完成"], [date(2026, 10, 31), *step]]

    assert refusals(workbook(验收要求=rows)) == [
        place("验收要求", "B2") + "“差距上限”和“全部完成”请填一项，不能都填或都不填"
    ]


@pytest.mark.parametrize(
    ("header", "value", "cell", "told"),
    [
        ("历年获奖", "去年有", "G2", "“去年有”写法不对；请写成“2021：城关县、河口县”"),
        ("阶段", "立项；竣工", "G2", "类型“节点”和“阶段”一列应同时填写"),
        ("类型", "节点", "G2", "任务 实1 有指标，类型应为"),
    ],
)
def test_a_task_is_told_what_does_not_fit(header: str, value: str, cell: str, told: str) -> None:
    more = [header, value, None]
    rows = [[*row, extra] for row, extra in zip(PLAIN["任务"], more, strict=True)]

    answers = refusals(workbook(任务=rows))

    assert answers[0].startswith(place("任务", cell))
    assert told in answers[0]


def test_a_level_to_be_held_needs_its_number() -> None:
    rows = [
        ["任务编号", "名称", "计量单位", "目标", "达标类"],
        ["实1", "安防设施", "公里", 5, None],
        ["实2", "低保标准", "元/月", None, "是"],
    ]

    assert refusals(workbook(指标=rows, 分解=[])) == [
        place("指标", "D3") + "达标类指标应有目标值；请填写"
    ]


def test_a_share_among_several_indicators_says_which() -> None:
    made = workbook(指标=[*PLAIN["指标"], ["实1", "护栏", "公里", 20]])
    made["分解"]["B2"] = None

    assert refusals(made) == [
        place("分解", "B2") + "任务 实1 有几个指标，请写明是哪一个：农村公路安防设施、护栏"
    ]


def test_a_clause_of_an_unknown_task_is_told() -> None:
    made = workbook(分工=[["任务编号", "内容", "牵头单位"], ["实8", "落实资金", "市人社局"]])

    assert refusals(made) == [
        place("分工", "A2") + "任务编号“实8”没有列入工作表“任务”；请改正，或在“任务”中补上"
    ]


def test_a_reason_for_pictures_needs_their_number() -> None:
    rows = [
        [*row, cell] for row, cell in zip(PLAIN["报送要求"], ["图片理由", "要求附图"], strict=True)
    ]

    assert refusals(workbook(报送要求=rows)) == [
        place("报送要求", "第2行") + "写了图片理由，还没有张数；请填写张数"
    ]


def test_people_of_two_platforms_go_into_two_files() -> None:
    rows = [*PLAIN["人员"], ["联络员乙", "市人社局", "联络员", "钉钉", "yi"]]

    assert refusals(workbook(人员=rows)) == [
        place("人员", "D3") + "一个文件只写一个平台；请把另一个平台的人员另做一份"
    ]


def test_groups_are_told_when_they_double_or_stand_alone() -> None:
    groups = [["名称", "地址", "用途"], ["甲群", "g1", "联络员群"], ["乙群", "g1", "领导群"]]

    assert refusals(workbook(会话=groups)) == [
        place("会话", f"B{row}") + "地址“g1”重复；请改正" for row in (2, 3)
    ]
    assert lines(read(workbook(会话=groups, 人员=None)).not_understood) == [
        place("会话", "第2行") + "没有填“人员”，群聊没有读入"
    ]
