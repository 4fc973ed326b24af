"""What was published, where and for which month, from one line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.publications import LinkProblem, read_publication
from models.activity import ActivityKind

TODAY = date(2024, 9, 27)
LINK = "https://www.example.gov.cn/a/1.html"


@pytest.mark.parametrize(
    ("text", "title", "month"),
    [
        (f"公益岗位招聘会举办 {LINK}", "公益岗位招聘会举办", None),
        (f"8月 公益岗位招聘会举办 {LINK}", "公益岗位招聘会举办", date(2024, 8, 1)),
        (f"8月份 招聘会举办 {LINK}", "招聘会举办", date(2024, 8, 1)),
        (f"2024-08 招聘会举办 {LINK}", "招聘会举办", date(2024, 8, 1)),
        (f"2024.8.3 招聘会举办 {LINK}", "招聘会举办", date(2024, 8, 1)),
        (f"八月 招聘会举办 {LINK}", "招聘会举办", date(2024, 8, 1)),
        (f"上月 招聘会举办 {LINK}", "招聘会举办", date(2024, 8, 1)),
        (f"本月 新闻报道：招聘会举办 {LINK}；谢谢", "招聘会举办", date(2024, 9, 1)),
        (f"9月20日 招聘会举办 {LINK}", "招聘会举办", date(2024, 9, 1)),
        (f"2023年12月 招聘会举办 {LINK}", "招聘会举办", date(2023, 12, 1)),
        (f"月份：8月 标题：招聘会举办 链接：{LINK}。", "招聘会举办", date(2024, 8, 1)),
    ],
)
def test_title_link_and_month_are_told_apart(text: str, title: str, month: date | None) -> None:
    found = read_publication(text, 2024, TODAY)

    assert (found.title, found.link, found.month) == (title, LINK, month)
    assert found.problem is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"工作总结 一季度就业工作 {LINK}", ActivityKind.SUMMARY),
        (f"一季度就业工作总结 {LINK}", ActivityKind.SUMMARY),
        (f"专报：就业工作 {LINK}", ActivityKind.REPORT),
        (f"零工市场典型案例 {LINK}", ActivityKind.CASE),
        (f"新闻报道 招聘会举办 {LINK}", ActivityKind.NEWS),
        (f"招聘会举办 {LINK}", None),
    ],
)
def test_the_kind_is_known_by_its_words(text: str, kind: ActivityKind | None) -> None:
    assert read_publication(text, 2024, TODAY).kind is kind


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("招聘会举办", LinkProblem.NONE),
        ("招聘会举办 www.example.cn/x", LinkProblem.FOREIGN),
        ("招聘会举办 ftp://example.cn/x", LinkProblem.FOREIGN),
        ("招聘会举办 javascript:alert(1)", LinkProblem.FOREIGN),
        ("招聘会 https://a.cn/1 https://a.cn/2", LinkProblem.SEVERAL),
    ],
)
def test_only_one_web_address_is_a_link(text: str, problem: LinkProblem) -> None:
    found = read_publication(text, 2024, TODAY)

    assert found.problem is problem
    assert found.link == ""


def test_a_month_that_cannot_be_is_named() -> None:
    assert read_publication(f"13月 招聘会 {LINK}", 2024, TODAY).no_such_month == "13月"


def test_months_within_a_title_are_kept_apart() -> None:
    found = read_publication(f"1至9月就业工作总结 {LINK}", 2024, TODAY)

    assert found.month is None
    assert found.title_months == (date(2024, 9, 1),)


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = read_publication(text, 2024, TODAY)

    assert not found.link or found.link.lower().startswith(("http://", "https://"))


@given(st.integers(1, 12), st.sampled_from(["招聘会举办", "安防设备建成", "助餐点开业"]))
def test_every_month_is_read_back(month: int, title: str) -> None:
    found = read_publication(f"{month}月 {title} {LINK}", 2024, TODAY)

    assert (found.month, found.title, found.link) == (date(2024, month, 1), title, LINK)
