"""Finding a Chinese font, and noticing what it cannot draw before a picture goes out."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from handlers.render import fonts
from handlers.render.fonts import (
    FontMissing,
    drawable,
    drawable_data,
    font,
    missing_glyphs,
    use_font,
    width_of,
)


@pytest.fixture
def own_font_again():
    yield
    use_font(None)


def test_the_simplified_chinese_face_is_taken_out_of_the_collection():
    assert font(36).getname() == ("Noto Sans CJK SC", "Regular")
    assert font(36) is font(36)


def test_a_font_of_the_operator_is_used_for_every_size(own_font_again):
    path = font(36).path

    use_font(path)

    assert font(20).path == path
    assert font(20).getname()[0] == "Noto Sans CJK SC"


@pytest.mark.parametrize("content", [None, b"", b"not a font"], ids=["absent", "empty", "text"])
def test_a_wrong_font_path_is_said_at_once(tmp_path: Path, own_font_again, content):
    path = tmp_path / "仿宋.ttf"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(FontMissing, match=r"FONT_PATH.*仿宋\.ttf"):
        use_font(path)

    assert font(20).getname()[0] == "Noto Sans CJK SC"  # what was drawn with before


def test_without_any_font_the_operator_is_told_what_to_install(monkeypatch, own_font_again):
    monkeypatch.setattr(fonts, "_found", lambda: None)

    with pytest.raises(FontMissing, match=r"noto-cjk\[sans\].*FONT_PATH"):
        use_font(None)
    monkeypatch.undo()


@pytest.mark.parametrize("text", ["州公安局", "囍㐂喆燚彧", "①②▲□—·％"])
def test_rare_characters_of_names_are_there(text):
    assert missing_glyphs(text, font(24)) == ()


def test_what_the_font_lacks_is_named_once_each():
    assert missing_glyphs("州😀公😀安🚀 局", font(24)) == ("😀", "🚀")


@pytest.mark.parametrize(
    ("text", "shown", "missing"),
    [
        ("州人社局", "州人社局", ()),
        ("州😀人社局", "州〓人社局", ("😀",)),
        ("家👨\u200d👩", "家〓〓", ("👨", "👩")),
        ("州\u200b残联\ufe0f", "州残联", ()),
        ("两\n行\t字", "两 行 字", ()),
    ],
    ids=["plain", "emoji", "joined", "invisible", "line break"],
)
def test_text_is_made_drawable_and_says_what_it_lost(text, shown, missing):
    assert drawable(text) == (shown, missing)


def test_chinese_characters_are_as_wide_as_they_are_high():
    assert width_of("民生实事", 36) == 4 * 36


@dataclass(frozen=True)
class _Line:
    name: str
    values: tuple[str, ...]
    count: int = 3


def test_every_text_of_a_table_is_made_drawable_and_nothing_else_changes():
    shown, missing = drawable_data((_Line("州😀局", ("吉首", "🚀站")), _Line("州残联", ())))

    assert shown == (_Line("州〓局", ("吉首", "〓站")), _Line("州残联", ()))
    assert missing == ("😀", "🚀")


def test_a_letter_and_its_accent_written_apart_are_drawn_as_one():
    assert drawable("Cafe\u0301") == ("Café", ())
