"""Files that are small on the way and huge, endless or elsewhere once they are opened."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest

from models.db import Database
from tests.talk import Talk

ADMIN, LIAISON = "管理员甲", "州公安局联络员"
#: What a file may take while it is looked at, in bytes; unpacked each of these takes far more.
MOST = 150_000_000
LAUGHS = "".join(
    f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "哈"}{f"&l{n - 1};" * 9 if n else ""}">'
    for n in range(12)
)
SECRET = "root:x:0:0"


def a_workbook() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["任务编号", "截至", "完成数"])
    book.save(file)
    return file.getvalue()


def a_document() -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph("一、重点任务")
    document.save(file)
    return file.getvalue()


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    """The package with one part replaced or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info), zipfile.ZIP_DEFLATED)
        new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def claiming(data: bytes, name: str, size: int) -> bytes:
    """The package whose directory says of a part that it is *size* bytes long."""
    raw, wanted = bytearray(data), name.encode()
    at = 0
    while (at := raw.find(b"PK\x01\x02", at)) >= 0:
        length = struct.unpack_from("<H", raw, at + 28)[0]
        if raw[at + 46 : at + 46 + length] == wanted:
            struct.pack_into("<I", raw, at + 24, size)
        at += 4
    return bytes(raw)


def doctype(body: str, declared: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE d [{declared}]>{body}'.encode()


def sheet(text: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = f'<c r="A1" t="inlineStr"><is><t>{text}</t></is></c>'
    return f'<worksheet xmlns="{space}"><sheetData><row r="1">{cell}</row></sheetData></worksheet>'


def page(text: str) -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    inside = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    return f'<w:document xmlns:w="{space}">{inside}</w:document>'


FIRST, BODY = "xl/worksheets/sheet1.xml", "word/document.xml"
PASSWD = '<!ENTITY x SYSTEM "file:///etc/passwd">'


@cache
def a_workbook_of_blanks() -> bytes:
    """One that unpacks to more than a workbook may."""
    return with_part(a_workbook(), FIRST, b" " * 90_000_000)


def zeros(width: int, height: int) -> bytes:
    """A picture of one colour: a few kilobytes that become *width* × *height* pixels."""
    rows = zlib.compress(bytes(min((width // 8 + 1) * height, 50_000_000)), 9)
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", rows),
        (b"IEND", b""),
    ]
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "workbook of blanks": ("填报.xlsx", a_workbook_of_blanks),
    "workbook that lies of its size": (
        "填报.xlsx",
        lambda: claiming(a_workbook_of_blanks(), FIRST, 10),
    ),
    "workbook of laughs": (
        "填报.xlsx",
        lambda: with_part(a_workbook(), FIRST, doctype(sheet("&l11;"), LAUGHS)),
    ),
    "workbook that asks for a file": (
        "填报.xlsx",
        lambda: with_part(a_workbook(), FIRST, doctype(sheet("&x;"), PASSWD)),
    ),
    "workbook of twenty thousand parts": (
        "填报.xlsx",
        lambda: a_workbook_of(20_000),
    ),
    "workbook that climbs out": (
        "填报.xlsx",
        lambda: with_part(a_workbook(), "../../../../tmp/dajuan-climbed", b"x"),
    ),
    "document that lies of its size": (
        "清单.docx",
        lambda: claiming(with_part(a_document(), BODY, b" " * 9_000_000), BODY, 10),
    ),
    "document of laughs": (
        "清单.docx",
        lambda: with_part(a_document(), BODY, doctype(page("&l11;"), LAUGHS)),
    ),
    "document that asks for a file": (
        "清单.docx",
        lambda: with_part(a_document(), BODY, doctype(page("&x;"), PASSWD)),
    ),
    "packages in packages": (
        "清单.docx",
        lambda: with_part(a_document(), "word/embeddings/a.xlsx", a_workbook_of(2000)),
    ),
    "picture of a gigapixel": ("图.png", lambda: zeros(60_000, 60_000)),
    "picture a pixel high": ("图.png", lambda: zeros(2**31 - 1, 1)),
}


def a_workbook_of(parts: int) -> bytes:
    """One with so many parts of nothing."""
    packed = io.BytesIO(a_workbook())
    with zipfile.ZipFile(packed, "a") as archive:
        for number in range(parts):
            archive.writestr(f"xl/media/{number}.xml", b"<a/>")
    return packed.getvalue()


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """Every file once: some take a second to be packed."""
    return {name: build() for name, (_, build) in BOMBS.items()}


def held(what: str) -> int:
    """The memory of this process as the kernel counts it, in bytes."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(re.findall(rf"{what}:\s+(\d+) kB", status)[0])


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_answered_in_words_and_costs_little(
    bomb: str, made: dict[str, bytes], sqlite: Database
) -> None:
    talk = Talk(sqlite)
    name, data = BOMBS[bomb][0], made[bomb]
    assert len(data) < 4_000_000
    for person in (ADMIN, LIAISON):
        # From here on the kernel notes the most that was ever held, C libraries' part included.
        Path("/proc/self/clear_refs").write_text("5")
        before = held("VmRSS")
        if name.endswith("png"):
            answers = talk.say(person, pictures=[data])
        else:
            answers = talk.say(person, files=[(name, data)])

        assert answers, "nobody is left without an answer"
        assert SECRET not in repr(answers)
        assert "哈哈哈" not in repr(answers)
        assert held("VmHWM") - before < MOST
    assert not Path("/tmp/dajuan-climbed").exists()
