"""研判 as people write it: whose chances stand at which level, or are taken back, and why."""

import re
from dataclasses import dataclass, replace

from handlers.reading.manners import THANKS
from handlers.reading.normalise import command_key, mapped, normalise
from models.rules.outlook import Level

_LEVELS = {
    **{level.value: level for level in Level},
    "很可能": Level.VERY_LIKELY,
    "难度很大": Level.DIFFICULT,
    "难度大": Level.DIFFICULT,
    "不可能": Level.UNLIKELY,
}
_TAKEN_BACK = ("取消", "撤销", "撤回", "删除")
_WORDS = "|".join(sorted((*_LEVELS, *_TAKEN_BACK), key=len, reverse=True))
_ENDING = re.compile(
    rf"(?P<head>.*?)[\s:]*(?:(?:为|是|定为|调整为|改为)[\s:]*)?(?P<word>{_WORDS})\s*"
)
#: 有可能：吉首市、花垣县: the level stands first, and a mark or space parts it from the names.
_FIRST = re.compile(rf"(?P<word>{_WORDS})(?:\s*(?:的?有|包括))?\s*[:\s]\s*(?P<head>\S.*)")
#: 由有可能改为难度较大: what held so far stands in the list of changes anyway.
_BEFORE = re.compile(
    rf"(?:由|从)\s*(?:原来?的?)?\s*(?:{_WORDS})\s*(?:调整|变更|修改|提升|提高|下调|上调|改|降|升|调|转|变)*(?:为|到|至|成)?"
)
_INSIDE = re.compile(rf"(?<=.)(?:{_WORDS})")
_REASON = re.compile(r"[\s,;。(]*(?:原因|理由|因为)\s*(?:是|为)?[\s:]*")
_STOPS = re.compile(r"[;。,\n]+")
_BETWEEN = re.compile(r"[、\s:/]+|(?<=[县市区级])(?:和|及|与)")
_COUNTIES = frozenset(
    "各县市 各县市区 全部县市 所有县市 每个县市 八县市 8县市 县市 各县 各县区".split()
)
_ITEM = frozenset("本项 本事项 该项 该事项 事项 总体 整体 综合 事项等级".split())


@dataclass(frozen=True)
class Judged:
    """One piece: *names* of units as written, none for the item; no *level* takes back."""

    names: tuple[str, ...]
    level: Level | None


@dataclass(frozen=True)
class Judging:
    """Everything a message judges; *unread* are pieces without a level."""

    parts: tuple[Judged, ...]
    reason: str
    unread: tuple[str, ...]


def read_judging(text: str) -> Judging:
    """The judgements in *text*, which begins behind the item's name.

    Several stand in lines or behind ； and ，; what follows 原因 is the reason, to its line's end.
    """
    parts, unread, reasons = list[Judged](), list[str](), list[str]()
    for line in text.split("\n"):
        words, reason = _without_reason(line)
        reasons += [reason] if reason else []
        pieces = _pieces(words)
        read = _level_first if pieces and _is_level_first(pieces[0]) else _level_last
        found, left = read(pieces)
        parts += found
        unread += left
    return Judging(tuple(parts), "；".join(reasons), tuple(unread))


def _is_level_first(piece: str) -> bool:
    found = _FIRST.fullmatch(piece)
    return found is not None and not re.search(_WORDS, found["head"])


def _level_first(pieces: list[str]) -> tuple[list[Judged], list[str]]:
    """有可能：吉首市，花垣县；很有可能：龙山县: names go to the level before them."""
    parts: list[Judged] = []
    for piece in pieces:
        found = _FIRST.fullmatch(piece)
        if found is not None and _is_level_first(piece):
            parts.append(Judged(_names(found["head"]), _LEVELS.get(found["word"])))
        elif re.search(_WORDS, piece):
            return [], [piece]
        else:
            parts[-1] = replace(parts[-1], names=(*parts[-1].names, *_names(piece)))
    return parts, []


def _level_last(pieces: list[str]) -> tuple[list[Judged], list[str]]:
    """吉首市 很有可能；花垣县 有可能: each level goes to the names before it."""
    parts, unread, waits = list[Judged](), list[str](), ""
    for piece in pieces:
        found = _ENDING.fullmatch(piece)
        if found is None:
            unread += [waits] if waits else []
            waits = piece
            continue
        names = _names(found["head"])
        if waits and not names:  # 吉首市，很有可能: the comma stands between name and level
            names, waits = _names(waits), ""
        parts.append(Judged(names, _LEVELS.get(found["word"])))
        unread += [waits] if waits else []
        waits = ""
    return parts, [*unread, *([waits] if waits else [])]


def _pieces(words: str) -> list[str]:
    plain = _BEFORE.sub(" ", normalise(words))
    pieces = (piece.strip(" :") for piece in _STOPS.split(plain))
    return [piece for piece in pieces if piece and command_key(piece) not in THANKS]


def level_begins(word: str) -> int | None:
    """Where a level or 取消 is glued behind a name (营商环境很有可能), or None."""
    found = _INSIDE.search(normalise(word))
    return found.start() if found and len(normalise(word)) == len(word) else None


def means_all_counties(name: str) -> bool:
    """Whether *name* stands for all counties at once."""
    return command_key(name) in _COUNTIES


def _without_reason(line: str) -> tuple[str, str]:
    plain = mapped(line)
    found = _REASON.search(plain.text)
    if found is None:
        return line, ""
    words, reason = line[: plain.origin[found.start()]], line[plain.origin[found.end()] :]
    return words, reason.strip().strip("。；;）)")


def _names(head: str) -> tuple[str, ...]:
    names = filter(None, _BETWEEN.split(head.strip()))
    return tuple(name for name in names if command_key(name) not in _ITEM)
