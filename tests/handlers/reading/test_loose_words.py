"""What words without a heading tell of: measures, trouble, how it goes, or nothing of a report."""

import pytest

from handlers.reading.loose_words import is_status, tells_of
from handlers.reading.sections import Part

MEASURES = [
    "县局抽调民警包片，逐村核对点位",
    "成立专班，实行周调度",
    "召开推进会3次，约谈进度慢的施工队",
    "干部上门动员，一户一策定方案",
    "压实责任，倒排工期",
]
NO_MEASURES = [
    "这两天雨一直下，表格过会儿补上",
    "下半年拟装摄像头2400个",
    "1850个点位交了验收材料，等专家打分",
    "计划9月份召开现场会",
    "施工队尚未组织进场",
    "下一步加强调度",
    "比上个月多了380个",
    "各县市将成立专班",
]
STATUS = [
    "工作有序推进",
    "各项工作正常开展",
    "目前进展顺利，施工正常",
    "项目正在稳步推进中",
    "超序时",
    "超额完成年度任务",
]
NO_STATUS = [
    "工作有序推进1500个",
    "任务繁重",
    "有序",
    "工程款没到位",
    "今天天气不错",
    "推进中有困难",
]


@pytest.mark.parametrize("words", MEASURES)
def test_words_of_measures_are_heard_as_measures(words: str) -> None:
    assert tells_of(words, Part.MEASURES)


@pytest.mark.parametrize("words", NO_MEASURES)
def test_small_talk_plans_and_other_counts_are_no_measures(words: str) -> None:
    assert not tells_of(words, Part.MEASURES)


@pytest.mark.parametrize("words", ["受连续降雨影响，进度滞后", "用地指标未到位"])
def test_what_hinders_is_heard_as_a_problem(words: str) -> None:
    assert tells_of(words, Part.PROBLEMS)
    assert not tells_of("压实责任", Part.PROBLEMS)


@pytest.mark.parametrize("words", STATUS)
def test_how_it_goes_is_a_status(words: str) -> None:
    assert is_status(words)


@pytest.mark.parametrize("words", NO_STATUS)
def test_a_count_or_a_complaint_is_no_status(words: str) -> None:
    assert not is_status(words)
