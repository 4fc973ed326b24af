"""Classes met in reports of a month: brackets, plans and claims, bare and typed sizes, tables."""

from datetime import date

import pytest

from handlers.reading.prose import read_prose

TODAY = date(2026, 11, 22)

#: What a bracket says of a task or a standard is wanted.
WANTED_IN_BRACKETS = [
    ("参保率97.1%，比省定目标（95%）高2.1个百分点。", "97.1=rate 95=target 2.1=points"),
    ("今年发放创业担保贷款1.2亿元，超过年度目标（1亿元）。", "120000000=money 100000000=target"),
    ("农村卫生厕所普及率为88%，低于国家要求（90%）2个百分点。", "88=rate 90=target 2=points"),
    ("完成州下达任务（1800件）的62.5%。", "1800=target 62.5=percent"),
    ("今年已改造290户，完成省定任务（77500个）的37.59%。", "290=done 77500=target 37.59=percent"),
    ("累计办理1686件，占年度目标（1800件）的93.67%。", "1686=done 1800=target 93.67=percent"),
    ("超额完成年度计划（120公里），实际完成131公里。", "120=target 131=done"),
    ("提前完成省定任务（4000人）。", "4000=target"),
    ("完成年度任务（77500个）的37.59%，进度靠后。", "77500=target 37.59=percent"),
    ("油茶新造3.2万亩，超过省下达计划（3万亩）。", "32000=done 30000=target"),
    ("均超额完成年度目标（205万亩、86.5万吨）。", "2050000=target 865000=target"),
    ("新建12所、改建8所，均完成年初计划（12所、8所）。", "12=done 8=done 12=target 8=target"),
]

#: 应检143个检了143个: the plan is of the first alone.
SAID_OVER = [
    ("应改厕所320座改了298座。", "320=target 298=done"),
    ("应装烟感1200个装了1150个。", "1200=target 1150=done"),
    ("该发58户发了55户。", "58=target 55=done"),
    ("应查企业66家查了60家，还差6家。", "66=target 60=done 6=other"),
    ("应培训300人训了260人。", "300=target 260=done"),
    ("应检143个，实检143个。", "143=target 143=done"),
    ("应修桥梁20座已修12座。", "20=target 12=done"),
    ("应接种500人接种了480人。", "500=target 480=done"),
    ("应修房屋50栋修了31栋，还差19栋。", "50=target 31=done 19=other"),
    ("计划改300户，改了120户。", "300=target 120=done"),
    ("力争10月底完成80户，结果装了62户。", "80=target 62=done"),
    ("预计全年发放600户，到现在发了410户。", "600=target 410=done"),
    ("为了确保30个项目落地。", "30=target"),
    ("争取年内再通过验收12个。", "12=target"),
]

#: So much of a road is done; projects are only at work.
PUSHED_ON = [
    ("半个月推进6.2公里，进度加快。", "6.2=done"),
    ("一周铺了3公里。", "3=done"),
    ("10月推进18.5公里，剩余20.5公里。", "18.5=done 20.5=other"),
    ("本月推进12公里，累计80公里。", "12=done 80=done"),
    ("路基推进到18公里。", "18=other"),
    ("隧道本月掘进120米，累计860米。", "120=done 860=done"),
    ("管网向前推进1.2公里。", "1.2=done"),
    ("当月推进3.5公里，占任务的12%。", "3.5=done 12=percent"),
    ("正在推进12个项目。", "12=other"),
    ("扎实推进项目20个。", "20=other"),
    ("计划每月推进10公里。", "10=target"),
    ("力争11月推进9公里。", "9=target"),
]

#: Which one is behind, and how few are done.
THE_ONE_BEHIND = [
    ("8项指标完成全年任务，仅农机购置1项为81.2%。", "8=done 1=other 81.2=percent"),
    ("其余均已完成，只有管网改造1项完成62%。", "1=other 62=percent"),
    ("仅吉首市1个县市未达标。", "1=other"),
    ("6项已完成，只有2项滞后。", "6=done 2=other"),
    ("仅3个村进度在50%以下。", "3=other 50=stated"),
    ("唯有残疾儿童康复1项进度为70.3%。", "1=other 70.3=stated"),
    ("目前仅完成12个，进度偏慢。", "12=done"),
    ("今年只装了30盏。", "30=done"),
    ("全州仅建成5个。", "5=done"),
    ("9项指标达标，仅居民医保参保率1项为94.3%。", "9=done 1=other 94.3=rate"),
    ("只有义务教育2项完成48%，其余全部完成。", "2=other 48=percent"),
    ("仅养老服务1项进度为60%。", "1=other 60=stated"),
    ("仅培训120人，完成3%。", "120=done 3=percent"),
    ("仅检查12家，占20%。", "12=done 20=rate"),
    ("今年仅建成2个，为任务的10%。", "2=done 10=percent"),
    ("仅整改5个，整改率25%。", "5=done 25=rate"),
    ("只改造12个完成24%。", "12=done 24=percent"),
]

