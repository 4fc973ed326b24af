"""When a digest goes out, as admins write it."""

import pytest

from handlers.reading.digest_times import read_times

PRESENT = "0 9 * * mon"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("每周一9:00", "0 9 * * mon"),
        ("每周一 9：00", "0 9 * * mon"),
        ("每周四上午9点半", "30 9 * * thu"),
        ("每周一、四 下午3点", "0 15 * * mon,thu"),
        ("每周五、周二 10点", "0 10 * * tue,fri"),
        ("每周一至周五 九点", "0 9 * * mon-fri"),
        ("星期天10点15分", "15 10 * * sun"),
        ("每天8:30", "30 8 * * *"),
        ("每个工作日 9点", "0 9 * * mon-fri"),
        ("每月25日9:00", "0 9 25 * *"),
        ("每月5号、20号上午十点", "0 10 5,20 * *"),
        ("每月最后一天 16:00", "0 16 last * *"),
        ("每月底15点", "0 15 last * *"),
        ("每季度首月25日 9点", "0 9 25 1,4,7,10 *"),
        ("每周四", "0 9 * * thu"),
        ("15:00", "0 15 * * mon"),
        ("２０点", "0 20 * * mon"),
    ],
)
def test_the_times_people_write(text: str, line: str) -> None:
    found = read_times(text, PRESENT)

    assert found is not None
    assert found[0] == line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "下周一9点",
        "每周八9点",
        "每月31日9:00",
        "每周五至周一9点",
        "25:00",
        "9点70分",
        "有空再发",
        "每年9点",
    ],
)
def test_what_is_no_time_is_not_guessed(text: str) -> None:
    found = read_times(text, PRESENT)

    assert found is None or text == ""


@pytest.mark.parametrize(
    ("text", "is_daytime"), [("7:59", False), ("8:00", True), ("20:00", True), ("20:01", False)]
)
def test_groups_are_spoken_to_by_day(text: str, is_daytime: bool) -> None:
    found = read_times(text, PRESENT)

    assert found is not None
    assert found[1].is_daytime is is_daytime
