"""Plain words as markdown, every sign in them that a reader would act on made inert."""

import re
from collections.abc import Iterator, Sequence

from models.shown import Table

#: Signs that markdown would act on, as characters that only look like them: whether every client
#: knows backslashes before them is not documented, and 州1\-7 would be worse than nothing.
_ALIKE = str.maketrans("\\`*_~[]<>|", "＼＇＊＿～［］＜＞｜")
#: What makes a heading, a list, a rule or a title of the line above, where a line begins.
_BEGINNING = re.compile(r"^(?P<space> *)(?P<signs>[#+=-]+)(?= |$)")
_BEGINNINGS = str.maketrans("#+=-", "＃＋＝－")
_HEADS = re.compile(r"^(?P<heads>(?:【[^】\n]{1,60}】)+)(?P<rest>.*)$")
#: Only addresses of ours stand in what goes out.
_ADDRESS = re.compile(r"(https?://[!-~]+)")
_ITEM = re.compile(r"^(?P<mark>\d{1,2}\.|-) (?P<rest>.*)$")


def lines_marked(text: str) -> Iterator[str]:
    """Every line as it stands: the marks in front bold, lists as lists, all else inert."""
    return map(_marked, text.split("\n"))


def quoted_rows(table: Table | None) -> Iterator[str]:
    """> **今天（8月25日）** 单位：州公安局；事项：州1-7 雪亮工程."""
    return (f"> {_row(table, each)}" for each in table.rows) if table else iter(())


def inert_cells(row: Sequence[str]) -> Sequence[str]:
    """The cells of a row, each in one line and inert."""
    return tuple(inert_line(" ".join(each.split())) for each in row)


def inert_line(line: str) -> str:
    """*line* without a sign that would be acted on; the addresses in it stay."""
    parts = _ADDRESS.split(_BEGINNING.sub(_begun, line))
    return "".join(e if at % 2 else e.translate(_ALIKE) for at, e in enumerate(parts))


def _row(table: Table, row: Sequence[str]) -> str:
    first, *rest = inert_cells(row)
    named = zip(inert_cells(table.head[1:]), rest, strict=True)
    marked = f"**{first}** " if first else ""
    return marked + "；".join(f"{head}：{cell}" for head, cell in named)


def _marked(line: str) -> str:
    if found := _HEADS.match(line):
        # Between a bracket and a letter ** would close nothing.
        heads = inert_line(found["heads"]).replace("【", "【**").replace("】", "**】")
        return heads + inert_line(found["rest"])
    if found := _ITEM.match(line):
        return f"{found['mark']} {inert_line(found['rest'])}"
    return inert_line(line)


def _begun(found: re.Match[str]) -> str:
    return found["space"] + found["signs"].translate(_BEGINNINGS)
