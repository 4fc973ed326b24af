"""Which pictures a text names: 图1、2, 第二张, 前两张, 最后一张, 其余, and the words for all."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from handlers.reading.numerals import read_number

_CHINESE = "十[一二三四五六七八九]?|[一二三四五六七八九]"
_NUMBER = rf"(?:[0-9]{{1,2}}|{_CHINESE})"
_COUNT = "[1-9]|[一二两三四五六七八九]"
_FIGURE = "(?:图片|照片|配图|图)"
_ONE = r"(?:张|幅)(?:图片|照片|图)?"
_LINK = r"\s*(?:[、,和及与跟]|以及)\s*"
_TO = r"\s*[-~至到]+\s*"
_NO_UNIT = r"(?![0-9年月日个张幅%])"
#: A bare number goes on the list only where nothing is counted by it: 图1、2楼改造 is picture 1.
_LISTED = (
    r"(?=\s*(?:$|[\s、,和及与跟~至到:;)。-]|图|是|为|都|均|皆|的|用|说明|标题|要|不|删|换|裁|反))"
)
_NUMBERED = (
    rf"{_FIGURE}\s*{_NUMBER}{_NO_UNIT}"
    rf"(?:{_TO}{_FIGURE}?\s*{_NUMBER}{_NO_UNIT}(?![./])"
    rf"|{_LINK}{_NUMBER}{_NO_UNIT}(?![./]|-[0-9]){_LISTED}"
    rf"|(?:{_LINK})?{_FIGURE}\s*{_NUMBER}{_NO_UNIT})*"
)
_ORDINAL = (
    rf"第\s*{_NUMBER}(?:\s*{_ONE})?(?:(?:{_LINK}|{_TO})第?\s*{_NUMBER}(?:\s*{_ONE})?)*"
    rf"(?:(?<=[张幅图片])|个?(?:图片|照片|图))"
)
_FIRST = rf"(?:最?前面?(?:的|这|那)?|头)(?P<first>{_COUNT}){_ONE}|(?P<head>首(?:张|图))"
_LAST = (
    rf"(?:最后面?|后面?|末尾?)(?:的|这|那)?(?P<last>{_COUNT}){_ONE}"
    rf"|(?P<tail>最后(?:的|这|那)?{_ONE}|末(?:张|图)|尾图)"
)
_MIDDLE = rf"(?:正?中间|当中)(?:的|这|那)?(?P<middle>{_COUNT})?{_ONE}"
_REST = (
    rf"(?:其余|其他|其它|剩下|剩余|余下|另外|另)(?:的|那)?(?P<rest>{_COUNT}|几)?{_ONE}"
    rf"|(?:其余|其他|其它|剩下|剩余|余下)(?:的)?(?:{_FIGURE}|(?=都|均|皆|是|为|:))"
)
_REFERENCE = (
    rf"(?P<numbered>{_NUMBERED})|(?P<ordinal>{_ORDINAL})|(?P<to_first>{_FIRST})"
    rf"|(?P<to_last>{_LAST})|(?P<to_middle>{_MIDDLE})|(?P<to_rest>{_REST})"
)
_REFERENCES = re.compile(_REFERENCE)
_JOIN = re.compile(rf"{_LINK}|\s*")
#: 效果图2 and 如图1 name no picture of the report.
_NO_PICTURE = frozenset("果划示意面计蓝地工企试绘见如附")
_ITEM = re.compile(rf"({_TO})?(?:{_LINK})?第?\s*{_FIGURE}?\s*({_NUMBER})(?:\s*{_ONE})?")


@dataclass(frozen=True)
class Reference:
    """One way of naming pictures: *kind* is a group of the pattern, *text* what was written."""

    kind: str
    text: str
    number: int | None = None


@dataclass(frozen=True)
class Mention:
    """Pictures named together at ``text[start:end]`` of a normalised text."""

    start: int
    end: int
    references: tuple[Reference, ...]

    @property
    def is_of_rest(self) -> bool:
        """Whether it means those that nothing else names."""
        return any(each.kind == "to_rest" for each in self.references)

    def places(self, count: int, taken: Collection[int] = ()) -> tuple[int, ...]:
        """The numbers meant among *count* pictures, *taken* being named elsewhere.

        Empty where they cannot be told: the last of an unknown number, the first five of three.
        """
        found: list[int] = []
        for each in self.references:
            places = _places_of(each, count, [*taken, *found])
            if not places or 0 in places:
                return ()
            found += places
        return tuple(dict.fromkeys(found))


def mentions_in(text: str) -> Iterator[Mention]:
    """Every mention of pictures in a normalised text; those joined by 和 or 、 are one."""
    place = 0
    while found := _REFERENCES.search(text, place):
        place = found.end()
        if found.start() and text[found.start() - 1] in _NO_PICTURE:
            continue
        references = [_reference(found)]
        while further := _REFERENCES.match(text, _JOIN.match(text, place).end()):  # type: ignore[union-attr]
            references.append(_reference(further))
            place = further.end()
        yield Mention(found.start(), place, tuple(references))


def _reference(found: re.Match[str]) -> Reference:
    kind = found.lastgroup or ""
    kinds = ("numbered", "ordinal", "to_first", "to_last", "to_middle", "to_rest")
    kind = next(each for each in kinds if found[each])
    parts = (found[each] for each in ("first", "last", "middle", "rest"))
    written = next((each for each in parts if each and each != "几"), None)
    return Reference(kind, found[0], _number(written) if written else None)


def _places_of(reference: Reference, count: int, taken: Collection[int]) -> tuple[int, ...]:
    if reference.kind in ("numbered", "ordinal"):
        return _listed(reference.text)
    if reference.kind == "to_first":
        number = reference.number or 1
        return tuple(range(1, number + 1)) if number <= count or not count else ()
    number = reference.number or 1
    if reference.kind == "to_rest":
        rest = tuple(n for n in range(1, count + 1) if n not in taken)
        is_one = reference.number is None and reference.text.startswith("另")
        wanted = 1 if is_one else reference.number
        return rest if wanted in (None, len(rest)) else ()
    if number > count:
        return ()
    if reference.kind == "to_last":
        return tuple(range(count - number + 1, count + 1))
    before, odd = divmod(count - number, 2)
    return () if odd else tuple(range(before + 1, before + number + 1))


def _listed(text: str) -> tuple[int, ...]:
    """图1 is one picture, 图1、2 two, 第一到第三张 three."""
    numbers: list[int] = []
    for found in _ITEM.finditer(text):
        number = _number(found[2])
        if found[1] and numbers:
            if number <= numbers[-1]:
                return ()  # 图3-1号楼 is no range
            numbers += range(numbers[-1] + 1, number)
        numbers.append(number)
    return tuple(numbers)


def _number(written: str) -> int:
    return 2 if written == "两" else int(read_number(written) or 0)
