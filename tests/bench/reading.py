"""Scores of the prose reader on the labelled sentences, and how long reading takes."""

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
LONGEST = 4_000
#: Certain figures on labels with a “?”, when they were last counted.
ASKED = 151
#: Figures, marks and words of plans as close together as they can stand.
DENSE = (
    "1个、",
    "|1",
    "1\t",
    "\t1\n",
    "(1个",
    "占1%",
    "1亿元",
    "范围1至2",
    "确保1%,",
    "其中吉首市1个,",
    "“1个",
)


def measure() -> list[Result]:
    """Milliseconds for 500 characters and for 4,000 at worst; scores as per cent missed."""
    texts = _texts()
    spent = _median(texts, lambda text: read_prose(text, READ_ON))
    floor = _median(texts, lambda text: list(FLOOR.finditer(text)))
    dense = [(shape * LONGEST)[:LONGEST] for shape in DENSE]
    worst = max(_milliseconds(text, lambda each: read_prose(each, READ_ON)) for text in dense)
    scan = max(_milliseconds(text, lambda each: list(FLOOR.finditer(each))) for text in dense)
    return [
        Result(f"reading {LENGTH} characters", spent, "ms", 5, floor, "a regex scan"),
        Result(f"reading {LONGEST} dense characters", worst, "ms", 200, scan, "a regex scan"),
        *_scores(score(sentences())),
    ]


def _scores(scores: Scores) -> list[Result]:
    name = "all of them"
    return [
        Result("figures read wrongly", 100 - 100 * scores.precision, "%", 2, 100, name),
        Result("figures not found", 100 - 100 * scores.recall, "%", 5, 100, name),
        Result(
            "figures not of the likeliest kind",
            100 - 100 * scores.strict_precision,
            "%",
            2,
            100,
            name,
        ),
        Result("figures to be asked about", 100 - 100 * scores.certain_share, "%", 42, 100, name),
        Result("certain figures that are wrong", scores.certain_wrong, "", 0, 1, "one"),
        Result(
            "certain where a reader would ask",
            scores.asked_certain,
            "",
            ASKED,
            scores.certain,
            "certain",
        ),
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
