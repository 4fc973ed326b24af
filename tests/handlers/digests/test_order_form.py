"""督办单 on paper: what was asked and done, and who was told of it."""

import pytest

from handlers.digests.order_form import build
from handlers.render.word import word_file
from handlers.render.word_check import check_word
from handlers.render.word_read import read_word
from tests.circulars import tampered
from tests.supervising import counted_queries, with_open_chats
from tests.talk import Talk

ORDER = "督办 州1-7 9月10日 问题：社会视频接入缺40路 要求：月底前补齐并报送整改情况"


def paper(talk: Talk, text: str = "督办1 打印") -> bytes:
    """The newest file that the admin was sent."""
    talk.say("管理员甲", text)
    return talk.pictures_of("管理员甲")[-1]


def test_the_paper_says_what_is_asked_and_what_was_done(talk: Talk) -> None:
    with_open_chats(talk)
    talk.say("管理员甲", ORDER)
    talk.later(days=3)
    talk.say("州公安局联络员", "督办1 已补装30路，余下10路9月5日前完成")
    text = read_word(paper(talk)).everything()

    assert "督办〔2021〕1号" in text
    assert "社会视频接入缺40路" in text
    assert "月底前补齐并报送整改情况" in text
    assert "2021年9月10日" in text
    assert "报来整改情况：已补装30路" in text
    assert "已答复，待复核" in text


def test_who_sent_it_and_when_stand_in_the_form_and_on_no_page_of_their_own(talk: Talk) -> None:
    with_open_chats(talk)
    talk.say("管理员甲", "通报 落款 答卷专栏 州委督查室")
    talk.say("管理员甲", ORDER)
    body = read_word(paper(talk)).body
    matter = next(each for each in body if not isinstance(each, str))

    assert matter[0] == ("督办机关", "州委督查室")
    assert matter[1] == ("发出日期", "2021年8月20日")
    assert not isinstance(body[-1], str)


def test_the_trail_of_notices_is_printed(talk: Talk) -> None:
    with_open_chats(talk)
    talk.say("管理员甲", ORDER)
    text = read_word(paper(talk))
    tables = [each for each in text.body if not isinstance(each, str)]

    assert tables[-1][0] == ("登记时间", "人员", "方式", "送达情况")
    assert tables[-1][1][2] == "通知：督办单"


def test_words_of_people_are_no_markup_and_a_long_name_fits() -> None:
    words = "{{ 7*7 }} <w:t>{% for x in y %}" + "长" * 40
    snapshot = {
        "number": "督办〔2021〕1号",
        "by": None,
        "issued": "2021年8月20日",
        "unit": "长" * 40,
        "task": words,
        "programme": "专项",
        "basis": "工作督办",
        "problem": None,
        "required": words,
        "limit": "2021年9月10日",
        "extended": "2021年9月20日",
        "state": "办理中",
        "closed": None,
        "steps": [],
        "told": [],
    }
    document = build(snapshot)
    data = word_file(document)

    assert check_word(data, document, snapshot) == ()
    assert words in read_word(data).everything()
    assert "已同意延期至2021年9月20日" in read_word(data).everything()


def test_a_paper_that_was_changed_by_hand_is_found(talk: Talk) -> None:
    with_open_chats(talk)
    talk.say("管理员甲", ORDER)
    original = paper(talk)

    with pytest.raises(AssertionError):
        tampered(original, "2021年9月30日", "")
    assert (
        "2021年9月20日"
        in read_word(tampered(original, "2021年9月10日", "2021年9月20日")).everything()
    )


def test_a_stranger_to_the_unit_gets_no_paper(talk: Talk) -> None:
    with_open_chats(talk)
    talk.say("管理员甲", ORDER)

    assert "不是您单位的事项" in talk.say("州妇联联络员", "督办1 打印")[0]


def test_statements_do_not_grow_with_the_trail(talk: Talk) -> None:
    with_open_chats(talk)
    talk.say("管理员甲", ORDER)

    def count() -> int:
        with counted_queries(talk.database) as seen:
            talk.say("管理员甲", "督办1 打印")
        return len(seen)

    count()
    before = count()
    for day in range(3):
        talk.later(days=1)
        talk.say("州公安局联络员", f"督办1 又补装{day + 1}路")

    assert count() == before
