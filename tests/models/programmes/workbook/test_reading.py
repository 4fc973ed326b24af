"""Workbooks as people really fill them in: other orders, merged and hidden parts, many rows."""

from datetime import date
from datetime import time as clock
from decimal import Decimal

import pytest
from openpyxl import Workbook

from models.programmes.definition import Definition
from models.programmes.workbook import template
from tests.models.programmes.workbook.books import (
    PLAIN,
    Rows,
    changed,
    lines,
    opened,
    read,
    workbook,
)


@pytest.fixture(scope="module")
def plain() -> Definition:
    return read(workbook()).definition


def test_a_plain_workbook_gives_the_programme(plain: Definition) -> None:
    assert (plain.title, plain.area, plain.year) == ("2026年重点民生实事项目", "望城市", 2026)
    assert plain.rules.default_day == 10
    assert [(u.name, u.kind, u.parent) for u in plain.units] == [
        ("市交通运输局", "department", None),
        ("市人社局", "department", None),
        ("城关县", "county", None),
        ("城关产业园", "park", "城关县"),
    ]
    road, jobs = plain.tasks
    assert (road.kind, jobs.kind) == ("measure", "count")
    assert (road.lead, road.supporting) == (("市交通运输局",), ("城关县",))
    assert [(i.name, i.unit, i.target) for i in road.indicators] == [
        ("农村公路安防设施", "公里", Decimal(550))
    ]
    assert [(s.unit, s.target) for s in road.indicators[0].allotments] == [("城关县", Decimal(550))]
    assert plain.requirements[0].wording == "每月10日前，报送1月1日至上月累计情况"
    assert [(s.name, s.need) for s in plain.forms["月度进展"].sections] == [
        ("措施", "required"),
        ("问题", "expected"),
    ]


def test_the_roster_has_accounts_as_they_were_written_first() -> None:
    roster = read(workbook()).roster

    assert roster is not None
    assert (roster.area, roster.platform) == ("望城市", "wecom")
    person = roster.people[0]
    assert (person.name, person.account) == ("联络员甲", "LianLuoJia")
    assert [(r.role, r.units) for r in person.roles] == [("liaison", ("市交通局",))]


def test_one_person_in_two_rows_has_two_roles() -> None:
    rows = [*PLAIN["人员"], ["联络员甲", None, "管理员", None, "LIANLUOJIA"]]
    roster = read(workbook(人员=rows)).roster

    assert roster is not None
    assert [r.role for r in roster.people[0].roles] == ["liaison", "admin"]


def test_columns_stand_in_any_order_under_other_headers(plain: Definition) -> None:
    rows: Rows = [
        ["牵头责任单位", "任务简称", "备注", "保障内容", "专题", "序 号", "协办单位"],
        [
            "市交通运输局",
            "公路安防",
            "第一批",
            "建设农村公路安防设施550公里",
            "交通",
            "实1",
            "城关县",
        ],
        ["市人社局", "新增就业", None, "城镇新增就业2.3万人", "就业", "实2", None],
    ]
    book = read(workbook(任务=rows))

    assert book.definition.tasks == plain.tasks
    assert lines(book.not_understood) == ["《实事.xlsx》工作表“任务”C1：不认识的列“备注”，没有读入"]


def test_a_title_above_the_header_is_passed_over(plain: Definition) -> None:
    made = workbook(任务=[["望城市重点民生实事任务清单"], [], *PLAIN["任务"]])
    made["任务"].merge_cells("A1:F1")

    assert read(made).definition == plain


def test_white_space_and_full_width_letters_change_nothing(plain: Definition) -> None:
    made = workbook()
    made["任务"]["A2"] = "实１"
    made["任务"]["E2"] = "市交通运\n输局"
    made["任务"]["C2"] = "建设农村公路安防设施\n５５０公里 "
    made["指标"]["A2"] = " 实1\u3000"
    made["指标"]["D2"] = "５５０"
    made["指标"]["D3"] = "23,000"
    made["专项"]["A6"] = "年 度"
    made["专项"]["B2"] = "ｓｈｉｓｈｉ-2026"

    assert read(made).definition == plain


