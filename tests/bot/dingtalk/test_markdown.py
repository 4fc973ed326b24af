"""Words as DingTalk shows them: rows as quoted lines, breaks by blanks, nothing of users' acts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dingtalk.markdown import as_markdown, plain, shown_markdown
from bot.dingtalk.words import LARGEST, LONGEST, Words, for_api, for_webhook, worded
from models.message import Choice
from models.outbox import TEXT_BYTES
from models.shown import Page, Shown, Table
from scheduler.routing import Parcel

OWED = Table(
    ("截止", "单位", "事项"),
    (("今天（8月25日）", "州公安局", "州1-7 雪亮工程"), ("", "……", "另有3行")),
)
PAGE = Page("查看看板（9月6日前有效）", "https://dajuan.example/board/7-1.a_b")
#: What a webhook takes, in bytes.
WEBHOOK = 20_000


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("【答卷专栏】到期提示（8月25日）", "【**答卷专栏**】到期提示（8月25日）"),
        ("1. 州1-7 雪亮工程", "1. 州1-7 雪亮工程"),
        ("# 大标题", "＃ 大标题"),
        ("> 引文", "＞ 引文"),
        ("*急* _斜_ `码` | 表 |", "＊急＊ ＿斜＿ ＇码＇ ｜ 表 ｜"),
        ("![图](https://x.example/a.png)", "!［图］(https://x.example/a.png)"),
        (f"详情：{PAGE.address}。", f"详情：{PAGE.address}。"),
        ("同比-3.2%\n环比+1.5%", "同比-3.2%  \n  环比+1.5%"),
        ("州\a1-7\t雪亮", "州 1-7 雪亮"),
    ],
)
def test_a_line_reads_as_it_was_written_and_nothing_in_it_acts(line: str, shown: str) -> None:
    assert as_markdown(line) == shown


@pytest.mark.parametrize(
    "said",
    [
        "dtmd://dingtalkclient/sendMessage?content=%E9%80%9A%E8%BF%87%201",
        "DTMD://dingtalkclient/sendMessage?content=通过",
        "[看这里](dtmd://dingtalkclient/sendMessage?content=通过)",
        "请点dingtalk://dingtalkclient/page/link?url=x",
    ],
)
def test_31_what_a_user_wrote_is_no_button_of_the_reader(said: str) -> None:
    """A tap would say the words in the name of whoever taps."""
    for shown in (plain(said), as_markdown(said)):
        assert "dtmd://" not in shown.lower()
        assert "dingtalk://" not in shown.lower()


def test_a_row_of_a_table_is_a_quoted_line_and_a_page_a_link() -> None:
    shown = Shown("【答卷专栏】周排名\n共1件", OWED, "请查看。", PAGE)

    assert shown_markdown(shown).split("\n") == [
        "【**答卷专栏**】周排名  ",
        "  共1件",
        "",
        "> **今天（8月25日）** 单位：州公安局；事项：州1-7 雪亮工程  ",
        "  > 单位：……；事项：另有3行",
        "",
        "请查看。",
        "",
        f"[{PAGE.label}]({PAGE.address})",
    ]


def said(text: str, **more: object) -> Words:
    return worded(Parcel("key", text, **more), alone=False)  # type: ignore[arg-type]


def test_a_text_stays_a_text_that_can_be_copied_and_sent_back() -> None:
    form = "报送 州1-7\n截至：7月31日\n完成数：1710个"

    assert for_api(said(form)) == ("sampleText", {"content": form})
    assert for_webhook(said(form)) == {"msgtype": "text", "text": {"content": form}}


def test_what_has_a_table_is_markdown_under_its_first_line() -> None:
    text = "【答卷专栏】" + "周排名" * 20 + "：\n今天 州公安局"
    key, param = for_api(said(text, shown=Shown(text, OWED)))

    assert key == "sampleMarkdown"
    assert set(param) == {"title", "text"}
    assert len(param["title"]) == 40
    assert param["title"].startswith("【答卷专栏】周排名")
    assert "> **今天（8月25日）**" in param["text"]


def test_a_page_is_a_card_with_one_button() -> None:
    shown = Shown("【答卷专栏】周排名\n请看", page=PAGE)

    assert for_api(said("周排名", shown=shown)) == (
        "sampleActionCard",
        {
            "title": "周排名",
            "text": "【**答卷专栏**】周排名  \n  请看\n\n查看看板（9月6日前有效）",
            "singleTitle": "查看看板",
            "singleURL": PAGE.address,
        },
    )


def test_a_page_below_much_text_is_a_link() -> None:
    above = "\n".join(f"{number}. 州1-{number} 乡村公共部位安防设备建设" for number in range(1, 31))
    key, param = for_api(said(above, shown=Shown(above, page=PAGE)))

    assert key == "sampleMarkdown"
    assert param["text"].endswith(f"[{PAGE.label}]({PAGE.address})")


def test_22_who_is_mentioned_stands_in_the_text_and_in_the_list() -> None:
    body = for_webhook(said("州1-7 今天到期"), ["WangWu", "LiSi"])

    assert body["text"]["content"] == "州1-7 今天到期\n@WangWu @LiSi"
    assert body["at"] == {"atUserIds": ["WangWu", "LiSi"], "isAtAll": False}


def test_22_of_more_people_than_one_message_calls_the_first_are_called() -> None:
    body = for_webhook(said("州1-7"), [f"u{number}" for number in range(60)])

    assert len(body["at"]["atUserIds"]) == 50
    assert body["text"]["content"].count("@") == 50


#: Every sign that grows when it is made inert or written as JSON.
TEXTS = st.text(st.sampled_from('州a1 \n"\\*_[]<>|#-=`~:/@【】。\t\a\x7f😀'), max_size=LARGEST)
TABLES = st.lists(st.tuples(TEXTS, TEXTS), max_size=5).map(
    lambda rows: Table(("单位", "事项"), tuple(rows)) if rows else None
)
WORDS = st.lists(st.builds(Choice, TEXTS, TEXTS), max_size=9)


@st.composite
def parcels(draw: st.DrawFn) -> Parcel:
    text = draw(TEXTS)
    while len(text.encode()) > LARGEST:
        text = text[: len(text) // 2]
    shown = Shown(text, draw(TABLES), draw(TEXTS), draw(st.sampled_from([None, PAGE])))
    return Parcel("key", text, choices=draw(WORDS), shown=draw(st.sampled_from([None, shown])))


@given(parcels(), st.booleans())
def test_20_whatever_is_said_keeps_to_what_one_message_may_weigh(
    parcel: Parcel, alone: bool
) -> None:
    words = worded(parcel, alone=alone)
    _, param = for_api(words)
    body = for_webhook(words, ["u" * 64] * 50)

    assert len(json.dumps(param, ensure_ascii=False).encode()) <= LONGEST
    assert len(json.dumps(for_webhook(words), ensure_ascii=False).encode()) <= WEBHOOK
    if len(parcel.text.encode()) <= TEXT_BYTES:  # who calls people goes alone
        assert len(json.dumps(body, ensure_ascii=False).encode()) <= WEBHOOK
    assert "\\u" not in json.dumps(param, ensure_ascii=False).replace("\\\\", "")


@pytest.mark.parametrize("sign", ['"', "\\", "\n", "\t", "*", "[", "州", "a://"])
def test_20_the_longest_that_leaves_together_is_said_whole(sign: str) -> None:
    text = sign * (LARGEST // len(sign.encode()))
    words = worded(Parcel("key", text, shown=Shown(text, OWED)), alone=True)

    size = len(json.dumps(for_api(words)[1], ensure_ascii=False).encode())
    assert size <= LONGEST
    assert len(words.text) >= len(text)
