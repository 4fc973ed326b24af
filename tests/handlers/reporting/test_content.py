"""A draft's content survives its JSON, digit for digit, and later words replace earlier ones."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.captions import Caption
from handlers.reporting.content import (
    Confirmation,
    Content,
    FigureSaid,
    Kept,
    Parked,
    PictureSaid,
    SectionSaid,
    StatedSaid,
    with_captions,
    with_figures,
    with_pictures,
)
from models.rules.frozen import from_data, to_data
from tests.conftest import at

words = st.text(max_size=20)
values = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=4)
contents = st.builds(
    Content,
    as_of=st.none() | st.dates(),
    figures=st.tuples(st.builds(FigureSaid, st.integers(1), words, st.none(), values, words)),
    stated=st.tuples(st.builds(StatedSaid, st.none(), words, values)),
    sections=st.tuples(st.builds(SectionSaid, words, words)),
    pictures=st.tuples(st.builds(PictureSaid, words, st.booleans(), st.booleans())),
    captions=st.tuples(st.builds(Caption, st.none(), words, st.none() | st.dates(), words)),
    confirmed=st.tuples(st.builds(Confirmation, words, words, words)),
    originals=st.tuples(words),
)


@given(contents)
def test_what_was_read_survives_the_database(content: Content) -> None:
    kept = Kept(content, (Parked(1, 2, None, content, "?", at("2021-08-20T09:00")),))

    assert from_data(Kept, json.loads(json.dumps(to_data(kept)))) == kept


def test_the_later_figure_replaces_the_earlier_of_the_same_indicator_and_county() -> None:
    first = with_figures(
        Content(), [FigureSaid(1, "1710个", None, Decimal(1710)), FigureSaid(1, "1000个", 7)]
    )
    after = with_figures(first, [FigureSaid(1, "1701个", None, Decimal(1701))])

    assert [(each.text, each.unit_id) for each in after.figures] == [
        ("1701个", None),
        ("1000个", 7),
    ]


def test_captions_complete_one_another_in_any_order() -> None:
    content = with_captions(Content(), [Caption(1, "集中开工", None, "")])
    content = with_captions(content, [Caption(None, "", date(2021, 7, 20), "吉首市")])
    content = with_captions(content, [Caption(1, "", None, "花垣县")])

    assert content.caption(1) == Caption(1, "集中开工", date(2021, 7, 20), "花垣县")
    assert content.caption(2) == Caption(2, "", date(2021, 7, 20), "吉首市")


def test_new_pictures_take_the_place_of_carried_ones_and_come_once() -> None:
    carried = Content(pictures=(PictureSaid("old", carried=True),))

    assert with_pictures(carried, []) == carried
    first = with_pictures(carried, ["a", "a"])
    assert [each.sha for each in with_pictures(first, ["b", "a"]).pictures] == ["a", "b"]
