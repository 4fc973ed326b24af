"""模板 通报: a customer's own Word template, tried before it is taken, and dropped again."""

from pathlib import PurePath

from handlers.context import Context
from handlers.lists import forget_offer, keep_list
from handlers.reading.harmless import harmless
from handlers.registry import BulletinKind
from handlers.render.document import (
    MIME,
)
from handlers.supervising.bulletin_files import document_of
from handlers.supervising.bulletins import Desk, Issue, frozen, kinds_for
from handlers.supervising.bulletins_named import Named, issue_named, named_in
from handlers.supervising.scope import administered
from models.bulletin import Bulletin, BulletinTemplate, bulletins_of, template_for
from models.errors import MediaUnavailable, Refused
from models.media import Media
from models.message import MediaRef, Reply
from models.programme import Programme

_MOST_SHOWN = 5
_BACK = ("取消", "停用", "删除", "恢复默认")


def is_template_order(ctx: Context, text: str) -> bool:
    """Whether what follows 模板 names a kind of document."""
    return _kind(ctx, text) is not None


def take_template(ctx: Context, text: str) -> Reply:
    """The file that came along, or that a list offered, as the template of a kind of document."""
    programmes = administered(ctx)
    kind = _kind(ctx, text)
    assert kind is not None, "the order was recognised by its kind"
    sha = next((word for word in text.split() if _is_sha(word)), None)
    besides = (*_BACK, sha, *kind.words, kind.title)
    left = " ".join(word for word in text.split() if word not in besides)
    programme = _meant(ctx, kind, named_in(ctx, left, programmes).programme, programmes)
    if any(word in _BACK for word in text.split()):
        return _back(ctx, programme, kind)
    media = ctx.session.get(Media, sha) if sha else word_file_sent(ctx)
    if media is None:
        return _shown(ctx, programme, kind)
    return _tried(ctx, programme, kind, media)


def word_file_sent(ctx: Context) -> Media | None:
    """The first .docx that came with this message."""
    return next((each for each in ctx.media if is_word(each)), None)


def is_word(media: Media) -> bool:
    """Whether it is called as a Word file is."""
    return PurePath(media.name.lower()).suffix == ".docx"


def offered(ctx: Context, media: Media) -> str:
    """That a Word file may become a template; platforms send files without words.

    Empty where the speaker's programmes make no documents.
    """
    fitting = [
        (programme, kind)
        for programme in administered(ctx)
        for kind in kinds_for(ctx.services.registry, ctx.session, programme)
    ]
    if not fitting:
        return ""
    keep_list(ctx, "模板 {}", [f"{k.words[0]} {p.code} {media.sha}" for p, k in fitting])
    titles = (f"{programme.short_title}{kind.title}" for programme, kind in fitting)
    lines = [f"{at}. {harmless(title)}的模板" for at, title in enumerate(titles, start=1)]
    return "\n".join(["用作文件模板请回复序号：", *lines])


def _is_sha(word: str) -> bool:
    return len(word) == 64 and all(char in "0123456789abcdef" for char in word)


def _kind(ctx: Context, text: str) -> BulletinKind | None:
    """The kind of document named in *text*; letters and corrections have templates as well."""
    kinds = ctx.services.registry.bulletins.values()
    words = text.split()
    return next((k for k in kinds if any(w in (*k.words, k.title) for w in words)), None)


def _meant(
    ctx: Context, kind: BulletinKind, named: Programme | None, programmes: list[Programme]
) -> Programme:
    """The programme named, or the only one that makes such a document."""
    wanted = [named] if named else programmes
    fitting = [each for each in wanted if kind.serves(ctx.session, each)]
    if len(fitting) == 1:
        return fitting[0]
    listed = fitting or programmes
    titles = "、".join(each.short_title for each in listed)
    example = f"模板 {kind.words[0]} {listed[0].short_title}"
    raise Refused(f"请写明是哪个专项的{kind.title}模板（{titles}），例如：\n{example}")


