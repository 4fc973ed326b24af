"""The status that the words of a text give its task; figures alone never do."""

import re

_NOT = r"(?<![无没未不非])"
_NEGATED = re.compile(
    r"(?:无|没有|未|不存在|未出现|没有出现|消除|扭转|解决|改变|克服|避免|防止|杜绝|针对|不再)[^,;。!?\n]{0,8}?(?:滞后|偏慢|缓慢|落后|超序时)"
)
_NO_REPORT = re.compile(
    r"(?:确保|力争|预计|争取|将|计划|拟|下一?步|待|要|若|如|需)[^,;。!?\n]{0,30}"
)
_BEHIND = re.compile(
    r"滞后|偏慢|缓慢|较慢|(?:未|没有|尚未|没)达(?:到)?序时|(?:低|慢|落后)于?序时|不及序时|落后于?(?:序时|全省|全州|时间)|进展不快|进度落后|欠序时"
)
_COMPLETED = re.compile(
    r"(?<!未)(?<!没有)(?<!能)(?:超额完成|提前完成|全面完成|全部完成|圆满完成|均?已?达到省?[定级]?验收标准|达到[省州市县]定(?:验收)?标准|已完成(?=[。;,!\n]|$)|(?:任务|目标|工作|工程|项目)(?:均|都|全部)?已(?:经)?完成|已(?:经|全部|全面|均)*完成(?:全年|年度|年|目标|既定|省定|州定)*(?:目标)?任务|已全部(?:完工|竣工|建成))"
)
_ON_TRACK = re.compile(
    r"有序推进|有序开展|稳步推进|顺利推进|扎实推进|按(?:照)?序时|超序时|(?:高|快|优)于序时|达到序时|符合序时|与序时|达序时|进展顺利|推进顺利|进展良好|正常推进|按计划推进|按期推进"
)


def status_of(text: str) -> str | None:
    """``completed``, ``on_track`` or ``behind``; None where words are missing or disagree."""
    plain = _NO_REPORT.sub("", _NEGATED.sub("", text))
    found = {
        name
        for name, words in (
            ("completed", _COMPLETED),
            ("on_track", _ON_TRACK),
            ("behind", _BEHIND),
        )
        if words.search(plain)
    }
    return found.pop() if len(found) == 1 else None
