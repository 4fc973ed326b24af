"""内容包 and 图片: what goes into the zip, what is missing, and names that cannot do harm."""

import io
import tracemalloc
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from handlers import exporting
from handlers.context import ExportContext
from handlers.exports.contract import ExportKind
from handlers.exports.names import NOTHING, safe_name
from handlers.standing.rounds import Round, month_round
from models.db import Database
from models.errors import Refused
from models.obligation import ObligationState
from models.programme import programme_by_code
from models.submission import AnswerKind, Submission, SubmissionState, SubmissionVersion
from models.task import Task
from models.unit import Unit
from tests.packages import (
    AUGUST,
    Opened,
    let_off,
    report,
    send_back,
    the_column,
    version_of,
    write,
    written,
)
from tests.pictures import a_photo, a_view, encoded
from tests.supervising import counted_queries, obligation_of
from tests.talk import Talk

CAPTION = ("重点项目集中开工", date(2021, 7, 20), "吉首市经开区")
WIDE, HIGH = a_photo(1200, 600), a_photo(1200, 900)
BRIGHT = {"乡村公共部位安防设备": "1710"}
WORDS = {"措施": "逐村登记，逐台验收。\n按月调度。", "问题": "凤凰县进度偏慢。"}


@pytest.fixture
def package(talk: Talk) -> ExportKind:
    return talk.services.registry.exports["package"]


@pytest.fixture
def pictures(talk: Talk) -> ExportKind:
    return talk.services.registry.exports["pictures"]


@pytest.fixture
def talk(database: Database) -> Talk:
    """dajuan-2021 as printed, the day after its first 39 dues."""
    talk = the_column(database)
    talk.set_clock("2021-08-26T09:00")
    return talk


def test_august_lists_39_items_and_packs_what_was_accepted(talk: Talk, package: ExportKind) -> None:
    report(talk, "州1-7", BRIGHT, WORDS, counties={"吉首市": "900", "花垣县": "810"})
    report(talk, "省2", sections=WORDS, pictures=[(WIDE, CAPTION)])
    report(talk, "州1-12", {"孕产妇免费产前筛查": "9623"}, accepted=False)
    send_back(talk, report(talk, "州1-10", accepted=False), "缺各县市数据")
    let_off(talk, "州2", "年中评价未完成")

    data, told = written(talk, package)

    file = Opened(data)
    assert told.holds[0] == (
        "2021年8月：应报38件，收录2件；待审1件，已退回1件，未报34件，免报1件。"
    )
    assert told.holds[1] == "图片1张（交付图1张、原图0张，另有1张原图即交付图）。"
    assert told.missing[0] == "待审：州1-12 产前筛查"
    assert told.missing[-1] == "2件已收录的内容不全，见说明.txt"
    rows = file.rows("清单.xlsx", "清单", "序号")
    assert [row["序号"] for row in rows] == list(range(1, 40))
    assert [rows[0]["编号"], rows[-1]["编号"]] == ["省1", "州9"]
    assert {row["编号"] for row in rows if row["收录"] == "是"} == {"省2", "州1-7"}
    folders = {name.split("/")[0] for name in file.names if "/" in name}
    assert folders == {"02_省2_省高质量发展_州发改委", "16_州1-7_雪亮工程_州公安局"}
    states = {row["编号"]: row["审核状态"] for row in rows}
    assert [states[n] for n in ("州1-7", "州1-12", "州1-10", "州2", "州1-8")] == [
        "已通过", "待审", "已退回", "免报", "已逾期",
    ]  # fmt: skip


def test_word_and_text_say_the_same_with_the_figures_that_were_accepted(
    talk: Talk, package: ExportKind
) -> None:
    report(talk, "州1-7", BRIGHT, WORDS, counties={"吉首市": "900", "花垣县": "810"})

    file = Opened(written(talk, package)[0])

    word, text = file.word("雪亮工程.docx"), file.text("雪亮工程.txt")
    assert sorted(word) == sorted(filter(None, text.split("\n")))
    assert "乡村公共部位安防设备：1710个，目标6000个，完成28.50%" in word
    assert "报送期间：2021年1—7月（8月25日截止）" in word
    assert word[-3:] == ["县市　乡村公共部位安防设备", "吉首市　900个", "花垣县　810个"]
    sections = [line for line in word if line[1:2] == "、"]
    assert sections == ["一、完成数据", "二、措施", "三、问题"]
    assert ["逐村登记，逐台验收。", "按月调度。"] == word[word.index("二、措施") + 1 :][:2]