def _tried(ctx: Context, programme: Programme, kind: BulletinKind, media: Media) -> Reply:
    """Filled with the last document of its kind, or one made now; taken when nothing is wrong."""
    from handlers.render.word_template import filled_template, strange_in  # slow to load

    try:
        blank = ctx.services.media.get(media.stored_sha)
    except MediaUnavailable as why:
        raise Refused("模板文件暂时取不到，请重新发送。") from why
    row = _last(ctx, programme, kind)
    document = document_of(kind, programme, row, ctx.services.zone)
    data = filled_template(blank, document)
    if strange := strange_in(data, document, blank):
        lines = [f"- {harmless(str(each))}" for each in strange[:_MOST_SHOWN]]
        head = f"模板试填后有{len(strange)}处不符，未采用，请改好后重新发送："
        raise Refused("\n".join([head, *lines]))
    _keep(ctx, programme, kind, media)
    forget_offer(ctx.session, ctx.speaker.id)
    sample = ctx.services.keep(data, f"{kind.title}模板试填.docx", MIME, marked=True)
    return Reply(
        f"《{harmless(media.name)}》已用作{programme.short_title}{kind.title}的模板，附件为试填的样稿。"
        f"不合适请发“模板 {kind.words[0]} 取消”恢复默认版式。",
        files=(sample,),
    )


def _last(ctx: Context, programme: Programme, kind: BulletinKind) -> Bulletin:
    """The newest stored document of a kind, or one that is made and kept nowhere."""
    rows = bulletins_of(ctx.session, programme.id or 0, kind.name)
    if rows:
        return rows[-1]
    if kind.by_hand:
        raise Refused(f"还没有{kind.title}可以试填，请先起草一份，再发送模板。")
    issue: Issue = issue_named(ctx, programme, Named(kind=kind))
    desk = Desk(ctx.session, ctx.services, ctx.now, ctx.speaker.id)
    return Bulletin(
        programme_id=programme.id or 0,
        kind=kind.name,
        period=issue.period,
        data_date=issue.data_date,
        year=ctx.today.year,
        snapshot=frozen(desk, issue),
        drafted_at=ctx.now,
    )


def _keep(ctx: Context, programme: Programme, kind: BulletinKind, media: Media | None) -> None:
    row = BulletinTemplate(
        programme_id=programme.id or 0,
        kind=kind.name,
        media_sha=media.sha if media else None,
        name=media.name if media else "",
        made_at=ctx.now,
        made_by=ctx.speaker.id,
    )
    ctx.session.add(row)
    ctx.session.flush()
    ctx.record(
        "更换通报模板" if media else "停用通报模板",
        "bulletin_template",
        row.id or 0,
        after={"kind": kind.name, "name": row.name},
    )


def _back(ctx: Context, programme: Programme, kind: BulletinKind) -> Reply:
    if template_for(ctx.session, programme.id or 0, kind.name) is None:
        raise Refused(f"{programme.short_title}{kind.title}用的就是默认版式。{_how()}")
    _keep(ctx, programme, kind, None)
    return Reply(f"{programme.short_title}{kind.title}已恢复默认版式。已起草的请重发“通报”更新。")


def _shown(ctx: Context, programme: Programme, kind: BulletinKind) -> Reply:
    """The template in force as a file, and how to change it."""
    row = template_for(ctx.session, programme.id or 0, kind.name)
    if row is None:
        return Reply(f"{programme.short_title}{kind.title}用默认版式。{_how()}")
    file = MediaRef(row.media_sha or "", row.name, MIME, marked=True)
    return Reply(f"{programme.short_title}{kind.title}现用的模板见附件。{_how()}", files=(file,))


def _how() -> str:
    from handlers.render.word_template import WORDS  # slow to load

    return (
        f"模板是 .docx，在要填的地方写花括号，如 {{{{ 标题 }}}}；可填：{WORDS}。"
        "发送时写“模板 通报”，停用请发“模板 通报 取消”。"
    )
