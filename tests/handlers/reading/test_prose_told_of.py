"""Counts by what they are told of: the work, what there is, who did it, whom it reaches."""

from datetime import date

import pytest

from handlers.reading.prose import read_prose

TODAY = date(2026, 10, 20)
#: A text, and its figures in order with their kinds.
READ = (
    ("建成站点，覆盖村 210个。", "210=other"),
    ("参训人员1500人。", "1500=other"),
    ("本次活动参训人员1500人，发放资料3000份。", "1500=other 3000=done"),
    ("全县公共厕所86座，垃圾中转站12座。", "86=other 12=other"),
    ("辖区企业320家，从业人员1.2万人。", "320=other 12000=other"),
    ("困难群众1865户。", "1865=other"),
    ("网格员412名，微信群96个。", "412=other 96=other"),
    ("受益村民3200人，覆盖村组45个。", "3200=other 45=other"),
    ("充电桩车位260个，覆盖小区18个。", "260=done 18=other"),
    ("9月完成50个。", "50=done"),
    ("9月完成50个，累计完成410个。", "50=done 410=done"),
    ("8月份新增就业320人，1—8月新增就业2680人。", "320=done 2680=done"),
    ("开通210路公交车，新增站点12个。", "12=done"),
    ("优化3号线、5号线公交线路2条。", "2=done"),
    ("3号线延伸段完成投资1.2亿元。", "120000000=money"),
    ("G60高速、S71线隐患整治12处。", "12=done"),
    ("发放宣传资料，涉及群众 4500人。", "4500=other"),
    ("任务完成情况：修建水渠、受益农田 3200亩。", "3200=other"),
    ("组织培训，参加人员 860人次。", "860=other"),
    ("开展巡查，出动警力 1200人次。", "1200=done"),
    ("建成文化广场，面积 1500平方米。", "1500=other"),
    ("涉改企业15家，涉及职工680人。", "15=other 680=other"),
    ("现有护理床位320张，入住老人256人。", "320=other 256=done"),
    ("今年新建公厕12座，其中A类3座。", "12=done 3=done"),
    ("我县应检车辆2600台，实检2412台。", "2600=target 2412=done"),
    ("上报数据1500条，其中有效1426条。", "1500=done 1426=done"),
    ("已拨付1200万元，每村30万元。", "12000000=money 300000=money"),
    ("奖补标准为每亩300元。", "300=target"),
    ("每户补助2万元，共补助1200万元。", "20000=other 12000000=money"),
    ("意向签约金额8.6亿元，到位1.2亿元。", "860000000=target 120000000=money"),
    ("合同引资12亿元。", "1200000000=target"),
    ("全市GDP达到890亿元。", "89000000000=done"),
    ("带动消费3.5亿元。", "350000000=other"),
    ("亏损额3200万元。", "32000000=other"),
    ("州交办问题45个，办结38个。", "45=target 38=done"),
    ("我局领了5项任务，完成3项。", "5=target 3=done"),
    ("第一批12个项目中，9个已开工。", "12=target 9=other"),
    ("民生项目8个，完工5个，在建3个。", "8=target 5=done 3=other"),
    ("鉴定为D级的危房26户，C级58户。", "26=other 58=other"),
    ("综合评分92.3分，列全州第2。", "92.3=other 2=rank"),
    ("不是1280个，是1208个。", "1280=other 1208=done"),
    ("原报860户，更正为806户。", "860=other 806=done"),
    ("其余六成正在施工。", "60=rate"),
    ("自查完成90%，抽查显示82%。", "90=stated 82=stated"),
    ("任务1200户，完成900户，进度75%。", "1200=target 900=done 75=percent"),
    ("应急队伍15支，应急物资3200件。", "15=other 3200=other"),
    ("每名干部联系5户，共联系860户。", "5=other 860=done"),
    ("由每月380元提高到420元。", "380=other 420=done"),
    ("参加城乡居民养老保险32.6万人。", "326000=done"),
    ("县域外出务工12.3万人。", "123000=done"),
    ("3个乡镇新建水厂5座。", "3=other 5=done"),
    ("缓考12人，申诉3人。", "12=other 3=other"),
    ("入选省级名录6个。", "6=done"),
)
#: Words of times that are no day of data.
NO_DAY = (
    "提前1个季度完成年度任务。",
    "提前2个季度完成，完成120户。",
    "用时2个季度完成改造120户。",
    "连续3个季度完成120户。",
)


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_figure_is_of_what_it_is_told_of(text: str, expected: str) -> None:
    figures = read_prose(text, TODAY).figures
    assert " ".join(f"{each.value:f}={each.kind}" for each in figures) == expected


@pytest.mark.parametrize("text", NO_DAY)
def test_a_span_of_time_is_no_day(text: str) -> None:
    assert read_prose(text, TODAY).as_of is None


@pytest.mark.parametrize(
    "text",
    ["G60高速、S71线", "12路公交改道，16路恢复运行。", "开通3号线、5号线。", "乘坐210路公交。"],
)
def test_roads_and_lines_are_names(text: str) -> None:
    assert not read_prose(text, TODAY).figures


@pytest.mark.parametrize(
    "text",
    [
        "鉴定为D级的危房26户，C级58户。",
        "完成外墙70%。",
        "材料价格上涨约8%。",
        "康复救助321人/1666.5月。",
        "组织192名技术人员下乡指导。",
        "招标控制价2.31亿元。",
    ],
)
def test_what_a_reader_would_ask_is_not_certain(text: str) -> None:
    assert not any(each.certain for each in read_prose(text, TODAY).figures)
