"""Bulletins by chat: drafted from frozen data, changed, checked, issued once, shown to leaders."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from docx import Document as open_file
from sqlmodel import col, select

from handlers.render.word import word_file
from handlers.render.word_read import read_word
from handlers.supervising.bulletin_files import document_of, kind_of
from models.audit import Audit
from models.bulletin import Bulletin, BulletinState
from models.chat import ChatPurpose
from models.errors import Refused
from models.figure import Figure
from models.indicator import Indicator
from models.member import RoleName
from models.outbox import OutboxMessage
from models.programme import Programme, programme_by_code
from models.task import Task
from tests.conftest import SHANGHAI
from tests.factories import a_group, a_member
from tests.supervising import hand_in
from tests.talk import Talk

ADMIN, LEADER = "管理员甲", "领导甲"
LEADERS = "领导群"
DEVICES = "乡村公共部位安防设备"


@pytest.fixture
def september(talk: Talk) -> Talk:
    """12 September: the reports on August are in, 4200 of 6000 devices are built."""
    talk.set_clock("2021-09-12T09:00")
    hand_in(talk, "新7", {DEVICES: "4200"}, month=9, accepted=True)
    hand_in(talk, "续8", {"农村户用厕所": "30000"}, month=9, accepted=True)
    return talk


def accept(talk: Talk, value: str) -> None:
    """A corrected figure of 新7 on the end of August is accepted."""
    with talk.database.write() as session:
        indicator = session.exec(
            select(Indicator)
            .join(Task, col(Task.id) == col(Indicator.task_id))
            .where(Task.number == "新7")
        ).one()
        session.add(
            Figure(
                task_id=indicator.task_id,
                indicator_id=indicator.id,
                as_of=date(2021, 8, 31),
                value=Decimal(value),
                accepted_at=talk.now,
            )
        )


def draft(talk: Talk, order: str = "通报 重点民生实事 8月") -> str:
    [answer] = talk.say(ADMIN, order)
    return answer


def last_file(talk: Talk, person: str = ADMIN) -> str:
    """All text of the last file that a person got."""
    return read_word(talk.pictures_of(person)[-1]).everything()


def rows(talk: Talk) -> list[Bulletin]:
    with talk.database.read() as session:
        return list(session.exec(select(Bulletin).order_by(col(Bulletin.id))).all())


def test_a_month_becomes_a_draft_with_its_file_and_what_its_check_found(september: Talk) -> None:
    answer = draft(september)

    assert answer.startswith(
        "【重点民生实事】通报（2021年8月）草稿已生成，数据截至2021年8月31日。\n自检：文件中的数与数据一致"
    )
    assert "签发请发" not in answer
    assert "核对无误请发“签发”，不用请发“通报 作废”。" in answer
    text = last_file(september)
    assert "完成4200个，完成年任务70.00%，工作有序推进。" in text
    assert "重点民生实事通报〔2021〕　号" in text


def test_a_draft_says_that_it_is_one_on_every_page(september: Talk) -> None:
    draft(september)
    edges = read_word(september.pictures_of(ADMIN)[-1]).edges

    assert "草稿" in edges


def test_one_accepted_figure_changes_sentence_table_and_share_together(september: Talk) -> None:
    draft(september)
    accept(september, "3900")
    draft(september)
    text = last_file(september)

    assert "完成3900个，完成年任务65.00%，工作进度相对滞后。" in text
    assert text.count("3900个") == 2
    assert "工作进度相对滞后的2个" in text
    assert "4200" not in text
    assert "70.00" not in text


def test_a_draft_whose_data_changed_is_shown_again_before_it_is_issued(september: Talk) -> None:
    draft(september)
    accept(september, "4500")
    [first] = september.say(ADMIN, "签发")
    [second] = september.say(ADMIN, "签发")

    assert "起草后数据有更新，尚未签发，草稿已更新：" in first
    assert "4200个 → 4500个" in first
    assert "70.00 → 75.00" in first
    assert "已签发，2021年第1号" in second


def test_an_issued_document_does_not_change_and_can_be_made_again(september: Talk) -> None:
    draft(september)
    september.say(ADMIN, "签发")
    issued = september.pictures_of(ADMIN)[-1]
    accept(september, "4500")
    [refused] = september.say(ADMIN, "通报 重点民生实事 8月")

    assert "已签发（2021年第1号），不再改动" in refused
    assert "更正说明 1号" in refused
    [row] = rows(september)
    with september.database.read() as session:
        programme = session.get_one(Programme, row.programme_id)
        kind = kind_of(september.services, row)
        again = word_file(document_of(kind, programme, row, SHANGHAI))
    assert again == issued
    assert "4200个" in read_word(again).everything()


def test_numbers_run_on_within_the_year_and_begin_anew(september: Talk) -> None:
    draft(september)
    september.say(ADMIN, "签发")
    september.set_clock("2021-10-12T09:00")
    draft(september, "通报 重点民生实事 9月")
    september.say(ADMIN, "签发")
    september.set_clock("2022-01-12T09:00")
    draft(september, "通报 重点民生实事 2021年12月")
    september.say(ADMIN, "签发")

    assert [(row.period, row.year, row.number) for row in rows(september)] == [
        ("2021-08", 2021, 1),
        ("2021-09", 2021, 2),
        ("2021-12", 2022, 1),
    ]


def test_two_admins_at_once_issue_one_number_and_the_other_is_told(september: Talk) -> None:
    with september.database.write() as session:
        a_member(session, "管理员乙", (RoleName.ADMIN, None))
    draft(september)
    row_id = rows(september)[0].id

    def issue(person: str) -> str:
        try:
            with september.database.write() as session:
                row = session.get_one(Bulletin, row_id)
                from handlers.supervising.bulletins import Desk, issued

                issued(Desk(session, september.services, september.now, None), row)
            return "issued"
        except Refused as refusal:
            return refusal.text

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(issue, (ADMIN, "管理员乙")))

    assert said[0] == "issued"
    assert "已签发（2021年第1号）" in said[1]
    assert [(row.state, row.number) for row in rows(september)] == [(BulletinState.ISSUED, 1)]


def test_words_are_changed_by_their_blocks_name_and_stay_when_drafted_again(
    september: Talk,
) -> None:
    draft(september)
    [changed] = september.say(ADMIN, "通报 修改 特点 各单位按月调度。\n进展平稳。")
    draft(september)
    text = last_file(september)

    assert "草稿的“特点”已改" in changed
    assert "各单位按月调度。\n进展平稳。" in text


def test_a_block_that_is_not_there_is_refused_with_those_that_are(september: Talk) -> None:
    draft(september)
    [answer] = september.say(ADMIN, "通报 修改 亮点 都很好")

    assert answer == "没有“亮点”这一块。可改的有：特点、问题、要求。"


def test_the_last_issues_words_are_the_draft_and_old_figures_in_them_hold_it(
    september: Talk,
) -> None:
    draft(september)
    september.say(ADMIN, "通报 修改 特点 全州已建成4200个，完成70%。")
    september.say(ADMIN, "签发")
    september.set_clock("2021-10-12T09:00")
    hand_in(september, "新7", {DEVICES: "4800"}, month=10, accepted=True)
    answer = draft(september, "通报 重点民生实事 9月")

    assert "全州已建成4200个，完成70%。" in last_file(september)
    assert "自检发现1处，改好前不能签发：" in answer
    assert "特点：沿用上期的“4200个、70%”不在本期数据中" in answer
    assert "提示：“特点”沿用上期文字，请核对" in answer
    [held] = september.say(ADMIN, "签发")
    assert "未签发，自检发现1处" in held
    september.say(ADMIN, "通报 修改 特点 全州已建成4800个，完成80%。")
    [done] = september.say(ADMIN, "签发")
    assert "已签发，2021年第2号" in done


def test_what_was_only_proposed_is_proposed_anew_for_the_next_issue(september: Talk) -> None:
    """In August 新7 is on schedule and 续8 behind; in September both are behind."""
    draft(september)
    september.say(ADMIN, "签发")
    september.set_clock("2021-10-12T09:00")
    hand_in(september, "新7", {DEVICES: "4300"}, month=10, accepted=True)
    draft(september, "通报 重点民生实事 9月")

    assert "请牵头单位对雪亮工程、农村户厕逐项明确完成时限" in last_file(september)


def test_figures_that_an_admin_writes_beside_the_data_are_told_but_do_not_hold(
    september: Talk,
) -> None:
    draft(september)
    [answer] = september.say(ADMIN, "通报 修改 特点 另有37户正在施工。")

    assert "提示：“特点”中的“37户”不在本期数据中，请核对" in answer
    [done] = september.say(ADMIN, "签发")
    assert "已签发" in done


def test_a_draft_is_withdrawn_and_never_gets_a_number(september: Talk) -> None:
    draft(september)
    [gone] = september.say(ADMIN, "通报 作废")
    [none] = september.say(ADMIN, "签发")

    assert gone == "【重点民生实事】通报（2021年8月）草稿已作废。重新起草请发“通报 8月”。"
    assert none == "没有未签发的草稿。起草请发“通报 8月”。"
    assert [(row.state, row.number) for row in rows(september)] == [(BulletinState.DROPPED, None)]


def test_a_month_that_has_not_ended_is_refused(september: Talk) -> None:
    assert draft(september, "通报 重点民生实事 9月") == (
        "2021年9月还没有结束，不能起草。请写已结束的月份，例如：\n通报 重点民生实事 8月"
    )


def test_which_programme_is_asked_where_several_are_administered(september: Talk) -> None:
    asked = draft(september, "通报 8月")
    [answer] = september.say(ADMIN, "2")

    assert asked == "起草哪个专项的通报？请回复序号：\n1. 答卷专栏\n2. 重点民生实事"
    assert answer.startswith("【重点民生实事】通报（2021年8月）草稿已生成")


def test_leaders_see_what_was_issued_and_no_drafts(september: Talk) -> None:
    draft(september)
    [before] = september.say(LEADER, "通报")
    september.say(ADMIN, "签发")
    [after] = september.say(LEADER, "通报")
    [one] = september.say(LEADER, "通报 8月")

    assert before == "还没有签发过通报。"
    assert "【重点民生实事】通报（2021年8月）2021年第1号" in after
    assert "4200个" in last_file(september, LEADER)
    assert one == "【重点民生实事】通报（2021年8月）2021年第1号，见附件。"


def test_a_number_that_several_documents_have_is_asked(september: Talk) -> None:
    draft(september)
    september.say(ADMIN, "签发")
    draft(september, "通报 答卷专栏 8月")
    september.say(ADMIN, "签发")
    [asked] = september.say(LEADER, "通报 1号")
    [shown] = september.say(LEADER, "2")

    assert asked.startswith("您要看哪一份？请回复序号：\n1. 【答卷专栏】通报（2021年8月）\n2. ")
    assert shown == "【重点民生实事】通报（2021年8月）2021年第1号，见附件。"


@pytest.mark.parametrize("order", ["签发", "通报 修改 特点 好", "通报 作废", "通报 文号 甲"])
def test_only_an_admin_works_on_documents(september: Talk, order: str) -> None:
    draft(september)
    september.say(LEADER, order)
    september.say("州公安局联络员", order)

    assert [(row.state, row.texts) for row in rows(september)] == [(BulletinState.DRAFT, {})]


def test_leaders_groups_get_the_file_only_where_laggards_are_named(september: Talk) -> None:
    with september.database.write() as session:
        a_group(session, "点名群", ChatPurpose.LEADERS, names_laggards=True)
    draft(september)
    september.say(ADMIN, "签发")

    assert september.heard_in("点名群") == [
        "【重点民生实事】通报（2021年8月）已印发，2021年第1号，见附件。"
    ]
    [quiet] = september.heard_in(LEADERS)
    assert quiet.endswith("查看请在单聊中发“通报”。")
    with september.database.read() as session:
        owed = session.exec(
            select(OutboxMessage).where(col(OutboxMessage.key).startswith("bulletin:"))
        ).all()
    assert len([each for each in owed if each.media_ref() is not None]) == 1


def test_a_group_reads_what_was_issued_and_decides_nothing(september: Talk) -> None:
    draft(september)
    [refused] = september.say(ADMIN, "通报 作废", group=LEADERS)
    [listed] = september.say(ADMIN, "通报", group=LEADERS)

    assert refused == "“通报”请在与我的单聊中发送。"
    assert "草稿" not in listed


def test_number_signature_and_addressee_are_the_offices_own(september: Talk) -> None:
    september.say(ADMIN, "通报 文号 重点民生实事 州民实通")
    september.say(ADMIN, "通报 落款 重点民生实事 州重点民生实事考核办")
    september.say(ADMIN, "通报 主送 重点民生实事 各县市人民政府：")
    draft(september)
    september.say(ADMIN, "签发")
    text = last_file(september)

    assert "州民实通〔2021〕1号" in text
    assert "各县市人民政府：" in text
    assert "州重点民生实事考核办\n2021年9月12日" in text


def test_who_issued_what_stands_in_the_trail(september: Talk) -> None:
    draft(september)
    september.say(ADMIN, "签发")
    with september.database.read() as session:
        act = session.exec(select(Audit).where(Audit.action == "签发通报")).one()

    assert act.after == {"kind": "circular", "period": "2021-08", "year": 2021, "number": 1}
    assert act.member_id is not None


def test_a_demonstration_is_marked_in_chat_and_on_paper(september: Talk) -> None:
    with september.database.write() as session:
        programme = programme_by_code(session, "minsheng-2021")
        assert programme is not None
        programme.demo = True
    answer = draft(september)

    assert answer.startswith("【演示数据】")
    assert "演示数据　草稿" in read_word(september.pictures_of(ADMIN)[-1]).edges


def test_names_of_forty_characters_and_rare_ones_do_not_break_a_draft(september: Talk) -> None:
    with september.database.write() as session:
        task = session.exec(select(Task).where(Task.number == "新7")).one()
        task.title = "囍" * 20 + "<b>&{{ 1 }}👨‍👩‍👧" + "长" * 40
    answer = draft(september)

    assert "自检：文件中的数与数据一致" in answer
    assert "<b>&{{ 1 }}👨‍👩‍👧" in last_file(september)


def a_template(*paragraphs: str) -> bytes:
    file = open_file()
    for each in paragraphs:
        file.add_paragraph(each)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_an_offices_own_template_is_tried_taken_used_and_dropped(september: Talk) -> None:
    own = a_template(
        "本局版式", "{{ 标题 }}", "{%p for 段 in 正文 %}", "{{ 段.文 }}", "{%p endfor %}"
    )
    [taken] = september.say(ADMIN, "模板 通报 重点民生实事", files=[("本局.docx", own)])
    answer = draft(september)
    used = last_file(september)
    september.say(ADMIN, "模板 通报 重点民生实事 取消")
    draft(september)

    assert taken.startswith("《本局.docx》已用作重点民生实事通报的模板，附件为试填的样稿。")
    assert "自检：文件中的数与数据一致" in answer
    assert used.startswith("本局版式\n关于2021年1—8月重点民生实事进展情况的通报")
    assert "本局版式" not in last_file(september)


def test_a_template_with_code_in_it_is_refused_and_not_kept(september: Talk) -> None:
    bad = a_template("{{ 标题 }}", "{{ ''.__class__.__mro__ }}")
    [refused] = september.say(ADMIN, "模板 通报 重点民生实事", files=[("坏.docx", bad)])
    draft(september)

    assert "模板中有程序代码（__mro__），不能使用，请删去后重新发送。" in refused
    assert "关于2021年1—8月" in last_file(september)


def test_a_word_file_without_words_is_offered_as_a_template(september: Talk) -> None:
    [offered] = september.say(ADMIN, files=[("本局.docx", a_template("{{ 标题 }}"))])
    [taken] = september.say(ADMIN, "2")

    assert "用作文件模板请回复序号：\n1. 答卷专栏通报的模板\n2. 重点民生实事通报的模板" in offered
    assert taken.startswith("《本局.docx》已用作重点民生实事通报的模板")
