"""Opening a workbook safely: what it is, how much it holds, and nothing in it that runs."""

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath
from typing import NoReturn
from zipfile import ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import column_index_from_string

from models.errors import Problem, ProgrammeError

MAX_BYTES = 10_000_000
MAX_UNPACKED = 80_000_000
MAX_CELLS = 300_000
MAX_OTHER = 400_000
#: Elements of the parts that are built as a whole: styles, the list of sheets, references. A file
#: of 1,000 rows has some hundreds of them, one with the styles of twenty others some ten thousand.
MAX_WHOLE = 50_000
#: Elements of any kind, so that none is free because it usually stands in a cell.
MAX_ELEMENTS = 2_000_000
MAX_PARTS = 1_000
MAX_SHEETS = 200
MAX_ROWS = 20_000
MAX_COLUMNS = 100

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PREFIX = rb"<(?:[^\s<>:/]+:)?"
_TAG = re.compile(_PREFIX + rb"(\w+)")
#: A merged or linked area, of which every cell is built on opening.
_AREA = re.compile(
    _PREFIX
    + rb"(?:mergeCell|hyperlink)\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*?\bref\s*=\s*[\"']([^\"']*)"
)
_CORNERS = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
#: UTF-8 with and without its mark, and UTF-16 or EBCDIC, which are refused for their zeros or name.
_XML_STARTS = (
    b"<",
    b"\xef\xbb\xbf<",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\0<",
    b"\0\0\0<",
    b"\x4c\x6f\xa7",
)
_ROW = b"row"
_CELLS = (b"c", _ROW, b"si")
#: Read piece by piece; what is called otherwise may hold no more than a part built as a whole.
_PIECEWISE = re.compile(r"xl/(?:worksheets/[^/]+|sharedstrings)\.xml")
_INSIDE_CELLS = frozenset((b"v", b"f", b"is", b"t", b"r", b"rPr", b"phoneticPr"))
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MACRO = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
_LONGEST_TAG = 10_000
_SAVE_AS = "请在 Excel 或 WPS 中另存为“Excel 工作簿（.xlsx）”后再发"


def open_workbook(
    data: bytes, name: str, *, read_only: bool = False, most: int = MAX_UNPACKED
) -> Workbook:
    """The workbook in *data*; ProgrammeError says why it cannot be taken and what to send.

    *most* bytes may be in it unpacked. *read_only* builds no more than the row being looked at.
    """
    if reason := _refusal(data, name):
        _refuse(name, reason)
    try:
        with ZipFile(BytesIO(data)) as package:
            # Read-only, the rows are counted while they are read.
            rows = MAX_ELEMENTS if read_only else MAX_ROWS
            if reason := _package_refusal(package, name, most, rows):
                _refuse(name, reason)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that are not read, such as slicers
            if reason := _sheets_refusal(data):
                _refuse(name, reason)
            return load_workbook(BytesIO(data), keep_links=False, read_only=read_only)
    except ProgrammeError:
        raise
    except Exception as error:  # a damaged package fails in the parser with anything at all
        raise ProgrammeError(
            [Problem(f"《{name}》", f"文件已损坏，无法读取；{_SAVE_AS}")]
        ) from error


def _refuse(name: str, reason: str) -> NoReturn:
    raise ProgrammeError([Problem(f"《{name}》", reason)])


def _refusal(data: bytes, name: str) -> str | None:
    """Why these bytes are no workbook to be opened, judged from outside."""
    if not data:
        return "文件是空的，请重新发送"
    if len(data) > MAX_BYTES:
        size, limit = len(data) // 1_000_000, MAX_BYTES // 1_000_000
        return f"文件有 {size} MB，超过 {limit} MB；请删去图片和无关的工作表后再发"
    if data.startswith(_OLE):
        return _ole_refusal(data)
    if not data.startswith(b"PK\x03\x04"):
        return f"不是 Excel 工作簿{_text_kind(data)}；{_SAVE_AS}"
    if PurePath(name).suffix.lower() in (".xlsm", ".xltm", ".xlam"):
        return f"文件带有宏（{PurePath(name).suffix}）；{_SAVE_AS}"
    return None


