"""A platform down, slow, throttling, answering nonsense for ten minutes: no word is lost."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from models.db import Database
from models.outbox import OutboxState
from tests.faults.places import POLICE, Place, Scene, on_wecom

GROUP = "wrGroupA"
MINUTE = 60.0
Trouble = Callable[[Scene], AbstractContextManager[None]]


@contextmanager
def _until_cleared(scene: Scene) -> Iterator[None]:
    yield
    scene.office.twin.faults.clear()


def down(scene: Scene) -> AbstractContextManager[None]:
    """Nobody listens."""
    return scene.office.twin.away()


def out_of_order(scene: Scene) -> AbstractContextManager[None]:
    """A proxy in front says 502."""
    scene.office.twin.faults.status("*", 502, times=None)
    return _until_cleared(scene)


def throttled(scene: Scene) -> AbstractContextManager[None]:
    """Every call is one too many."""
    for place in scene.places:
        scene.office.twin.faults.answer(place.path, place.busy, times=None)
    scene.office.twin.faults.answer("*", scene.places[0].busy, times=None)
    return _until_cleared(scene)


@contextmanager
def too_slow(scene: Scene) -> Iterator[None]:
    """It does what it is asked to, and says so when nobody listens any more."""
    with scene.in_haste(), scene.office.twin.faults.held("*", acted=True):
        yield


def hanging_up(scene: Scene) -> AbstractContextManager[None]:
    """Every connection breaks when the work is done."""
    for place in scene.places:
        scene.office.twin.faults.hang_up(place.path, times=None, acted=True)
    return _until_cleared(scene)


def nonsense(scene: Scene) -> AbstractContextManager[None]:
    """200 each time, and never what the platform answers; now and then the work is done."""
    for place in scene.places:
        for body, acted in NONSENSE * 5:
            scene.office.twin.faults.other(place.path, body, acted=acted)
    return _until_cleared(scene)


def a_page(scene: Scene) -> AbstractContextManager[None]:
    """Somebody on the way wants a password first."""
    for place in scene.places:
        scene.office.twin.faults.page(place.path, None)
    return _until_cleared(scene)


NONSENSE = (
    (b'{"status":"success","data":{}}', False),
    (b"", True),
    (b'{"errcode":0,"errm', True),
    (b"[0]", False),
    ("<!DOCTYPE html".encode("utf-16"), False),
)
#: What surely took no word, however often it was tried.
SURE: dict[str, Trouble] = {"down": down, "502": out_of_order, "throttled": throttled}
UNSURE: dict[str, Trouble] = {
    "slow": too_slow,
    "hangs up": hanging_up,
    "a page": a_page,
    "nonsense": nonsense,
}


def ten_minutes_of(scene: Scene, trouble: Trouble) -> None:
    """Words are owed before, in the third minute and behind; somebody writes in the fifth."""
    scene.owe("先前")
    with trouble(scene):
        scene.office.works()
        for minute in range(1, 11):
            if minute == 3:
                scene.owe("其间")
            if minute == 5:
                scene.office.says(POLICE, "任务")
            scene.office.forward(MINUTE)
    scene.owe("其后")
    scene.lets_pass(12, MINUTE)


@pytest.mark.parametrize("trouble", SURE.values(), ids=SURE)
def test_what_took_nothing_is_sent_every_word_of_it_once(scene: Scene, trouble: Trouble) -> None:
    ten_minutes_of(scene, trouble)

    scene.check_nothing_is_lost_or_said_twice()
    assert set(scene.states().values()) == {OutboxState.SENT}
    assert scene.alarms(), "the operators hear that words are late"


@pytest.mark.parametrize("trouble", UNSURE.values(), ids=UNSURE)
def test_what_may_have_been_taken_is_repeated_where_the_platform_can_tell(
    scene: Scene, trouble: Trouble
) -> None:
    ten_minutes_of(scene, trouble)

    scene.check_nothing_is_lost_or_said_twice()
    states = scene.states()
    assert {states[text] for text in states if text.startswith("其后")} == {OutboxState.SENT}
    assert scene.alarms(), "the operators hear of it"


@pytest.mark.parametrize("trouble", [down, too_slow, nonsense])
def test_a_late_answer_of_the_bots_is_posted_once(
    trouble: Trouble, sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_wecom(sqlite, tmp_path, monkeypatch) as scene:
        del scene.office.house.platforms["wecom_app"]
        scene.places = [Place("wecom_bot", "aibot/response", True, 45009, GROUP, lambda _: None)]
        asked = scene.office.twin.bot.says(POLICE, "@答卷 进度 州1-7", chat=GROUP)
        asked.answer()
        scene.office.twin.clock.forward(335)
        scene.office.twin.record.wait(lambda: asked.is_finished, 10, "the end of the stream")

        with trouble(scene):
            for _ in range(10):
                scene.office.forward(MINUTE)
        scene.lets_pass(10, MINUTE)

        assert {each.state for each in scene.rows("reply:")} == {OutboxState.SENT}
        posted = [each for each in scene.office.twin.seen(GROUP) if "雪亮工程" in each.text]
        assert len(posted) == 1
