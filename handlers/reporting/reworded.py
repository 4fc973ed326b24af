"""完成数改为1702个, 截至日期应为7月30日: words of a correction as the line they stand for."""

import re

from handlers.reading.headings import Vocabulary, head_at
from handlers.reading.normalise import mapped, normalise

_CHANGE = re.compile(
    r"^\s*(?:(?:不对|错了|写错了?|有误|更正|更改|修改)[,:;。\s]*)?(?:请|麻烦)?(?:帮我?)?[把将]?"
    r"(?P<name>[^,;。:\d]{2,24}?)(?:请|要|需)?"
    r"(?:(?:应该|应当|应)(?:改?[为成是])|(?:更改|更正|调整|修改|变更|订正|改)(?:[为成到是]|正?为))[:\s]*"
)


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