def test_what_is_missing_is_named_item_by_item(talk: Talk, package: ExportKind) -> None:
    report(talk, "州1-2", {"城市低保标准": "583"}, {"措施": "按月核对低保对象。", "问题": "无"})
    report(talk, "省2", sections={"措施": "出台稳增长措施。"})
    report(talk, "省3", sections=WORDS, pictures=[(WIDE, ("", None, "吉首市"))])

    file = Opened(written(talk, package)[0])

    note = file.text("说明.txt")
    assert (
        "11. 州1-2 城乡低保（州民政局）：文字：问题（只写了“无”）、县市情况、对比分析、工作点评；"
        in note
    )
    assert "数据：城市低保人均救助水平、农村低保标准、农村低保人均救助水平" in note
    assert "2. 省2 省高质量发展（州发改委）：文字：成效、年度目标；图片：缺1张" in note
    assert "图片说明：图1缺标题、时间" in note
    assert "\n39. 州9 文化强州建设（州文旅广电局）：未报：已逾期\n" in note
    listed = file.rows("清单.xlsx", "缺项", "序号")
    assert sum(row["类别"] == "未报" for row in listed) == 36
    assert {row["缺什么"] for row in listed if row["编号"] == "省2"} == {
        "成效",
        "年度目标",
        "缺1张",
    }


def test_a_period_without_any_report_is_a_list_of_39_that_are_missing(
    talk: Talk, package: ExportKind, pictures: ExportKind
) -> None:
    talk.set_clock("2021-08-20T09:00")

    data, told = written(talk, package)

    file = Opened(data)
    assert file.names == ["清单.xlsx", "说明.txt"]
    assert told.holds[0] == "2021年8月：应报39件，收录0件；未报39件。"
    assert told.missing[0].startswith("未报：省1 省重点民生实事、省2")
    assert told.missing[0].endswith("等39件")
    assert len(file.rows("清单.xlsx", "缺项", "序号")) == 39
    assert file.rows("清单.xlsx", "图片说明", "编号") == []
    # Of the 39, the nine of the province must bring a picture.
    nine = Opened(written(talk, pictures)[0]).rows("图片说明.xlsx", "缺项", "序号")
    assert [row["编号"] for row in nine] == [f"省{n}" for n in range(1, 10)]


def test_the_period_is_the_one_that_runs_unless_one_is_named(
    talk: Talk, package: ExportKind
) -> None:
    talk.set_clock("2021-09-02T09:00")

    assert written(talk, package, None)[1].holds[0].startswith("2021年9月：应报35件")


def test_a_month_in_which_nothing_is_due_is_refused(talk: Talk, package: ExportKind) -> None:
    february = month_round(date(2021, 2, 1))

    with pytest.raises(
        Refused, match=r"“答卷专栏”2021年2月没有要报的事项，请换一个期次，例如“8月”"
    ):
        written(talk, package, february)


def test_a_quarter_holds_the_dues_of_its_months(talk: Talk, package: ExportKind) -> None:
    quarter = Round(date(2021, 7, 1), date(2021, 9, 30))

    assert written(talk, package, quarter)[1].holds[0].startswith("2021年7—9月：应报74件")


def test_an_admin_takes_along_what_a_liaison_reported_by_chat(database: Database) -> None:
    talk = Talk(database)
    text = "报送 省2\n措施：建立清单，逐项销号\n成效：重点项目按期开工"
    talk.say("州发改委联络员", f"{text}\n图1 集中开工；2021年7月20日；吉首市", pictures=[HIGH])
    talk.say("州发改委联络员", "用裁剪图")
    talk.say("管理员甲", "通过 1")

    [said] = talk.say("管理员甲", "导出 内容包 答卷专栏 8月")

    assert "2021年8月：应报8件，收录1件；未报7件。" in said
    file = Opened(talk.pictures_of("管理员甲")[-1])
    assert "重点项目按期开工" in file.word("省高质量发展.docx")
    assert _size(file, "交付图.jpg") == (1200, 600)
    assert _size(file, "原图.jpg") == (1200, 900)


