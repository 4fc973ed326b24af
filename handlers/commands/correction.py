"""更正说明: drafts what changed in an issued document since, old → new; 签发 sends it."""

from handlers.context import Context
from handlers.digests.correction import KIND
from handlers.lists import keep_list
from handlers.registry import InGroup, command
from handlers.supervising.bulletin_files import kind_of
from handlers.supervising.bulletins import Desk, Issue, draft
from handlers.supervising.bulletins_named import issued_named, named_in
from handlers.supervising.bulletins_text import draft_reply, head
from handlers.supervising.scope import administered
from models.bulletin import Bulletin
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme

_HOW = "查看已签发的请发“通报”，再写文号，例如“更正说明 3号”。"


@command(
    "correction",
    "更正说明",
    usage="更正说明 3号",
    about="已签发的通报数据有变化时，起草更正说明（原数据→现数据）",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
    alone=True,
)
def correct(ctx: Context, rest: str) -> Reply:
    """The draft that lists each figure that changed since the document was issued."""
    programmes = administered(ctx)
    found = [
        row
        for row in issued_named(ctx, named_in(ctx, rest, programmes), programmes)
        if not kind_of(ctx.services, row).by_hand
    ]
    if not found:
        raise Refused(f"没有找到这份已签发的文件。{_HOW}")
    if len(found) > 1 and rest.strip():
        return _which(ctx, found)
    row = found[0]
    kind = ctx.services.registry.bulletins[KIND]
    programme = ctx.session.get_one(Programme, row.programme_id)
    issue = Issue(programme, kind, ctx.today.isoformat(), ctx.today, corrects=row)
    desk = Desk(ctx.session, ctx.services, ctx.now, ctx.speaker.id)
    return draft_reply(ctx, *draft(desk, issue))


def _which(ctx: Context, found: list[Bulletin]) -> Reply:
    """The documents that fit, to be chosen by number."""
    entries = []
    for row in found:
        code = ctx.session.get_one(Programme, row.programme_id).code
        word = kind_of(ctx.services, row).words[0]
        entries.append(f"{code} {word} {row.year}年{row.number}号")
    keep_list(ctx, "更正说明 {}", entries)
    lines = [
        f"{at}. {head(ctx, row)}{row.year}年第{row.number}号" for at, row in enumerate(found, 1)
    ]
    return Reply("\n".join(["更正哪一份？请回复序号：", *lines]))
