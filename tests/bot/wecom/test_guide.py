"""The guides to the set-up name what there is: settings, pages of the console, lines of doctor."""

import pytest

from bot.wecom.console import PAGES
from tests.guides import check_guide, lines_shown

GUIDES = ("企业微信怎么接.md", "wecom-setup.md")


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_names_every_setting_and_no_check_that_is_none(name: str) -> None:
    check_guide(name, PAGES, "WECOM")

    assert len(lines_shown(name)) == 8


def test_both_guides_show_the_same_lines() -> None:
    chinese, english = map(lines_shown, GUIDES)

    assert chinese == english
