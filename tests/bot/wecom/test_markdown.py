"""Words as WeCom shows them: tables at robots, little at the app, and nothing of users' acts."""

from dataclasses import replace

import pytest

from bot.wecom.cards import news_of, notice_card, text_card
from bot.wecom.markdown import app_markdown, as_markdown, shown_markdown
from models.shown import Page, Shown, Table

OWED = Table(
    ("截止", "单位", "事项"),
    (("今天（8月25日）", "州公安局", "州1-7 雪亮工程"), ("", "……", "另有3行")),
)
PAGE = Page("查看看板（9月6日前有效）", "https://dajuan.example/board/7-1.a_b")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("【答卷专栏】到期提示（8月25日）", "【**答卷专栏**】到期提示（8月25日）"),
        ("【演示数据】【答卷专栏】周排名", "【**演示数据**】【**答卷专栏**】周排名"),
        ("1. 州1-7 雪亮工程", "1. 州1-7 雪亮工程"),
        ("- 州1-7", "- 州1-7"),
        ("同比-3.2%，+1.5%", "同比-3.2%，+1.5%"),
        ("# 大标题", "＃ 大标题"),
        ("---", "－－－"),
        ("> 引文", "＞ 引文"),
        ("*急* _斜_ ~~删~~ `码` \\", "＊急＊ ＿斜＿ ～～删～～ ＇码＇ ＼"),
        ("<@all> <font color=warning>红</font>", "＜@all＞ ＜font color=warning＞红＜/font＞"),
        ("[点我](https://x.example/a_b)", "［点我］(https://x.example/a_b)"),
        (f"详情：{PAGE.address}。", f"详情：{PAGE.address}。"),
    ],
)
def test_a_line_reads_as_it_was_written_and_nothing_in_it_acts(line: str, shown: str) -> None:
    assert as_markdown(line) == shown


def test_a_page_stands_below_the_words_as_a_line_to_tap() -> None:
    shown = Shown("【答卷专栏】周排名", OWED, "请查看。", PAGE)

    assert shown_markdown("周排名", shown, 4096).splitlines() == [
        "【**答卷专栏**】周排名",
        "",
        "| 截止 | 单位 | 事项 |",
        "| --- | --- | --- |",
        "| 今天（8月25日） | 州公安局 | 州1-7 雪亮工程 |",
        "|  | …… | 另有3行 |",
        "",
        "请查看。",
        f"[{PAGE.label}]({PAGE.address})",
    ]


def test_15_the_limit_counts_bytes_and_to_the_very_last_the_table_stays() -> None:
    shown = Shown("【答卷专栏】周排名", OWED)
    size = len(shown_markdown("周排名", shown, 4096).encode())

    assert "|" in shown_markdown("周排名", shown, size)
    assert shown_markdown("周排名", shown, size - 1) == "周排名"


def test_16_an_app_reads_a_row_as_a_quoted_line() -> None:
    shown = Shown("【答卷专栏】到期\n# 共1件", OWED, "- 请查看。", PAGE)

    assert (app_markdown(shown, 2048) or "").splitlines() == [
        "**【答卷专栏】到期**",
        "＃ 共1件",
        "> **今天（8月25日）** 单位：州公安局；事项：州1-7 雪亮工程",
        "> 单位：……；事项：另有3行",
        "－ 请查看。",
        f"[{PAGE.label}]({PAGE.address})",
    ]
    size = len((app_markdown(shown, 2048) or "").encode())
    assert app_markdown(shown, size) is not None
    assert app_markdown(shown, size - 1) is None


@pytest.mark.parametrize(
    ("above", "card", "article"),
    [
        ("周排名", True, True),
        ("周" * 26 + "\n" + "排" * 98, True, True),
        ("周" * 27, False, True),
        ("周排名\n" + "排" * 99, False, True),
        ("周" * 43, False, False),
        ("周排名\n" + "排" * 159, False, False),
    ],
    ids=[
        "short",
        "longest card",
        "long title",
        "long body",
        "title of 129 bytes",
        "body of 513 bytes",
    ],
)
def test_a_card_shows_all_or_is_none(above: str, card: bool, article: bool) -> None:
    shown = Shown(above, page=PAGE)
    picture = Shown(above, page=replace(PAGE, mime="image/png"))

    assert (notice_card(shown) is not None) is card
    assert (text_card(shown) is not None) is article
    assert (news_of(picture) is not None) is article
    assert news_of(shown) is None


def test_a_table_or_words_below_are_no_card() -> None:
    for shown in (Shown("周排名", OWED, page=PAGE), Shown("周排名", None, "请查看。", PAGE)):
        assert (notice_card(shown), text_card(shown)) == (None, None)
    assert (notice_card(Shown("周排名")), text_card(Shown("周排名"))) == (None, None)


def test_a_card_without_a_second_line_says_what_is_opened() -> None:
    card, text = notice_card(Shown("周排名", page=PAGE)), text_card(Shown("周排名", page=PAGE))

    assert card is not None
    assert text is not None
    assert card["sub_title_text"] == text["description"] == PAGE.label
    assert text["btntxt"] == "查看看板"
