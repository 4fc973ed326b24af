"""Whatever people type, they get one answer, and nothing that was not a report is one."""

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
PEOPLE = st.sampled_from([POLICE, "管理员甲", "领导甲", "路人"])


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Talk]:
    folder = tmp_path_factory.mktemp("talk")
    yield from light_talk(folder, sqlite_template)
    shutil.rmtree(folder, ignore_errors=True)


_WORDS = (
    "报送 更正 修改 撤回 无变化 确认 提交 取消 上一步 重来 继续 左移 "
    "用裁剪图 怎么报 帮助 进度 查看 "
    "州1-7 新7 雪亮工程 xlgc 截至 完成数 措施 问题 下一步 其中 分别 ： ； 、 "
    "1710个 28% 三分之二 约 余 "
    "8月31日 1—8月 万 亿 -5 下降 （ ） ［ {0} {} %s 图1 ；吉首市 吉首市1000个、花垣县55个 \u202e "
    "\u200b \x00 🙂 同上 1 2 #1 9999999999 \t ｜ “ ” 「 」"
)
pieces = st.sampled_from([*_WORDS.split(" "), "\n", "\n\n"])
texts = st.lists(pieces | st.text(max_size=6), max_size=14).map("".join)
long_texts = st.builds(
    lambda text, times: (text * times)[:20_000], texts, st.sampled_from([40, 400, 4_000])
)
_UNHURRIED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_UNHURRIED
@given(texts, PEOPLE, texts)
def test_every_text_is_answered_at_most_once_and_never_breaks(
    talk: Talk, text: str, person: str, quoted: str
) -> None:
    answers = talk.say(person, text, quoted=quoted)

    assert len(answers) <= 1 or len("".join(answers).encode()) > 2000
    assert all(len(answer.encode()) <= 2000 for answer in answers)


@settings(_UNHURRIED, max_examples=30)
@given(long_texts, PEOPLE)
def test_long_texts_are_answered_or_refused_with_the_reason(
    talk: Talk, text: str, person: str
) -> None:
    answers = talk.say(person, text)

    assert all(len(answer.encode()) <= 2000 for answer in answers)


_RECORD = "\n".join(
    f"联络员{n}  8月{n % 28 + 1}日 10:{n % 60:02}\n收到，雪亮工程装了{n}个，州1-7 {n}%"
    for n in range(60)
)


@pytest.mark.parametrize(
    "text",
    [
        "9" * 20_000,
        "（" * 20_000,
        "[{(<" * 5_000,
        "\u202e" * 20_000,
        "\x01\x02\x7f" * 6_000,
        "报送 " + "州" * 20_000,
        "更正 1 " + "长" * 20_000,
        "从前有一个县城，" * 2_500,
        _RECORD,
    ],
    ids=[
        "digits",
        "brackets",
        "mixed brackets",
        "right-to-left marks",
        "control characters",
        "a name without end",
        "a correction",
        "a novel",
        "a forwarded chat record",
    ],
)
def test_a_monster_is_answered_once(talk: Talk, text: str) -> None:
    before = _count(talk)

    assert len(talk.say(POLICE, text)) == 1
    assert _count(talk) == before


def _count(talk: Talk) -> int:
    with talk.database.read() as session:
        return len(session.exec(select(Submission)).all())
