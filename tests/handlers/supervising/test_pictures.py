"""Pictures in replies: pages with names, and a word where the font lacks a character."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from handlers.render.drawing import Page
from handlers.render.sheets import Layout
from handlers.supervising.pictures import kept_pictures, lacking_line
from models.unit import Unit
from tests.talk import Talk, light_talk

PAGE = Page(1080, 200, ())


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    yield from light_talk(tmp_path, sqlite_template)


def test_one_page_has_its_name_and_several_are_numbered(talk: Talk) -> None:
    [one] = kept_pictures(talk.services, Layout((PAGE,)), "答卷专栏排名8月", marked=True)
    two = kept_pictures(talk.services, Layout((PAGE, PAGE)), "县市进度8月", marked=False)

    assert (one.name, one.mime, one.marked) == ("答卷专栏排名8月.png", "image/png", True)
    assert [each.name for each in two] == ["县市进度8月-1.png", "县市进度8月-2.png"]
    assert talk.shelf.get(one.sha).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ((), ()),
        (("🚓",), ("图中“〓”处是字体缺少的字（🚓），以原名称为准。",)),
        (
            tuple("😀😁😂😃😄😅😆"),
            ("图中“〓”处是字体缺少的字（😀、😁、😂、😃、😄、😅等7个字），以原名称为准。",),
        ),
    ],
    ids=["none", "one", "many"],
)
def test_what_a_picture_cannot_show_is_said_beside_it(
    missing: tuple[str, ...], said: tuple[str, ...]
) -> None:
    assert lacking_line(Layout((PAGE,), missing)) == said


def test_a_unit_with_an_emoji_in_its_name_is_ranked_and_the_reader_told(talk: Talk) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        unit.name = "州公安🚓局"

    [answer, *_] = talk.say("领导甲", "排名 答卷专栏")

    assert answer.splitlines()[-1] == "图中“〓”处是字体缺少的字（🚓），以原名称为准。"
    assert talk.pictures_of("领导甲")
