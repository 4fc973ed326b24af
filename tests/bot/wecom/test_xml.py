"""XML of WeCom's is read as the library that wechatpy stands on reads it."""

from typing import Any

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as some

from bot.wecom.xml import read_xml
from models.errors import BadRequest

NAMES = some.sampled_from(["MsgType", "Content", "OptionId", "SelectedItem", "a:b", "数"])
WORDS = some.sampled_from(
    [
        "",
        "任务",
        " 州1-7 \n",
        "<![CDATA[<b> & ]]>",
        "&lt;&amp;&#x4efb;",
        "<!-- x -->",
        "<?x y?>",
        "\r\n",
    ]
)
ATTRIBUTES = some.sampled_from(["", "", ' id="1"', ' id="1" xmlns="u" xml:lang=""'])


@some.composite
def an_element(draw: some.DrawFn, inside: some.SearchStrategy[str]) -> str:
    """One element with whatever may stand in it."""
    name = draw(NAMES)
    return f"<{name}{draw(ATTRIBUTES)}>{draw(inside)}</{name}>"


ELEMENTS = some.recursive(
    an_element(WORDS),
    lambda inner: an_element(some.lists(some.one_of(WORDS, inner), max_size=5).map("".join)),
    max_leaves=12,
)


@given(parts=some.lists(some.one_of(ELEMENTS, WORDS), max_size=6).map("".join), about=ATTRIBUTES)
def test_it_reads_what_the_library_reads(parts: str, about: str) -> None:
    text = f"<xml{about}>{parts}</xml>"
    wanted: Any = xmltodict.parse(text)["xml"]

    if isinstance(wanted, dict):
        assert read_xml(text) == wanted
        assert list(read_xml(text.encode())) == list(wanted)
    else:
        with pytest.raises(BadRequest, match="empty XML"):
            read_xml(text)


@given(cut=some.integers(0, 40))
def test_what_breaks_off_is_refused(cut: int) -> None:
    whole = "<xml><Content><![CDATA[任务]]></Content></xml>"
    with pytest.raises(BadRequest):
        read_xml(whole[:cut])


def test_what_is_as_deep_as_marks_allow_is_read() -> None:
    """By a loop, not by functions within functions."""
    fields = read_xml("<xml>" + "<a>" * 4000 + "</a>" * 4000 + "</xml>")
    for _ in range(4000):
        fields = fields["a"] or {}
    assert fields == {}
