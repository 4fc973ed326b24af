"""通报: drafts a document of frozen figures, changes its words; leaders see the last issued."""

from collections.abc import Sequence

from handlers.alone import with_way
from handlers.context import Context
from handlers.lists import keep_list
from handlers.phrases import only_in_single_chat
from handlers.reading.harmless import harmless
from handlers.registry import InGroup, command
from handlers.supervising.bulletin_files import file_of
from handlers.supervising.bulletins import (
    Desk,
    changed_words,
    draft,
    dropped,
    kinds_for,
)
from handlers.supervising.bulletins_named import (
    Named,
    issue_named,
    issued_named,
    kind_called,
    named_in,
)
from handlers.supervising.bulletins_open import the_draft
from handlers.supervising.bulletins_text import HOW, circulars, draft_reply, head, overview
from handlers.supervising.mastheads import PARTS, number_line, set_masthead
from handlers.supervising.scope import administered, names_shown, wholly_readable
from models.bulletin import Bulletin, drafts_of, issued_of
from models.card import about_draft
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.programme import Programme

_EDIT = ("修改", "改")
_DROP = ("作废", "撤回", "删除")
_MOST_LISTED = 5


@command(
    "bulletin",
    "通报",
    usage="通报 [专项] 8月",
    about="起草通报（管理员）；只发“通报”可看最近签发的",
    roles=(RoleName.ADMIN, RoleName.LEADER),
    group=InGroup.ANSWER,
    alone=True,
)
def bulletin(ctx: Context, rest: str) -> Reply:
    """The last issued documents; for an admin also drafts, their words and their masthead."""
    first, _, more = rest.strip().partition(" ")
    if first in (*_EDIT, *_DROP, *PARTS):
        if ctx.in_group:
            refusal = only_in_single_chat("通报")
            raise Refused(with_way(refusal, ctx.message.single_chat))
        programmes = administered(ctx)
        if first in PARTS:
            return _masthead(ctx, first, more, programmes)
        return _edit(ctx, more, programmes) if first in _EDIT else _drop(ctx, more, programmes)
    programmes = wholly_readable(ctx)
    if not rest.strip():
        return _last(ctx, programmes)
    named = named_in(ctx, rest, programmes)
    if named.number is not None or (not named.has_period and not _administers(ctx, named)):
        return _issued(ctx, programmes, named)
    return _draft_or_show(ctx, programmes, named)


def _administers(ctx: Context, named: Named) -> bool:
    id_ = named.programme.id if named.programme else None
    return not ctx.in_group and ctx.speaker.has(RoleName.ADMIN, programme_id=id_)


def _last(ctx: Context, programmes: Sequence[Programme]) -> Reply:
    ids = [each.id or 0 for each in programmes]
    is_admin = ctx.speaker.has(RoleName.ADMIN) and not ctx.in_group
    drafts = drafts_of(ctx.session, ids) if is_admin else []
    done = issued_of(ctx.session, ids, most=_MOST_LISTED, with_letters=False)
    reply = overview(ctx, drafts, done, named=names_shown(ctx))
    return Reply(f"{reply.text}\n{HOW}", files=reply.files) if is_admin else reply


def _issued(ctx: Context, programmes: Sequence[Programme], named: Named) -> Reply:
    """The issued document that was named; refused naming what there is."""
    found = issued_named(ctx, named, programmes)
    if named.number is None:
        found = circulars(ctx, found)
    if not found:
        raise Refused("没有找到这一期。最近签发的请发“通报”查看。")
    if named.number is not None and len(found) > 1:
        return _which(ctx, found)
    text = f"{head(ctx, found[0])}{found[0].year}年第{found[0].number}号，见附件。"
    if not names_shown(ctx):
        raise Refused("通报文件点名了滞后单位，本群未开启点名，请在单聊中发“通报”查看。")
    return Reply(text, files=(file_of(ctx.services, ctx.session, found[0]),))


