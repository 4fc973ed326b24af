"""A draft's content survives its JSON, digit for digit, and later words replace earlier ones."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.captions import Caption
from handlers.reporting.content import (
    Chosen,
    Confirmation,
    Content,
    FigureSaid,
    PictureSaid,
    SectionSaid,
    StatedSaid,
    with_captions,
    with_figures,
    with_pictures,
    with_replaced,
    without_picture,
)
from handlers.reporting.kept import Kept, Parked
from models.rules.frozen import from_data, to_data

words = st.text(max_size=20)
values = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=4)
choices = st.builds(
    Chosen, words, st.decimals(allow_nan=False, allow_infinity=False, places=2), words, words
)
contents = st.builds(
    Content,
    as_of=st.none() | st.dates(),
    figures=st.tuples(
        st.builds(
            FigureSaid,
            st.integers(1),
            words,
            st.none(),
            values,
            words,
            source=words,
            is_sure=st.booleans(),
            choices=st.tuples(choices),
        )
    ),
    stated=st.tuples(st.builds(StatedSaid, st.none(), words, values)),
    sections=st.tuples(st.builds(SectionSaid, words, words)),
    pictures=st.tuples(st.builds(PictureSaid, words, st.booleans(), st.booleans())),
    captions=st.tuples(st.builds(Caption, st.none(), words, st.none() | st.dates(), words)),
    confirmed=st.tuples(st.builds(Confirmation, words, words, words)),
    originals=st.tuples(words),
)


@given(contents)
def test_what_was_read_survives_the_database(content: Content) -> None:
    kept = Kept(content, (Parked(1, 2, None, content, "?"),))

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


def test_a_caption_belongs_to_the_pictures_that_were_there_and_to_no_later_one() -> None:
    said = Caption(None, "集中开工", date(2021, 7, 20), "吉首市")
    first = with_pictures(with_captions(Content(), [said]), ["a", "a"])
    both = with_pictures(first, ["b", "a"])

    assert [each.sha for each in both.pictures] == ["a", "b"]
    assert both.caption(1).place == "吉首市"
    assert len(both.caption(2).missing) == 3
    again = with_captions(both, [replace(said, title="道路通车")])
    assert (again.caption(1).title, again.caption(2).title) == ("集中开工", "道路通车")


def test_a_place_that_is_taken_out_leaves_the_others_their_captions() -> None:
    captions = [Caption(n, f"第{n}处工地", date(2021, 7, 20), "吉首市") for n in (1, 2, 3)]
    content = with_captions(with_pictures(Content(), ["a", "b", "c"]), captions)

    left = without_picture(content, 2)
    assert [(each.sha, each.caption.title) for each in left.pictures] == [
        ("a", "第1处工地"),
        ("c", "第3处工地"),
    ]
    replaced = with_replaced(content, 2, "d")
    assert [each.caption.title for each in replaced.pictures] == ["第1处工地", "", "第3处工地"]
