"""The bot's plain words as WeCom's markdown: all of it at robots and the bot, little at the app."""

from bot.markdown import inert_cells, inert_line, lines_marked, quoted_rows
from models.shown import Shown, Table


def as_markdown(text: str) -> str:
    """Every line as it stands: the marks in front bold, lists as lists, all else inert."""
    return "\n".join(lines_marked(text))


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
        parts.append(f"[{inert_line(shown.page.label)}]({shown.page.address})")
    whole = "\n".join(parts)
    return whole if len(whole.encode()) <= limit else as_markdown(text)


def app_markdown(shown: Shown, limit: int) -> str | None:
    """The little that an app's markdown knows: a row of a table becomes a quoted line.

    None where it passes *limit* bytes.
    """
    head, _, more = shown.above.partition("\n")
    parts = [
        f"**{inert_line(head)}**",
        _lines(more),
        *quoted_rows(shown.table),
        _lines(shown.below),
        f"[{inert_line(shown.page.label)}]({shown.page.address})" if shown.page else "",
    ]
    whole = "\n".join(filter(None, parts))
    return whole if len(whole.encode()) <= limit else None


def _table(table: Table) -> str:
    return "\n".join(
        f"| {' | '.join(each)} |"
        for each in (
            inert_cells(table.head),
            ("---",) * len(table.head),
            *map(inert_cells, table.rows),
        )
    )


def _lines(text: str) -> str:
    return "\n".join(map(inert_line, text.split("\n")))