def _ole_refusal(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "文件有打开密码；请先去掉密码（文件—信息—保护工作簿），再发"
    return f"是旧版 Excel（.xls）或 WPS 表格（.et）文件；{_SAVE_AS}"


def _text_kind(data: bytes) -> str:
    """What a file that only calls itself a workbook is."""
    start = data[:4096]
    if start.lstrip().lower().startswith((b"<html", b"<!doctype html", b"<table")):
        return "，是网页格式的表格"
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            text = start.decode(encoding, errors="strict" if len(data) <= 4096 else "ignore")
        except UnicodeDecodeError:
            continue
        if text.isprintable() or all(c.isprintable() or c in "\r\n\t" for c in text):
            return "，是改了扩展名的文本（如 CSV）"
    return ""


def _package_refusal(package: ZipFile, name: str, most: int, rows: int) -> str | None:
    """Why the parts of a workbook may not be read: macros, too much, or another kind of file."""
    infos = package.infolist()
    names = {info.filename.lower() for info in infos}
    if any(info.flag_bits & 1 for info in infos):
        return "压缩包有密码；请先去掉密码再发"
    if any("vbaproject" in each or "macrosheets/" in each for each in names):
        return f"文件带有宏；{_SAVE_AS}"
    if "xl/workbook.xml" not in names:
        kind = "是二进制工作簿（.xlsb）" if "xl/workbook.bin" in names else "不是 Excel 工作簿"
        return f"{kind}；{_SAVE_AS}"
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > most:
        limit = most // 1_000_000
        return f"解压后超过 {limit} MB，不像是填报工作簿；请删去多余的行和工作表后再发"
    return _parts_refusal(package, infos, rows)


def _parts_refusal(package: ZipFile, infos: list[ZipInfo], most_rows: int) -> str | None:
    """Every part is looked at whatever it is called: a sheet is found by reference, not by name."""
    cells = others = whole = elements = 0
    for info in infos:
        rows = 0
        is_xml = info.filename.lower().endswith((".xml", ".rels", ".vml"))
        for block in _blocks(package, info):
            is_xml = is_xml or block.startswith(_XML_STARTS)
            if is_xml and (reason := _block_refusal(info.filename, block)):
                return reason
            tags = Counter(_TAG.findall(block))
            held = sum(tags[tag] for tag in _CELLS)
            rows += tags[_ROW]
            if rows > most_rows:
                return f"有工作表超过 {most_rows} 行（含空行）；请选中表格外的空行，删除后保存再发"
            cells += held + sum(map(_area, _AREA.findall(block)))
            others += tags.total() - held - sum(tags[tag] for tag in _INSIDE_CELLS)
            elements += tags.total()
            whole += 0 if _PIECEWISE.fullmatch(info.filename.lower()) else tags.total()
            if cells > MAX_CELLS or others > MAX_OTHER or elements > MAX_ELEMENTS:
                limit = f"{MAX_CELLS // 10_000} 万个单元格"
                return f"超过 {limit}，或格式过多；请删去表格外多余的行、列和格式后再发"
            if whole > MAX_WHOLE:
                return "单元格样式、名称等过多；请新建工作簿，只粘贴数值后再发"
    return None


def _sheets_refusal(data: bytes) -> str | None:
    """Why the sheets may not be read: too many, or one part called a sheet many times over."""
    reader = ExcelReader(BytesIO(data), read_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.read_workbook()
        parts = [link.target for _, link in reader.parser.find_sheets()]
    if len(parts) > MAX_SHEETS:
        return f"有 {len(parts)} 个工作表，超过 {MAX_SHEETS} 个；请只留要用的工作表后再发"
    return f"文件内部结构不合规范；{_SAVE_AS}" if len(set(parts)) < len(parts) else None


def _block_refusal(name: str, block: bytes) -> str | None:
    if (
        _DECLARED.search(block)
        or _ENCODING.search(block)
        or b"\0" in block
        or block.startswith(_XML_STARTS[-1])
    ):
        return f"文件内部结构不合规范；{_SAVE_AS}"
    if name == "[Content_Types].xml" and _MACRO.search(block):
        return f"文件带有宏；{_SAVE_AS}"
    if name == "xl/workbook.xml" and b"purl.oclc.org/ooxml" in block:
        return f"是“Strict Open XML”格式；{_SAVE_AS}"
    return None


def _area(reference: bytes) -> int:
    """How many cells A1:D9 holds; more than allowed where it is written in any unusual way."""
    corners = _CORNERS.fullmatch(reference.decode("utf-8", "replace"))
    if corners is None:
        return MAX_CELLS + 1
    left, top, right, bottom = corners.groups(default="")
    if not right:
        return 1
    columns = column_index_from_string(right) - column_index_from_string(left)
    return (abs(columns) + 1) * (abs(int(bottom) - int(top)) + 1)


def _blocks(package: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    """The part in blocks that begin at a tag, so that no tag is cut in two."""
    tail = b""
    with package.open(info) as part:
        while read := part.read(1_000_000):
            block = tail + read
            cut = block.rfind(b"<", -_LONGEST_TAG)
            tail = block[cut:] if cut > 0 else b""
            yield block[:cut] if cut > 0 else block
    yield tail
