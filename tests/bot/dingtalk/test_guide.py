"""The guides to the set-up name what there is: settings, lines of doctor, variables of the card."""

import re
from pathlib import Path

import pytest

from bot.dingtalk.cards import MOST
from bot.dingtalk.console import PAGES
from bot.dingtalk.errors import meaning
from bot.dingtalk.meter import Pool
from bot.dingtalk.taps import CHOSEN, WORDS
from tests.guides import check_guide, lines_shown

GUIDES = ("钉钉怎么接.md", "dingtalk-setup.md")
DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_names_every_setting_and_no_check_that_is_none(name: str) -> None:
    check_guide(name, PAGES, "DINGTALK", {f"dingtalk quota {pool}" for pool in Pool})

    assert len(lines_shown(name)) == 11


def test_both_guides_show_the_same_lines() -> None:
    chinese, english = map(lines_shown, GUIDES)

    assert chinese == english


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_tells_whoever_draws_the_card_of_every_variable(name: str) -> None:
    said = (DOCS / name).read_text("utf-8")

    drawn = {"title", "text", "b1", f"b{MOST}", "w1", f"w{MOST}", "status", CHOSEN, WORDS}
    assert drawn <= set(re.findall(r"`(\w+)`", said))


def codes_of(guide: str) -> set[int | str]:
    """The codes in the first column of its tables; 20001 comes with messages, as no answer."""
    rows = re.findall(r"^\| (.+?) \|", (DOCS / guide).read_text("utf-8"), re.MULTILINE)
    numbers = {int(each) for row in rows for each in re.findall(r"\b\d{5,6}\b", row)}
    names = {each for row in rows for each in re.findall(r"`([a-z]\w+\.[\w.]+)`", row)}
    return (numbers - {20001}) | names


def test_every_code_among_the_troubles_has_a_meaning_of_its_own() -> None:
    chinese, english = map(codes_of, GUIDES)
    unknown = meaning("there.is.no.such.code")

    assert chinese == english
    assert {310000, 60020, "chatbotId.notAllow.sendOTO"} <= chinese
    assert [each for each in chinese if meaning(each) == unknown] == []
