"""Whatever people write is folded before any reader looks: nine patterns need it to be."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli_read import read_data
from handlers.context import Context, Services
from handlers.reading.normalise import folded
from handlers.registry import Registry, discover
from handlers.reporting.intake import take_in
from handlers.reporting.sheets import sheets_of
from models.message import Reply
from tests.conftest import SHANGHAI
from tests.handlers.test_reporting_workbooks import a_book
from tests.talk import ADDRESSES, MORNING, MediaShelf, Talk

ROOT = Path(__file__).parents[3]
BLANKS = " \u200b\t" * 1_000
READING = "handlers.reading"
#: What reads no pattern out of a text.
HARMLESS = {f"{READING}.limits", f"{READING}.harmless"}


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Each name that a module imports, with where from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", each.name) for each in node.names)


@pytest.mark.parametrize("package", ["bot", "scheduler"])
def test_whoever_reads_outside_of_the_handlers_folds(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        names = [(module, name) for module, name in imported(path) if module.startswith(READING)]
        if any(module not in HARMLESS for module, _ in names):
            assert {"folded", "folded_map"} & {name for _, name in names}, path


def test_a_message_and_what_it_quotes_come_folded_to_every_command(talk: Talk) -> None:
    heard: list[Context] = []

    def listen(context: Context, rest: str) -> Reply:
        heard.append(context)
        return Reply(rest)

    registry = Registry()
    for each in discover().commands.values():
        registry.add_command(replace(each, run=listen))
    talk.services = Services(
        media=talk.shelf, registry=registry, zone=SHANGHAI, addresses=ADDRESSES
    )
    said = f"报送 州1-7{BLANKS}完成数：1900个"
    talk.say("州公安局联络员", said, quoted=said)

    [context] = heard
    assert context.message.text == context.message.quoted_text == folded(said)
    assert len(context.message.text) < 100


def test_the_cells_of_a_workbook_are_folded() -> None:
    shelf = MediaShelf()
    cell = f"完成{BLANKS}1900个"
    media = take_in(
        a_book(Sheet1=(("任务编号", "完成数"), ("州1-7", cell))), "表.xlsx", shelf, MORNING
    )

    assert sheets_of(media, shelf)[0].rows[1].cells == ("州1-7", folded(cell))


def test_the_command_line_folds_and_says_where_it_was_written() -> None:
    text = f"完成数：{BLANKS}1900个"
    [figure] = read_data(text, "2021-08-20")["figures"]

    assert text[figure["start"] : figure["end"]] == "1900个"
