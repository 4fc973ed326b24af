"""Which task of a changed file continues which reported one."""

from hypothesis import given
from hypothesis import strategies as st

from models.rules.task_match import Listed, Matching, match_tasks


def listed(number: str, title: str, *names: str, leads: str = "", counts: str = "") -> Listed:
    return Listed(
        number,
        title,
        frozenset((title, *names)),
        frozenset(leads.split()),
        frozenset(counts.split()),
    )


PLAN = [
    listed("民1", "新建农村公路12公里"),
    listed("民2", "村卫生室标准化建设56个"),
    listed("民3", "新增公办学位3000个"),
]


def test_items_follow_their_titles_when_one_is_put_between_and_targets_are_raised() -> None:
    revised = [
        listed("民1", "新建农村公路12公里"),
        listed("民2", "建设老年助餐点15个"),
        listed("民3", "村卫生室标准化建设60个"),
        listed("民4", "新增公办学位3500个"),
    ]

    found = match_tasks(revised, PLAN)

    assert found == Matching(same={"民1": "民1", "民3": "民2", "民4": "民3"})


def test_a_wholly_different_title_under_a_known_number_is_doubtful() -> None:
    found = match_tasks([listed("民2", "城镇老旧小区改造")], PLAN)

    assert found == Matching(doubtful={"民2": "民2"})


def test_the_old_title_among_the_new_names_says_that_it_is_the_same() -> None:
    renamed = listed("民2", "基层医疗卫生机构提质", "村卫生室标准化建设56个")

    assert match_tasks([renamed], PLAN).same == {"民2": "民2"}


def test_a_title_that_changed_a_little_under_its_number_is_the_same() -> None:
    assert match_tasks([listed("民2", "行政村卫生室标准化建设")], PLAN).same == {"民2": "民2"}


def test_the_same_indicators_and_leads_under_a_number_are_the_same_task() -> None:
    before = [listed("1", "雪亮工程", leads="州公安局", counts="监控点")]
    after = [listed("1", "公共安全视频联网", leads="州公安局", counts="监控点")]

    assert match_tasks(after, before).same == {"1": "1"}


def test_what_only_resembles_a_task_that_is_gone_is_new_and_said_to_be_near() -> None:
    before = [listed("1", "城东片区老旧小区改造工程")]
    after = [listed("7", "城西片区老旧小区改造工程")]

    assert match_tasks(after, before) == Matching(near={"7": "1"})


def test_two_tasks_of_one_title_are_told_apart_by_number_only() -> None:
    twins = [listed("1", "改造农村公路"), listed("2", "改造农村公路")]

    assert match_tasks(twins, twins).same == {"1": "1", "2": "2"}


tasks = st.lists(
    st.builds(
        listed,
        st.integers(1, 9).map(str),
        st.text("新建改造学校公路桥12", min_size=1, max_size=6),
    ),
    unique_by=lambda each: each.number,
    max_size=9,
)


@given(tasks, tasks)
def test_no_task_is_continued_twice(new: list[Listed], stored: list[Listed]) -> None:
    found = match_tasks(new, stored)

    taken = [*found.same.values(), *found.doubtful.values()]
    assert len(taken) == len(set(taken))
    assert set(found.same) | set(found.doubtful) | set(found.near) <= {one.number for one in new}
    assert not set(found.same) & set(found.doubtful)


@given(tasks)
def test_an_unchanged_file_continues_every_task_under_its_number(stored: list[Listed]) -> None:
    assert match_tasks(stored, stored).same == {one.number: one.number for one in stored}
