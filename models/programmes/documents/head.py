"""What a document is: its title, year, area and short name, from its first lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.errors import Problem, ProgrammeError
from models.programmes.documents.blocks import Block, Line, Table, one_line
from models.programmes.documents.items import Notes
from models.programmes.documents.naming import programme_code, programme_short

_HEAD_LINES = 12
_ISSUED = r"关于(?:印发|转发|公布|下达|下发|分解)\s*"
_ISSUED_TEXT = re.compile(
    rf"{_ISSUED}《(?P<title>.+)》的(?:通知|函|公告)|{_ISSUED}(?P<bare>[^《》]{{4,60}}?)的(?:通知|函|公告)"
)
_NOTICE = re.compile(r"(?P<title>关于.{4,60}?的(?:通知|通报|意见|函|公告|方案|报告))$")
_YEAR = re.compile(r"(?:20\d{2})(?=\s*(?:年|〕|\]))")
_NO_TITLE = re.compile(
    r"^(?:附件|附表|统计截止|截[止至]|注[:：]|\S{0,10}[〔\[]20\d{2}[〕\]]\d*号?$|(?:20\d{2}年)?第?\d*期$"
    r"|20\d{2}年\d+月\d+日.{0,4}$|特急|急件|机密|秘密|[（(].*[）)]$)|^.{2,40}[:：]$"
)
_AREA = re.compile(
    r"(?<![一-鿿])(?P<area>(?![省州市县区各全本])[一-鿿]{2,12}?(?:省|自治区|自治州|州|市|县|区|旗))"
    r"(?=人民|委|政府|实施|关于|办公|直|各|年|重点|民生|落实|承办|本级|优化|推进|贯彻|开展|加强|促进|深化"
    r"|全面|加快|打造|十[大件]|[“《〈\d\s]|$)"
)
_CODE = re.compile(r"[a-z][a-z0-9-]{1,40}")


@dataclass(frozen=True)
class Source:
    """What the command line says of the document; None is read from the document itself."""

    code: str | None = None
    title: str | None = None
    year: int | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What the programme is called, where and when it holds."""

    code: str
    title: str
    short: str
    year: int
    area: str


def read_head(blocks: Sequence[Block], given: Source, name: str, notes: Notes) -> Head:
    """The programme's names; ProgrammeError lists all that neither document nor command says."""
    lines = [_bare(text) for text in _head_lines(blocks)]
    title = given.title or _title(lines)
    year = given.year or _year(title or "", lines)
    area = given.area or _area(lines, blocks)
    missing = {
        "标题": ("--title", title),
        "年度": ("--year", year),
        "地区": ("--area", area),
    }
    problems = [
        Problem(name, f"没有读到{what}，请用 {option} 写明")
        for what, (option, found) in missing.items()
        if not found
    ]
    if given.code and not _CODE.fullmatch(given.code):
        problems.append(
            Problem(name, f"代号“{given.code}”应为小写字母开头的字母、数字和“-”，2 到 41 个字符")
        )
    if problems or not (title and year and area):
        raise ProgrammeError(problems)
    short = programme_short(title.removeprefix(area))
    head = Head(given.code or programme_code(short, year), title, short, year, area)
    _tell(head, given, name, notes)
    return head


def _tell(head: Head, given: Source, name: str, notes: Notes) -> None:
    """What was read rather than given, in one line."""
    read = {
        "标题": (given.title, head.title),
        "年度": (given.year, head.year),
        "地区": (given.area, head.area),
        "代号": (given.code, head.code),
    }
    told = [f"{what}“{value}”" for what, (said, value) in read.items() if said is None]
    if told:
        text = f"{'、'.join(told)}取自文件；如不对，请用 --title、--year、--area、--code 写明"
        notes.assume(name, text)


def _head_lines(blocks: Sequence[Block]) -> Iterator[str]:
    """Lines before the first heading or table; the title may be a table's first row."""
    for block in blocks[:_HEAD_LINES]:
        if isinstance(block, Line):
            if re.match(
                r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三][）)]|1\s*[．.、])", block.text
            ):
                return
            yield block.text
        else:
            yield from _title_row(block)
            return


def _title_row(table: Table) -> Iterator[str]:
    said = {text for text in table.rows[0].texts if text.strip()} if table.rows else set()
    if len(said) == 1:
        yield said.pop()


def _bare(text: str) -> str:
    """A head line in one piece; the blanks that centre it or set off a year fall away."""
    return one_line(text)


def _title(lines: Sequence[str]) -> str | None:
    joined = "".join(lines[:4])
    if issued := _ISSUED_TEXT.search(joined):
        return str(issued["title"] or issued["bare"]).strip()
    candidates = [line for line in lines if not _NO_TITLE.search(line)]
    for one, two in zip(candidates, [*candidates, ""][1:], strict=True):
        for text in (one, one + two):
            if notice := _NOTICE.search(text):
                return notice["title"]
    first = candidates[0] if candidates else ""
    return first if 4 <= len(first) <= 80 else None


def _year(title: str, lines: Sequence[str]) -> int | None:
    for text in (title, *lines):
        if found := _YEAR.search(text):
            return int(found.group())
    return None


def _area(lines: Sequence[str], blocks: Sequence[Block]) -> str | None:
    tail = [_bare(block.text) for block in blocks[-8:] if isinstance(block, Line)]
    for text in (*lines, *tail):
        if found := _AREA.search(re.sub(r"20\d{2}年度?", " ", text)):
            return found["area"]
    return None
