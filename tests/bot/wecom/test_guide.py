"""The guides to the set-up name what there is: settings, pages of the console, lines of doctor."""

import re
from pathlib import Path

import pytest

from bot.wecom.console import PAGES

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ["企业微信怎么接.md", "wecom-setup.md"])
def test_a_guide_names_every_setting_and_no_check_that_is_none(name: str) -> None:
    guide = (ROOT / "docs" / name).read_text()
    source = "".join(path.read_text() for path in (ROOT / "bot" / "wecom").glob("*.py"))

    assert set(PAGES) <= set(re.findall(r"WECOM_[A-Z_]+", guide))
    told = re.findall(r"^ *\[(?:ok  |warn|fail)\] ([^:]+):", guide, re.MULTILINE)
    assert len(told) == 8
    assert all(f'"{check}"' in source for check in told)


def test_both_guides_show_the_same_lines() -> None:
    chinese, english = (
        re.findall(r"^ *(\[(?:ok  |warn|fail)\].*)$", (ROOT / "docs" / each).read_text(), re.M)
        for each in ("企业微信怎么接.md", "wecom-setup.md")
    )

    assert chinese == english