#: 还能再, 最多再 and every item of a list of plans.
STILL_TO_COME = [
    ("年底前还能再装20盏。", "20=target"),
    ("年底最多再完成10户。", "10=target"),
    ("估计还能再修4公里。", "4=target"),
    ("再有半个月还能建3座。", "3=target"),
    ("年内还可以再改60户。", "60=target"),
    ("最多还能检查100家。", "100=target"),
    ("预计到年底最多能再铺3公里。", "3=target"),
    ("国庆前还可新建5座。", "5=target"),
    ("照这样还能完成12个。", "12=target"),
    ("最多再改6户。", "6=target"),
    ("还能提供床位30张。", "30=done"),
    ("智能再生设备3台。", "3=done"),
    ("今年还新建5座。", "5=done"),
    ("仍能使用的12台。", "12=other"),
    ("还可以办20场，已办12场。", "20=target 12=done"),
    ("年底前力争再铺3公里到5公里。", "3=target 5=target"),
    ("已经不能再铺，共铺18公里。", "18=done"),
    ("下一步新建12座，改造8座，培训300人。", "12=target 8=target 300=target"),
    ("明年计划改造危桥18座，新建农村公路45公里，维修桥梁6座。", "18=target 45=target 6=target"),
    (
        "下步打算：一是抢工期，月底前完工12个；二是培训60人；三是对已完工的30个组织验收。",
        "12=target 60=target 30=done",
    ),
    ("下一步，对已建成的45个开展回头看。", "45=done"),
    ("下步将整改剩余12个问题。", "12=other"),
    ("今后重点抓好6个项目。", "6=target"),
    ("明年拟新建3个，已落实选址2个。", "3=target 2=done"),
    ("力争年底全部完工，目前建成20座。", "20=done"),
]

#: A number without a unit behind 任务 is no year and no hotline.
BARE_SIZES = [
    ("年任务6000，完成1710。", "6000=target 1710=done"),
    ("全年任务550完成310。", "550=target 310=done"),
    ("辅具适配年任务800完成512。", "800=target 512=done"),
    ("任务120完成96占80%。", "120=target 96=done 80=percent"),
    ("今年任务数300已完成155。", "300=target 155=done"),
]

#: w for 万, and the power of a lamp.
TYPED = [
    ("这个月宣传2.5w人次。", "25000=done"),
    ("发放补贴120w。", "1200000=money"),
    ("拨付资金3w多。", "30000=money"),
    ("受益群众1w人。", "10000=other"),
    ("培训1.2w人次，投入80w元。", "12000=done 800000=money"),
    ("发放宣传单2W份", "20000=done"),
    ("追回资金46.5w，劝阻218人。", "465000=money 218=done"),
    ("止付3w元", "30000=money"),
    ("种植面积1.5w亩，完成80%。", "15000=done 80=percent"),
    ("发放3w余份资料。", "30000=done"),
    ("安装60W太阳能路灯120盏。", "120=done"),
    ("功率60W，安装20套。", "20=done"),
    ("累计服务4.6w人次，完成任务5w人次的92%。", "46000=done 50000=target 92=percent"),
]

#: Growth in per cent.
RAISED = [
    ("低保标准提标5%。", "5=growth"),
    ("城市低保标准从650元提高到690元，提标6.15%。", "650=other 690=done 6.15=growth"),
    ("退休人员养老金提高4.5%，调标3%。", "4.5=growth 3=growth"),
    ("补助标准由500元调整为550元，上调10%。", "500=other 550=other 10=growth"),
    ("低保标准上调6%。", "6=growth"),
    ("收费标准下调10%。", "-10=growth"),
    ("人均补助标准调增3.5%。", "3.5=growth"),
    ("污水处理厂提标改造2座。", "2=done"),
    ("今年提标3次。", "3=done"),
    ("公积金基数上调到5000元。", "5000=money"),
]

#: A level that was passed.
BROKEN = [
    ("新增市场主体突破2万户。", "20000=done"),
    ("全州高速通车里程突破500公里。", "500=done"),
    ("存栏突破30万头。", "300000=done"),
    ("用户突破10万户。", "100000=done"),
    ("力争突破5万亩。", "50000=target"),
    ("产值突破10亿元。", "1000000000=money"),
    ("覆盖率突破90%。", "90=rate"),
    ("确保明年突破3万人次。", "30000=target"),
    ("油茶林面积突破100万亩。", "1000000=done"),
    ("茶园面积突破50万亩。", "500000=done"),
    ("绿化面积50万亩。", "500000=done"),
    ("建筑面积3200平方米。", "3200=other"),
    ("力争茶园面积突破60万亩。", "600000=target"),
]

