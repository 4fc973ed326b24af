"""Exports being made: small enough for a message, or written out when their link is opened."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO

from sqlmodel import Session

from handlers.context import ExportContext, Services
from handlers.exports.contract import Exported, ExportKind, TooLarge
from handlers.render.legible import legible
from handlers.standing.rounds import Round
from models.errors import Refused
from models.link import Link
from models.programme import Programme

#: The largest file that every platform takes; a larger one is fetched from its link.
MOST_BYTES = 20_000_000
#: Others wait while a message is answered; more rows take longer than a second or two.
MOST_ROWS = 3_000
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Made:
    """A whole export in memory, with what its writer said of it."""

    data: bytes
    said: Exported


@dataclass(frozen=True)
class Wanted:
    """An export and what it is written of."""

    kind: ExportKind
    context: ExportContext


class _Message(BytesIO):
    """Takes as many bytes as a message may carry."""

    def write(self, data: object) -> int:
        written = super().write(data)  # type: ignore[arg-type]
        if self.tell() > MOST_BYTES:
            raise TooLarge
        return written


def made_small(kind: ExportKind, ctx: ExportContext) -> Made | None:
    """The export where a message can carry it, None as soon as it outgrows that."""
    out = _Message()
    try:
        said = kind.write(replace(ctx, most_rows=MOST_ROWS), out)
    except TooLarge:
        return None
    return Made(out.getvalue(), said)


def wanted_by(session: Session, services: Services, link: Link, now: datetime) -> Wanted:
    """The export that a link was made for."""
    programme = session.get_one(Programme, link.programme_id)
    due = None
    if link.due_from is not None and link.due_to is not None:
        due = Round(link.due_from, link.due_to)
    kind = services.registry.exports.get(link.export)
    if kind is None:
        raise Refused("这种导出在当前版本中已不再提供，请联系运维人员。")
    return Wanted(kind, ExportContext(session, now, services, [programme], due))


def file_name(kind: ExportKind, ctx: ExportContext) -> str:
    """答卷专栏台账（2021年8月）2021-09-20.xlsx."""
    first, *more = ctx.programmes
    whose = first.short_title if not more else f"{len(ctx.programmes)}个专项"
    of_round = f"（{ctx.round.first.year}年{ctx.round.name}）" if ctx.round else ""
    name = _NOT_IN_NAMES.sub("", legible(f"{whose}{kind.word}{of_round}"))
    return f"{name[:_LONGEST_NAME]}{ctx.today:%Y-%m-%d}{kind.suffix}"


def said_lines(said: Exported) -> list[str]:
    """What a file holds and what is missing from it, for people."""
    return [*said.holds, *(f"缺：{each}" for each in said.missing)]