def test_a_package_that_outgrows_a_message_is_given_up_in_the_middle(
    talk: Talk, package: ExportKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(talk, "省2", sections=WORDS, pictures=[(WIDE, CAPTION), (HIGH, CAPTION)])
    monkeypatch.setattr(exporting, "MOST_BYTES", 60_000)

    with talk.database.read() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        asked = ExportContext(session, talk.now, talk.services, [programme], AUGUST)
        assert exporting.made_small(package, asked) is None


def test_the_crop_goes_out_and_the_original_lies_beside_it(talk: Talk, package: ExportKind) -> None:
    report(talk, "省2", sections=WORDS, pictures=[(HIGH, CAPTION), (WIDE, CAPTION)])

    data, told = written(talk, package)

    file = Opened(data)
    assert told.holds[1] == "图片2张（交付图2张、原图1张，另有1张原图即交付图）。"
    assert _size(file, "图1_重点项目集中开工_交付图.jpg") == (1200, 600)
    assert _size(file, "图1_重点项目集中开工_原图.jpg") == (1200, 900)
    assert file.zip.read(file.one("图2_重点项目集中开工_交付图.jpg")) == WIDE
    first, second = file.rows("图片说明.xlsx", "图片说明", "图号")
    assert first["标题"] == "重点项目集中开工"
    assert [first["拍摄时间"].date(), first["地点"]] == [date(2021, 7, 20), "吉首市经开区"]
    assert first["尺寸（像素）"] == "1200×600"
    assert second["原图"] == "同交付图"
    assert "图1：重点项目集中开工；2021年7月20日；吉首市经开区" in file.text("省高质量发展.txt")


def test_a_picture_that_is_gone_or_of_the_wrong_ratio_is_named(
    talk: Talk, package: ExportKind
) -> None:
    report(talk, "省2", sections=WORDS, pictures=[(WIDE, CAPTION)])
    report(talk, "省3", sections=WORDS, pictures=[(encoded(a_view(3, 700, 680)), CAPTION)])
    talk.shelf.kept.pop(next(sha for sha, data in talk.shelf.kept.items() if data == WIDE))

    data, told = written(talk, package)

    file = Opened(data)
    note = file.text("说明.txt")
    assert told.holds[1].startswith("图片2张（交付图1张、原图")
    assert "图片：图1的交付图文件取不到" in note
    assert not [name for name in file.names if name.startswith("02_") and "图1" in name]
    [row] = [r for r in file.rows("清单.xlsx", "图片说明", "编号") if r["编号"] == "省2"]
    assert row["交付图"] == "文件取不到"


def test_a_correction_under_review_leaves_the_accepted_version_in(
    talk: Talk, package: ExportKind
) -> None:
    number = report(talk, "州1-7", BRIGHT, WORDS)
    with talk.database.write() as session:
        row = session.get_one(Submission, number)
        row.version, row.state = 2, SubmissionState.SUBMITTED
        later = version_of(session, number).model_dump(exclude={"id"})
        newer = SubmissionVersion(**{**later, "version": 2, "sections": {"措施": "改过的措施。"}})
        session.add(newer)
    _owed_again(talk, "州1-7")

    file = Opened(written(talk, package)[0])

    assert "改过的措施。" not in file.text("雪亮工程.txt")
    [row] = [r for r in file.rows("清单.xlsx", "清单", "序号") if r["编号"] == "州1-7"]
    assert [row["审核状态"], row["收录"]] == ["已通过，更正待审", "是"]


def _owed_again(talk: Talk, number: str) -> None:
    with talk.database.write() as session:
        obligation_of(session, number).state = ObligationState.SUBMITTED


def test_a_nil_report_says_so_and_lacks_no_words(talk: Talk, package: ExportKind) -> None:
    number = report(talk, "州1-7", BRIGHT)
    with talk.database.write() as session:
        version_of(session, number).kind = AnswerKind.NIL

    file = Opened(written(talk, package)[0])

    assert "本期无变化，数据沿用上次通过的数据。" in file.word("雪亮工程.docx")
    [row] = [r for r in file.rows("清单.xlsx", "清单", "序号") if r["编号"] == "州1-7"]
    assert [row["缺项"], row["备注"]] == [None, "本期无变化"]


def test_names_and_captions_that_people_wrote_do_no_harm(talk: Talk, package: ExportKind) -> None:
    evil = "../../../etc/cron.d/x:\\C$|<b>\u202egpj.exe😀𠮷"
    with talk.database.write() as session:
        task = session.exec(select(Task).where(Task.number == "州1-7")).one()
        task.title, task.aliases = f'=HYPERLINK("http://x"){evil}', [evil]
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        unit.name = "CON"
    caption = ("=cmd|'/c calc'!A1", date(2021, 7, 20), "+8613800000000")
    report(talk, "州1-7", BRIGHT, {"措施": "{{ 7*7 }}=1+1\x00"}, pictures=[(WIDE, caption)])

    file = Opened(written(talk, package)[0])

    for name in file.names:
        steps = name.split("/")
        assert len(steps) <= 2
        assert all(step and len(step) <= 64 and step == safe_name(step, 64) for step in steps)
    [row] = file.rows("清单.xlsx", "图片说明", "编号")
    assert [row["标题"], row["地点"]] == [caption[0], caption[2]]
    assert "{{ 7*7 }}=1+1" in file.text(f"{safe_name(evil, 24)}.txt")


def test_the_same_day_gives_the_same_bytes(talk: Talk, package: ExportKind) -> None:
    report(talk, "省2", sections=WORDS, pictures=[(HIGH, CAPTION)])
    first, _ = written(talk, package)
    talk.later(hours=3)

    again, _ = written(talk, package)

    assert again == first
    assert {info.date_time[0] for info in Opened(first).zip.infolist()} == {1980}
    assert Opened(first).zip.testzip() is None


def test_everything_of_a_demonstration_is_marked(database: Database) -> None:
    talk = the_column(database, demo=True)
    report(talk, "省2", sections=WORDS, pictures=[(HIGH, CAPTION)])

    file = Opened(written(talk, talk.services.registry.exports["package"])[0])

    assert file.text("说明.txt").startswith("【演示数据】")
    assert file.text("省高质量发展.txt").startswith("【演示数据】")
    assert file.zip.read(file.one("原图.jpg")) != HIGH
    assert _size(file, "交付图.jpg") == (1200, 600)
    assert "演示数据" in str(file.cell("清单.xlsx", "清单", "A1"))
    assert "演示数据" in str(file.cell("图片说明.xlsx", "图片说明", "A1"))


def test_pictures_alone_lie_in_two_folders_with_one_sheet(talk: Talk, pictures: ExportKind) -> None:
    report(talk, "省2", sections=WORDS, pictures=[(HIGH, CAPTION)])
    report(talk, "州1-7", BRIGHT, pictures=[(WIDE, ("监控安装", date(2021, 7, 2), "花垣县"))])

    data, told = written(talk, pictures)

    file = Opened(data)
    assert file.names == [
        "交付图/02_省2_省高质量发展_州发改委_图1_重点项目集中开工.jpg",
        "原图/02_省2_省高质量发展_州发改委_图1_重点项目集中开工.jpg",
        "交付图/16_州1-7_雪亮工程_州公安局_图1_监控安装.jpg",
        "图片说明.xlsx",
        "说明.txt",
    ]
    assert told.holds[1] == "图片2张（交付图2张、原图1张，另有1张原图即交付图）。"
    rows = file.rows("图片说明.xlsx", "图片说明", "编号")
    assert [row["编号"] for row in rows] == ["省2", "州1-7"]
    assert rows[0]["原图"] == file.names[1]
    assert "文字" not in {row["类别"] for row in file.rows("图片说明.xlsx", "缺项", "序号")}


def test_many_reports_cost_no_more_statements_than_one(talk: Talk, package: ExportKind) -> None:
    report(talk, "州1-7", BRIGHT, WORDS, counties={"吉首市": "900"}, pictures=[(WIDE, CAPTION)])
    few = _statements(talk, package)
    for number in ("州1-5", "州1-8", "省2", "省3", "州1-12", "州1-13", "州9"):
        report(talk, number, sections=WORDS, pictures=[(HIGH, CAPTION)])

    assert _statements(talk, package) == few


class _Large:
    """A media store whose every picture takes a million bytes."""

    size = 1_000_000

    def put(self, data: bytes) -> str:
        raise AssertionError("an export keeps nothing")

    def get(self, sha: str) -> bytes:
        return WIDE.ljust(self.size, b"\0")


def test_pictures_pass_through_memory_one_by_one(
    talk: Talk, pictures: ExportKind, tmp_path: Path
) -> None:
    report(talk, "省2", sections=WORDS, pictures=[(WIDE, CAPTION)] * 24)
    talk.services = replace(talk.services, media=_Large())

    with (tmp_path / "pictures.zip").open("wb") as file:
        write(talk, pictures, file)  # what is loaded at first use is loaded now
        tracemalloc.start()
        write(talk, pictures, file)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 6 * _Large.size


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("雪亮工程", "雪亮工程"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\x", "C_Windows_x"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM¹", "_COM¹"),
        (" . ", NOTHING),
        ("", NOTHING),
        ("\u202e\u200b\x00", NOTHING),
        ("标题。 ..", "标题。"),
        ("a\nb\tc", "a b c"),
        ("长" * 99, "长" * 30),
        ("e\u0301", "é"),
        ("图😀𠮷", "图😀𠮷"),
    ],
)
def test_a_step_of_a_path_is_safe_everywhere(text: str, name: str) -> None:
    assert safe_name(text) == name
    assert safe_name(name) == name


def _size(file: Opened, part: str) -> tuple[int, int]:
    with Image.open(io.BytesIO(file.zip.read(file.one(part)))) as image:
        return image.size


def _statements(talk: Talk, kind: ExportKind) -> int:
    with counted_queries(talk.database) as seen:
        written(talk, kind)
    return sum(each.startswith("SELECT") for each in seen)