#: Plans that came late rule nothing before them.
LATE_PLANS = [
    ("今年298公里，主要是计划下达晚。", "298=done"),
    ("截至10月底建成56个，因年度计划调整进度受影响。", "56=done"),
    ("到10月31日120户，比去年少，因为任务下达迟了30天。", "120=done 30=other"),
    ("去年是80所，今年到9月底95所，计划数还没定。", "80=other 95=done"),
    ("完成30个，原因是资金计划下达较晚。", "30=done"),
]

#: From so many to so few.
BROUGHT_DOWN = [
    ("超标学校由年初12所降到3所，力争年底清零。", "12=other 3=done"),
    ("隐患由56处减到8处，力争月底前全部销号。", "56=other 8=done"),
    ("积案从年初41件化解到6件，确保年底清零。", "41=other 6=done"),
    ("未整改问题由20个压到5个，力争清零。", "20=other 5=other"),
    ("欠薪线索由15条降至2条。", "15=other 2=done"),
    ("大班额从37个清到9个。", "37=other 9=other"),
    ("超期案件由32件清理到4件。", "32=other 4=done"),
    ("信访积案由年初58件化解至9件。", "58=other 9=done"),
    ("贫困人口从上年底1200人减少到300人。", "1200=other 300=done"),
    ("办理时限由20天压缩到7天。", "20=other 7=done"),
    ("由县里3个部门负责。", "3=done"),
]

#: Who looks after how many.
IN_CHARGE = [
    ("一名州领导包2个项目。", "2=other"),
    ("实行一名干部联系3户。", "3=other"),
    ("每名县领导包联5个村。", "5=other"),
    ("由一名副县长牵头包4个乡镇。", "4=other"),
    ("每名党员联系5户。", "5=other"),
    ("实行一名处级干部包联1个项目、一名科级干部包保1个村。", "1=other 1=other"),
    ("州领导包抓8个项目。", "8=other"),
    ("乡镇长包3个村。", "3=other"),
    ("组建工作队包村12个。", "12=done"),
]

#: Cells with blanks between them.
TABLES = [
    (
        "县市 目标数 完成数\n吉首市 120 96\n泸溪县 80 80\n合计 200 176",
        "120=target 96=done 80=target 80=done 200=target 176=done",
    ),
    ("单位 年任务 已完成 剩余\n州住建局 30 12 18", "30=target 12=done 18=other"),
    (
        "截至10月底进度如下：\n乡镇 计划户数 完工户数 完工率\n石堤镇 46 40 86.96%",
        "46=target 40=done 86.96=rate",
    ),
]

#: Parts that add up.
SUMS = [
    ("办理120件，其中民事80件、刑事40件。", "120=done 80=done 40=done"),
    ("建成10座，其中新建6座、改建4座。", "10=done 6=done 4=done"),
    ("排查50处，其中整改30处、正在整改20处。", "50=done 30=done 20=other"),
]

ALL = [
    *WANTED_IN_BRACKETS,
    *SAID_OVER,
    *PUSHED_ON,
    *THE_ONE_BEHIND,
    *STILL_TO_COME,
    *BARE_SIZES,
    *TYPED,
    *RAISED,
    *BROKEN,
    *LATE_PLANS,
    *BROUGHT_DOWN,
    *IN_CHARGE,
    *TABLES,
    *SUMS,
]


@pytest.mark.parametrize(("text", "expected"), ALL)
def test_each_class_is_read_as_a_careful_person_would(text: str, expected: str) -> None:
    figures = read_prose(text, TODAY).figures
    assert " ".join(f"{each.value:f}={each.kind}" for each in figures) == expected


@pytest.mark.parametrize(
    "text",
    [
        "年任务2000完成93.8",
        "系统显示完成412个",
        "止付46.5w",
        "村级寄递物流点建设完成七成多",
        "单位：万元\n县市 任务数 完成数\n凤凰县 150 132",
        "第二批9个村12月初进场",
    ],
)
def test_what_a_reader_would_ask_is_not_certain(text: str) -> None:
    assert not any(each.certain for each in read_prose(text, TODAY).figures)


@pytest.mark.parametrize(
    "text",
    [
        "办理法律援助案件1543件，其中民事1188件、刑事339件、行政16件。",
        "完成9.65万亩，其中新建6.2万亩、改造提升3.45万亩。",
        "明年计划改造危桥18座，新建农村公路45公里。",
        "应建站点30个，已建成21个。",
    ],
)
def test_what_nobody_would_ask_is_certain(text: str) -> None:
    assert all(each.certain for each in read_prose(text, TODAY).figures)


@pytest.mark.parametrize("row", ["凤凰县 150 132 88%", "凤凰县 150 132", "合计 230 212 92.17%"])
def test_cells_of_a_row_never_run_together(row: str) -> None:
    assert [each.text for each in read_prose(row, TODAY).figures][:2] == row.split()[1:3]


def test_a_scan_still_parts_thousands() -> None:
    (figure,) = read_prose("临时救助困难群众1 236人次", TODAY).figures
    assert figure.value == 1236
    assert not figure.certain
