"""The one place that finds a Chinese font, and tells which characters it cannot draw."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from unicodedata import category, normalize

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from models.errors import SettingsError

#: The printers' mark for a letter that is not in the case: no font draws it for want of a glyph.
_GETA = "〓"
_NEVER_ASSIGNED = "\U0010fffd"
_PROBE_SIZE = 24
_SYSTEM_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_SYSTEM_NAMES = ("NotoSansCJK*Regular*.tt[cf]", "NotoSansCJK*Regular*.otf", "NotoSansSC*Regular*")


Data = TypeVar("Data")


class FontMissing(SettingsError):
    """No font that draws Chinese; the text says where one may be put."""


class _Choice:
    path: Path | None = None


def use_font(path: str | Path | None) -> None:
    """Draw with this font file from now on; None or empty goes back to the one that is found.

    Raises FontMissing at once, so that a wrong setting is seen at start-up and not on Monday; what
    was drawn with before is drawn with then.
    """
    before = _Choice.path
    _choose(Path(path) if path else None)
    try:
        font(_PROBE_SIZE)
    except FontMissing:
        _choose(before)
        raise


def _choose(path: Path | None) -> None:
    _Choice.path = path
    for cached in (_face, font, glyph, _is_drawable, width_of):
        cached.cache_clear()


@lru_cache(maxsize=64)
def font(size: int) -> FreeTypeFont:
    """The font in this size. There is no bold face: bold text is drawn with a stroke."""
    path, index = _face()
    return ImageFont.truetype(str(path), size, index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _face() -> tuple[Path, int]:
    """The file and, in a collection of several scripts, its simplified Chinese face."""
    path = _Choice.path or _found()
    if path is None:
        raise FontMissing(
            "找不到中文字体：请安装 noto-cjk[sans]，或在 FONT_PATH 中填写一个中文字体文件的路径。"
        )
    names = list(_faces_of(path))
    if not names:
        raise FontMissing(f"FONT_PATH 指向的文件打不开或不是字体：{path}。请填写中文字体的路径。")
    return path, next((at for at, name in enumerate(names) if name.endswith(" SC")), 0)


def _faces_of(path: Path) -> Iterator[str]:
    for index in range(32):
        try:
            yield ImageFont.truetype(str(path), _PROBE_SIZE, index).getname()[0] or ""
        except OSError:
            return


def _found() -> Path | None:
    return _packaged() or next(_on_system(), None)


def _packaged() -> Path | None:
    try:
        from noto_cjk import FontNotInstalled, otc_path
    except ImportError:
        return None
    try:
        return Path(otc_path("sans"))
    except FontNotInstalled:
        return None


def _on_system() -> Iterator[Path]:
    for folder in _SYSTEM_FOLDERS:
        for name in _SYSTEM_NAMES:
            yield from sorted(Path(folder).expanduser().rglob(name))


def missing_glyphs(text: str, drawn_with: FreeTypeFont) -> tuple[str, ...]:
    """The characters of *text* that this font draws as its empty box or as nothing, each once."""
    return tuple(
        character
        for character in dict.fromkeys(text)
        if not character.isspace() and not _draws(character, drawn_with)
    )


def _draws(character: str, drawn_with: FreeTypeFont) -> bool:
    """Compared with what is drawn for a character that will never exist; fonts do not say it."""
    mask = drawn_with.getmask(character)
    if mask.getbbox() is None:
        return False
    absent = drawn_with.getmask(_NEVER_ASSIGNED)
    return mask.size != absent.size or bytes(mask) != bytes(absent)


@lru_cache(maxsize=8192)
def _is_drawable(character: str) -> bool:
    return character.isspace() or _draws(character, font(_PROBE_SIZE))


def drawable(text: str) -> tuple[str, tuple[str, ...]]:
    """*text* as it can be drawn, and what could not be: each such character becomes a 〓.

    Characters that are invisible by nature (joiners, variation selectors) are left out silently.
    """
    whole = normalize("NFC", text)
    seen = "".join(" " if each.isspace() else each for each in whole if not _is_invisible(each))
    missing = tuple(each for each in dict.fromkeys(seen) if not _is_drawable(each))
    if not missing:
        return seen, ()
    return "".join(replacement() if each in missing else each for each in seen), missing


def replacement() -> str:
    """What stands for a character that cannot be drawn."""
    return _GETA if _is_drawable(_GETA) else "?"


def drawable_data(data: Data) -> tuple[Data, tuple[str, ...]]:
    """Dataclasses and tuples with every text made drawable, and what was lost, each once."""
    missing: list[str] = []
    return _drawn(data, missing), tuple(dict.fromkeys(missing))


def _drawn(data: Any, missing: list[str]) -> Any:
    if type(data) is str:
        shown, lost = drawable(data)
        missing.extend(lost)
        return shown
    if isinstance(data, tuple):
        return tuple(_drawn(each, missing) for each in data)
    if is_dataclass(data) and not isinstance(data, type):
        parts = {each.name: getattr(data, each.name) for each in fields(data)}
        return replace(data, **{name: _drawn(part, missing) for name, part in parts.items()})
    return data


def _is_invisible(character: str) -> bool:
    if "\ufe00" <= character <= "\ufe0f":
        return True
    return category(character) in ("Cc", "Cf") and not character.isspace()


@dataclass(frozen=True)
class Glyph:
    """A character as drawn: its mask, where that begins from the pen, and how far the pen goes."""

    mask: Image.Image
    left: int
    top: int
    advance: int


@lru_cache(maxsize=4096)
def glyph(character: str, size: int, stroke: int) -> Glyph:
    """The character from the baseline; kept, since drawing outlines anew takes most of the time."""
    drawn_with = font(size)
    left, top, right, bottom = map(
        int, drawn_with.getbbox(character, anchor="ls", stroke_width=stroke)
    )
    mask = Image.new("L", (max(right - left, 1), max(bottom - top, 1)), 0)
    ImageDraw.Draw(mask).text(
        (-left, -top), character, font=drawn_with, fill=255, anchor="ls", stroke_width=stroke
    )
    return Glyph(mask, left, top, round(drawn_with.getlength(character)))


@lru_cache(maxsize=8192)
def width_of(text: str, size: int) -> float:
    """How many pixels wide *text* is drawn."""
    return font(size).getlength(text)