def test_a_number_as_text_and_a_text_as_number_are_meant(plain: Definition) -> None:
    made = changed("指标", "D3", "23000")
    for title, cell in (("任务", "A3"), ("指标", "A3")):
        made[title][cell] = 2

    assert [task.number for task in read(made).definition.tasks] == ["实1", "2"]


def test_a_decimal_is_what_the_sheet_shows() -> None:
    assert read(changed("指标", "D3", 1.65)).definition.tasks[1].indicators[0].target == Decimal(
        "1.65"
    )


def test_a_percent_cell_is_read_as_it_is_shown() -> None:
    made = workbook(指标=[*PLAIN["指标"][:2], ["实2", "就业率", "%", 0.955]])
    made["指标"]["D3"].number_format = "0.0%"

    assert read(made).definition.tasks[1].indicators[0].target == Decimal("95.5")


def test_several_units_in_a_cell_are_parted_however_they_are_written() -> None:
    made = changed("任务", "F2", "城关县、市人社局；城关产业园")

    assert read(made).definition.tasks[0].supporting == ("城关县", "市人社局", "城关产业园")


def test_two_duties_in_one_cell_stay_two_sentences() -> None:
    made = changed("报送要求", "B2", "8月25日前报送1—7月情况\n9月份起，每月20日前报送上月情况")

    assert read(made).definition.requirements[0].wording == (
        "8月25日前报送1—7月情况；9月份起，每月20日前报送上月情况"
    )


def test_a_cell_merged_downwards_stands_in_each_row() -> None:
    made = changed("任务", "B2", "民生")
    made["任务"].merge_cells("B2:B3")

    assert [task.theme for task in read(made).definition.tasks] == ["民生", "民生"]


def test_what_is_hidden_is_read_and_told(plain: Definition) -> None:
    made = workbook()
    made["任务"].row_dimensions[3].hidden = True
    made["指标"].sheet_state = "hidden"
    made["单位"].column_dimensions["B"].hidden = True
    book = read(made)

    assert book.definition == plain
    assert lines(book.assumed) == [
        "《实事.xlsx》工作表“单位”B列：隐藏的列（别名）已一并读入",
        "《实事.xlsx》工作表“任务”：第3行（共1行）是隐藏的，已一并读入；不需要请删除",
        "《实事.xlsx》工作表“指标”：工作表是隐藏的，已一并读入；不需要请删除",
    ]


def test_strange_sheets_and_lines_are_told_and_left(plain: Definition) -> None:
    made = workbook(专项=[*PLAIN["专项"], ["联系电话", "12345"]])
    made.create_sheet("Sheet1")
    book = read(made)

    assert book.definition == plain
    assert lines(book.not_understood) == [
        "《实事.xlsx》工作表“Sheet1”：不认识的工作表，没有读入",
        "《实事.xlsx》工作表“专项”A8：不认识的项目“联系电话”，没有读入",
    ]


def test_a_task_without_theme_or_short_name_is_given_them_openly() -> None:
    made = changed("任务", "B3", None)
    made["任务"]["D3"] = None
    book = read(made)

    assert (book.definition.tasks[1].theme, book.definition.tasks[1].short) == (
        "民生实事",
        "城镇新增就业2.3万人",
    )
    assert lines(book.assumed) == [
        "《实事.xlsx》工作表“任务”B3：任务 实2 没有填主题，暂用专项简称“民生实事”"
    ]


@pytest.mark.parametrize(
    ("unit", "threshold", "kind"),
    [
        ("万元", None, "money"),
        ("亩", None, "measure"),
        ("户", None, "count"),
        ("元/月", "是", "threshold"),
    ],
)
def test_the_kind_follows_from_the_indicators(unit: str, threshold: object, kind: str) -> None:
    rows = [
        ["任务编号", "名称", "计量单位", "目标", "达标类"],
        ["实1", "安防设施", "公里", 5, None],
        ["实2", "标准", unit, 5, threshold],
    ]

    assert read(workbook(指标=rows, 分解=[])).definition.tasks[1].kind == kind


