"""What a word says once more as a table or a page: stored whole, inert, and gone back from."""

import json

import pytest
from sqlmodel import Session, col, select

from models.chat import Chat
from models.db import Database
from models.member import user_ids_of
from models.message import Choice, Reply
from models.outbox import TEXT_BYTES, OutboxMessage, next_texts, say
from models.schema import migrate, revision
from models.shown import Page, Shown, Table, shown_from
from tests.conftest import at
from tests.factories import a_group, a_member
from tests.stores import go_back

NOW = at("2021-08-25T09:00")
TABLE = Table(("单位", "事项"), (("州公安局", "州1-7 雪亮工程"), ("州妇联", "新3")))
PAGE = Page("看板", "https://dajuan.example/board/7", "")
WHOLE = Shown("【答卷专栏】到期提示", TABLE, "请在单聊中报送。", PAGE)


@pytest.mark.parametrize(
    "shown",
    [WHOLE, Shown("只有话"), Shown("表", TABLE), Shown("页", page=Page("打开", "a", "image/png"))],
)
def test_what_is_stored_comes_back_the_same(shown: Shown) -> None:
    assert shown_from(json.loads(json.dumps(shown.data()))) == shown


def test_nothing_in_it_acts_but_the_page_still_opens() -> None:
    bad = "@所有人 *急* [点](https://x.example) | <b>\n第二行"
    table = Table((bad, "事项"), ((bad, bad),))
    page = Page(bad, "https://dajuan.example/board/7_a*b")

    shown = Shown(bad, table, bad, page).inert()

    words = [
        shown.above,
        shown.below,
        *(shown.table or TABLE).head,
        *(shown.table or TABLE).rows[0],
    ]
    for each in (*words, (shown.page or PAGE).label):
        assert not set("@*[]|<>`") & set(each)
        assert "https://" not in each
    assert "\n" not in "".join((shown.table or TABLE).rows[0])
    assert (shown.page or PAGE).address == page.address


def owed(session: Session, chat: Chat, reply: Reply, key: str = "k") -> list[OutboxMessage]:
    say(session, chat.id or 0, reply, key=key, now=NOW)
    query = select(OutboxMessage).where(col(OutboxMessage.key).startswith(key))
    return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def test_a_word_of_one_message_keeps_its_table_and_whom_it_calls(session: Session) -> None:
    person = a_member(session, "甲")

    [row] = owed(
        session, a_group(session, "群"), Reply("到期", shown=WHOLE, mentions=(person.id or 0,))
    )
    session.expire_all()

    assert row.shown_as() == WHOLE
    assert row.mentions == [person.id]
    assert user_ids_of(session, row.mentions) == {"sandbox": ["甲"]}


def test_what_takes_several_messages_is_said_in_lines_and_calls_at_its_end(
    session: Session,
) -> None:
    long = "\n".join(f"{n}. 州公安局（州1-7 雪亮工程）" for n in range(1, 80))

    rows = owed(session, a_group(session, "群"), Reply(long, shown=WHOLE, mentions=(1,)))

    assert len(rows) > 1
    assert [each.shown for each in rows] == [None] * len(rows)
    assert [each.mentions for each in rows] == [*([[]] * (len(rows) - 1)), [1]]


@pytest.mark.parametrize(
    "reply",
    [
        Reply("乙", mentions=(1,)),
        Reply("乙", choices=(Choice("好", "好"),)),
        Reply("乙", secret=True),
    ],
    ids=["call", "buttons", "secret"],
)
def test_a_word_that_is_more_than_text_goes_alone(session: Session, reply: Reply) -> None:
    chat = a_group(session, "群")
    [first] = owed(session, chat, Reply("甲"), "a")
    owed(session, chat, reply, "b")
    owed(session, chat, Reply("丙", shown=Shown("丙", TABLE)), "c")

    assert next_texts(session, first, NOW, TEXT_BYTES) == []


def test_of_words_with_tables_the_lines_go_together(session: Session) -> None:
    chat = a_group(session, "群")
    [first] = owed(session, chat, Reply("甲", shown=Shown("甲", TABLE)), "a")
    second = owed(session, chat, Reply("乙", shown=Shown("乙", TABLE)), "b")

    assert next_texts(session, first, NOW, TEXT_BYTES) == second


def test_going_back_loses_the_tables_and_no_word(database: Database) -> None:
    with database.write() as session:
        chat = a_group(session, "群").id or 0
        say(session, chat, Reply("到期", shown=WHOLE, mentions=(1,)), key="k", now=NOW)

    go_back(database, "0008")
    assert revision(database) == "0008"
    migrate(database)

    with database.read() as session:
        [row] = session.exec(select(OutboxMessage)).all()
        assert (row.text, row.shown_as(), row.mentions) == ("到期", None, [])
