"""Every message of the evaluation set through dispatch: understood, or asked about."""

from pathlib import Path

import pytest

from tests.command_scores import Case, Hearing, cases, command_scores, judged


@pytest.fixture(scope="module")
def hearing(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Hearing:
    return Hearing(tmp_path_factory.mktemp("hearing"), sqlite_template)


def test_the_set_is_understood(hearing: Hearing) -> None:
    score = command_scores(hearing)

    assert score.asked >= 120
    assert score.silent == []
    assert score.share >= 0.97, score.wrong


#: Written after the rules, in other words than those of the set.
@pytest.mark.parametrize(
    ("text", "role", "expect"),
    [
        ("宝送 州1-7", "liaison", {"command": "report", "task": "州1-7"}),
        ("送报 州1-7", "liaison", {"command": "report", "task": "州1-7"}),
        ("上报报 雪亮工程", "liaison", {"command": "report", "task": "州1-7"}),
        ("填抱雪亮工程", "liaison", {"command": "report", "task": "州1-7"}),
        ("shangbao 州1-7", "liaison", {"command": "report", "task": "州1-7"}),
        ("麻烦您帮我查一下进度 州1-7", "liaison", {"command": "progress", "task": "州1-7"}),
        ("州1-7进展", "liaison", {"command": "progress", "task": "州1-7"}),
        ("雪亮工程进展", "liaison", {"command": "progress", "ask": True}),
        ("进站 花垣县", "leader", {"command": "progress", "unit": "花垣县"}),
        ("花垣进度", "leader", {"command": "progress", "unit": "花垣县"}),
        ("度进 州1-7", "liaison", {"command": "progress", "task": "州1-7"}),
        ("诵过 128", "admin", {"ask": True}),
        ("退回128图片模糊，好吗", "admin", {"ask": True}),
        ("暂时不要退回 128 理由不充分", "admin", {"ask": True}),
        ("摧办 州残联", "admin", {"ask": True}),
        ("侧图3", "liaison", {"talk": True}),
        ("收会 128", "liaison", {"ask": True}),
        ("撤回128并通过129", "admin", {"ask": True}),
        ("放甲 10月8日", "admin", {"ask": True}),
        ("人物介绍写好了没有", "liaison", {"talk": True}),
        ("房价涨了3%", "admin", {"talk": True}),
        ("公正处理这件事", "liaison", {"talk": True}),
        ("取笑别人可不好", "liaison", {"talk": True}),
        ("退会的同志请到办公室登记", "admin", {"talk": True}),
        ("通过率达到95%以上", "admin", {"talk": True}),
        ("任务书第3页有错别字", "liaison", {"talk": True}),
        ("报送时间能不能往后推2天", "liaison", {"talk": True}),
        ("查看后请回复", "admin", {"talk": True}),
        ("提交材料的时候要带公章", "liaison", {"talk": True}),
        ("未报名的同志抓紧", "admin", {"talk": True}),
        ("保送3个学生去长沙", "liaison", {"talk": True}),
        ("请假一天，家里有事", "liaison", {"talk": True}),
    ],
)
def test_what_nobody_wrote_before(
    hearing: Hearing, text: str, role: str, expect: dict[str, object]
) -> None:
    case = Case(text, expect, role)
    heard = hearing.hear(case)

    assert judged(case, heard), heard


def test_the_set_has_every_kind_of_message() -> None:
    kinds = {key for case in cases() for key in case.expect}

    assert {"command", "task", "unit", "ask", "talk"} <= kinds


def test_a_choice_is_made_by_number_word_or_name(hearing: Hearing) -> None:
    for answer in ("2", "２", "第2个", "选2", "2。", "二", "第二个", "州1-14"):
        case = Case(answer, {"command": "report"}, of="州交通运输局", after="报送 农村公路")
        heard = hearing.hear(case)
        assert (heard.command, heard.task) == ("report", "州1-14"), answer


def test_what_was_offered_is_done_on_1(hearing: Hearing) -> None:
    offered = hearing.hear(Case("退会 128 图片有水印", {}, role="admin"))
    done = hearing.hear(Case("1", {}, role="admin", after="退会 128 图片有水印"))

    assert offered.answer == "您是要“退回 128 图片有水印”吗？回复 1 执行。"
    assert offered.command == ""
    assert (done.command, done.rest) == ("send_back", "128 图片有水印")


def test_what_was_taken_by_a_slip_says_so(hearing: Hearing) -> None:
    heard = hearing.hear(Case("抱送 州1-7", {}))

    assert heard.answer.startswith("已按“报送”处理。\n")


def test_a_name_alone_is_offered_with_what_can_be_done(hearing: Hearing) -> None:
    own = hearing.hear(Case("雪亮工程", {}))
    of_others = hearing.hear(Case("州1-5", {}))
    by_leader = hearing.hear(Case("吉首市", {}, role="leader"))

    assert own.answer.startswith("州1-7 雪亮工程（")
    assert own.answer.endswith("您是要办哪一件？请回复序号：\n1. 报送 雪亮工程\n2. 进度 雪亮工程")
    assert of_others.answer == "您是要“进度 州1-5”吗？回复 1 执行。"
    assert by_leader.answer == "您是要“进度 吉首市”吗？回复 1 执行。"


def test_a_name_belongs_to_the_report_that_is_open(hearing: Hearing) -> None:
    heard = hearing.hear(Case("农村公路安防", {}, after="报送 州1-7"))

    assert "请回复序号" not in heard.answer
    assert not heard.command


def test_a_question_says_how_it_was_understood(hearing: Hearing) -> None:
    stands = hearing.hear(Case("帮我看下州1-7到哪一步了", {}))
    owes = hearing.hear(Case("还有哪几家没交", {}, role="admin"))

    assert stands.answer.startswith("已按“进度 州1-7”处理。\n")
    assert owes.answer.startswith("已按“未报”处理。\n")


def test_a_number_first_is_an_order_only_with_its_mark(hearing: Hearing) -> None:
    marked = hearing.hear(Case("#128、#129通过", {}, role="admin"))
    bare = hearing.hear(Case("128号退回，图片有水印", {}, role="admin"))

    assert (marked.command, marked.rest) == ("accept", "128、#129")
    assert bare.answer == "您是要“退回 128 图片有水印”吗？回复 1 执行。"
