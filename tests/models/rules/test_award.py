"""获奖情况: an incentive item's history in one line."""

import pytest

from models.rules.award import award_history

YEARS = range(2021, 2016, -1)


@pytest.mark.parametrize(
    ("winners", "line"),
    [
        (
            {2021: ["花垣县"], 2020: [], 2019: []},
            "2021年花垣县；2020年、2019年未获；2018年、2017年未设",
        ),
        (
            {2020: ["泸溪县", "龙山县"]},
            "2021年未设；2020年泸溪县、龙山县；2019年、2018年、2017年未设",
        ),
        (
            {2021: ["泸溪县"], 2020: ["泸溪县"], 2019: ["吉首市"], 2018: ["泸溪县"], 2017: []},
            "2021年、2020年泸溪县；2019年吉首市；2018年泸溪县；2017年未获",
        ),
        ({}, "2021年、2020年、2019年、2018年、2017年未设"),
    ],
    ids=["lost and not given", "two winners", "the same winner again", "a new award"],
)
def test_a_lost_year_differs_from_one_without_the_award(winners, line):
    assert award_history(winners, YEARS) == line


def test_without_years_there_is_nothing_to_tell():
    assert award_history({2021: ["花垣县"]}, ()) == ""
