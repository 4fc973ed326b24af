"""The drawn scenes keep or break the picture rule exactly as the demonstration tells it."""

import itertools

import pytest

from handlers.render.demo_pictures import GOOD, TOO_HIGH, TOO_SMALL, UPRIGHT, Scene, scene_picture
from models.rules.picture import PictureRule, crop_box, inspect, judge, near_duplicate

RULE = PictureRule()


@pytest.mark.parametrize("scene", Scene)
def test_a_good_scene_has_nothing_to_object_to(scene):
    facts = inspect(scene_picture(scene, GOOD, seed=1))

    assert (facts.width, facts.height, facts.format) == (1200, 600, "JPEG")
    assert judge(facts, RULE) == ()


@pytest.mark.parametrize(
    ("size", "codes", "crop"),
    [
        (TOO_HIGH, ["ratio"], (1200, 600)),
        (UPRIGHT, ["ratio", "width"], None),
        (TOO_SMALL, ["width"], None),
    ],
    ids=["too high, a crop mends it", "upright and too narrow", "squeezed"],
)
def test_a_bad_scene_fails_in_one_known_way(size, codes, crop):
    facts = inspect(scene_picture(Scene.STREET, size, seed=2))
    box = crop_box(facts, RULE)

    assert [problem.code for problem in judge(facts, RULE)] == codes
    assert crop == (None if box is None else (box[2] - box[0], box[3] - box[1]))


def test_the_same_seed_draws_the_same_picture_and_another_one_another():
    assert scene_picture(Scene.BUILDING, GOOD, 3) == scene_picture(Scene.BUILDING, GOOD, 3)

    drawn = [
        inspect(scene_picture(scene, GOOD, seed)).dhash for scene in Scene for seed in range(4)
    ]

    assert not [pair for pair in itertools.combinations(drawn, 2) if near_duplicate(*pair)]
