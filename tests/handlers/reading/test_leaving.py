"""Words that put a report aside are told from those that give it up, and from the report."""

import pytest

from handlers.reading.leaving import gives_up, sets_aside, starts_over


@pytest.mark.parametrize(
    "text",
    (
        "先不报了 今天先不弄了 先放一放 放着吧 明天再报 下午接着填 先这样吧 就到这里 暂时不填了 "
        "我在开会，晚点再弄 这会儿没空，回头再报 手头有事先不弄了 今天不报了 先停一下 改天再报吧 "
        "我先不报，明天再说 要开会了，先放着 忙完再报 过两天再报 周一再报 先存着 太忙了今天不弄了"
    ).split(),
)
def test_who_goes_on_later_is_heard(text: str) -> None:
    assert sets_aside(text)


@pytest.mark.parametrize(
    "text",
    (
        "不报了 算了，先不报了 这期不报了 先报另一个 措施放一放 今天报了 1701个 继续 停 停工 "
        "放在这里 先不通电 没时间 资金没到位，明天再报 存在这里 明天报 今天到 先不弄1701个 这样"
    ).split(),
)
def test_other_words_are_none_of_it(text: str) -> None:
    assert not sets_aside(text)


def test_for_good_is_another_matter() -> None:
    assert gives_up("算了，先不报了")
    assert gives_up("这期不报了")
    assert not gives_up("今天先不弄了")


@pytest.mark.parametrize(
    "text",
    "写错了重来 打错了，重新填 算了，重新报一遍 不对，从头来 我重新写一下 填乱了重填吧".split(),
)
def test_who_wants_to_begin_anew_is_heard(text: str) -> None:
    assert starts_over(text)


@pytest.mark.parametrize(
    "text", "写错了 重新安装了12个 错了，是1701 道路重新铺设 重来1701个".split()
)
def test_other_words_begin_nothing_anew(text: str) -> None:
    assert not starts_over(text)
