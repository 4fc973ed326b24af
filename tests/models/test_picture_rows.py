"""What a new revision makes of the pictures that are there, and what the largest ones cost."""

from sqlmodel import col, select

from models.db import Database
from models.media import Media, SceneKey
from models.picture import Picture
from models.schema import migrate, revision
from tests.bench.pictures import LARGEST, a_large_picture, taken_in
from tests.pictures import a_photo
from tests.stores import go_back
from tests.talk import Talk

OFFICE = "州发改委联络员"
REPORT = (
    "报送 省2\n措施：建立清单，逐项销号\n成效：重点项目按期开工\n"
    "图1 重点项目集中开工；2021年7月20日；吉首市经开区"
)


def test_pictures_from_before_are_found_by_their_scene_and_know_their_crop(
    database: Database,
) -> None:
    talk = Talk(database)
    talk.say(OFFICE, REPORT, pictures=[a_photo(1200, 900)])
    talk.say(OFFICE, "用裁剪图")
    before = _scenes_and_crops(database)
    assert len(before[0]) == 4
    assert before[1] == [[0, 150, 1200, 750]]

    go_back(database, "0002")
    assert revision(database) == "0002"
    migrate(database)

    assert _scenes_and_crops(database) == before
    with database.read() as session:
        assert session.exec(select(Media)).one().crop_box == [0, 150, 1200, 750]


def _scenes_and_crops(
    database: Database,
) -> tuple[list[tuple[int, str]], list[list[int] | None]]:
    with database.read() as session:
        keys = session.exec(select(SceneKey).order_by(col(SceneKey.key))).all()
        pictures = session.exec(select(Picture)).all()
    return [(each.key, each.media_sha) for each in keys], [each.crop_box for each in pictures]


def test_the_costliest_picture_that_is_allowed_stays_under_300_megabytes() -> None:
    """Every kind is measured by `make bench`; this is the one that takes most."""
    _, *progressive = LARGEST[1]
    _, peak, _ = taken_in(a_large_picture(*progressive))

    assert peak < 300
