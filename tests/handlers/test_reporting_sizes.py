"""How much one report holds, and how much of it is sent back to its writer."""

from dataclasses import replace

import pytest
from sqlmodel import select

from handlers.reporting.content import Content
from handlers.reporting.drafts import MOST_KEPT, kept_in
from handlers.reporting.kept import Parked
from models.draft import Draft
from models.rules.frozen import to_data
from tests.talk import Talk

POLICE = "州公安局联络员"
LINES = "截至：7月31日\n完成数：1900个\n措施：逐户上门安装，逐项核对台账，已全部联网。"


def test_a_report_grows_to_three_whole_messages_and_what_is_missing_still_goes_in(
    light: Talk,
) -> None:
    light.say(POLICE, "报送 州1-7")
    for number in range(3):
        assert "已附：问题" in light.say(POLICE, f"问题：第{number}次{'核' * 3900}")[0]

    (refused,) = light.say(POLICE, f"问题：{'再' * 3900}")
    assert "最多12000字，这条没有记下。请发“提交”看还缺什么" in refused
    assert len(refused) < 100

    assert "已收到 #1" in light.say(POLICE, LINES)[0]


@pytest.mark.parametrize("again", [f"措施：{'改' * 3900}"])
def test_a_section_said_anew_takes_the_place_of_the_long_one(light: Talk, again: str) -> None:
    light.say(POLICE, f"报送 州1-7\n措施：{'做' * 3900}")

    assert "已附：措施" in light.say(POLICE, again)[0]


def test_the_form_to_copy_mentions_a_long_section_and_comes_back_without_the_remark(
    light: Talk,
) -> None:
    light.say(POLICE, f"报送 州1-7\n措施：{'逐户上门安装。' * 100}")
    light.say(POLICE, "哈哈呵呵呵")
    (form,) = light.say(POLICE, "哈哈呵呵呵嘿")
    assert "（措施700字已收，不用重发）" in form
    assert len(form) < 300

    filled = form.partition("填好发回：\n")[2].replace("完成数（个）：", "完成数：1900个")
    (received,) = light.say(POLICE, filled)
    assert "已收到 #1" in received
    assert "措施" in received.partition("已附：")[2].split("\n")[0]
    assert "未读懂" not in received


@pytest.mark.parametrize(("share", "is_refused"), [(3, True), (1, False)])
def test_what_is_put_aside_has_a_limit_for_all_of_it_together(
    light: Talk, share: int, is_refused: bool
) -> None:
    roads = "州交通运输局联络员"
    light.say(roads, "报送 州1-5 完成数：300公里")
    with light.database.write() as session:
        draft = session.exec(select(Draft)).one()
        long = Content(originals=("修" * (MOST_KEPT * share // 4),))
        aside = [Parked(draft.obligation_id, draft.unit_id, at, long, "") for at in (7, 8)]
        draft.content = to_data(replace(kept_in(draft), parked=tuple(aside)))

    (answer,) = light.say(roads, "报送 州1-14")
    said = "已有3项报送没有报完，内容已到上限，这一项没有受理。请先发“继续”报完"
    assert (said in answer) is is_refused
