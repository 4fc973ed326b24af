"""The samples under docs/pictures are what the program draws: `python -m tests.samples`."""

from collections.abc import Mapping

import pytest
from PIL import Image

from handlers.render.drawing import Page
from tests.samples import FOLDER, MARK, fingerprint, names, samples, shown_in


@pytest.fixture(scope="module")
def drawn() -> Mapping[str, Page]:
    return dict(names(samples()))


def test_every_sample_is_kept_and_nothing_else(drawn: Mapping[str, Page]) -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(drawn)


def test_every_sample_shows_what_the_program_lays_out_now(drawn: Mapping[str, Page]) -> None:
    stale = [name for name, page in drawn.items() if shown_in(FOLDER / name) != fingerprint(page)]

    assert not stale, "draw them anew: python -m tests.samples"


def test_samples_are_marked_wide_enough_and_small(drawn: Mapping[str, Page]) -> None:
    for name, page in drawn.items():
        assert page.texts.count(MARK) == 2
        with Image.open(FOLDER / name) as image:
            assert image.size == (page.width, page.height)
        assert (FOLDER / name).stat().st_size < 300_000


def test_a_changed_figure_is_seen_and_another_line_break_is_not(drawn: Mapping[str, Page]) -> None:
    page = drawn["progress.png"]
    [place] = [at for at, item in enumerate(page.items) if getattr(item, "text", "") == "28.50%"]

    def with_text(*texts: str) -> Page:
        items = [type(page.items[place])(0, 0, text, 38) for text in texts]  # type: ignore[call-arg]
        return Page(
            page.width, page.height, (*page.items[:place], *items, *page.items[place + 1 :])
        )

    assert fingerprint(with_text("28.51%")) != fingerprint(page)
    assert fingerprint(with_text("28.", "50%")) == fingerprint(page)
