"""What is said without a command: courtesies, casual talk, novels, strangers."""

import pytest

from models.db import Database
from tests.talk import Talk


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


@pytest.mark.parametrize("words", ["收到", "好的，谢谢！", "收到。", "辛苦了", "OK"])
def test_a_courtesy_needs_no_answer(talk: Talk, words: str) -> None:
    assert talk.say("州公安局联络员", words) == []


def test_a_novel_is_refused_with_its_length(talk: Talk) -> None:
    assert "4001字" in talk.say("州公安局联络员", "长" * 4001)[0]
