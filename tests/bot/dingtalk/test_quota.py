"""The monthly quotas of DingTalk: counted here, weighed, and told before they are used up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from structlog.testing import capture_logs

from bot.dingtalk.check_quota import quota_findings
from bot.dingtalk.meter import Meter, Pool
from bot.findings import Level
from bot.warning import warner
from models import quota
from models.db import Database
from models.inbox import UPLOADED, InboxMessage, InboxState
from models.member import RoleName
from models.quota import Usage, set_limit
from models.workday import calendar
from tests.conftest import at
from tests.factories import a_member
from tests.supervising import outbox
from tests.talk import Talk

#: Eleven working days of September 2021 have passed, eleven are to come.
MIDDLE = at("2021-09-15T10:00")
SEPTEMBER = date(2021, 9, 1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = MIDDLE) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)


class Warnings(list[str]):
    """What operators would be told, each key once, as the outbox does."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def __call__(self, text: str, key: str = "") -> None:
        if key not in self.keys:
            self.keys.append(key)
            self.append(text)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def warnings() -> Warnings:
    return Warnings()


@pytest.fixture
def meter(database: Database, clock: Clock, warnings: Warnings) -> Meter:
    return Meter(database, clock, warnings)


def used(database: Database, month: date = SEPTEMBER) -> dict[str, int]:
    with database.read() as session:
        rows = session.exec(select(Usage).where(Usage.month == month)).all()
        return {row.pool: row.count for row in rows}


def hear(
    database: Database, count: int, when: datetime = MIDDLE, prefix: str = "msg", **more: str
) -> None:
    """So many messages came in from DingTalk."""
    with database.write() as session:
        for number in range(count):
            session.add(_row(f"{prefix}{when:%m%d%H%M}{number}", when, **more))


def _row(message_id: str, when: datetime, platform: str = "dingtalk") -> InboxMessage:
    return InboxMessage(
        platform=platform,
        message_id=message_id,
        sender_id="gongan",
        chat_id="gongan",
        received_at=when,
        raw=b"{}",
        state=InboxState.DONE,
    )


def limit(database: Database, pool: str, units: int) -> None:
    with database.write() as session:
        set_limit(session, "dingtalk", pool, units, member_id=None, now=MIDDLE)


def test_27_what_is_sent_is_counted_by_pool_and_month(
    meter: Meter, database: Database, clock: Clock
) -> None:
    meter.spend(Pool.API)
    meter.spend(Pool.API, 3)
    meter.spend(Pool.WEBHOOK)
    clock.now = at("2021-10-01T00:00")
    meter.spend(Pool.API)

    assert used(database) == {"api": 4, "webhook": 1}
    assert used(database, date(2021, 10, 1)) == {"api": 1}


def test_27_a_month_is_the_offices_own(meter: Meter, database: Database, clock: Clock) -> None:
    """Midnight in Shanghai comes eight hours before that of Greenwich."""
    clock.now = at("2021-09-30T23:59")
    meter.spend(Pool.API)
    clock.later(minutes=1)
    meter.spend(Pool.API)

    assert used(database) == {"api": 1}


def test_27_words_that_leave_together_are_each_counted(meter: Meter, database: Database) -> None:
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(lambda _: meter.spend(Pool.API), range(200)))

    assert used(database) == {"api": 200}


def test_27_two_processes_count_into_one_number(
    database: Database, clock: Clock, warnings: Warnings
) -> None:
    first, second = (Meter(database, clock, warnings) for _ in range(2))
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda meter: meter.spend(Pool.API, 50), (first, second) * 10))

    assert used(database) == {"api": 1000}


