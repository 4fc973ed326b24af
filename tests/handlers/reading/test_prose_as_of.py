"""The day of the data: what 截至 names or a past period, and never a day of plans."""

from datetime import date

import pytest

from handlers.reading.prose.as_of import as_of

TODAY = date(2021, 6, 10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("截至5月底,建成1710个", date(2021, 5, 31)),
        ("截止2021年6月8日,已安装2315个", date(2021, 6, 8)),
        ("1-5月完成3018人", date(2021, 5, 31)),
        ("今年前5个月收入31.42亿元", date(2021, 5, 31)),
        ("到5月末完成22户", date(2021, 5, 31)),
        ("上半年新增就业12870人", date(2021, 6, 30)),
        ("前三季度增长8.1%", date(2020, 9, 30)),
        ("花垣县6月8日\n安装设备275个", date(2021, 6, 8)),
        ("一季度召开调度会3次", date(2021, 3, 31)),
        ("截至2020年底,建成9.2万座,2021年计划再建6000座", date(2020, 12, 31)),
        ("截至去年底,建成9.2万座", date(2020, 12, 31)),
        ("到今年底建成12座", None),
        ("预计2月进场,3月底完成主体,5月交付使用", None),
        ("州1-7任务进展顺利", None),
        ("全州1-4月完成12户", date(2021, 4, 30)),
        ("预计6月开工", None),
        ("确保5月底前完成", None),
        ("工程于3月开工,形象进度35%", None),
        ("比去年底提升8个百分点", None),
        ("请于5月25日前报送1-4月情况", None),
        ("全年任务680户", None),
        ("提前2个月超额完成任务,已建成6000个", None),
        ("比计划提前三个月建成6000个", None),
        ("截至5月31日建成1710个,力争三季度末达到3000个", date(2021, 5, 31)),
        ("截至5月31日建成1710个,提前1个月完成半年任务", date(2021, 5, 31)),
        ("截至目前完成22户", None),
    ],
)
def test_the_day_of_the_data_is_past_and_no_plan(text: str, day: date | None) -> None:
    assert as_of(text, TODAY) == day
