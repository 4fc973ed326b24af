"""更正说明: old → new for every printed figure that changed since a document was issued."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from handlers.context import BulletinContext
from handlers.registry import Span, bulletin
from handlers.render.document import (
    Align,
    Block,
    Count,
    Document,
    Editable,
    Paragraph,
    Source,
    Table,
)
from handlers.render.document_sections import places
from handlers.supervising.bulletin_files import document_of, kind_of
from handlers.supervising.corrections import changes
from handlers.supervising.texts import full_day_text
from models.bulletin import Bulletin, last_correction
from models.errors import Refused
from models.programme import Programme

KIND = "correction"
_LEFT, _CENTRE = Align.LEFT, Align.CENTRE
_WHY = "更正原因：相关单位补报、更正了数据。"


def _serves(_session: Session, _programme: Programme) -> bool:
    """Any issued document can be put right."""
    return True


def build(snapshot: Mapping[str, Any], texts: Mapping[str, str]) -> Document:
    """The correction that follows from a snapshot."""
    source = Source(snapshot)
    return Document(
        title=("关于更正有关数据的说明",),
        addressee=source.value("addressee"),
        blocks=tuple(_blocks(source, texts)),
        rules=(Count("更正的数据", "count", "what"),),
    )


@bulletin(KIND, title="更正说明", serves=_serves, build=build, span=Span.DAY, by_hand=True)
def correction(ctx: BulletinContext) -> dict[str, Any]:
    """What the document prints otherwise today than when it was issued or last put right.

    *after* keeps today's data: the next correction begins with them. Refused where nothing
    printed changed.
    """
    row = ctx.corrects
    if row is None:
        raise Refused("请写明更正哪一份已签发的文件，例如“更正说明 3号”。")
    kind = kind_of(ctx.services, row)
    if kind.by_hand:
        raise Refused(f"{kind.title}不出更正说明，需要时请重新起草一份。")
    last = last_correction(ctx.session, row.id or 0, before=ctx.now)
    before = last.snapshot["after"] if last is not None else row.snapshot
    again = BulletinContext(
        ctx.session, ctx.now, ctx.services, ctx.programme, row.period, row.data_date
    )
    after = json.loads(json.dumps(kind.content(again), ensure_ascii=False))
    found = changes((kind.build(before, {}), before), (kind.build(after, {}), after))
    if not found:
        raise Refused(
            f"{row.year}年第{row.number}号{kind.title}中印出的数据没有变化，不用出更正说明。"
        )
    return {**_about(ctx, row), **_listed(found), "after": after, "drafts": {"why": _WHY}}


def _about(ctx: BulletinContext, row: Bulletin) -> dict[str, Any]:
    """The document that is put right, as it was printed."""
    zone = ctx.services.zone
    original = document_of(kind_of(ctx.services, row), ctx.programme, row, zone)
    issued_on = original.issued_on or row.data_date
    return {
        "title": "".join(original.title),
        "number": original.number,
        "issued": issued_on.isoformat(),
        "addressee": original.addressee,
    }


def _listed(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "count": len(found),
        "what": [each["what"] for each in found],
        "changes": [{key: each[key] for key in ("place", "old", "new")} for each in found],
    }


def _blocks(source: Source, texts: Mapping[str, str]) -> Iterator[Block]:
    issued = full_day_text(date.fromisoformat(source.value("issued")))
    yield Paragraph(
        (
            f"{issued}印发的《",
            source.datum("title"),
            "》（",
            source.datum("number"),
            "）中，有",
            source.datum("count"),
            "处数据需要更正，具体如下。",
        )
    )
    rows = tuple(
        (
            str(n),
            source.datum(f"{at}/place"),
            source.datum(f"what/{n - 1}"),
            source.datum(f"{at}/old"),
            source.datum(f"{at}/new"),
        )
        for n, at in enumerate(places(source, "changes"), start=1)
    )
    header = ("序号", "位置", "内容", "更正前", "更正后")
    yield Table((header,), rows, (7, 20, 37, 18, 18), (_CENTRE, _LEFT, _LEFT, _LEFT, _LEFT))
    yield Editable("why", "原因", texts.get("why", ""))
    yield Paragraph("其他内容不变，以更正后的数据为准。特此说明。")
