"""A send whose answer never came: repeated where the platform can tell, else left unknown, once."""

import pytest

from models.outbox import OutboxState
from tests.faults.places import Place, Scene

#: What becomes of a word at each door, and how many calls that takes.
AFTERWARDS = {
    "wecom_app": (OutboxState.SENT, 2),  # WeCom compares with what it was sent lately
    "wecom_robot": (OutboxState.UNKNOWN, 1),
    "dingtalk": (OutboxState.UNKNOWN, 1),
    "dingtalk_session": (OutboxState.UNKNOWN, 1),
    "dingtalk_robot": (OutboxState.SENT, 2),  # by its number
}


def tries(scene: Scene, place: Place) -> int:
    return scene.office.twin.record.tries[place.path]


@pytest.mark.parametrize("acted", [True, False], ids=["it was taken", "it was not"])
def test_nobody_reads_it_twice_and_the_operators_know_of_what_nobody_knows(
    scene: Scene, acted: bool
) -> None:
    for place in scene.places:
        scene.office.twin.faults.hang_up(place.path, acted=acted)
    before = [tries(scene, place) for place in scene.places]
    scene.owe("周排名")

    scene.office.works()
    made = [tries(scene, place) - was for place, was in zip(scene.places, before, strict=True)]
    for minutes in (1, 10, 60):
        scene.office.forward(60 * minutes)

    assert made == [1] * len(scene.places)
    for text, place in scene.owed.items():
        state, calls = AFTERWARDS[place.door]
        assert scene.states()[text] == state, place.door
        assert len(calls_of(scene, place, text)) == calls - (not acted), place.door
        assert scene.stands(text) == (1 if acted or state == OutboxState.SENT else 0), place.door
    unknown = [row for row in scene.rows("周排名") if row.state == OutboxState.UNKNOWN]
    assert {row.attempts for row in unknown} == {1}
    assert len([each for each in scene.alarms() if "结果不明" in each]) == 1, "one reason, once"
    scene.check_nothing_is_lost_or_said_twice()


def calls_of(scene: Scene, place: Place, text: str) -> list[object]:
    """The calls that carried the word and did what they were for."""
    return [each for each in scene.office.twin.sent(place.path) if text in str(each.body)]
