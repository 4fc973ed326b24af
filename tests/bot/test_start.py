"""What a start must not wait for."""

import asyncio
import socket
import subprocess
import sys

from sqlmodel import select

from bot.app import build
from bot.cli_house import bound
from models.digest import DigestSchedule
from tests.board import Office

#: Libraries that only documents, the sound of names, real platforms, PostgreSQL and Prometheus
#: need, and what reads programmes and their wordings: more than a second.
_HEAVY = {
    "docx",
    "openpyxl",
    "pypinyin",
    "alembic",
    "httpx2",
    "wechatpy",
    "prometheus_client",
    "sqlalchemy.dialects.postgresql",
    "models.programmes.definition",
    "models.programmes.loader",
    "models.rules.wording",
}
_START = (
    "import bot.app, sys; from handlers.registry import discover; discover(); print(*sys.modules)"
)


def test_a_start_does_not_load_what_it_does_not_need() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _START], capture_output=True, text=True, check=True, timeout=60
    )

    loaded = set(ran.stdout.split())
    assert {"sqlmodel", "handlers.dispatch"} <= loaded
    assert not loaded & _HEAVY


def test_answers_leave_at_once_on_the_event_loop_of_every_system() -> None:
    """asyncio's own loop sets TCP_NODELAY on what comes by a socket that names its protocol."""

    async def is_set() -> bool:
        found = asyncio.get_running_loop().create_future()

        class Caller(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                taken = transport.get_extra_info("socket")
                found.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        door = bound("127.0.0.1", 0, "dajuan serve")
        async with await asyncio.get_running_loop().create_server(Caller, sock=door):
            _, writer = await asyncio.open_connection(*door.getsockname())
            writer.close()
            return bool(await found)

    assert asyncio.run(is_set())


def test_digests_of_a_new_version_go_out_in_programmes_loaded_before(office: Office) -> None:
    """Their rows are made by a start, not by somebody who asks for the list."""
    with office.house.database.write() as session:
        for row in session.exec(select(DigestSchedule)).all():
            session.delete(row)
    build(office.house.settings).close()

    with office.house.database.read() as session:
        found = session.exec(select(DigestSchedule)).all()
    known = office.house.services.registry.digests
    assert {each.digest for each in found} == set(known)
    assert len(found) == 2 * len(known)
