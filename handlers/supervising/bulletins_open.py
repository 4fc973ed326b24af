"""Which open draft is meant: the only one, or the one named in front."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.supervising.bulletin_files import kind_of
from handlers.supervising.bulletins_text import head
from handlers.supervising.buttons import draft_mark
from models.bulletin import Bulletin, drafts_of
from models.errors import Refused
from models.programme import Programme


def the_draft(
    ctx: Context, text: str, programmes: Sequence[Programme], meant: str = ""
) -> tuple[Bulletin, str]:
    """The open draft that is meant and the words behind its name; refused where none is clear.

    The programme and the kind are named in front where several drafts are open; *meant* is the
    mark of a button's draft.
    """
    drafts = list(drafts_of(ctx.session, [each.id or 0 for each in programmes]))
    if meant:
        drafts = [row for row in drafts if draft_mark(row) == meant]
        if not drafts:
            raise Refused("这份草稿已签发或作废，本次未处理。现有的草稿请发“通报”查看。")
    if not drafts:
        raise Refused("没有未签发的草稿。起草请发“通报 8月”。")
    left = text.strip()
    while len(drafts) > 1 and left:
        word, _, behind = left.partition(" ")
        fitting = [row for row in drafts if _is_called(ctx, row, word)]
        if not fitting or len(fitting) == len(drafts):
            break
        drafts, left = fitting, behind.strip()
    if len(drafts) == 1:
        return drafts[0], left
    listed = [f"- {head(ctx, row)}" for row in drafts]
    raise Refused(
        "\n".join(["有几份草稿，请在前面写明专项、种类或月份，例如“签发 重点民生实事”：", *listed])
    )


def _is_called(ctx: Context, row: Bulletin, word: str) -> bool:
    """Whether a draft is of the programme, the kind, the subject or the month called so."""
    programme = ctx.session.get_one(Programme, row.programme_id)
    kind = kind_of(ctx.services, row)
    month = f"{row.data_date.month}月"
    return word in (programme.code, programme.short_title, *kind.words, kind.title, month) or (
        bool(row.subject) and word == row.subject
    )
