"""How much one report may hold: a section, and all that was sent for it together."""

from handlers.reading.limits import LONGEST
from handlers.reporting.content import Content
from models.errors import Refused

#: Three whole messages; each is kept as it came, and again in the steps that can be taken back.
MOST_SENT = 3 * LONGEST
#: What is still missing may be sent all the same: it is short.
_SHORT = 400


def refuse_overfull(before: Content, after: Content) -> None:
    """Raise Refused where a message makes a section, or the report as a whole, too long to keep."""
    for section in after.sections:
        length = len(section.text)
        if length > LONGEST and section.text != before.section(section.name):
            raise Refused(
                f"“{section.name}”连同这一段共{length}字，一项最多{LONGEST}字，这条没有记下。"
                f"请缩短后发“{section.name}：”加内容。"
            )
    sent = list(map(len, after.originals))
    room = MOST_SENT if sent and sent[-1] > _SHORT else MOST_SENT + LONGEST
    if len(sent) > 1 and sum(sent) > room:
        raise Refused(
            f"这份报送连同这一条共{sum(sent)}字，最多{MOST_SENT}字，这条没有记下。"
            "请发“提交”看还缺什么、只补所缺；要重写请发“取消”。"
        )
