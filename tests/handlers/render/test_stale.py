"""Figures in people's words that the data do not hold."""

import pytest

from handlers.render.stale import stale_figures

SNAPSHOT = {
    "tasks": [{"amount": "1710个", "percent": "28.50", "counties": [{"stated": "243"}]}],
    "counts": {"tasks": 20},
    "carried": {"features": "999个"},
    "drafts": {"problems": "888户"},
}


@pytest.mark.parametrize(
    ("text", "stale"),
    [
        ("已建成1710个，完成28.5%。", ()),
        ("吉首市完成年任务243%。", ()),
        ("已建成1000个，完成16.67%。", ("1000个", "16.67%")),
        ("另有999个、888户。", ("999个", "888户")),
        ("2021年5月31日前，一是、10千伏，第3项，州办发〔2021〕32号", ()),
        ("20个项目，3个月内完成", ()),
        ("投资475.5万元", ("475.5万元",)),
    ],
    ids=["known", "county", "old", "not data", "no figures", "months", "money"],
)
def test_only_figures_without_a_place_in_the_data_are_named(
    text: str, stale: tuple[str, ...]
) -> None:
    assert stale_figures(text, SNAPSHOT) == stale
