"""Whatever people type, a liaison gets one answer, and nothing that was not a report is one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from models.submission import Submission
from tests.talk import Talk, light_talk

POLICE = "州公安局联络员"


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Talk]:
    folder = tmp_path_factory.mktemp("talk")
    yield from light_talk(folder, sqlite_template)
    shutil.rmtree(folder, ignore_errors=True)


_WORDS = (
    "报送 更正 修改 撤回 无变化 确认 提交 取消 州1-7 雪亮工程 截至 完成数 措施 ： 1710个 28% "
    "8月31日 万 亿 -5 （ ） ［ {0} {} %s 图1 ；吉首市 \u202e \u200b \x00 🙂 同上 1 2 #1 9999999999"
)
pieces = st.sampled_from([*_WORDS.split(" "), "\n"])
texts = st.lists(pieces | st.text(max_size=6), max_size=14).map("".join)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts)
def test_every_text_is_answered_at_most_once_and_never_breaks(talk: Talk, text: str) -> None:
    answers = talk.say(POLICE, text)

    assert len(answers) <= 1
    assert all(len(answer.encode()) <= 2000 for answer in answers)


@pytest.mark.parametrize(
    "text",
    [
        "9" * 20_000,
        "（" * 20_000,
        "\u202e" * 20_000,
        "报送 " + "州" * 20_000,
        "更正 1 " + "长" * 20_000,
    ],
    ids=["digits", "brackets", "right-to-left marks", "a name without end", "a correction"],
)
def test_a_monster_is_answered_once(talk: Talk, text: str) -> None:
    before = _count(talk)

    assert len(talk.say(POLICE, text)) == 1
    assert _count(talk) == before


def _count(talk: Talk) -> int:
    with talk.database.read() as session:
        return len(session.exec(select(Submission)).all())