@pytest.mark.parametrize(
    ("stages", "stated", "kind"),
    [("立项；开工；竣工", None, "milestone"), (None, "是", "stated"), (None, None, "narrative")],
)
def test_the_kind_of_a_task_without_indicators(stages: object, stated: object, kind: str) -> None:
    more = [["阶段", "以自报进度为准"], [None, None], [stages, stated]]
    rows = [[*row, *cells] for row, cells in zip(PLAIN["任务"], more, strict=True)]
    made = workbook(任务=rows, 指标=PLAIN["指标"][:2])

    assert read(made).definition.tasks[1].kind == kind


def test_policies_are_read_with_the_times_that_excel_makes_of_them() -> None:
    rows = [
        *PLAIN["专项"],
        *(["排名权重：进度", 50], ["排名权重：时效", 30], ["排名权重：质量", 20]),
        *(["提醒：提前几个工作日", 3], ["提醒：当天时刻", clock(9, 30)]),
        *(["提醒：逾期几天告知单位负责人", 1], ["提醒：逾期几天建议督办", 4]),
        *(["图片：最小宽度（像素）", 600], ["图片：宽高比", clock(2, 1)]),
        *(["图片：最低分辨率（dpi）", 72], ["遇节假日", "顺延"], ["群众意见办结率（%）", 100]),
    ]
    definition = read(workbook(专项=rows)).definition
    policies = definition.policies

    assert definition.rules.roll == "next"
    assert policies.ranking is not None
    assert policies.ranking.progress == 50
    assert policies.reminders is not None
    assert (policies.reminders.before, policies.reminders.on_day) == ((3,), ("09:30",))
    assert policies.pictures is not None
    assert policies.pictures.rule()["ratio"] == 2
    assert policies.comments is not None
    assert policies.comments.handled == 100


def test_orders_and_levels_of_review_are_read() -> None:
    rows = [
        *PLAIN["专项"],
        *(["督办：提前几个工作日提醒", "3、2、1"], ["督办：办理期限（工作日）", 7]),
        *(["督办：退回几次建议督办", 3], ["审核：审几次", 2]),
    ]
    policies = read(workbook(专项=rows)).definition.policies

    assert policies.orders is not None
    assert policies.orders.before_days == (3, 2, 1)
    assert (policies.orders.reply_days, policies.orders.returns) == (7, 3)
    assert policies.review is not None
    assert policies.review.levels == 2


def test_status_words_and_acceptance_steps_are_read() -> None:
    bands = [["档次名称", "含义"], ["已完成", "完成"], ["按序时推进", "正常"], ["滞后", "滞后"]]
    steps = [["截止日期", "差距上限", "全部完成"], [date(2026, 10, 31), 10, None]]
    policies = read(
        workbook(判定标准=bands, 验收要求=[*steps, [date(2026, 11, 30), None, "是"]])
    ).definition.policies

    assert policies.status_labels is not None
    assert policies.status_labels.on_track == "按序时推进"
    assert policies.verification is not None
    assert [(s.by, s.gap, s.full) for s in policies.verification.steps] == [
        (date(2026, 10, 31), Decimal(10), False),
        (date(2026, 11, 30), None, True),
    ]


def test_clauses_stand_in_their_order_and_without_a_lead_everybody_answers() -> None:
    clauses = [
        ["任务编号", "序", "内容", "方式", "牵头单位", "配合单位", "未列名"],
        ["实1", 2, "落实养护资金", "按职责", "市人社局", "市交通运输局", None],
        ["实1", 1, "建成安防设施", "牵头", "市交通运输局", "城关县", None],
        ["实1", 3, "开展宣传", "分别", None, None, "各部门单位"],
    ]
    tasks = [[*row[:4]] for row in PLAIN["任务"]]
    tasks[0].append("牵头单位")
    tasks[2].append("市人社局")
    task = read(workbook(任务=tasks, 分工=clauses)).definition.tasks[0]

    assert [(c.text, c.role, c.lead, c.supporting, c.unnamed) for c in task.clauses] == [
        ("建成安防设施", "lead", ("市交通运输局",), ("城关县",), ()),
        ("落实养护资金", "shared", ("市人社局", "市交通运输局"), (), ()),
        ("开展宣传", "each", (), (), ("各部门单位",)),
    ]
    assert task.leads == ("市交通运输局", "市人社局")


