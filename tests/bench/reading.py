"""Scores of the prose reader on the labelled sentences, and how long 500 characters take."""

import re
import statistics
import time
from collections.abc import Callable

from handlers.reading.prose import read_prose
from tests.bench.result import Result
from tests.reading_scores import READ_ON, Scores, score, sentences

LENGTH = 500
#: The least a reader can do is look at every number once.
FLOOR = re.compile(r"\d+(?:\.\d+)?[万亿]?[一-龥%]{0,3}")


def measure() -> list[Result]:
    """Milliseconds for 500 characters, and the scores in per cent of what they may miss."""
    texts = _texts()
    spent = _median(texts, lambda text: read_prose(text, READ_ON))
    floor = _median(texts, lambda text: list(FLOOR.finditer(text)))
    return [
        Result(f"reading {LENGTH} characters", spent, "ms", 5, floor, "a regex scan"),
        *_scores(score(sentences())),
    ]


def _scores(scores: Scores) -> list[Result]:
    name = "all of them"
    return [
        Result("figures read wrongly", 100 - 100 * scores.precision, "%", 2, 100, name),
        Result("figures not found", 100 - 100 * scores.recall, "%", 5, 100, name),
        Result("certain figures that are wrong", scores.certain_wrong, "", 0, 1, "one"),
    ]


def _texts() -> list[str]:
    """The labelled sentences, one after the other, in stretches of the same length."""
    whole = "".join(sentence.text for sentence in sentences())
    return [whole[at : at + LENGTH] for at in range(0, len(whole) - LENGTH, LENGTH)]


def _median(texts: list[str], work: Callable[[str], object]) -> float:
    for text in texts:
        work(text)  # what is looked up once is not counted
    return statistics.median(_milliseconds(text, work) for text in texts)


def _milliseconds(text: str, work: Callable[[str], object]) -> float:
    begun = time.perf_counter()
    work(text)
    return (time.perf_counter() - begun) * 1000
