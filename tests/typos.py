"""Slips of the hand for tests: what becomes of a name that somebody types in a hurry."""

from collections.abc import Iterator
from functools import lru_cache
from random import Random

from handlers.reading.normalise import command_key
from handlers.reading.pinyin import initials, syllables

#: Pairs that people took for one another, on scans and with the Wubi method; the table of the
#: reader was not made from them.
LOOKALIKES = (
    "未末 土士 已己 千干 天夫 太大 田由 日目 析折 拔拨 侯候 辩辨 篮蓝 历厉 晴睛 竞竟 壁璧 即既 "
    "设没 农衣 村材 公么 路跆 安女 防妨 建健 校较 治冶 人入 口囗 小少 办为 残践 助肋 床庆 "
    "法洁 援缓 案宰 件仵 乡多 网罔 就尤 业亚 培陪 训川 城域 镇填 保堡 低底 中巾 医匠 药约 "
    "检捡 查杳 筛师 厕侧 户尸 改政 造选 配酡 电甩 光先 纤纡 水永 利刊 工土 程桯 产户 项顷 "
    "科料 技枝 创刨 新亲 对时 外处 放故 文丈 化代 强弹 州洲 省看 生主 态志 明朋"
).split()


@lru_cache(maxsize=1)
def common_characters() -> tuple[str, ...]:
    """The 3,755 characters of the first level of GB 2312."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return tuple(pair.decode("gb2312") for pair in rows if pair < b"\xd7\xfa")


@lru_cache(maxsize=1)
def _homophones() -> dict[str, tuple[str, ...]]:
    known: dict[str, list[str]] = {}
    for char in common_characters():
        known.setdefault(syllables(char)[0], []).append(char)
    return {sound: tuple(chars) for sound, chars in known.items()}


def _changed(name: str, at: int, char: str) -> str:
    return name[:at] + char + name[at + 1 :]


def dropped(name: str, random: Random) -> Iterator[str]:
    """One character forgotten."""
    if len(name) > 3:
        at = random.randrange(len(name))
        yield name[:at] + name[at + 1 :]


def doubled(name: str, random: Random) -> Iterator[str]:
    """One character twice."""
    at = random.randrange(len(name))
    yield name[:at] + name[at] + name[at:]


def swapped(name: str, random: Random) -> Iterator[str]:
    """Two neighbours the wrong way round."""
    pairs = [at for at in range(len(name) - 1) if name[at] != name[at + 1]]
    if len(name) > 2 and pairs:
        at = random.choice(pairs)
        yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def homophone(name: str, random: Random) -> Iterator[str]:
    """One character of the same sound, as the input method offers it."""
    places = [
        (at, others)
        for at, char in enumerate(name)
        if (others := [c for c in _homophones().get(syllables(char)[0], ()) if c != char])
    ]
    if places:
        at, others = random.choice(places)
        yield _changed(name, at, random.choice(others))


def homophones(name: str, random: Random) -> Iterator[str]:
    """Two characters of the same sound."""
    for once in homophone(name, random):
        yield from homophone(once, random)


def lookalike(name: str, random: Random) -> Iterator[str]:
    """One character that looks nearly the same."""
    others = {a: b for pair in LOOKALIKES for a, b in (pair, pair[::-1])}
    places = [at for at, char in enumerate(name) if char in others]
    if len(name) > 2 and places:
        at = random.choice(places)
        yield _changed(name, at, others[name[at]])


def part(name: str, random: Random) -> Iterator[str]:
    """A piece out of it, at least half of a short name."""
    if len(name) > 3:
        length = max(3, min(len(name) - 1, random.randint(len(name) // 2, len(name) - 1)))
        start = random.randrange(len(name) - length + 1)
        yield name[start : start + length]


def first_letters(name: str, random: Random) -> Iterator[str]:
    """Its pinyin initials."""
    yield initials(name)


def spelled(name: str, random: Random) -> Iterator[str]:
    """Its pinyin in full."""
    yield "".join(syllables(name))


KINDS = {
    each.__name__: each
    for each in (
        dropped,
        doubled,
        swapped,
        homophone,
        homophones,
        lookalike,
        part,
        first_letters,
        spelled,
    )
}


def slips(name: str, kind: str, random: Random) -> list[str]:
    """What *name* may be typed as by a slip of one kind; nothing where the kind cannot happen."""
    key = command_key(name)
    return [typed for typed in KINDS[kind](key, random) if typed != key]