def test_rows_of_duties_share_a_form_by_its_name() -> None:
    rows = [
        [*PLAIN["报送要求"][0], "图片张数", "图片理由", "分县市", "分别报送", "推定说明"],
        ["实1", "每月20日前", "月报", "措施（主要做法、做法）不少于4字", None, 1, "要求附图", "是"],
        [
            "实2",
            "季末月25日前",
            "月报",
            None,
            None,
            None,
            None,
            None,
            "是",
            "原件未写日期；暂按此办",
        ],
    ]
    definition = read(workbook(报送要求=rows)).definition
    form = definition.forms["月报"]
    section = form.sections[0]

    assert definition.requirements == ()
    assert (section.name, section.aliases, section.minimum) == ("措施", ("主要做法", "做法"), 4)
    assert form.pictures is not None
    assert (form.pictures.compulsory, form.county_figures) == (1, True)
    duty = definition.tasks[1].requirements[0]
    assert (duty.form, duty.each) == ("月报", True)
    assert duty.assumed == ("原件未写日期", "暂按此办")


def test_grey_rows_are_never_read_but_a_changed_one_is_told(plain: Definition) -> None:
    rows = PLAIN["任务"]
    example = ["例：实3", "交通", "一项真的任务", None, "市交通运输局", None]
    book = read(
        workbook(任务=[rows[0], ["说明：必填。不重复，启用后不要再改"], example, *rows[1:]])
    )

    assert book.definition == plain
    assert lines(book.not_understood) == [
        "《实事.xlsx》工作表“任务”第3行：这一行以“例：”开头，按示例没有读入；要读入请删去这几个字"
    ]


def filled_template() -> Workbook:
    """The template with the plain workbook's rows typed below its grey ones."""
    made = opened(template())
    for title, rows in PLAIN.items():
        worksheet = made[title]
        if title == "专项":
            cells = {row[0].value: row[1] for row in worksheet.iter_rows()}
            for label, value in rows[1:]:
                cells[label].value = value
            continue
        places = {cell.value: cell.column for cell in worksheet[1]}
        for number, row in enumerate(rows[1:], 4):
            for header, value in zip(rows[0], row, strict=True):
                worksheet.cell(number, places[header]).value = value
    return made


def test_the_template_filled_in_gives_the_same_and_nothing_is_left_over(plain: Definition) -> None:
    book = read(filled_template())

    assert book.definition == plain
    assert book.roster == read(workbook()).roster
    assert (book.assumed, book.not_understood) == ((), ())


def test_ten_thousand_tasks_are_read() -> None:
    tasks = [PLAIN["任务"][0]]
    tasks += [[f"实{n}", "交通", f"第{n}项任务", None, "市交通运输局"] for n in range(1, 10_001)]
    definition = read(workbook(任务=tasks, 指标=[], 分解=[])).definition

    assert len(definition.tasks) == 10_000
    assert definition.tasks[-1].number == "实10000"


def test_a_header_of_two_lines_is_read_by_its_lower_one(plain: Definition) -> None:
    rows = PLAIN["任务"]
    upper = ["编号", "主题", "任务情况", None, "责任单位", None]
    made = workbook(任务=[upper, rows[0], *rows[1:]])
    made["任务"].merge_cells("A1:A2")
    made["任务"].merge_cells("B1:B2")
    made["任务"].merge_cells("C1:D1")

    assert read(made).definition == plain


def test_a_computed_fraction_is_what_the_sheet_shows() -> None:
    target = read(changed("指标", "D3", 0.1 + 0.2)).definition.tasks[1].indicators[0].target

    assert target == Decimal("0.3")
