"""The guides to the set-up with a platform, in Chinese and English, held to what there is."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_LINE = re.compile(r"^ *(\[(?:ok  |warn|fail)\] ([^:]+):.*)$", re.MULTILINE)


def lines_shown(guide: str) -> list[str]:
    """The lines of `dajuan doctor` that the guide of this name shows."""
    return [line for line, _ in _LINE.findall(_text(guide))]


def check_guide(
    guide: str, settings: Iterable[str], prefix: str, made: Collection[str] = ()
) -> None:
    """The guide names every one of the settings and no other, and no check that is none.

    *made* are checks whose names do not stand in the source as they are.
    """
    text = _text(guide)
    source = "".join(path.read_text("utf-8") for path in (_ROOT / "bot").rglob("*.py"))
    named = set(re.findall(rf"{prefix}_[A-Z_]+", text))

    assert set(settings) <= named
    assert named <= set(re.findall(rf"{prefix}_[A-Z_]+", (_ROOT / ".env.example").read_text()))
    checks = [check for _, check in _LINE.findall(text)]
    assert checks
    assert [each for each in checks if f'"{each}"' not in source and each not in made] == []


def _text(guide: str) -> str:
    return (_ROOT / "docs" / guide).read_text("utf-8")
