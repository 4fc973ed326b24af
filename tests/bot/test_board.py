"""The board over HTTP: what each page says, to whom, under which headers, and how long."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from models.chat import Chat, ChatPurpose
from models.db import Database
from models.link import revoke_board_links
from models.member import Member, Role
from models.task import Task
from tests.board import LIVELIHOOD, NAMED, QUIET, WEBSITE, Office
from tests.offices import NOW as PROVINCE_NOW
from tests.offices import a_province
from tests.pictures import a_photo, a_view, encoded
from tests.supervising import counted_queries, hand_in

VIEWS = ("overview", "tasks", "ranking", "counties", "calendar", "laggards", "pictures")
QUIET_VIEWS = tuple(view for view in VIEWS if view != "counties")


def _chat(office: Office, name: str, **changes: object) -> int:
    """Change a group; returns its id."""
    with office.house.database.write() as session:
        chat = session.exec(select(Chat).where(Chat.name == name)).one()
        for field, value in changes.items():
            setattr(chat, field, value)
        return chat.id or 0


def test_the_overview_holds_the_circulars_statuses(office: Office) -> None:
    text = office.text(office.link())

    assert "重点民生实事 演示数据 总览 数据截至2021年7月31日 9月6日09:00打开" in text
    assert "20项任务" in text
    assert "达到省定验收标准 3 项" in text
    assert "报送率" in text


def test_every_page_is_dated_and_marked_as_demonstration(office: Office) -> None:
    path = office.link()
    for view in VIEWS:
        text = office.text(path, view=view)
        assert "数据截至2021年7月31日" in text, view
        assert "演示数据 不是真实情况" in text, view


def test_a_task_is_shown_with_indicator_schedule_and_counties(office: Office) -> None:
    text = office.text(office.link(), view="task", id=office.task_id("新7"))

    assert "新7 雪亮工程" in text
    assert "1710个，目标6000个，完成28.50%" in text
    assert "牵头 州公安局" in text
    assert "完成28.50%，序时58.33%" in text
    assert "吉首市" in text


def test_the_ranking_explains_each_place(office: Office) -> None:
    text = office.text(office.link(), view="ranking")

    assert "州残联" in text
    assert "为什么 ：州残联" in text
    assert "排名办法：进度60%" in text


def test_a_unit_page_holds_rank_tasks_and_reports(office: Office) -> None:
    text = office.text(office.link(), view="unit", id=office.unit_id("州残联"))

    assert "州残联 数据截至" in text
    assert "新8 无障碍改造" in text
    assert "3.24%" in text
    assert "待报" in text


def test_a_county_page_holds_the_issued_line(office: Office) -> None:
    text = office.text(office.link(), view="county", id=office.unit_id("吉首市"))

    assert "实施18项、24个指标，其中完成8个，有序推进9个，滞后7个" in text


def test_the_calendar_counts_the_tenth_of_september(office: Office) -> None:
    text = office.text(office.link(), view="calendar", month="2021-09")

    assert "9月10日（星期五）截止" in text
    assert "应报20件，已报0件" in text
    assert "应20" in text


def test_a_report_that_came_in_is_counted_at_once(office: Office) -> None:
    hand_in(office.talk, "新1", month=9, accepted=True)

    assert "应报20件，已报1件" in office.text(office.link(), view="calendar", month="2021-09")


def test_what_lags_is_listed_by_unit(office: Office) -> None:
    text = office.text(office.link(), view="laggards")

    assert "州公安局" in text
    assert "新7 雪亮工程" in text


@pytest.mark.parametrize("code", [WEBSITE, LIVELIHOOD])
def test_without_naming_no_page_names_a_unit_that_does_not_lead(office: Office, code: str) -> None:
    """The first of each group may be named; nobody else, county or department, on any page."""
    picture_of = hand_in(office.talk, "新8", month=9, accepted=True)
    office.accept_picture(picture_of, a_photo(1200, 600), "州残联入户改造", "吉首市乾州街道")
    path = office.link(QUIET, code)
    leaders = set()
    for line in re.findall(r"州直单位：(.*?)（", office.text(path)):
        leaders |= set(line.split("、"))
    others = [name for name in office.unit_names() if name not in leaders]
    pages = [office.text(path, view=view) for view in QUIET_VIEWS]
    ids = {
        int(n) for n in re.findall(r"view=task&amp;id=(\d+)", office.see(path, view="tasks").text)
    }
    assert len(ids) in (20, 39)
    pages += [office.text(path, view="task", id=id_) for id_ in sorted(ids)]
    for page in pages:
        assert [name for name in others if name in page] == []


def test_without_naming_unit_and_county_pages_are_all_refused_alike(office: Office) -> None:
    path = office.link(QUIET)
    ids = [office.unit_id("州残联"), office.unit_id("吉首市"), 99999]
    pages = [office.see(path, view=view, id=id_) for view in ("unit", "county") for id_ in ids]
    pages.append(office.see(path, view="counties"))

    assert {page.status_code for page in pages} == {403}
    assert len({page.text for page in pages}) == 1
    assert "本群未开启点名" in pages[0].text


def test_the_switch_holds_for_links_that_are_out_already(office: Office) -> None:
    path = office.link(NAMED)
    assert "州残联" in office.text(path, view="laggards")

    _chat(office, NAMED, names_laggards=False)

    assert "州残联" not in office.text(path, view="laggards")


def test_without_naming_scores_are_told_as_a_distribution(office: Office) -> None:
    text = office.text(office.link(QUIET), view="ranking")

    assert "得分分布" in text
    assert "90分以上" in text
    assert "为什么" not in text


def test_a_unit_head_reads_the_own_unit_and_no_other(office: Office) -> None:
    path = office.own_link("gongan-head")
    home = office.text(path)

    assert "本单位 图片" in home
    assert "新7 雪亮工程" in home
    assert office.see(path, view="unit", id=office.unit_id("州残联")).status_code == 404
    assert office.see(path, view="task", id=office.task_id("新7")).status_code == 200
    assert office.see(path, view="task", id=office.task_id("新8")).status_code == 404
    for view in ("tasks", "ranking", "counties", "calendar", "laggards"):
        assert office.see(path, view=view).status_code == 404, view


def test_a_leader_reads_everything_with_names_in_the_single_chat(office: Office) -> None:
    assert "州残联" in office.text(office.own_link("leader-a"), view="laggards")


def test_who_loses_the_role_loses_the_board(office: Office) -> None:
    path = office.own_link("leader-a")
    with office.house.database.write() as session:
        member = session.exec(select(Member).where(Member.name == "领导甲")).one()
        for role in session.exec(select(Role).where(Role.member_id == member.id)).all():
            session.delete(role)

    assert office.see(path).status_code == 410


def test_who_left_reads_nothing_any_more(office: Office) -> None:
    path = office.own_link("leader-a")
    with office.house.database.write() as session:
        member = session.exec(select(Member).where(Member.name == "领导甲")).one()
        member.left_at = office.house.clock()

    assert office.see(path).status_code == 410


def test_a_liaison_opens_no_board(office: Office) -> None:
    assert office.see(office.own_link("gongan")).status_code == 410


def test_a_group_that_is_no_longer_one_of_leaders_reads_nothing(office: Office) -> None:
    path = office.link(NAMED)
    _chat(office, NAMED, purpose=ChatPurpose.LIAISONS)

    assert office.see(path).status_code == 410


def test_after_seven_days_the_link_is_closed_calmly(office: Office) -> None:
    path = office.link()
    office.house.set_clock(office.house.clock() + timedelta(days=7, minutes=1))
    page = office.see(path, view="laggards")

    assert page.status_code == 410
    assert "发“看板”" in page.text
    assert "州" not in page.text
    assert "民生实事" not in page.text


def test_a_revoked_link_is_closed_and_the_next_one_opens(office: Office) -> None:
    path = office.link()
    with office.house.database.write() as session:
        chat = session.exec(select(Chat).where(Chat.name == NAMED)).one()
        revoke_board_links(session, chat.id or 0, office.house.clock())

    assert office.see(path).status_code == 410
    assert office.see(office.link()).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path[:-1] + ("A" if path[-1] != "A" else "B"),
        lambda path: re.sub(r"/board/\d+", "/board/999", path),
        lambda path: re.sub(r"-\d+", "-1", path),
        lambda path: path.replace("/board/", "/board/x"),
        lambda path: "/board/" + "9" * 5000,
        lambda path: "/board/%00",
        lambda path: "/board/../board/1",
    ],
    ids=["last letter", "other id", "other moment", "prefix", "long", "nul", "dots"],
)
def test_an_edited_link_opens_nothing_and_tells_nothing(office: Office, change) -> None:
    page = office.see(change(office.link()))

    assert page.status_code in (403, 404)
    assert "民生实事" not in page.text
    assert "Traceback" not in page.text


def test_a_link_to_a_file_opens_no_board(office: Office) -> None:
    path = office.link()

    assert office.see(path.replace("/board/", "/files/")).status_code == 403


def test_one_programmes_link_opens_nothing_of_another(office: Office) -> None:
    path = office.link(code=LIVELIHOOD)

    other = office.task_id("州1-7", WEBSITE)
    assert office.see(path, view="task", id=other).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"view": "nothing"},
        {"view": "task", "id": "abc"},
        {"view": "task", "id": "９" * 3},
        {"view": "task", "id": "9" * 40},
        {"view": "unit", "id": "-1"},
        {"view": "../secret"},
        {"view": "picture", "id": "1"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_answered_calmly(office: Office, query: dict[str, str]) -> None:
    page = office.see(office.link(), **query)

    assert page.status_code == 404
    assert "回到看板首页" in page.text


@pytest.mark.parametrize("query", [{"page": "99"}, {"page": "x"}, {"month": "2021-13"}], ids=str)
def test_a_number_out_of_range_shows_what_there_is(office: Office, query: dict[str, str]) -> None:
    view = "calendar" if "month" in query else "tasks"

    assert office.see(office.link(), view=view, **query).status_code == 200


def test_headers_keep_pages_to_the_one_who_opened_them(office: Office) -> None:
    headers = office.see(office.link()).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_pages_need_no_script_and_nothing_from_elsewhere(office: Office) -> None:
    path = office.link()
    for view in VIEWS:
        html = office.see(path, view=view).text
        assert "<script" not in html
        assert "style=" not in html
        assert not re.search(r'(?:href|src)="(?:https?:)?//', html)


def test_pages_are_packed_where_the_browser_takes_it_so(office: Office) -> None:
    packed = office.http.get(office.link(), headers={"accept-encoding": "gzip"})
    plain = office.http.get(office.link(), headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text


def test_the_style_sheet_is_served_beside_the_board(office: Office) -> None:
    html = office.see(office.link()).text
    [address] = re.findall(r'href="\.\.(/static/board/board\.css\?v=\w+)"', html)

    style = office.http.get(address)
    assert style.status_code == 200
    assert "@media print" in style.text
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in style.headers["cache-control"]
    assert style.headers["content-encoding"] == "gzip"


def test_pictures_are_shown_small_and_marked_within_the_links_scope(office: Office) -> None:
    report = hand_in(office.talk, "新7", month=9, accepted=True)
    id_ = office.accept_picture(report, a_photo(2400, 1200), "安装现场", "吉首市乾州街道")
    path = office.link()
    small = office.see(path, view="picture", id=id_, size="small")
    large = office.see(path, view="picture", id=id_)

    assert small.headers["content-type"] == "image/jpeg"
    assert len(small.content) <= 15_000
    assert len(large.content) <= 150_000
    assert small.headers["cache-control"].startswith("private")
    assert "安装现场 2021年7月20日；吉首市乾州街道" in office.text(path, view="pictures")
    assert office.see(office.own_link("canlian-head"), view="picture", id=id_).status_code == 404
    assert office.see(office.own_link("gongan-head"), view="picture", id=id_).status_code == 200
    assert office.see(office.link(code=WEBSITE), view="picture", id=id_).status_code == 404


def test_what_was_not_accepted_is_not_shown(office: Office) -> None:
    report = hand_in(office.talk, "新7", month=9)
    id_ = office.accept_picture(report, a_photo(1200, 600), "安装现场", "吉首市")

    assert office.see(office.link(), view="picture", id=id_).status_code == 404
    assert "安装现场" not in office.text(office.link(), view="pictures")


def test_names_that_people_wrote_are_escaped(office: Office) -> None:
    _rename(
        office.house.database, office.task_id("新7"), '<script>alert("1")</script>{{ 7*7 }}😀𠮷'
    )
    html = office.see(office.link(), view="tasks").text

    assert "<script" not in html
    assert "{{ 7＊7 }}" in html
    assert "49" not in re.findall(r"新7[^<]*", html)[0]


def _rename(database: Database, task_id: int, title: str) -> None:
    with database.write() as session:
        task = session.get_one(Task, task_id)
        task.title, task.aliases = title, [title]


def test_the_number_of_statements_is_fixed(office: Office) -> None:
    """Whatever the number of units, tasks and reports."""
    path = office.link()
    counted = {}
    for view in VIEWS:
        with counted_queries(office.house.database) as seen:
            office.see(path, view=view)
        counted[view] = len([each for each in seen if each.startswith("SELECT")])

    assert max(counted.values()) <= 26, counted


def test_every_page_with_its_pictures_is_at_most_150_kb(office: Office) -> None:
    for at_ in range(10):
        report = hand_in(office.talk, f"新{at_ + 1}", month=9, accepted=True)
        office.accept_picture(report, encoded(a_view(at_, 2400, 1200)), "现场", "吉首市")
    path = office.link()
    style = len(office.http.get("/static/board/board.css").content)
    for view in VIEWS:
        html = office.http.get(path, params={"view": view}, headers={"accept-encoding": "identity"})
        shown = re.findall(r'img src="\?view=picture&amp;id=(\d+)', html.text)
        pictures = (office.see(path, view="picture", id=id_, size="small") for id_ in shown)
        total = len(html.content) + style + sum(len(each.content) for each in pictures)
        assert total <= 150_000, (view, total)


def test_a_provinces_pages_stay_small_with_the_same_statements(office: Office) -> None:
    """60 departments with the longest names, 122 counties and a year of reports."""
    with office.house.database.write() as session:
        a_province(session)
    office.house.set_clock(PROVINCE_NOW)
    small, large = office.link(), office.link("省领导群", "province-2021")
    for view in VIEWS:
        with counted_queries(office.house.database) as few:
            office.see(small, view=view)
        with counted_queries(office.house.database) as many:
            page = office.see(large, view=view, page=1)
        assert len(many) <= len(few) + 2, view
        assert len(page.text.encode()) <= 135_000, view  # and 15 kB of style and marks
