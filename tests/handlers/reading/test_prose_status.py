"""The status words of a text: completed, on track, behind, or nothing that can be told."""

import pytest

from handlers.reading.prose.status import status_of


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("完成投资473.975万元,工作有序推进。", "on_track"),
        ("超序时进度8.3个百分点", "on_track"),
        ("均达到时序要求", "on_track"),
        ("工作进度相对滞后。", "behind"),
        ("未达序时进度,差13.4个百分点", "behind"),
        ("低于序时进度3个百分点", "behind"),
        ("已达到省定验收标准。", "completed"),
        ("超额完成年任务", "completed"),
        ("参保178万人、23万人,均完成年度目标任务。", "completed"),
        ("任务基本按时间节点推进", "on_track"),
        ("已完成三分之二", None),
        ("8个已完工,2个进度滞后", None),
        ("5项进度滞后", "behind"),
        ("各项工作无滞后", None),
        ("尚未全面完成", None),
        ("确保年底全面完成任务", None),
        ("明年6月底前全部完成", None),
        ("已完成年任务62.4%", None),
        ("25项提前完成", None),
        ("完成1710个,占任务100%", None),
        ("适老化改造已验收186户,提前两个月完成任务", "completed"),
        ("提前3个月完成全年目标任务", "completed"),
        ("已提前半年全面完成省定任务", "completed"),
        ("提前一个多月完成年度目标", "completed"),
        ("计划提前两个月完成任务", None),
        ("未能提前两个月完成任务", None),
        ("提前两个月完成任务的62%", None),
        ("有3个县提前两个月完成任务", None),
        ("就业工作有序推进,培训工作滞后", None),
        ("针对进度滞后的项目加强督办", None),
    ],
)
def test_only_the_words_of_the_text_give_a_status(text: str, status: str | None) -> None:
    assert status_of(text) == status
