"""A line of captions cut into what it says of which pictures: 图1 ……，第二张是……，都是……."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.reading.caption_parts import EDGES
from handlers.reading.normalise import mapped
from handlers.reading.picture_places import Mention, mentions_in


@dataclass(frozen=True)
class Piece:
    """*body* is said of the pictures of *mention*, or *of_all* of them; *words* is all of it."""

    words: str
    body: str
    mention: Mention | None = None
    of_all: bool = False
    counted: int | None = None
    is_unclear: bool = False


@dataclass(frozen=True)
class Head:
    """Where something is said of pictures: the words that name them, and where the body begins."""

    start: int
    body: int
    mention: Mention | None = None
    counted: int | None = None
    is_behind: bool = False


COUNT = "[2-9]|[二两三四五六七八九]"
_ALL_OF = "(?:(?:以上|上面|上述|这些|这|那|所有|全部|各)的?){1,3}"
PICTURES = "(?:图片|照片|配图|图)"
LABEL = "说明|标题|题目|图名|内容|拍摄时间|拍摄日期|日期|时间|拍摄地点|地点|位置"
_SAME = "都|均|皆|全都|全部|统一|一律|一样|相同|一致|共用|同样"
#: 三张图都是, 标题统一用, 地点都在, 说明一样：what follows is said of every picture.
_SHARED = re.compile(
    rf"(?:{_ALL_OF})?(?:(?P<count>{COUNT}|几)张)?{PICTURES}?的?(?P<label>{LABEL})?[也就]?"
    rf"(?:{_SAME})的?(?:,?\s?(?:都|均)?(?:是|为(?!民)|系|用|写|叫)[:\s]?|[:]\s?|(?=[在于拍摄0-9]))"
)
#: 三张图：, 以上图片：, 图说：, 同一个说明：.
_FOR_ALL = re.compile(
    rf"(?:{_ALL_OF}(?:(?P<count>{COUNT}|几)张)?{PICTURES}|(?P<only>{COUNT})张{PICTURES}?"
    rf"|图片|照片|配图|图说|同一个?说明)(?:的?说明|标题)?(?:均为|都是)?\s?[:;]\s?"
)
_CLAUSE = re.compile(r"[\s;。,、]+")
_STOPS = frozenset(" \t;。,、:)])】")
OPENING = re.compile(r"[\s*·•>【\[(\"-]*(?:请?(?:更正|修改|补充)[:\s]*)?[\[【(]?")
#: What stands between the name of a picture and what is said of it.
_BEHIND = re.compile(
    r"[\s:.、;,)\]】]*(?:的?(?:图片)?说明(?=[\s:,;是为改写])|的(?=标题|日期|时间|地点|拍摄|内容|是))?"
    r"(?:[都均皆](?=[是为系在于拍摄用0-9])|全(?=是))?"
    r"(?:说?的?是|就是|系|为(?![民老农企村居孤残困学儿])|拍(?!摄)的?(?:是|为)?|叫做?)?[:\s.、;,)\]】]*"
)
SAID_OF = re.compile(
    r"\s?(?:的?说明|的?标题|的(?:拍摄)?(?:日期|时间|地点)|[都均皆]|是|为|拍|系|叫|:)"
)
_CLOSED = re.compile(r"\s?[)\]】]\s*(?=$|[;。,、\s])")
_SENTENCE = re.compile(r"[)\]】图片\d一-十]?\s*[;。]")
_ENDS = re.compile(r"\s*(?:$|[;。,])")


def pieces_of(line: str) -> Iterator[Piece]:
    """A line cut where it begins to speak of other pictures."""
    source = mapped(line)
    heads = [*heads_in(source.text)]
    behind = {each.is_behind for each in heads if each.mention}
    cut = _cut_behind if True in behind else _cut_before
    if len(behind) > 1 or (True in behind and not _are_parted(source.text, heads)):
        yield Piece(line.strip(), "", is_unclear=True)
        return
    for start, body, end, head in cut(heads, len(source.text)):
        words = line[source.origin[start] : source.origin[end]].strip(EDGES)
        said = line[source.origin[body[0]] : source.origin[body[1]]].strip(EDGES)
        if words:
            mention = head.mention if head else None
            of_all = head is not None and mention is None
            yield Piece(words, said, mention, of_all, head.counted if head else None)


_Cut = tuple[int, tuple[int, int], int, Head | None]


def _are_parted(plain: str, heads: Sequence[Head]) -> bool:
    """Whether each picture that stands behind its words ends them, and nothing goes on.

    In 产业路（图1），8月21日；培训（图2） the day may be said of either.
    """
    ends = [each.body for each in heads if each.is_behind]
    starts = [0, *ends]
    bodies = [plain[a : h.start] for a, h in zip(starts, heads, strict=False) if h.is_behind]
    is_short = all(len(_CLAUSE.split(each.strip(EDGES))) == 1 for each in bodies)
    return is_short or all(_SENTENCE.match(plain, end - 1) or end == len(plain) for end in ends)


def _cut_before(heads: Sequence[Head], length: int) -> Iterator[_Cut]:
    """图1 开工，图2 验收: what is said stands behind the picture."""
    first = heads[0].start if heads else length
    yield 0, (0, first), first, None
    ends = [*(each.start for each in heads[1:]), length]
    for head, end in zip(heads, ends, strict=False):
        yield head.start, (min(head.body, end), end), end, head


def _cut_behind(heads: Sequence[Head], length: int) -> Iterator[_Cut]:
    """开工（图1），验收（图2）: what is said stands before the picture."""
    place = 0
    behind = [each for each in heads if each.is_behind]
    for head in behind:
        yield place, (place, head.start), head.body, head
        place = head.body
    general = [each for each in heads if not each.is_behind and each.start >= place]
    first = general[0].start if general else length
    yield place, (place, first), first, None
    ends = [*(each.start for each in general[1:]), length]
    for head, end in zip(general, ends, strict=False):
        yield head.start, (min(head.body, end), end), end, head


def heads_in(plain: str) -> Iterator[Head]:
    """Where *plain* begins to speak of some pictures, or of all."""
    mentions = [*mentions_in(plain)]
    found = [each for mention in mentions if (each := _head_of(plain, mention))]
    inside = [(each.start, each.body) for each in found]
    clauses = [0, *(each.end() for each in _CLAUSE.finditer(plain))]
    for place in clauses:
        place = OPENING.match(plain, place).end() if not place else place  # type: ignore[union-attr]
        if any(start <= place < end for start, end in inside):
            continue
        if general := _SHARED.match(plain, place) or _FOR_ALL.match(plain, place):
            found.append(_general(general))
    yield from sorted(found, key=lambda each: each.start)


def _general(found: re.Match[str]) -> Head:
    """A head for all; 地点都是 keeps its label as the beginning of the body."""
    groups = found.groupdict()
    written = groups.get("count") or groups.get("only")
    label = groups.get("label")
    body = found.start("label") if label and label != "说明" else found.end()
    return Head(found.start(), body, None, _number(written) if written != "几" else None)


def _number(written: str | None) -> int | None:
    if written is None:
        return None
    return (
        int(written)
        if written.isdigit() and written.isascii()
        else "零一二三四五六七八九".find(written.replace("两", "二"))
    )


def _head_of(plain: str, mention: Mention) -> Head | None:
    """The head that a mention is: it begins a clause, is said of at once, or stands behind."""
    before = plain[: mention.start]
    opened = before.rstrip("([【")
    after = plain[mention.end :]
    if opened != before and opened.strip(EDGES) and (closed := _CLOSED.match(after)):
        if opened[-1] not in ";。":
            return Head(len(opened), mention.end + closed.end(), mention, is_behind=True)
    if opened[-1:] in ("是", "为") and _ENDS.match(after) and len(opened) > 1:
        return Head(len(opened) - 1, mention.end, mention, is_behind=True)
    is_numbered = mention.references[0].kind == "numbered"
    begins = not opened.strip() or opened[-1] in _STOPS or OPENING.fullmatch(before) is not None
    if not (begins or is_numbered or SAID_OF.match(after)):
        return None
    behind = _BEHIND.match(plain, mention.end)
    return Head(len(opened), behind.end() if behind else mention.end, mention)
