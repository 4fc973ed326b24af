"""The reader against every labelled sentence: issue C's limits, and each miss by name."""

import pytest

from tests.reading_scores import HELD_OUT, SENTENCES, Scores, score, sentences


@pytest.fixture(scope="module", params=[SENTENCES, HELD_OUT], ids=["sentences", "held_out"])
def scores(request: pytest.FixtureRequest) -> Scores:
    return score(sentences(request.param))


def test_the_set_is_large_enough(scores: Scores) -> None:
    assert scores.sentences >= 150


def test_figures_are_found_and_rightly_read(scores: Scores) -> None:
    assert scores.precision >= 0.98, "\n".join(scores.misses)
    assert scores.recall >= 0.95, "\n".join(scores.misses)


def test_figures_are_of_the_likeliest_kind(scores: Scores) -> None:
    assert scores.strict_precision >= 0.98, "\n".join(scores.misses)


def test_no_figure_taken_as_certain_is_wrong(scores: Scores) -> None:
    assert not scores.wrongly_certain, "\n".join(scores.wrongly_certain)


def test_status_and_day_of_data_are_right(scores: Scores) -> None:
    assert scores.status_right >= 0.98 * scores.sentences, "\n".join(scores.misses)
    assert scores.as_of_right >= 0.98 * scores.sentences, "\n".join(scores.misses)
