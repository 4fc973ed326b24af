"""导出 in chat: the file with what it holds, who may have it, and a link where it is large."""

import io
import zipfile
from pathlib import Path

import pytest
from sqlmodel import select

from handlers import exporting
from handlers.commands.export import WORDS
from models.audit import Audit
from models.link import Link, LinkKind
from models.outbox import OutboxMessage
from tests.exported import opened, row_called, rows_of
from tests.talk import Talk

POLICE, ADMIN, LEADER = "州公安局联络员", "管理员甲", "领导甲"
BRIGHT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"


def _files(talk: Talk) -> list[str]:
    with talk.database.read() as session:
        rows = session.exec(select(OutboxMessage).order_by(OutboxMessage.id)).all()  # type: ignore[arg-type]
        return [ref.name for row in rows if (ref := row.media_ref()) is not None]


def test_the_ledger_comes_as_a_file_with_what_it_holds(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.say(ADMIN, "通过 1")

    [answer] = talk.say(ADMIN, "导出 台账")

    head, first, second = answer.split("\n")
    assert head == "台账见附件。"
    assert first.startswith("答卷专栏：") or second.startswith("答卷专栏：")
    assert "报送历史1个版本" in answer
    assert _files(talk) == ["2个专项台账2021-08-20.xlsx"]
    book = opened(talk.pictures_of(ADMIN)[-1])
    line = row_called(rows_of(book.worksheets[0]), 编号="州1-7")
    assert (line["完成数"], line["指标完成率"]) == (1710, 0.285)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("导出 台账 答卷 8月", "答卷专栏台账（2021年8月）2021-08-20.xlsx"),
        ("导出 8月 答卷 台账", "答卷专栏台账（2021年8月）2021-08-20.xlsx"),
        ("导出台账", "2个专项台账2021-08-20.xlsx"),
        ("导出 台帐 答卷", "答卷专栏台账2021-08-20.xlsx"),
        ("导出Excel答卷", "答卷专栏台账2021-08-20.xlsx"),
        ("导出台账答卷", "答卷专栏台账2021-08-20.xlsx"),
        ("導出 臺賬 dajuan-2021", "答卷专栏台账2021-08-20.xlsx"),
        ("导出 矩阵 答卷", "答卷专栏矩阵2021-08-20.xlsx"),
        ("导出 数据 答卷", "答卷专栏数据2021-08-20.xlsx"),
        ("导出：图片 答卷 8月", "答卷专栏图片（2021年8月）2021-08-20.zip"),
        ("导出 内容包 答卷", "答卷专栏内容包2021-08-20.zip"),
    ],
)
def test_kind_programme_and_period_may_stand_in_any_order(
    light: Talk, words: str, name: str
) -> None:
    light.say(ADMIN, words)

    assert _files(light) == [name]


def test_a_package_is_of_one_programme_and_a_number_picks_it(talk: Talk) -> None:
    [asked] = talk.say(ADMIN, "导出 内容包 8月")
    assert asked.startswith("导出哪个专项的内容包？请回复序号：\n1. ")
    assert _files(talk) == []

    [answer] = talk.say(ADMIN, "1")

    assert answer.startswith("内容包见附件。")
    [name] = _files(talk)
    assert name.endswith("内容包（2021年8月）2021-08-20.zip")
    assert zipfile.ZipFile(io.BytesIO(talk.pictures_of(ADMIN)[-1])).testzip() is None


def test_without_a_kind_the_kinds_are_offered(talk: Talk) -> None:
    [answer] = talk.say(ADMIN, "导出")

    kinds = talk.services.registry.exports.values()
    assert set(WORDS) == {word for each in kinds for word in (each.word, *each.also)}
    assert all(f". {each.word}：{each.about}" in answer for each in kinds)
    number = next(line for line in answer.split("\n") if "台账：" in line).partition(".")[0]
    assert talk.say(ADMIN, number)[0].startswith("台账见附件。")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("导出 花名册", "没有“花名册”这种导出。要导出哪一种？请回复序号："),
        ("导出 台账 外星", "没有认出“外星”。"),
        ("导出 台账 外星", "导出 台账 "),
        ("导出 @所有人", "没有“＠所有人”这种导出。"),
    ],
)
def test_what_is_not_understood_is_named_with_what_can_be_sent(
    light: Talk, words: str, said: str
) -> None:
    [answer] = light.say(ADMIN, words)

    assert said in answer
    assert _files(light) == []


def test_an_ordinary_sentence_takes_nothing_along(light: Talk) -> None:
    assert "没有对应的操作" in light.say(ADMIN, "导出来看看")[0]
    assert _files(light) == []


@pytest.mark.parametrize("person", [POLICE, LEADER])
def test_only_admins_take_files_along(light: Talk, person: str) -> None:
    [answer] = light.say(person, "导出 台账")

    assert "管理员" in answer
    assert _files(light) == []


def test_in_a_group_the_file_goes_to_the_single_chat(talk: Talk) -> None:
    talk.say(ADMIN, "导出 台账", group="领导群")

    assert not any("台账见附件" in text for text in talk.heard_in("领导群"))
    assert any("台账见附件" in text for text in talk.heard(ADMIN))


def test_what_outgrows_a_message_is_fetched_from_a_link(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_BYTES", 3_000)

    [answer] = talk.say(ADMIN, "导出 矩阵 答卷 8月")

    title, address, until = answer.split("\n")
    assert title == "“答卷专栏”的矩阵较大，请在电脑上打开下载："
    assert until.startswith("8月21日09:00前有效，仅供您本人使用，请勿转发。")
    assert _files(talk) == []
    with talk.database.read() as session:
        link = session.exec(select(Link).where(Link.kind == LinkKind.EXPORT)).one()
        assert address == f"https://dajuan.example/export/{link.id}"
        assert (link.export, str(link.due_from), str(link.due_to)) == (
            "matrix",
            "2021-08-01",
            "2021-08-31",
        )
        assert link.name == "答卷专栏矩阵（2021年8月）2021-08-20.xlsx"


def test_a_long_history_keeps_nobody_waiting_and_leaves_nothing_on_the_disk(
    light: Talk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    [answer] = light.say(ADMIN, "导出 台账 答卷")

    assert "“答卷专栏”的台账较大" in answer
    assert list(tmp_path.glob("openpyxl*")) == []


def test_of_several_programmes_one_is_named_where_they_are_too_large(
    light: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_BYTES", 3_000)

    [answer] = light.say(ADMIN, "导出 矩阵")

    assert "请写明一个专项，例如：\n导出 矩阵 " in answer


def test_who_took_what_along_is_kept(talk: Talk) -> None:
    talk.say(ADMIN, "导出 台账 答卷")

    with talk.database.read() as session:
        row = session.exec(select(Audit).where(Audit.action == "导出")).one()
        assert (row.after or {})["kind"] == "ledger"


def test_help_explains_it_to_admins_alone(light: Talk) -> None:
    assert "导出 台账 ［专项］ ［期次］" in light.say(ADMIN, "帮助 导出")[0]
    assert "导出" not in "\n".join(light.say(POLICE, "帮助 全部"))
