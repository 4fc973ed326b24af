"""写错了，是1710不是1701: what a text says was wrong, and what is right instead."""

import pytest

from handlers.reading.misstated import (
    corrects,
    day_put_right,
    is_day,
    said_wrong_in,
)

TASK = ("州1-7", "建设安防设备4000个", "安防设备")

PUT_RIGHT = [
    ("写错了，是1710不是1701", "", ("1701",), ("1710",)),
    ("完成数写成1701了，应为1710", "完成数", ("1701",), ("1710",)),
    ("1701改1710", "", ("1701",), ("1710",)),
    ("不好意思，摄像头应该是1710个", "摄像头", (), ("1710个",)),
    ("麻烦把花垣县改成80个，谢谢", "花垣县", (), ("80个",)),
    ("发现少报了50个，总数应该是1760", "总数", (), ("1760",)),
    ("截至日期应为8月31日", "截至日期", (), ("8月31日",)),
    ("州1-7的安防设备数字有误", "", (), ()),
]
NO_CORRECTION = [
    "完成数：1710个",
    "截至8月31日建成1710个",
    "逐村核对点位",
    "我们根据检查情况对全部点位的安装质量重新进行了核查，发现有误的一律返工整改，并要求施工单位逐一销号，确保不走过场、不留死角",
    "写错了\n是1710",
    "",
]


@pytest.mark.parametrize(("text", "what", "wrong", "right"), PUT_RIGHT)
def test_a_correction_says_what_was_wrong_and_what_is_right(
    text: str, what: str, wrong: tuple[str, ...], right: tuple[str, ...]
) -> None:
    said = said_wrong_in(text, TASK)

    assert said is not None
    assert (said.what, said.wrong, said.right) == (what, wrong, right)


@pytest.mark.parametrize("text", NO_CORRECTION)
def test_what_tells_of_the_work_corrects_nothing(text: str) -> None:
    assert not corrects(text)
    assert said_wrong_in(text, TASK) is None


@pytest.mark.parametrize("written", ["应急救援与救助", "应急救援和救助"])
def test_a_name_is_known_though_it_has_characters_of_fillers(written: str) -> None:
    said = said_wrong_in(f"{written}那项应为20次", TASK)

    assert said is not None
    assert said.means(("应急救援和救助",))
    assert not said.means(("救助",))


@pytest.mark.parametrize("text", ["数字好像是1710，写错了", "可能应该是1710个"])
def test_a_hedged_correction_is_known_for_one(text: str) -> None:
    said = said_wrong_in(text, TASK)

    assert said is not None
    assert said.is_hedged


def test_a_line_that_only_says_which_day_is_meant() -> None:
    assert day_put_right("对了，截至日期应为8月31日") == "8月31日"
    assert day_put_right("截至日期应为8月31日，完成1710个") == ""
    assert is_day("8月31日")
    assert not is_day("1710个")


@pytest.mark.parametrize("what", ["日期", "截至时间"])
def test_a_word_for_the_day_is_of_the_day(what: str) -> None:
    said = said_wrong_in(f"{what}写错了", TASK)

    assert said is not None
    assert said.is_of_day
    assert not said.is_of_done
