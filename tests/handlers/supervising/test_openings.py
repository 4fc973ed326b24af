"""话术: an admin rewords how reminders and orders begin; what follows stays the bot's."""

import pytest
from sqlmodel import select

from models.audit import Audit
from models.rules.opening import TEMPLATES, Opening
from scheduler.reminders import remind
from tests.conftest import at
from tests.supervising import with_open_chats
from tests.talk import Talk

ADMIN, POLICE = "管理员甲", "州公安局联络员"
OWN = "【答卷】您好，下面几项过了截止时间，请今天补报"


@pytest.fixture
def light(light: Talk) -> Talk:
    light.set_clock("2021-08-20T10:00")
    return with_open_chats(light)


def reminded(light: Talk, when: str) -> str:
    """The first line of what the police liaison reads at this time."""
    light.set_clock(when)
    remind(light.database, light.services, at(when))
    return light.heard(POLICE)[-1].split("\n")[0]


def test_a_reworded_opening_is_what_the_liaison_reads(light: Talk) -> None:
    [done] = light.say(ADMIN, f"话术 答卷专栏 逾期提醒 改为 {OWN}")

    assert done.splitlines() == [
        "已更改，【答卷专栏】今后的“逾期提醒”开头为：",
        f"{OWN}：",
        "恢复原来的请发“话术 答卷专栏 逾期提醒 恢复”。",
    ]
    assert reminded(light, "2021-08-26T09:00") == f"{OWN}："
    with light.database.read() as session:
        [row] = session.exec(select(Audit).where(Audit.action == "opening")).all()
    assert row.before == {"逾期提醒": TEMPLATES[Opening.LATE].words}
    assert row.after == {"逾期提醒": f"{OWN}："}


def test_the_usual_words_come_back(light: Talk) -> None:
    light.say(ADMIN, f"话术 答卷专栏 逾期提醒 改为 {OWN}")

    assert "已更改" in light.say(ADMIN, "话术 答卷专栏 逾期提醒 恢复")[0]

    assert reminded(light, "2021-08-26T09:00") == TEMPLATES[Opening.LATE].words
    assert light.say(ADMIN, "话术 答卷专栏 逾期提醒 恢复") == ["“逾期提醒”原来就是这样，没有变化。"]


def test_a_message_about_two_programmes_is_worded_as_usual_where_they_differ(light: Talk) -> None:
    light.say(ADMIN, f"话术 答卷专栏 一并提醒 改为 {OWN}")

    # The column's August report is late, the 民生实事 report is due on the same day.
    assert reminded(light, "2021-09-10T09:00") == TEMPLATES[Opening.MIXED].words


def test_all_openings_are_listed_with_what_was_reworded(light: Talk) -> None:
    light.say(ADMIN, f"话术 答卷专栏 逾期提醒 改为 {OWN}")

    lines = light.say(ADMIN, "话术")[0].splitlines()

    for which, template in TEMPLATES.items():
        assert f"{which}：{template.words}" in lines
    assert f"　【答卷专栏】改为：{OWN}：" in lines
    assert lines[-1] == "更改请发“话术 逾期提醒 改为 ……”，说明请发“话术 逾期提醒”。"


def test_one_opening_says_who_reads_it_and_which_blank_must_stay(light: Talk) -> None:
    assert light.say(ADMIN, "话术 答卷专栏 假前提醒")[0].splitlines() == [
        "假前提醒：发给联络员，截止日在周末或节假日时，放假前一天。",
        "【答卷专栏】【报送提醒】您好，今天是{假期}前最后一个工作日，以下报送请尽量今天办理：",
        "须保留“{假期}”，发送时填入实际内容。",
        "更改请发“话术 假前提醒 改为 ……”，恢复请发“话术 假前提醒 恢复”。",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("话术 答卷专栏 逾期提醒 改为 请补", "开头应为4至60个字，收到2个字，未作更改。例如："),
        ("话术 答卷专栏 假前提醒 改为 请尽快办理以下报送", "须有一处“{假期}”"),
        (
            "话术 答卷专栏 晚报提醒 改为 请补报以下报送",
            "没有“晚报提醒 改为 请补报以下报送”这条话术",
        ),
        ("话术 逾期提醒 改为 请补报以下报送", "您管理几个专项，请写明专项后重发，如“话术 答卷专栏"),
    ],
)
def test_what_cannot_be_an_opening_changes_nothing(light: Talk, text: str, said: str) -> None:
    assert said in light.say(ADMIN, text)[0]
    assert reminded(light, "2021-08-26T09:00") == TEMPLATES[Opening.LATE].words


def test_a_mention_in_an_opening_calls_nobody(light: Talk) -> None:
    light.say(ADMIN, "话术 答卷专栏 逾期提醒 改为 请 @all 补报，见[这里](https://a.example)")

    heard = reminded(light, "2021-08-26T09:00")

    assert "@all" not in heard
    assert "](" not in heard


def test_only_admins_word_them(light: Talk) -> None:
    assert "仅限管理员使用" in light.say(POLICE, "话术 逾期提醒 改为 不用报了都可以")[0]
