"""How an office gets through a month with what DingTalk allows: counted, weighed, and survived."""

import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from bot.app import create_app
from bot.dingtalk.check_quota import quota_findings
from bot.findings import Level
from models.chat import single_chats_of
from models.inbox import InboxMessage, InboxState
from models.member import account_of
from models.message import Reply
from models.outbox import OutboxMessage, say
from models.quota import month_of, quotas, spend
from models.workday import calendar
from scheduler.reminders import remind
from tests.conftest import at
from tests.dingtalk import DingTalkOffice
from tests.pictures import a_photo

POLICE, ADMIN = "州公安局联络员", "管理员甲"
API, SESSION = "robot/oToMessages/batchSend", "robot/sendBySession"
REPORT = "报送 州1-7\n截至：7月31日\n完成数：1710个"


def counted(office: DingTalkOffice) -> list[int]:
    """What this office counted itself: calls, and what is heard or said by webhooks."""
    with office.house.database.read() as session:
        found = quotas(session, "dingtalk", office.house.clock(), calendar(session))
    return [each.standing.used for each in found]


def used_before(office: DingTalkOffice, api: int = 0, heard: int = 0) -> None:
    """What the month had before."""
    now = office.house.clock()
    with office.house.database.write() as session:
        spend(session, "dingtalk", "api", month_of(now), api)
        for number in range(heard):
            session.add(
                InboxMessage(
                    platform="dingtalk",
                    message_id=f"before{number}",
                    sender_id="before",
                    chat_id="before",
                    received_at=now,
                    raw=b"{}",
                    state=InboxState.DONE,
                )
            )


def tries(office: DingTalkOffice, path: str) -> int:
    return office.twin.record.tries[path]


def test_27_what_is_counted_here_is_what_dingtalk_counts(office: DingTalkOffice) -> None:
    """Messages in, answers in place and by the API, a picture fetched: by the stand-in's books."""
    for text in ("帮助", REPORT, "任务"):
        office.says(POLICE, text)
    used_before(office, api=1000)
    office.forward(61)
    for text in ("我是谁", "进度 州1-7"):
        office.says(POLICE, text)
    office.twin.robot.shows(POLICE, a_photo()).answer()
    office.forward(10)

    books = office.twin.quota
    assert tries(office, SESSION) >= 2
    assert tries(office, API) >= 3
    assert counted(office) == [1000 + books.api.used, books.webhook.used]


@pytest.mark.parametrize(
    ("api", "heard", "way"),
    [
        pytest.param(0, 0, API, id="a month begins: the pool is larger"),
        pytest.param(500, 0, SESSION, id="a tenth of the calls is used, hardly any word was heard"),
        pytest.param(500, 600, API, id="as many words are to come: they are kept for hearing"),
        pytest.param(4000, 600, SESSION, id="hardly any call is left"),
    ],
)
def test_27_an_answer_takes_the_door_with_more_left_in_proportion(
    office: DingTalkOffice, api: int, heard: int, way: str
) -> None:
    used_before(office, api, heard)
    office.says(POLICE, "我是谁")

    assert office.twin.sees(POLICE, "州公安局")
    assert [tries(office, API), tries(office, SESSION)] == [way == API, way == SESSION]


def test_27_whose_words_are_kept_back_reports_by_the_form(office: DingTalkOffice) -> None:
    office.twin.quota.webhook.used = 3000
    office.says(POLICE, REPORT)
    told = office.twin.sees(POLICE, "刚才的内容没有传到").text
    [path] = re.findall(r"/files/[\w.-]+", told)

    http = TestClient(create_app(office.house), "http://office")
    [once] = re.findall(r'name="once" value="(\w+)"', http.get(path).text)
    fields = {"once": (None, once), "words": (None, REPORT)}
    answer = http.post(path, files=fields, follow_redirects=False)

    assert answer.headers["location"] == "?sent=0&words=1"
    office.works()
    assert office.twin.sees(POLICE, "1710")
    assert tries(office, SESSION) == 0


def test_27_words_kept_back_are_answered_by_the_api_from_the_first_on(
    office: DingTalkOffice,
) -> None:
    """A moment before, answers still left in place; whoever reports nothing gets no link."""
    used_before(office, api=4000)
    office.says(ADMIN, "我是谁")
    office.twin.quota.webhook.used = 3000
    office.says(ADMIN, "任务")

    told = [each.door for each in office.twin.seen(ADMIN) if "没有传到" in each.text]
    assert (told, tries(office, SESSION)) == (["api"], 1)


def test_calls_that_others_used_up_are_not_asked_for_again(office: DingTalkOffice) -> None:
    """By our own count hardly any is used: other programs of the organisation did it."""
    books = office.twin.quota
    books.api.used, books.grace = 5000, 0
    office.says(POLICE, "我是谁")
    assert "州公安局" in office.twin.seen(POLICE)[-1].text
    assert [tries(office, API), tries(office, SESSION)] == [1, 1]

    office.forward(7 * 3600)
    office.says(POLICE, "我是谁")

    assert [tries(office, API), tries(office, SESSION)] == [1, 2]
    with office.house.database.read() as session:
        [found, _] = quota_findings(session, office.house.clock())
    assert (found.level, "平台提示已用完" in found.about) == (Level.FAIL, True)


def test_27_whoever_runs_the_service_hears_of_it_once(office: DingTalkOffice) -> None:
    """There is no operator, so the admins do, however many people write."""
    office.says(ADMIN, "帮助")
    office.twin.quota.webhook.used = 3000
    for _ in range(3):
        office.says(POLICE, "任务")
        office.says("州妇联联络员", "任务")
        office.forward(3600)

    [told] = [bubble for bubble in office.twin.seen(ADMIN) if "【运维告警】" in bubble.text]
    assert "钉钉消息推送额度本月已用完" in told.text
    assert "上传链接" in told.text


def test_what_is_due_to_one_person_leaves_in_one_message(office: DingTalkOffice) -> None:
    """A reminder of both programmes, and whatever else is due to the same liaison just then."""
    with office.house.database.write() as session:
        account = account_of(session, "dingtalk", POLICE)
        assert account is not None
    office.says(POLICE, "帮助")
    due = at("2021-09-10T09:00")
    office.house.set_clock(due)
    remind(office.house.database, office.house.services, due)
    with office.house.database.write() as session:
        [chat] = single_chats_of(session, account.member_id)
        for number in (3, 4):
            say(session, chat.id or 0, Reply(f"督办{number}已送达。"), key=f"k{number}", now=due)
    before = len(office.twin.seen(POLICE))
    office.works()

    [one] = office.twin.seen(POLICE)[before:]
    assert all(words in one.text for words in ("州1-7", "新7", "督办3已送达", "督办4已送达"))
    with office.house.database.read() as session:
        rows = session.exec(
            select(OutboxMessage).where(
                OutboxMessage.chat_id == chat.id, OutboxMessage.sent_at == due
            )
        ).all()
    assert len(rows) == 3
