"""Two figures that different sources give for the same thing."""

from handlers.reading.doubts import names_source
from handlers.reporting.seen import Seen


def contradict(seen: Seen, other: Seen) -> bool:
    """Whether two figures of one sentence, each with its source, are given for the same."""
    one, two = seen.figure, other.figure
    is_same = (one.sentence, one.unit) == (two.sentence, two.unit) and one.value != two.value
    return is_same and names_source(seen.clause) and names_source(other.clause)
