"""The bot's plain words as DingTalk's markdown, which has no tables and breaks lines by blanks."""

import re

from bot.markdown import inert_line, lines_marked, quoted_rows
from bot.platforms.base import without_nul
from models.shown import Page, Shown

#: Only blanks around it make it a break.
_BREAK = "  \n  "
#: Between blocks, so that a line below a quote is none of it.
_PARAGRAPH = "\n\n"
#: Such an address is an action of the client: it may say a word in the reader's name.
_SCHEME = re.compile(r"(?<![A-Za-z0-9+.-])(?!https?:)([A-Za-z][A-Za-z0-9+.-]*):(?=//)", re.I)
#: On the wire these would be escapes such as \\u0007, which are refused.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def plain(text: str) -> str:
    """*text* for a message without markdown: nothing in it leads into the client's own actions."""
    return _SCHEME.sub(r"\1：", _CONTROL.sub(" ", without_nul(text)))


def as_markdown(text: str) -> str:
    """Every line as it stands: the marks in front bold, lists as lists, all else inert."""
    return _BREAK.join(lines_marked(plain(text)))


def shown_markdown(shown: Shown, *, with_page: bool = True) -> str:
    """What is shown: a row of its table is a quoted line, its page a link."""
    blocks = [
        as_markdown(shown.above),
        _BREAK.join(map(plain, quoted_rows(shown.table))),
        as_markdown(shown.below),
        page_link(shown.page) if shown.page and with_page else "",
    ]
    return _PARAGRAPH.join(filter(None, blocks))


def page_link(page: Page) -> str:
    """A page of ours, to be tapped."""
    return link(page.label, page.address)


def link(label: str, address: str) -> str:
    """A word to be tapped; *address* is one of ours."""
    return f"[{inert_line(plain(label))}]({address})"


def joined(*blocks: str) -> str:
    """Markdown below markdown."""
    return _PARAGRAPH.join(filter(None, blocks))
