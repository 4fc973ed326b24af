"""A report dictated without a mark: where its next part begins, and a line for each part."""

import re
from collections.abc import Iterator

from handlers.reading.normalise import mapped
from handlers.reading.sections import is_object

_NAMES = (
    "措施|做法|举措|成效|成果|效果|亮点|问题|困难|难点|不足|短板"
    "|[各分]县市的?(?:完成)?(?:情况|进度)"
)
#: 措施是, 问题主要是, 成效有; 措施是否, 措施有力 and 问题是为了 open nothing.
_IS = (
    "(?P<asks>呢|嘛|的话)?(?:方面)?(?:主要|首先|就|也)?"
    "(?:就?是(?![否为在因指要关])|有(?![力效序限所待关助利的])|包括|在于)"
)
_NEXT = "下一?步|下一?阶段|接下来"
_OPENS = re.compile(
    rf"(?:(?P<name>{_NAMES}){_IS}"
    rf"|(?P<next>(?:{_NEXT})的?(?:工作|打算|计划|安排|措施|重点){{0,2}})"
    r"(?:呢|嘛|的话)?(?:就?是)?)(?=[^\s的])"
)
#: What stands right before such a name: words with which a speaker goes on, and what dresses it.
_BEFORE = re.compile(
    "(?:然后|还有|另外|再就是|再有|接着|那么|就是|[嗯呃啊哦])*"
    "(?P<dress>(?:我们的?|采取的?|取得的?|存在的?|面临的?|遇到的?|[目当]前的?|主要的?|具体的?|工作的?|几[个条])*)$"
)
_ON_THE_WAY = re.compile(
    "(?:[按据照为对到于在向]|根据|结合|围绕|明确|制定|部署|谋划|研究|安排|推动|做好|落实|抓好)$"
)
_STRETCH = re.compile(r"[^,;:。!?、\n]+")
_SAYING = re.compile("[一-龥]")
#: A shorter stretch is no dictation: 主要问题是资金.
_SHORTEST = 16
_LEAST_SAID = 2
_NEAR = 16


def parted_where_dictated(text: str) -> str:
    """*text* with a line for each part that is opened by its name alone, within a long stretch
    without any mark: 完成1710个措施是逐村安装问题是资金没到位下一步加快安装.

    Words that only go on (然后, 还有) are left out.
    """
    source = mapped(text)
    pieces, done = [], 0
    for each in _openings(source.text):
        until, start, named, resume = (source.origin[place] for place in each)
        kept = text[done:until].rstrip()
        pieces += [kept, "\n" if kept else "", text[start:named], "："]
        done = resume
    return "".join(pieces) + text[done:]


def _openings(plain: str) -> Iterator[tuple[int, int, int, int]]:
    """Where the part before ends, the name of the next begins and ends, and its text begins."""
    for stretch in _STRETCH.finditer(plain):
        if len(_SAYING.findall(stretch[0])) < _SHORTEST:
            continue
        last = stretch.start()
        for found in _OPENS.finditer(plain, stretch.start(), stretch.end()):
            near = plain[max(last, found.start() - _NEAR) : found.start()]
            before = _BEFORE.search(near)
            ahead = near[: before.start()] if before else near
            is_first = not ahead and found["asks"] is not None
            is_said = is_first or len(_SAYING.findall(ahead)) >= _LEAST_SAID
            if not is_said or _is_inside(ahead, found):
                continue
            dress = len(before["dress"]) if before else 0
            last = found.end()
            end = found.start() - len(near) + len(ahead)
            yield end, found.start() - dress, found.end("name" if found["name"] else "next"), last


def _is_inside(ahead: str, found: re.Match[str]) -> bool:
    """Whether the name is only what the words before it are about: 解决问题, 按下步安排."""
    return bool(_ON_THE_WAY.search(ahead)) if found["next"] else is_object(ahead)
