"""修改: changes one part of the report that is being filled in."""

import re
from dataclasses import replace

from handlers.context import Context
from handlers.reading.normalise import normalise
from handlers.reading.spoken import begins_with_field
from handlers.registry import InGroup, command
from handlers.reporting.arrived import with_message
from handlers.reporting.content import without_picture
from handlers.reporting.flow import advance, not_taken
from handlers.reporting.own import as_line, last_unreviewed
from handlers.reporting.set_aside import changed_text
from handlers.reporting.work import Work, open_work
from models.member import RoleName
from models.message import Reply
from models.submission import Submission

_REMOVED = re.compile(r"(?:删除|去掉|不要)?\s*图\s*(\d{1,2})\s*(?:删除|删掉|去掉|不要)?")
_REMOVES = re.compile("删除|删掉|去掉|不要")


@command(
    "modify",
    "修改",
    "更改",
    "改一下",
    "改下",
    "改为",
    usage="修改 完成数 1701",
    about="修改填写中的一项",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    takes_typos=True,
    glued=begins_with_field,
)
def modify(context: Context, rest: str) -> Reply:
    """Replace a field of the open report, or take a picture out of it."""
    work = open_work(context)
    sent = last_unreviewed(context.session, context.speaker.id)
    if work is None or (work.content.says_nothing and sent is not None):
        return Reply(_without_draft(sent, rest))
    if (removed := _removed_picture(work, rest)) is not None:
        return advance(removed)
    changed, is_more = with_message(work, as_line(rest))
    if not is_more:
        return not_taken(work, "没有读懂要改哪一项。请发如“修改 完成数 1701”“修改 截至 8月31日”。")
    return advance(changed, changed_text(work, changed.content))


def _without_draft(last: Submission | None, rest: str) -> str:
    if last is None:
        return "没有填写中的报送可改。已报送的请发“更正 编号”加要改的内容。"
    what = as_line(rest) if rest.strip() else "完成数：1701"
    return f"没有填写中的报送。要改已报送的 #{last.id}，请发：\n更正 {last.id}\n{what}"


def _removed_picture(work: Work, rest: str) -> Work | None:
    plain = normalise(rest).strip()
    found = _REMOVED.fullmatch(plain)
    if found is None or not _REMOVES.search(plain):
        return None
    number = int(found[1])
    if not 1 <= number <= len(work.content.pictures):
        return work
    return replace(work, content=without_picture(work.content, number))
