"""Large exports behind their links: made when one is opened, sent piece by piece."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from typing import IO, TYPE_CHECKING

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlmodel import Session

from bot.board_layout import Layout
from handlers.context import speaker_of
from handlers.exporting import wanted_by
from models.errors import MediaUnavailable, Refused
from models.link import Link
from models.member import Member, RoleName

if TYPE_CHECKING:
    from bot.app import House

NOTHING = "没有可导出的内容"
AWAY = ("暂时生成不了这个文件", "请稍后再打开一次；仍打不开，请联系运维人员。")
_PIECE = 1 << 16


class Exports:
    """Makes what a link asks for, one at a time: each may take seconds and much of the disk."""

    def __init__(self, house: House, layout: Layout) -> None:
        self._house = house
        self._layout = layout
        self._turn = threading.Lock()

    def answer(self, web: Request, link: Link, headers: Mapping[str, str]) -> Response:
        """The file as its data are now; it is never whole in memory."""
        if web.method == "HEAD":
            return Response(headers=headers)
        try:
            with self._turn:
                file = self._written(link)
        except Refused as refused:
            return self._layout.calm(web, 410, NOTHING, str(refused))
        except (MediaUnavailable, OSError):
            return self._layout.calm(web, 503, *AWAY)
        size = str(file.seek(0, 2))
        return StreamingResponse(_pieces(file), headers={**headers, "Content-Length": size})

    def _written(self, link: Link) -> IO[bytes]:
        """The file, which is gone from the disk once it is closed."""
        house, file = self._house, tempfile.TemporaryFile()
        try:
            with house.database.read() as session:
                wanted = wanted_by(session, house.services, link, house.clock())
                wanted.kind.write(wanted.context, file)
        except BaseException:
            file.close()
            raise
        return file


def may_export(session: Session, link: Link, today: date) -> bool:
    """Whether the one it was made for is still here, and is or stands in for an admin."""
    member = session.get(Member, link.member_id)
    if member is None or member.left_at is not None:
        return False
    speaker = speaker_of(session, member, today)
    return speaker.has(RoleName.ADMIN, programme_id=link.programme_id)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
