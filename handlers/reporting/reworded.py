"""完成数改为1702个, 措施逐村安装: words said without a colon as the line they stand for."""

import re
from collections.abc import Iterable

from handlers.reading.headings import Vocabulary, head_at
from handlers.reading.normalise import mapped, normalise
from handlers.reading.sections import SAID_OF, is_object

_CHANGE = re.compile(
    r"^\s*(?:(?:不对|错了|写错了?|有误|更正|更改|修改)[,:;。\s]*)?(?:请|麻烦)?(?:帮我?)?[把将]?"
    r"(?P<name>[^,;。:\d]{2,24}?)(?:(?:[写报填弄搞]?错了?|不对|有误)[,:\s]*)?(?:请|要|需)?"
    r"(?:(?:应该|应当|应)(?:改?[为成是])|(?:更改|更正|调整|修改|变更|订正|改|换)(?:[为成到是]|正?为)"
    r"|(?:改|换|写)一?下(?=[,:]))[,:\s]*"
)
#: Where a clause begins.
_BEGINS = r"(?:^|[，。；,;\s])\s*"
#: 问题补充一下：…
_ADDED = r"(?:再|还|也|要)*补充(?:一?下|一[点条]|说明)?[:：,，]"


def with_colons(text: str, names: Iterable[str]) -> str:
    """*text* with the colon that is missing behind a section's name where a clause begins."""
    for name in names:
        text = re.sub(rf"({_BEGINS}{re.escape(name)}){_ADDED}", r"\1：", text, count=1)
        if not re.search(rf"{re.escape(name)}\s*[:：]", text):
            head = rf"({_BEGINS}{re.escape(name)})"
            bare = rf"{head}(?!\s*(?:{SAID_OF}|$))(?=[^，。；,;\n]{{2}})"
            heads = (found.end(1) for found in re.finditer(bare, text))
            is_head = (at for at in heads if not is_object(text[: at - len(name)]))
            if (end := next(is_head, None)) is not None:
                text = f"{text[:end]}：{text[end:]}"
    return text


def as_lines(text: str, vocabulary: Vocabulary) -> str:
    """*text* with every correction of a field as that field's line; the rest as it was."""
    return "\n".join(_line(line, vocabulary) for line in text.split("\n"))


def _line(line: str, vocabulary: Vocabulary) -> str:
    source = mapped(line)
    found = _CHANGE.match(source.text)
    if found is None or found.end() == len(source.text):
        return line
    name = source.origin[found.start("name")], source.origin[found.end("name")]
    field = f"{line[name[0] : name[1]]}："
    head = head_at(normalise(field), 0, vocabulary)
    is_field = head is not None and head.strong and head.end == len(field)
    return f"{field}{line[source.origin[found.end()] :]}" if is_field else line