def test_what_could_not_be_counted_is_counted_with_the_next(
    meter: Meter, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_away(*args: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(quota, "spend", is_away)
        meter.spend(Pool.API, 2)
    meter.spend(Pool.API)

    assert [each["event"] for each in logs] == ["quota not counted"]
    assert used(database) == {"api": 3}


def test_nothing_spoken_of_costs_nothing(meter: Meter) -> None:
    assert [meter.strain(pool) for pool in Pool] == [0.0, 0.0]


def test_the_strain_of_the_api_is_the_share_used(meter: Meter) -> None:
    meter.spend(Pool.API, 1250)

    assert meter.strain(Pool.API) == pytest.approx(0.25)


def test_what_people_will_write_is_reserved_before_webhooks_speak(
    meter: Meter, database: Database
) -> None:
    """330 were heard on eleven days: as many are to come, and both are no webhook's to use."""
    hear(database, 330)
    meter.spend(Pool.WEBHOOK, 90)

    assert meter.strain(Pool.WEBHOOK) == pytest.approx((330 + 330 + 90) / 3000)


def test_what_came_by_the_upload_form_or_another_platform_costs_no_quota(
    meter: Meter, database: Database
) -> None:
    hear(database, 10, prefix=UPLOADED)
    hear(database, 10, prefix="app:", platform="wecom")
    hear(database, 10, at("2021-08-31T23:59"))

    with database.read() as session:
        found = quota.quotas(session, "dingtalk", MIDDLE, calendar(session))
    assert [each.standing.used for each in found] == [0, 0]


def test_what_other_processes_used_is_seen_within_a_minute(
    meter: Meter, database: Database, clock: Clock, warnings: Warnings
) -> None:
    assert meter.strain(Pool.API) == 0.0
    Meter(database, clock, warnings).spend(Pool.API, 500)

    assert meter.strain(Pool.API) == 0.0
    clock.later(seconds=60)
    assert meter.strain(Pool.API) == pytest.approx(0.1)


def test_a_new_month_begins_with_nothing_used(meter: Meter, clock: Clock) -> None:
    clock.now = at("2021-09-30T23:59:30")
    meter.spend(Pool.API, 4000)
    clock.later(seconds=30)

    assert meter.strain(Pool.API) == 0.0


def test_27_the_operators_are_told_at_80_and_at_100_percent_once_each(
    meter: Meter, warnings: Warnings
) -> None:
    meter.spend(Pool.API, 3999)
    assert warnings == []
    for units in (1, 1, 998):
        meter.spend(Pool.API, units)
    assert warnings.keys == ["dingtalk api 80 2021-09"]
    for units in (1, 1):
        meter.spend(Pool.API, units)

    assert warnings.keys == ["dingtalk api 80 2021-09", "dingtalk api 100 2021-09"]
    assert warnings[0].startswith(
        "钉钉本月接口调用额度：本系统已用4000/5000次（80%），按此速度9月18日用完。可请管理员"
    )
    assert warnings[1].startswith(
        "钉钉本月接口调用额度：本系统已用5000/5000次（100%），已用完，下月1日恢复。可请管理员"
    )
    assert all("升级专业版" in each and "发“额度”" in each for each in warnings)


def test_27_what_people_write_counts_towards_the_warning(
    meter: Meter, database: Database, warnings: Warnings
) -> None:
    limit(database, "webhook", 500)
    hear(database, 400)
    meter.spend(Pool.API)

    assert warnings.keys == ["dingtalk webhook 80 2021-09"]


def test_27_a_warning_is_told_again_next_month(
    meter: Meter, warnings: Warnings, clock: Clock
) -> None:
    meter.spend(Pool.API, 4000)
    clock.now = at("2021-10-08T09:00")
    meter.spend(Pool.API, 4000)

    assert warnings.keys == ["dingtalk api 80 2021-09", "dingtalk api 80 2021-10"]


def test_27_two_processes_tell_the_operators_once(database: Database, clock: Clock) -> None:
    talk = Talk(database)
    with database.write() as session:
        a_member(session, "值班员", (RoleName.OPERATOR, None))
    talk.say("值班员", "帮助")
    for _ in range(2):
        meter = Meter(database, clock, warner(database, talk.services, clock))
        meter.spend(Pool.API, 4000)

    [told] = outbox(database, "alarm:platform:dingtalk api 80 2021-09")
    assert told.text.startswith("【运维告警】钉钉本月接口调用额度：本系统已用4000/5000次")


def test_a_higher_limit_holds_from_the_next_minute_on(
    meter: Meter, database: Database, clock: Clock
) -> None:
    meter.spend(Pool.API, 4000)
    limit(database, "api", 200_000)
    clock.later(minutes=1)

    assert meter.strain(Pool.API) == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("used", "level", "about"),
    [
        (1650, Level.OK, "本系统已用1650/5000次（33%），预计月底3300次"),
        (3000, Level.WARN, "本系统已用3000/5000次（60%），按此速度9月27日用完"),
        (4000, Level.WARN, "本系统已用4000/5000次（80%），按此速度9月18日用完"),
        (5000, Level.FAIL, "本系统已用5000/5000次（100%），已用完，下月1日恢复"),
    ],
)
def test_27_the_doctor_tells_use_and_forecast(
    meter: Meter, database: Database, used: int, level: Level, about: str
) -> None:
    meter.spend(Pool.API, used)
    with database.read() as session:
        found, other = quota_findings(session, MIDDLE)

    assert (found.check, found.level, other.level) == ("dingtalk quota api", level, Level.OK)
    assert found.about == f"本月接口调用，{about}"
    assert bool(found.advice) == (level is not Level.OK)


def test_the_doctor_believes_a_platform_that_says_it_is_used_up(database: Database) -> None:
    """Other programs of the organisation have used it up."""
    with database.write() as session:
        quota.note_out(session, "dingtalk", "webhook", MIDDLE)
        _, found = quota_findings(session, MIDDLE)

    assert found.level is Level.FAIL
    assert found.about == ("本月消息推送，本系统已用0/3000次，平台提示已用完，下月1日恢复")


def test_what_ran_out_by_the_platforms_word_is_not_told_a_second_time(
    meter: Meter, database: Database, warnings: Warnings
) -> None:
    with database.write() as session:
        quota.note_out(session, "dingtalk", "webhook", MIDDLE)
    meter.spend(Pool.API)

    assert meter.strain(Pool.WEBHOOK) == 1.0
    assert warnings == []


def test_a_call_that_is_taken_again_shows_that_more_was_bought(
    meter: Meter, database: Database
) -> None:
    meter.ran_out(Pool.API)
    meter.spend(Pool.API)  # as a call of which nobody knows whether it was taken
    assert meter.strain(Pool.API) == 1.0

    meter.went_on(Pool.API)

    assert meter.strain(Pool.API) == pytest.approx(1 / 5000)
    with database.read() as session:
        found, _ = quota_findings(session, MIDDLE)
    assert found.level is Level.OK
