"""The bot's plain words as WeCom's markdown: all of it at robots and the bot, little at the app."""

import re
from collections.abc import Sequence

from models.shown import Shown, Table

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


def as_markdown(text: str) -> str:
    """Every line as it stands: the marks in front bold, lists as lists, all else inert."""
    return "\n".join(_line(each) for each in text.split("\n"))


def shown_markdown(text: str, shown: Shown | None, limit: int) -> str:
    """What is shown with its table and page; where that passes *limit* bytes, *text*."""
    if shown is None:
        return as_markdown(text)
    parts = [as_markdown(shown.above)]
    if shown.table:
        parts.append(f"\n{_table(shown.table)}\n")
    if shown.below:
        parts.append(as_markdown(shown.below))
    if shown.page:
        parts.append(f"[{_inert(shown.page.label)}]({shown.page.address})")
    whole = "\n".join(parts)
    return whole if len(whole.encode()) <= limit else as_markdown(text)


def app_markdown(shown: Shown, limit: int) -> str | None:
    """The little that an app's markdown knows: a row of a table becomes a quoted line.

    None where it passes *limit* bytes.
    """
    head, _, more = shown.above.partition("\n")
    rows = shown.table.rows if shown.table else ()
    parts = [
        f"**{_inert(head)}**",
        _lines(more),
        *(f"> {_row(shown.table, each)}" for each in rows if shown.table),
        _lines(shown.below),
        f"[{_inert(shown.page.label)}]({shown.page.address})" if shown.page else "",
    ]
    whole = "\n".join(filter(None, parts))
    return whole if len(whole.encode()) <= limit else None


def _table(table: Table) -> str:
    return "\n".join(
        f"| {' | '.join(each)} |"
        for each in (_cells(table.head), ("---",) * len(table.head), *map(_cells, table.rows))
    )


def _cells(row: Sequence[str]) -> Sequence[str]:
    return tuple(_inert(" ".join(each.split())) for each in row)


def _row(table: Table, row: Sequence[str]) -> str:
    """**今天（8月25日）** 单位：州公安局；事项：州1-7 雪亮工程."""
    first, *rest = _cells(row)
    named = zip(_cells(table.head[1:]), rest, strict=True)
    marked = f"**{first}** " if first else ""
    return marked + "；".join(f"{head}：{cell}" for head, cell in named)


def _line(line: str) -> str:
    if found := _HEADS.match(line):
        # Between a bracket and a letter ** would close nothing.
        heads = _inert(found["heads"]).replace("【", "【**").replace("】", "**】")
        return heads + _inert(found["rest"])
    if found := _ITEM.match(line):
        return f"{found['mark']} {_inert(found['rest'])}"
    return _inert(line)


def _lines(text: str) -> str:
    return "\n".join(map(_inert, text.split("\n")))


def _inert(line: str) -> str:
    parts = _ADDRESS.split(_BEGINNING.sub(_begun, line))
    return "".join(e if at % 2 else e.translate(_ALIKE) for at, e in enumerate(parts))


def _begun(found: re.Match[str]) -> str:
    return found["space"] + found["signs"].translate(_BEGINNINGS)
