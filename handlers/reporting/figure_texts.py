"""A stored figure in words: its value, its target, and how much of that is done."""

from models.figure import Figure
from models.indicator import Indicator
from models.rules.rounding import percent_of, percent_text
from models.rules.unit import amount_text


def figure_text(row: Figure, indicator: Indicator) -> str:
    """乡村公共部位安防设备：1710个，目标6000个，完成28.50%; of a level the value alone."""
    about = "约" if row.approximate else ""
    text = f"{indicator.name}：{about}{amount_text(row.value, indicator.unit)}"
    if indicator.target is None or indicator.threshold or indicator.target <= 0:
        return text
    goal = amount_text(indicator.target, indicator.unit)
    return f"{text}，目标{goal}，完成{percent_text(percent_of(row.value, indicator.target))}"
