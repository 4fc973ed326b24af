"""What SECURITY.md refers to is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_test_and_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`([\w*/.-]+\.(?:py|md))`", PAGE))
    everywhere = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    missing = [
        each
        for each in named
        if not (each in everywhere or list(ROOT.glob(each)) or (ROOT / each).is_dir())
    ]

    assert len(named) > 20
    assert missing == []
