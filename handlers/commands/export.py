"""导出: a workbook or an archive of a programme, as a file or behind a link where it is large."""

from collections.abc import Sequence

from handlers.context import Context, ExportContext
from handlers.exporting import file_name, made_small, said_lines
from handlers.exports.contract import ExportKind
from handlers.lists import keep_list
from handlers.reading.harmless import harmless
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.supervising.choosing import programme_and_round
from handlers.supervising.scope import administered
from handlers.supervising.texts import moment_text
from models.errors import Refused
from models.link import export_link
from models.member import RoleName
from models.message import Reply
from models.programme import Programme

#: What is exported, as it may be glued to the command: 导出台账.
WORDS = ("台账", "台帐", "表格", "excel", "矩阵", "数据", "图片", "内容包")
#: Lines on a phone of what a file holds; the rest stands in the file.
_MOST_LINES = 8


@command(
    "export",
    "导出",
    usage="导出 台账 [专项] [期次]",
    about="导出台账、矩阵、数据（Excel），图片、内容包（zip）",
    roles=(RoleName.ADMIN,),
    group=InGroup.MOVE,
    takes_typos=True,
    glued=lambda rest: command_key(rest).startswith(WORDS),
)
def export(ctx: Context, rest: str) -> Reply:
    """The file of the kind that is named; what can be named where none is."""
    programmes = administered(ctx)
    kinds = list(ctx.services.registry.exports.values())
    kind, more = _kind_called(kinds, rest)
    if kind is None:
        return _offer(ctx, kinds, rest)
    asked = programme_and_round(ctx, more, programmes, f"导出 {kind.word}")
    chosen = [asked.programme] if asked.programme else programmes
    if kind.single and len(chosen) > 1:
        return _which(ctx, kind, chosen, more)
    wanted = ExportContext(ctx.session, ctx.now, ctx.services, chosen, asked.round)
    return _handed_out(ctx, kind, wanted)


def _kind_called(kinds: Sequence[ExportKind], text: str) -> tuple[ExportKind | None, str]:
    """The kind that one of the words names, wherever it stands, and the words that are left."""
    named = [(word, each) for each in kinds for word in (each.word, *each.also)]
    words = text.split()
    for at, typed in enumerate(words):
        for word, each in named:
            if (key := command_key(typed)).startswith(word):
                glued = key.removeprefix(word)
                return each, " ".join([*words[:at], *filter(None, [glued]), *words[at + 1 :]])
    return None, text


def _offer(ctx: Context, kinds: Sequence[ExportKind], text: str) -> Reply:
    keep_list(ctx, "导出 {}", [each.word for each in kinds])
    unknown = f"没有“{harmless(text)[:20]}”这种导出。" if text.strip() else ""
    lines = [f"{at}. {each.word}：{each.about}" for at, each in enumerate(kinds, start=1)]
    how = "后面可加专项和期次，如：导出 台账 8月。Word 文件请发“通报”。"
    return Reply("\n".join([f"{unknown}要导出哪一种？请回复序号：", *lines, how]))


def _which(ctx: Context, kind: ExportKind, chosen: Sequence[Programme], more: str) -> Reply:
    keep_list(ctx, f"导出 {kind.word} {{}} {more}".rstrip(), [each.code for each in chosen])
    lines = [f"{at}. {harmless(each.short_title)}" for at, each in enumerate(chosen, start=1)]
    return Reply("\n".join([f"导出哪个专项的{kind.word}？请回复序号：", *lines]))


def _handed_out(ctx: Context, kind: ExportKind, wanted: ExportContext) -> Reply:
    made = made_small(kind, wanted)
    name = file_name(kind, wanted)
    for programme in wanted.programmes:
        _noted(ctx, kind, programme)
    if made is None:
        return _linked(ctx, kind, wanted, name)
    is_marked = any(each.demo for each in wanted.programmes)
    file = ctx.services.keep(made.data, name, kind.mime, marked=is_marked)
    lines = said_lines(made.said)
    shown = lines[:_MOST_LINES]
    left = [f"……另有{len(lines) - len(shown)}行，见文件。"] if len(lines) > len(shown) else []
    return Reply("\n".join([f"{kind.word}见附件。", *map(harmless, shown), *left]), files=(file,))


def _linked(ctx: Context, kind: ExportKind, wanted: ExportContext, name: str) -> Reply:
    """A link that makes the file when it is opened: nobody else waits while it is written."""
    if len(wanted.programmes) > 1:
        raise Refused(
            f"几个专项的{kind.word}合起来太大，请写明一个专项，例如：\n"
            f"导出 {kind.word} {wanted.programmes[0].short_title}"
        )
    programme, due = wanted.programme, None
    if wanted.round is not None:
        due = (wanted.round.first, wanted.round.last)
    link = export_link(ctx.session, kind.name, programme.id or 0, ctx.speaker.id, ctx.now, due)
    link.name, link.mime = name, kind.mime
    until = moment_text(link.expires_at, ctx.services.zone)
    lines = [
        f"“{harmless(programme.short_title)}”的{kind.word}较大，请在电脑上打开下载：",
        ctx.services.addresses.of(link),
        f"{until}前有效，仅供您本人使用，请勿转发。文件按打开时的数据生成，内附清单。",
    ]
    return Reply("\n".join(lines), links=True)


def _noted(ctx: Context, kind: ExportKind, programme: Programme) -> None:
    ctx.record("导出", "programme", programme.id or 0, after={"kind": kind.name})
