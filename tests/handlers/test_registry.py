"""Commands by their words: the longest wins, look-alikes count, and no word has two owners."""

import pytest

from handlers.context import Context
from handlers.registry import Command, Digest, InGroup, Registry, discover
from models.chat import ChatPurpose
from models.message import Reply


def a_command(name: str, *words: str, alone: bool = False) -> Command:
    def run(context: Context, rest: str) -> Reply:
        return Reply(name)

    return Command(name, words, run, frozenset(), InGroup.ANSWER, alone, False, words[0], name)


@pytest.fixture
def registry() -> Registry:
    registry = Registry()
    registry.add_command(a_command("report", "报送", "上报", "填报"))
    registry.add_command(a_command("missing", "未报", "谁没报"))
    registry.add_command(a_command("chase", "催报"))
    registry.add_command(a_command("chase_all", "催报全部"))
    registry.add_command(a_command("progress", "进度"))
    registry.add_command(a_command("confirm", "确认", "OK", alone=True))
    registry.add_command(a_command("contact", "对接", alone=True))
    return registry


@pytest.mark.parametrize("number", ["激7", "感14", "州1-7", "政７", "激7吉首市"])
def test_a_task_s_number_may_be_glued_to_a_word_that_stands_alone(
    registry: Registry, number: str
) -> None:
    found = registry.command_for(f"对接{number} 9月19日")

    assert found is not None
    assert (found[0].name, found[1]) == ("contact", f"{number} 9月19日")


@pytest.mark.parametrize(
    "text", ["对接更新3条", "对接第3项", "对接了3次", "对接共5家单位", "对接省3次"]
)
def test_a_count_behind_such_a_word_is_a_sentence(registry: Registry, text: str) -> None:
    assert registry.command_for(text) is None


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("报送 州1-7", "report", "州1-7"),
        ("上报州1-7", "report", "州1-7"),
        ("  填报　州1-7", "report", "　州1-7".strip()),
        ("報送 州1-7", "report", "州1-7"),
        ("报 送 州1-7", "report", "州1-7"),
        ("报\u200b送 州1-7", "report", "州1-7"),
        ("报送：州1-7", "report", "州1-7"),
        ("报送\n州1-7\n完成数：1710个", "report", "州1-7\n完成数：1710个"),
        ("谁没报", "missing", ""),
        ("催报 州公安局", "chase", "州公安局"),
        ("催报全部", "chase_all", ""),
        ("进度 雪亮工程", "progress", "雪亮工程"),
        ("确认", "confirm", ""),
        ("确认。", "confirm", ""),
        ("ok", "confirm", ""),
        ("ＯＫ", "confirm", ""),
        ("确认 统计口径调整", "confirm", "统计口径调整"),
    ],
)
def test_a_text_calls_the_command_it_begins_with(
    registry: Registry, text: str, name: str, rest: str
) -> None:
    found = registry.command_for(text)

    assert found is not None
    assert (found[0].name, found[1].strip()) == (name, rest)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "早上好", "已经报送了", "确认过了才敢报", "进", "okay，收到"],
    ids=["nothing", "blank", "line", "talk", "word inside", "glued", "half a word", "other word"],
)
def test_ordinary_talk_calls_none(registry: Registry, text: str) -> None:
    assert registry.command_for(text) is None


@pytest.mark.parametrize("word", ["未报", "未報", "ｏｋ"], ids=["same", "traditional", "width"])
def test_a_word_with_two_owners_is_an_error_at_start(registry: Registry, word: str) -> None:
    with pytest.raises(ValueError, match="other"):
        registry.add_command(a_command("other", word))


def test_a_name_with_two_owners_is_an_error_at_start(registry: Registry) -> None:
    with pytest.raises(ValueError, match="report is announced twice"):
        registry.add_command(a_command("report", "另报"))


def test_a_digest_with_two_owners_is_an_error_at_start(registry: Registry) -> None:
    each = Digest("weekly", "周排名", ChatPurpose.LEADERS, "0 9 * * mon", lambda context: iter(()))
    registry.add_digest(each)

    with pytest.raises(ValueError, match="weekly is announced twice"):
        registry.add_digest(each)


def test_every_file_of_the_commands_announces_itself_once() -> None:
    first, again = discover(), discover()

    assert set(first.commands) == set(again.commands)
    words = [word for each in first.commands.values() for word in each.words]
    assert {"绑定", "报送", "任务", "帮助", "未报", "催报"} <= set(words)
    assert len(words) == len(set(words))


@pytest.mark.parametrize("each", discover().commands.values(), ids=lambda each: each.name)
def test_every_command_explains_itself(each: Command) -> None:
    assert each.usage.startswith(each.words)
    assert each.about
    assert each.run.__doc__


@pytest.mark.parametrize("each", discover().commands.values(), ids=lambda each: each.name)
def test_every_word_of_a_command_calls_it(each: Command) -> None:
    registry = discover()

    for word in each.words:
        found = registry.command_for(word)
        assert found is not None
        assert found[0].name == each.name


def test_two_documents_of_one_name_are_an_error() -> None:
    registry = Registry()
    kind = discover().bulletins["circular"]
    registry.add_bulletin(kind)

    with pytest.raises(ValueError, match="circular"):
        registry.add_bulletin(kind)


def test_no_word_in_chat_means_two_documents() -> None:
    kinds = [each for each in discover().bulletins.values() if not each.by_hand]
    words = [word for each in kinds for word in {*each.words, each.title}]

    assert len(words) == len(set(words))
    assert [each.name for each in kinds if each.general] == ["circular"]