def _which(ctx: Context, found: Sequence[Bulletin]) -> Reply:
    """Numbers run by programme, kind and year: one of them may mean several documents."""
    known = {each.id: each for each in wholly_readable(ctx)}
    kinds = ctx.services.registry.bulletins
    entries = [
        f"{known[row.programme_id].code} {kinds[row.kind].words[0]} {row.year}年{row.number}号"
        for row in found[:_MOST_LISTED]
    ]
    keep_list(ctx, "通报 {}", entries)
    lines = [f"{at}. {head(ctx, row)}" for at, row in enumerate(found[:_MOST_LISTED], start=1)]
    return Reply("\n".join(["您要看哪一份？请回复序号：", *lines]))


def _draft_or_show(ctx: Context, programmes: Sequence[Programme], named: Named) -> Reply:
    """A draft for the programme's admin; what was issued for everybody else."""
    if not _administers(ctx, named):
        return _issued(ctx, programmes, named)
    programme = named.programme or _only(ctx, administered(ctx), named)
    if isinstance(programme, Reply):
        return programme
    if not ctx.speaker.has(RoleName.ADMIN, programme_id=programme.id):
        return _issued(ctx, programmes, named)
    row, made = draft(_desk(ctx), issue_named(ctx, programme, named))
    return draft_reply(ctx, row, made)


def _only(ctx: Context, programmes: Sequence[Programme], named: Named) -> Programme | Reply:
    """The only programme that makes such a document, or the list of those that do."""
    registry = ctx.services.registry
    fitting = [
        each
        for each in programmes
        if named.kind is None or named.kind in kinds_for(registry, ctx.session, each)
    ]
    if len(fitting) == 1:
        return fitting[0]
    period = f" {named.month.year}-{named.month.month:02}" if named.month else ""
    if named.quarter:
        period = f" {named.quarter.year}年{'一二三四'[(named.quarter.month - 1) // 3]}季度"
    kind = f" {named.kind.words[0]}" if named.kind else ""
    entries = [f"{each.code}{kind}{period}" for each in fitting]
    keep_list(ctx, "通报 {}", entries)
    lines = [f"{at}. {each.short_title}" for at, each in enumerate(fitting, start=1)]
    return Reply("\n".join(["起草哪个专项的通报？请回复序号：", *lines]))


def _edit(ctx: Context, text: str, programmes: Sequence[Programme]) -> Reply:
    row, left = the_draft(ctx, text, programmes)
    title, _, words = left.strip().partition(" ")
    if "\n" in title:
        title, _, words = left.strip().partition("\n")
    if not title or not words.strip():
        raise Refused("请写明改哪一块、改成什么，例如：\n通报 修改 特点 各单位按月调度，进展平稳。")
    made = changed_words(_desk(ctx), row, title.rstrip(":："), words)
    return draft_reply(ctx, row, made, f"草稿的“{title}”已改")


def _drop(ctx: Context, text: str, programmes: Sequence[Programme]) -> Reply:
    row, _ = the_draft(ctx, text, programmes)
    dropped(_desk(ctx), row)
    ctx.settle(about_draft(row.id), "已作废")
    return Reply(f"{head(ctx, row)}草稿已作废。重新起草请发“通报 {row.data_date.month}月”。")


def _masthead(ctx: Context, part: str, text: str, programmes: Sequence[Programme]) -> Reply:
    """Number, signature or addressee of the usual kind of document, or of the one named."""
    left = text.strip()
    if len(programmes) > 1:
        word, _, behind = left.partition(" ")
        programmes = [p for p in programmes if word in (p.code, p.short_title)]
        left = behind.strip()
    if len(programmes) != 1:
        raise Refused(f"请写明专项，例如“通报 {part} 重点民生实事 ……”。")
    programme = programmes[0]
    word, _, behind = left.partition(" ")
    kind = kind_called(ctx, word, by_hand=True)
    left = behind.strip() if kind else left
    kind = kind or kinds_for(ctx.services.registry, ctx.session, programme)[0]
    changed = set_masthead(ctx.session, programme, kind, part, left)
    line = number_line(changed, f"{programme.short_title}{kind.title}", ctx.today.year, 1)
    example = f"，如“{harmless(line)}”" if part == "文号" else ""
    return Reply(
        f"{kind.title}的{part}已改为{harmless(left) or '默认'}{example}。已起草的请重发“通报”更新。"
    )


def _desk(ctx: Context) -> Desk:
    return Desk(ctx.session, ctx.services, ctx.now, ctx.speaker.id)
