"""获奖情况: the history of an incentive item, year by year, in one line."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby


def award_history(winners: Mapping[int, Sequence[str]], years: Iterable[int]) -> str:
    """Who won in each of *years*, as printed; years in a row with one result share it.

    A year with an empty list was lost (×), one that *winners* does not know had no award (——).
    """
    results = ((year, _result(winners.get(year))) for year in years)
    return "；".join(
        "、".join(f"{year}年" for year, _ in run) + result
        for result, run in groupby(results, key=lambda pair: pair[1])
    )


def _result(winners: Sequence[str] | None) -> str:
    if winners is None:
        return "未设"
    return "、".join(winners) or "未获"
