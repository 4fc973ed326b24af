"""Figures that their writer calls wrong, gives as a floor, or has from somebody else."""

import pytest

from handlers.reading.denied import is_withdrawn
from handlers.reading.doubts import is_doubted, names_source


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        ("有误，请勿采用，新数据正在汇总。", True),
        ("是错的，别用。", True),
        ("这个数不准，不要采信", True),
        ("，该数据不得引用。", True),
        ("作废", True),
        ("，数据准确无误。", False),
        ("，无一错案。", False),
        ("。设备有误报，不得使用备用电源。", False),
        ("，其余12户有误。", False),
    ],
)
def test_a_figure_called_wrong_is_withdrawn(behind: str, expected: bool) -> None:
    assert is_withdrawn(f"改造完成351户{behind}", len("改造完成351户")) is expected


@pytest.mark.parametrize(
    ("before", "figure", "behind", "expected"),
    [
        ("筛查", "1万多人次", "", True),
        ("改了", "3万来个", "", True),
        ("建成", "三千余个", "", True),
        ("超过", "3000个", "", True),
        ("建成", "3000个", "以上", True),
        ("办理", "1050余件", "", False),
        ("建成", "2.9万个", "", False),
        ("近", "1万人次", "", False),
        ("约", "3000个", "", False),
        ("超过", "3268个", "", False),
    ],
)
def test_a_round_floor_is_asked_about(
    before: str, figure: str, behind: str, expected: bool
) -> None:
    text = f"{before}{figure}{behind}"

    assert is_doubted(text, len(before), len(before) + len(figure)) is expected


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("电信公司说基站建成", True),
        ("台账显示改造", True),
        ("据公安局统计建成", True),
        ("乡镇上报", True),
        ("全州累计完成", False),
        ("开展巡回检查", False),
    ],
)
def test_a_clause_says_who_gives_its_figure(clause: str, expected: bool) -> None:
    assert names_source(clause) is expected
